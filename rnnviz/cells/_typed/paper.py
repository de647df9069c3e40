"""The equations of any cell in the form in which they are typed, to be changed from there."""

from __future__ import annotations

import ast
from collections import Counter

from rnnviz.cells._base import Cell
from rnnviz.cells._equation_weights import INPUT
from rnnviz.cells._equations import Statement
from rnnviz.cells._function_names import number_of, plain

LETTERS = {"W_x": "W", "W_h": "U", "W_c": "V", "b": "b", "b_h": "bh", "p": "p"}
"""Parameter → the first letters of its blocks."""


def paper_form(cell: Cell) -> str:
    """The equations of a cell with its options, to be read by `rnnviz.cell_from_equations`.

    A symbol that is no signal and is used once stands where it is used.
    """
    return _Paper(cell.statement, {signal.name for signal in cell.signals}).text(
        str(cell.options.get(cell.phi_option, ""))
    )


class _Paper:
    def __init__(self, own: Statement, signals: set[str]) -> None:
        self.own = own
        uses = Counter(node.id for line in own.lines.values() for node in ast.walk(line)
                       if isinstance(node, ast.Name))  # fmt: skip
        self.inline = {name for name in own.lines if name not in signals and uses[name] == 1}
        self.weights = {}
        for parameter, blocks in own.parameters.items():
            letters = LETTERS.get(parameter, parameter)
            for block in blocks:
                joined = parameter + ("" if "_" in parameter else "_") + block
                self.weights[joined] = letters + (block if len(own.blocks) > 1 else "")
        self.known: set[str] = set()

    def text(self, phi: str) -> str:
        """All lines; ``phi`` is the function that φ stands for."""
        self.phi, found = phi, []
        for symbol, line in self.own.lines.items():
            if symbol not in self.inline:
                found.append(f"{symbol} = {self._of(line)}")
                self.known.add(symbol)
        return "\n".join(found)

    def _of(self, at: ast.expr, *, inside: bool = False) -> str:
        match at:
            case ast.Name(id=name):
                if name in self.inline:
                    return self._of(self.own.lines[name], inside=inside)
                return self._name(name)
            case ast.Call(func=ast.Name(id=called), args=[argument, *numbers]):
                more = "".join(f", {plain(number_of(one) or 0.0)}" for one in numbers)
                return f"{self._function(called)}({self._of(argument)}{more})"
            case ast.UnaryOp(operand=of):
                whole = f"−{self._of(of, inside=True)}"
            case ast.BinOp(left=left, op=ast.Add(), right=ast.UnaryOp(operand=right)):
                whole = f"{self._of(left)} − {self._of(right, inside=True)}"
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                whole = f"{self._of(left)} + {self._of(right)}"
            case ast.BinOp(left=left, op=ast.Sub(), right=right):
                whole = f"{self._of(left)} − {self._of(right, inside=True)}"
            case ast.BinOp(left=left, op=op, right=right):
                sign = {ast.Mult: " ⊙ ", ast.MatMult: " ", ast.Div: " / "}[type(op)]
                chain = isinstance(op, ast.Mult) and isinstance(left, ast.BinOp) and isinstance(
                    left.op, ast.Mult
                )
                first = self._of(left, inside=not chain)
                whole = f"{first}{sign}{self._of(right, inside=True)}"
            case _:
                return ast.unparse(at)
        return f"({whole})" if inside else whole

    def _name(self, name: str) -> str:
        if name in self.weights:
            return self.weights[name]
        if name.endswith("_prev") and name != INPUT:
            state = name.removesuffix("_prev")
            return name if state in self.known else state
        return name

    def _function(self, called: str) -> str:
        called = self.phi if called == "φ" else called
        return "σ" if called == "sigmoid" else called
