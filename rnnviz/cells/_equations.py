"""Read a cell's equations: text in the form of the paper becomes the cell's graph.

    f = σ(x @ W_xf + h_prev @ W_hf + b_f)
    c = f * c_prev + i * g

One symbol a line. ``x`` is the input, ``h_prev`` a state one step before, ``@`` a matrix product,
``*`` a product unit by unit. A parameter is a name with its block at the end: W_xf is the block f
of W_x, b_f that of b, b_hg the block g of b_h. Functions are σ (or sigmoid), tanh, relu, identity.
The text is parsed as a Python expression and never executed.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NoReturn

from rnnviz.cells._drawing import Node, Op, Wire

FUNCTIONS = {"σ": "sigmoid", "sigmoid": "sigmoid", "tanh": "tanh", "relu": "relu",
             "identity": "identity"}  # fmt: skip
INPUT = "x"
ALWAYS = ("b", "b_h")
"""Biases that a model may have whether the equations name them or not."""


@dataclass(frozen=True, eq=False)
class Statement:
    """A cell's equations, read.

    lines       symbol → its expression, in order
    nodes       the graph, operands before what uses them, without places
    blocks      the blocks of the parameters, in the order of the lines
    parameters  parameter → the blocks of it that are used
    vectors     the parameters that act unit by unit
    """

    lines: Mapping[str, ast.expr]
    nodes: tuple[Node, ...]
    blocks: tuple[str, ...]
    parameters: Mapping[str, tuple[str, ...]]
    vectors: frozenset[str]

    @cached_property
    def _by_name(self) -> dict[str, Node]:
        return {node.name: node for node in self.nodes}

    def node(self, name: str) -> Node:
        """The node of that name."""
        return self._by_name[name]


def read(text: str, states: tuple[str, ...], phi: str | None = None) -> Statement:
    """The statement of these equations; ``phi`` is the function that φ stands for.

    Raises ValueError with the line and what is wrong in it.
    """
    lines: dict[str, ast.expr] = {}
    for number, line in enumerate(text.strip().splitlines(), 1):
        lines |= [_line(number, line.strip())]
    return _Reader(lines, states, phi).statement()


def _line(number: int, line: str) -> tuple[str, ast.expr]:
    try:
        found = ast.parse(line).body
    except SyntaxError as error:
        raise ValueError(
            f"`equations`, line {number}, character {error.offset}: {error.msg}, got {line!r}."
        ) from None
    if len(found) != 1 or not isinstance(found[0], ast.Assign):
        rule = "must be «symbol = expression»"
        raise ValueError(f"`equations`, line {number}: {rule}, got {line!r}.")
    (target,) = found[0].targets
    if not isinstance(target, ast.Name):
        raise ValueError(f"`equations`, line {number}: must define one symbol, got {line!r}.")
    return target.id, found[0].value


def terms_of(expression: ast.expr, operator: type[ast.operator]) -> list[ast.expr]:
    """The operands of a chain of sums or products."""
    if isinstance(expression, ast.BinOp) and isinstance(expression.op, operator):
        return [*terms_of(expression.left, operator), *terms_of(expression.right, operator)]
    return [expression]


@dataclass
class _Reader:
    lines: Mapping[str, ast.expr]
    states: tuple[str, ...]
    phi: str | None
    nodes: dict[str, Node] = field(default_factory=dict)
    used: dict[str, list[str]] = field(default_factory=dict)
    vectors: set[str] = field(default_factory=set)
    symbol: str = ""

    def statement(self) -> Statement:
        names = [node.id for one in self.lines.values() for node in ast.walk(one)
                 if isinstance(node, ast.Name)]  # fmt: skip
        self.blocks = tuple(dict.fromkeys(n[3:] for n in names if n.startswith("W_x") and n[3:]))
        for name in (*(f"{state}_prev" for state in reversed(self.states)), INPUT):
            self.nodes[name] = Node(name, "input" if name == INPUT else "past")
        for symbol, expression in self.lines.items():
            self.symbol = symbol
            self._node(expression, symbol)
        for state in self.states:
            if state not in self.nodes:
                raise ValueError(f"`equations` must define the state {state!r}.")
        for state in reversed(self.states):
            self._add(f"{state}_out", "out", (Wire(state),))
        explicit = {bias for n in self.nodes.values() if n.op == "affine" for bias in n.biases}
        extra = () if "b_h" in explicit else ("b_h",)
        nodes = tuple(
            Node(n.name, n.op, n.of, n.at, n.phi, n.block, n.biases + extra)
            if n.op == "affine" and "b" in n.biases else n
            for n in self.nodes.values()
        )  # fmt: skip
        return Statement(
            self.lines, nodes, self.blocks,
            {name: tuple(found) for name, found in self._parameters()}, frozenset(self.vectors),
        )  # fmt: skip

    def _parameters(self) -> list[tuple[str, list[str]]]:
        order = [*dict.fromkeys(["W_x", "W_h", *ALWAYS, *self.used])]
        return [
            (name, [block for block in self.blocks if block in self.used[name]])
            for name in order if name in self.used
        ]  # fmt: skip

    def _node(self, at: ast.expr, name: str = "") -> str:
        """The name of the node that computes an expression, made if need be."""
        if isinstance(at, ast.Name):
            if at.id not in self.nodes:
                self._refuse(at, f"{at.id!r} is not defined before it is used")
            return at.id if not name else self._add(name, "phi", (Wire(at.id),))
        if isinstance(at, ast.Call):
            return self._function(at, name)
        if self._weighted(at):
            return self._affine(at, name, "identity")
        match at:
            case ast.BinOp(op=ast.Mult()):
                return self._chain(at, ast.Mult, "times", name)
            case ast.BinOp(op=ast.Add()):
                return self._chain(at, ast.Add, "plus", name)
            case ast.BinOp(left=ast.Constant(value=1), op=ast.Sub(), right=gate):
                return self._add(name or "rest", "rest", (Wire(self._node(gate)),))
            case ast.BinOp(left=one, op=ast.Div(), right=ast.BinOp(left=again, op=ast.Add())) if (
                ast.dump(one) == ast.dump(again)
            ):
                parts = (one, at.right.right)  # type: ignore[attr-defined]
                wires = tuple(Wire(self._node(part)) for part in parts)
                return self._add(name or "share", "share", wires)
        self._refuse(at, "must be a sum, a product, 1 − a gate, a / (a + b) or a function")

    def _function(self, at: ast.Call, name: str) -> str:
        called = at.func.id if isinstance(at.func, ast.Name) else ""
        phi = self.phi if called == "φ" else FUNCTIONS.get(called)
        if phi is None or len(at.args) != 1 or at.keywords:
            self._refuse(at, f"must call one of {', '.join(FUNCTIONS)} with one argument")
        if self._weighted(at.args[0]):
            return self._affine(at.args[0], name, phi)
        of = self._node(at.args[0])
        return self._add(name or f"{phi}_{of}", "phi", (Wire(of),), phi=phi)

    def _chain(self, at: ast.expr, operator: type[ast.operator], op: Op, name: str) -> str:
        of = [self._node(part) for part in terms_of(at, operator)]
        if not name:
            name = "".join(one.removesuffix("_prev") for one in of)
        return self._add(name, op, tuple(Wire(one) for one in of))

    def _affine(self, at: ast.expr, name: str, phi: str) -> str:
        wires, biases, blocks = list[Wire](), list[str](), set[str]()
        for part in terms_of(at, ast.Add):
            source, weight = self._term(part)
            if weight is None:
                wires.append(Wire(self._node(part)))
                continue
            parameter, block = weight
            blocks.add(block)
            self.used.setdefault(parameter, []).append(block)
            if source is None:
                biases.append(parameter)
            else:
                wires.append(Wire(self._node(source), parameter))
        if len(blocks) != 1:
            self._refuse(at, f"must read one block of the parameters, got {sorted(blocks)}")
        (block,) = blocks
        name = name or f"a_{block}"
        return self._add(
            name, "affine", tuple(wires), phi=phi, block="" if block == name else block,
            biases=tuple(biases),
        )  # fmt: skip

    def _term(self, part: ast.expr) -> tuple[ast.expr | None, tuple[str, str] | None]:
        """A term's operand and its parameter with the block: (None, bias) for a bias alone."""
        if isinstance(part, ast.Name):
            return None, self._parameter(part)
        if isinstance(part, ast.BinOp) and isinstance(part.op, ast.MatMult | ast.Mult):
            weight = self._parameter(part.right)
            if weight and isinstance(part.op, ast.Mult):
                self.vectors.add(weight[0])
            return (part.left, weight) if weight else (None, None)
        return None, None

    def _weighted(self, at: ast.expr) -> bool:
        return any(self._term(part)[1] for part in terms_of(at, ast.Add))

    def _parameter(self, at: ast.expr) -> tuple[str, str] | None:
        """W_xf → ("W_x", "f"); None for what is a symbol."""
        if not isinstance(at, ast.Name) or at.id in self.nodes or at.id in self.lines:
            return None
        for block in sorted(self.blocks, key=len, reverse=True):
            stem = at.id.removesuffix(block).rstrip("_")
            if at.id.endswith(block) and stem:
                return stem, block
        return None

    def _add(self, name: str, op: Op, of: tuple[Wire, ...], **more: object) -> str:
        while name in self.nodes:
            name += "_"
        self.nodes[name] = Node(name, op, of, **more)  # type: ignore[arg-type]
        return name

    def _refuse(self, at: ast.expr, rule: str) -> NoReturn:
        raise ValueError(
            f"`equations`, {self.symbol!r}, character {at.col_offset + 1}: {rule}, got "
            f"{ast.unparse(at)!r}."
        )
