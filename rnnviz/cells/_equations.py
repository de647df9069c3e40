"""Read a cell's equations: text in the form of the paper becomes the cell's graph.

    f = σ(x @ W_xf + h_prev @ W_hf + b_f)
    c = f * c_prev + i * g

One symbol a line. ``x`` is the input, ``h_prev`` a state one step before, ``@`` a matrix product,
``*`` a product unit by unit. A parameter is a name with its block at the end: W_xf is the block f
of W_x, b_f that of b, b_hg the block g of b_h. Functions are σ (or sigmoid), tanh, relu, identity
and the others of `rnnviz.cells._function_names`, with numbers after what they are given if they
need any: elu(a, 1.5). ``clip(a, 3)`` limits a to −3 … 3 inside another function. Numbers may
multiply and be added (2 * s - 1), and a − b and −a are read; each becomes a node of the function
"affine".
The text is parsed as a Python expression and never executed.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NoReturn

from rnnviz.cells._drawing import Node, Op, Wire
from rnnviz.cells._equation_weights import ALWAYS, INPUT, Weights, terms_of
from rnnviz.cells._function_names import NUMBERS, limited, number_of, spelled
from rnnviz.cells._linear import Linear, is_rest, linear

FUNCTIONS = {"σ": "sigmoid", **{name: name for name in NUMBERS}}
STATES = (("h",), ("h", "c"))
LONGEST = 2000
"""Characters in a line."""
MOST_WAYS = 1000
KEPT = 512
"""How many statements are kept, and as many of what is made of one."""
RESERVED = re.compile(r"x|φ|ot|a_.*|(base|further|e|p|w)_\d.*|.*_(prev|out)|_.*|.*__.*")
"""Names that the compiled steps and the records use themselves."""


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
    if states not in STATES:
        raise ValueError(f"`states` must be {STATES[0]} or {STATES[1]}, got {states}.")
    lines: dict[str, ast.expr] = {}
    for number, line in enumerate(text.strip().splitlines(), 1):
        if not line.strip() or line.strip().startswith("#"):
            continue
        symbol, expression = _line(number, line.strip())
        if symbol in lines:
            raise ValueError(f"`equations`, line {number}: {symbol!r} is defined already.")
        lines[symbol] = expression
    try:
        return _Reader(lines, states, phi).statement()
    except RecursionError:
        raise ValueError("`equations` must not nest that deeply.") from None


def _line(number: int, line: str) -> tuple[str, ast.expr]:
    where = f"`equations`, line {number}"
    if len(line) > LONGEST:
        raise ValueError(f"{where}: must have at most {LONGEST} characters, got {len(line)}.")
    try:
        found = ast.parse(line).body
    except SyntaxError as error:
        at = f", character {error.offset}" if error.offset else ""
        raise ValueError(f"{where}{at}: {error.msg}, got {line!r}.") from None
    except (RecursionError, MemoryError, ValueError):
        raise ValueError(f"{where}: cannot be read, got {line[:80]!r}.") from None
    if len(found) != 1 or not isinstance(found[0], ast.Assign):
        raise ValueError(f"{where}: must be “symbol = expression”, got {line!r}.")
    target = found[0].targets[0]
    if len(found[0].targets) > 1 or not isinstance(target, ast.Name):
        raise ValueError(f"{where}: must define one symbol, got {line!r}.")
    if target.id in FUNCTIONS or RESERVED.fullmatch(target.id):
        raise ValueError(f"{where}: must not define the reserved name {target.id!r}.")
    return target.id, found[0].value


@dataclass
class _Reader:
    lines: Mapping[str, ast.expr]
    states: tuple[str, ...]
    phi: str | None
    nodes: dict[str, Node] = field(default_factory=dict)
    defined: set[str] = field(default_factory=set)
    symbol: str = ""

    def statement(self) -> Statement:
        names = [node.id for one in self.lines.values() for node in ast.walk(one)
                 if isinstance(node, ast.Name)]  # fmt: skip
        self.blocks = tuple(dict.fromkeys(n[3:] for n in names if n.startswith("W_x") and n[3:]))
        self.weights = Weights(self.blocks, (self.lines, self.nodes), self._refuse)
        for name in (*(f"{state}_prev" for state in reversed(self.states)), INPUT):
            self.nodes[name] = Node(name, "input" if name == INPUT else "past")
        self.defined |= set(self.nodes)
        for symbol, expression in self.lines.items():
            self.symbol = symbol
            self._node(expression, symbol)
            self.defined.add(symbol)
        for state in self.states:
            if state not in self.nodes:
                raise ValueError(f"`equations` must define the state {state!r}.")
        self._check_order()
        for state in reversed(self.states):
            self._add(f"{state}_out", "out", (Wire(state),))
        for name in self.lines:
            if name in (*self.weights.used, *ALWAYS):
                raise ValueError(f"`equations` must not name a symbol {name!r} as a parameter.")
        explicit = {bias for n in self.nodes.values() if n.op == "affine" for bias in n.biases}
        extra = () if "b_h" in explicit else ("b_h",)
        nodes = tuple(
            Node(n.name, n.op, n.of, n.at, n.phi, n.block, n.biases + extra)
            if n.op == "affine" and "b" in n.biases else n
            for n in self.nodes.values()
        )  # fmt: skip
        return Statement(
            self.lines, nodes, self.blocks,
            {name: tuple(found) for name, found in self.weights.parameters()},
            frozenset(self.weights.vectors),
        )  # fmt: skip

    def _check_order(self) -> None:
        """Refuse a c that reads the new h, and equations with too many paths to follow."""
        ways, after_h = dict[str, int](), {"h"}
        for node in self.nodes.values():
            ways[node.name] = max(1, sum(ways[wire.source] for wire in node.of))
            if after_h & {wire.source for wire in node.of}:
                after_h.add(node.name)
            if ways[node.name] > MOST_WAYS:
                raise ValueError(f"`equations` must have at most {MOST_WAYS} ways to a symbol.")
        if "c" in self.states and "c" in after_h:
            raise ValueError("`equations` must not give the new h to c: h is read off last.")

    def _node(self, at: ast.expr, name: str = "") -> str:
        """The name of the node that computes an expression, made if need be."""
        if isinstance(at, ast.Name):
            if at.id not in self.defined:
                self._refuse(at, f"{at.id!r} is not defined before it is used")
            if at.id == INPUT:
                self._refuse(at, "must multiply the input by a block of W_x")
            return at.id if not name else self._add(name, "phi", (Wire(at.id),))
        if isinstance(at, ast.Call):
            return self._function(at, name)
        if self.weights.weighted(at):
            return self._affine(at, name, "identity")
        if (numbers := linear(at)) is not None:
            return self._linear(at, numbers, name)
        match at:
            case ast.BinOp(op=ast.Mult()):
                return self._chain(at, ast.Mult, "times", name)
            case ast.BinOp(op=ast.Add()):
                return self._chain(at, ast.Add, "plus", name)
            case ast.BinOp(right=gate) if is_rest(at):
                return self._add(name or "rest", "rest", (Wire(self._node(gate)),))
            case ast.BinOp(left=one, op=ast.Div(), right=ast.BinOp(left=again, op=ast.Add())) if (
                ast.dump(one) == ast.dump(again)
            ):
                parts = (one, at.right.right)  # type: ignore[attr-defined]
                wires = tuple(Wire(self._node(part)) for part in parts)
                return self._add(name or "share", "share", wires)
        self._refuse(at, "must be a sum, a product, a difference, a / (a + b) or a function")

    def _linear(self, at: ast.expr, numbers: Linear, name: str) -> str:
        """A number times an operand plus a number."""
        if numbers.of is None:
            self._refuse(at, "must not be a number alone")
        if numbers[:2] == (1, 0):
            return self._node(numbers.of, name)
        try:
            phi = spelled("affine", numbers[:2])
        except ValueError as error:
            self._refuse(at, str(error).rstrip("."))
        of = self._node(numbers.of)
        return self._add(name or f"phi_{of.removesuffix('_prev')}", "phi", (Wire(of),), phi=phi)

    def _function(self, at: ast.Call, name: str) -> str:
        phi, inner = self._called(at)
        if self.weights.weighted(inner):
            return self._affine(inner, name, phi)
        of = self._node(inner)
        own = phi if phi.isidentifier() else "phi"
        return self._add(name or f"{own}_{of}", "phi", (Wire(of),), phi=phi)

    def _called(self, at: ast.Call) -> tuple[str, ast.expr]:
        """The spelling of a function, a limit of what it is given included, and that."""
        called = at.func.id if isinstance(at.func, ast.Name) else ""
        kind = FUNCTIONS.get(str(self.phi) if called == "φ" else called)
        numbers = [number for one in at.args[1:] if (number := number_of(one)) is not None]
        if kind is None or at.keywords or not at.args or len(numbers) < len(at.args) - 1:
            self._refuse(at, f"must call one of {', '.join(FUNCTIONS)} with one argument")
        if kind == "clip" and not numbers:
            self._refuse(at, "must say where to clip, as in clip(a, 3)")
        try:
            phi = limited("identity", *numbers) if kind == "clip" else spelled(kind, numbers)
        except ValueError as error:
            self._refuse(at, str(error).rstrip("."))
        inner = at.args[0]
        if kind != "clip" and isinstance(inner, ast.Call) and ast.unparse(inner.func) == "clip":
            limit, inner = self._called(inner)
            phi += limit.removeprefix("identity")
        return phi, inner

    def _chain(self, at: ast.expr, operator: type[ast.operator], op: Op, name: str) -> str:
        of = [self._node(part) for part in terms_of(at, operator)]
        if not name:
            name = "".join(one.removesuffix("_prev") for one in of)
        return self._add(name, op, tuple(Wire(one) for one in of))

    def _affine(self, at: ast.expr, name: str, phi: str) -> str:
        if not name:
            self._refuse(at, "must give a sum with weights a line of its own")
        wires, biases, blocks = list[Wire](), list[str](), set[str]()
        for part in terms_of(at, ast.Add):
            source, weight = self.weights.term(part)
            if weight is None:
                wires.append(Wire(self._node(part)))
                continue
            parameter, block = weight
            blocks.add(block)
            self.weights.use(part, source, parameter, block)
            if source is None:
                biases.append(parameter)
            else:
                taken = INPUT if parameter == "W_x" else self._node(source)
                wires.append(Wire(taken, parameter))
        if len(blocks) != 1:
            self._refuse(at, f"must read one block of the parameters, got {sorted(blocks)}")
        (block,) = blocks
        return self._add(
            name, "affine", tuple(wires), phi=phi, block="" if block == name else block,
            biases=tuple(biases),
        )  # fmt: skip

    def _add(self, name: str, op: Op, of: tuple[Wire, ...], **more: object) -> str:
        if name != self.symbol:
            while name in self.nodes or name in self.lines:
                name += "_"
        self.nodes[name] = Node(name, op, of, **more)  # type: ignore[arg-type]
        return name

    def _refuse(self, at: ast.expr, rule: str) -> NoReturn:
        raise ValueError(
            f"`equations`, {self.symbol!r}, character {at.col_offset + 1}: {rule}, got "
            f"{ast.unparse(at)!r}."
        )
