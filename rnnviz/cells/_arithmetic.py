"""A cell's equations with their numbers: templates and the recorded terms that fill them."""

from __future__ import annotations

import ast
from dataclasses import dataclass

import numpy as np

from rnnviz.cells._drawing import Node
from rnnviz.cells._equations import FUNCTIONS
from rnnviz.cells._function_names import called, number_of, parts, plain, spelled
from rnnviz.cells._stated import Stated
from rnnviz.cells._values import Values
from rnnviz.numerics.arrays import Array, Arrays

SIGNS = {ast.Add: "+", ast.Sub: "−", ast.Mult: "·", ast.Div: "/"}


@dataclass(frozen=True)
class Line:
    """One signal's arithmetic: ``template`` has {0}, {1} … where the terms' (T, B, H) go."""

    signal: str
    template: str
    terms: tuple[Array, ...]


def lines(cell: Stated, W: Arrays, r: Arrays) -> tuple[Line, ...]:
    """Every signal's equation with its numbers; a held gate is the number that it is held at."""
    found = []
    for signal in cell.signals:
        name = signal.name
        if name in cell.hold:
            terms = (np.full_like(r[name], cell.hold[name]), r[name])
            found.append(Line(name, "{0} = {1}", terms))
        else:
            found.append(_Writer(cell, W, r).line(name))
    return tuple(found)


class _Writer:
    def __init__(self, cell: Stated, W: Arrays, r: Arrays) -> None:
        self.cell, self.W, self.r = cell, W, r
        self.terms: list[Array] = []
        self.places: dict[str, int] = {}
        self.signals = {signal.name for signal in cell.signals}

    def line(self, name: str) -> Line:
        node = self.cell.statement.node(name)
        if node.op == "affine":
            sides = self._sum(node)
        elif node.op == "phi":
            inner = self.cell.statement.node(node.of[0].source)
            plain = inner.op == "affine" and inner.phi == "identity"
            plain = plain and inner.name not in self.signals and parts(node.phi)[0] != "affine"
            sides = self._sum(inner, node.phi) if plain else self._sides(name)
        else:
            sides = self._sides(name)
        template = " = ".join([*sides, self._slot(self.r[name])])
        return Line(name, template, tuple(self.terms))

    def _sides(self, name: str) -> list[str]:
        """The expression as stated, and again with its inner functions as numbers."""
        expression = self.cell.statement.lines[name]
        return list(dict.fromkeys(self._text(expression, deep) for deep in (True, False)))

    def _text(self, at: ast.expr, deep: bool) -> str:
        match at:
            case ast.Name(id=name):
                line = self.cell.statement.lines.get(name)
                called = isinstance(line, ast.Call) and name not in self.signals
                if line and deep and called and self.cell.statement.node(name).op == "phi":
                    return self._text(line, deep)
                return self._slot(self._value(name), name)
            case ast.Call(func=ast.Name(id=name), args=[argument, *numbers]):
                return self._called(name, self._text(argument, deep), numbers)
            case ast.UnaryOp(operand=of):
                return f"−{self._inner(of, deep)}"
            case ast.BinOp(left=left, op=ast.Add(), right=ast.UnaryOp(operand=right)):
                return f"{self._text(left, deep)} − {self._inner(right, deep)}"
            case ast.BinOp(left=left, op=op, right=right):
                sign = SIGNS[type(op)]
                if isinstance(op, ast.Add):
                    return f"{self._text(left, deep)} {sign} {self._text(right, deep)}"
                minus = isinstance(op, ast.Sub)
                first = self._text(left, deep) if minus else self._inner(left, deep)
                return f"{first} {sign} {self._inner(right, deep)}"
        return ast.unparse(at)

    def _called(self, name: str, inner: str, numbers: list[ast.expr]) -> str:
        if name == "clip":
            return f"clip({inner}, {plain(number_of(numbers[0]) or 0.0)})"
        phi = str(self.cell.options[self.cell.phi_option]) if name == "φ" else name
        return called(spelled(FUNCTIONS[phi], [number_of(one) or 0.0 for one in numbers]), inner)

    def _inner(self, at: ast.expr, deep: bool) -> str:
        """An operand of a product: sums stand in brackets."""
        text = self._text(at, deep)
        sums = (isinstance(at, ast.BinOp) and not isinstance(at.op, ast.Mult)) or (
            isinstance(at, ast.UnaryOp)
        )
        return f"({text})" if sums else text

    def _sum(self, node: Node, phi: str = "") -> list[str]:
        """A weighted sum: one term an operand, one for all biases, then the sum, inside φ."""
        own = phi or node.phi
        parts, values = list[str](), list[Array]()
        for wire in node.of:
            value = self._value(wire.source)
            if wire.weight:
                weight = self.cell.part(self.W, wire.weight, node.reads)
                value = np.asarray(value @ weight if weight.ndim == 2 else value * weight)
                parts.append(self._slot(value))
            else:
                parts.append(self._operand(wire.source))
            values.append(value)
        biases = [self.cell.part(self.W, b, node.reads) for b in node.biases if b in self.W]
        values.append(np.broadcast_to(sum(biases, np.zeros(1)), values[0].shape))
        parts.append(self._slot(values[-1]))
        total = self._slot(np.asarray(sum(values)))
        return [called(own, " + ".join(parts)), called(own, total)]

    def _operand(self, name: str) -> str:
        """An operand without a weight: a product is written out."""
        node = self.cell.statement.node(name)
        if node.op == "times" and name not in self.signals:
            return " · ".join(self._slot(self._value(w.source), w.source) for w in node.of)
        return self._slot(self._value(name), name)

    def _value(self, name: str) -> Array:
        if name in self.r:
            return self.r[name]
        return Values(self.cell.statement, self.r, self.W).atom(("value", name))

    def _slot(self, value: Array, name: str = "") -> str:
        """The place of a term; the same symbol has one place."""
        if name and name in self.places:
            return f"{{{self.places[name]}}}"
        self.terms.append(value)
        if name:
            self.places[name] = len(self.terms) - 1
        return f"{{{len(self.terms) - 1}}}"
