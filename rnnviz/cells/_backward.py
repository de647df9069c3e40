"""The backward step of a cell, compiled from its graph by the chain rule.

Local derivatives between hubs (`rnnviz.cells._local`) are computed for all timesteps at once; the
step itself multiplies each by the gradient that arrives, and has one product for every matrix.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from rnnviz.cells._drawing import Node
from rnnviz.cells._equations import Statement
from rnnviz.cells._local import Factor, Local
from rnnviz.cells._made import maker
from rnnviz.numerics.arrays import Array

CALLS = {name: getattr(np, name) for name in (
    "add", "copyto", "multiply", "negative", "subtract",
)}  # fmt: skip
"""All that a compiled step can call, beside ``turned``."""
MANY = 4
"""From so many blocks of one example on, one call for all is faster than one each."""
MANY_OF_BATCH = 2
"""The same for blocks of several examples, which have gaps between them."""


def turned(matrix: Array) -> Array:
    """A matrix transposed, in the order in memory that BLAS multiplies rows by fastest."""
    if matrix.dtype.itemsize < np.dtype(np.float64).itemsize:
        return np.ascontiguousarray(matrix.T)
    return np.ascontiguousarray(matrix).T


@dataclass(frozen=True)
class BackwardStep:
    """A compiled backward step.

    own      gradients with a record (T, B, H) of their own, beside the states' and ``da``
    ahead    gradient → the factor that its record must hold before the loop multiplies it
    factors  row of the loop → the factor that it holds
    blocks   row of the loop → blocks of ``da`` from … to, and whether as (T, B, n, H)
    make     (weights, scratch, H) → (loop, its rows); rows run from the last timestep back
    """

    own: tuple[str, ...]
    ahead: Mapping[str, Factor]
    factors: Mapping[str, Factor]
    blocks: Mapping[str, tuple[int, int, bool]]
    text: str
    make: Callable[..., tuple[Callable[..., None], list[str]]]


def gradient_of(hub: str, statement: Statement) -> str:
    """The record of ∂L/∂hub: da_f for the sum that the block f of W_x feeds, d_q for others."""
    if not hub.startswith("a:"):
        return f"d{hub}"
    node = statement.node(hub.removeprefix("a:"))
    return f"da_{node.reads}" if owns_block(node) else f"d_{node.name}"


def owns_block(node: Node) -> bool:
    """Whether an affine node is the one that the inputs feed by its block."""
    return any(wire.weight == "W_x" for wire in node.of)


def compile_backward(local: Local, many: int = MANY) -> BackwardStep:
    """The backward step from a statement's local derivatives."""
    return _Backward(local, many).compiled()


@dataclass
class _Backward:
    """Variables of the loop have the names of their records; ``dh`` is carried on."""

    local: Local
    many: int
    made: dict[str, str] = field(default_factory=dict)
    body: list[str] = field(default_factory=list)
    rows: dict[str, None] = field(default_factory=dict)
    ahead: dict[str, Factor] = field(default_factory=dict)
    factors: dict[str, Factor] = field(default_factory=dict)
    blocks: dict[str, tuple[int, int, bool]] = field(default_factory=dict)
    written: set[str] = field(default_factory=set)

    def compiled(self) -> BackwardStep:
        self.statement, self.states = self.local.statement, self.local.states
        names = [gradient_of(hub, self.statement) for hub in self.local.hubs]
        hubs = dict(zip(self.local.hubs, names, strict=True))
        own = [n for hub, n in hubs.items() if hub not in self.states and not n.startswith("da_")]
        sums: list[str] = []
        for hub in reversed(self.local.hubs):
            if not hub.startswith("a:") or set(self.local.into(hub)) & set(sums):
                self._sums(sums)
                sums = []
            if hub.startswith("a:"):
                sums.append(hub)
            else:
                self._value(hub)
        self._sums(sums)
        for state in self.states:
            self._value(f"{state}_prev")
        text = self._text()
        make = maker(text, CALLS, turned=turned)
        return BackwardStep(
            tuple(dict.fromkeys(own)), self.ahead, self.factors, self.blocks, text, make
        )

    def _sums(self, hubs: list[str]) -> None:
        """Weighted sums that wait for nothing else, side by side where one gradient serves all."""
        single: dict[str, list[str]] = {}
        for hub in hubs:
            name, later = gradient_of(hub, self.statement), self.local.into(hub)
            if not later:
                self.body.append(f"{self._row(name)}.fill(0)")
            elif len(later) == 1 and name.startswith("da_"):
                ((arrives, self.ahead[name]),) = later.items()
                single.setdefault(arrives, []).append(name.removeprefix("da_"))
            else:
                self._row(name)
                self._combine(name, later)
        for arrives, blocks in single.items():
            by = self._gradient(arrives)
            for low, high in self._runs(blocks):
                if high - low >= self.many:
                    row = self._da(low, high, apart=True)
                    self.body.append(f"multiply({row}, {by}[:, None], {row})")
                    continue
                for k in range(low, high):
                    row = self._da(k, k + 1)
                    self.body.append(f"multiply({row}, {by}, {row})")

    def _value(self, hub: str) -> None:
        """∂L/∂(a state, or what a matrix multiplies)."""
        name = f"d{hub}"
        if hub in self.states or hub == "h_prev":
            self.written.add(name)  # holds the loss's own gradient, and what comes from t + 1
        if hub not in self.states:
            self._row(name)
        self._combine(name, self.local.into(hub))
        self._products(hub, name)
        if name not in self.written:
            self.body.append(f"{name}.fill(0)")

    def _combine(self, to: str, later: Mapping[str, Factor]) -> None:
        """Add ∂later/∂hub · ∂L/∂later of all later hubs."""
        for hub, factor in later.items():
            arrives = self._gradient(hub)
            if not any(term.atoms for term in factor) and len(factor) == 1:
                self._add(to, arrives, factor[0].sign)
                continue
            by = next((row for row, one in self.factors.items() if one == factor), None)
            by = by or self._row(f"by_{len(self.factors)}")
            self.factors[by] = factor
            if to in self.written:
                self.body.append(f"add({to}, multiply({arrives}, {by}, part), {to})")
            else:
                self.body.append(f"multiply({arrives}, {by}, {to})")
            self.written.add(to)

    def _add(self, to: str, what: str, sign: int) -> None:
        if to in self.written:
            self.body.append(f"{'add' if sign > 0 else 'subtract'}({to}, {what}, {to})")
        else:
            self.body.append(f"copyto({to}, {what})" if sign > 0 else f"negative({what}, {to})")
        self.written.add(to)

    def _products(self, source: str, to: str) -> None:
        """What comes back through matrices: one product for blocks that lie side by side."""
        found: dict[str, list[Node]] = {}
        for node, weight in self.local.products(source):
            found.setdefault(weight, []).append(node)
        for weight, nodes in found.items():
            for low, high in self._runs([node.reads for node in nodes if owns_block(node)]):
                self._product(weight, self._da(low, high), low, high, to)
            for node in nodes:
                if not owns_block(node):
                    low = self.statement.blocks.index(node.reads)
                    self._product(weight, self._row(f"d_{node.name}"), low, low + 1, to)

    def _product(self, weight: str, row: str, low: int, high: int, to: str) -> None:
        columns = self.statement.parameters[weight]
        first = columns.index(self.statement.blocks[low])
        matrix = f"m_{weight}_{first}_{first + high - low}"
        self.made[matrix] = (
            f"turned(W[{weight!r}][:, {first} * size : {first + high - low} * size])"
        )
        if to in self.written:
            self.body.append(f"add({to}, {row}.dot({matrix}, part), {to})")
        else:
            self.body.append(f"{row}.dot({matrix}, {to})")
        self.written.add(to)

    def _runs(self, blocks: list[str]) -> list[tuple[int, int]]:
        """Blocks that lie side by side in ``da``, as (from, to)."""
        places = sorted(self.statement.blocks.index(block) for block in blocks)
        starts = [k for k in places if k - 1 not in places]
        ends = [k + 1 for k in places if k + 1 not in places]
        return list(zip(starts, ends, strict=True))

    def _da(self, low: int, high: int, *, apart: bool = False) -> str:
        """The row of some blocks of ``da``, or of one of them."""
        if high - low == 1:
            return self._row(f"da_{self.statement.blocks[low]}")
        if high - low == len(self.statement.blocks) and not apart:
            return self._row("da")
        row = self._row(f"da_{low}_{high}" + "_apart" * apart)
        self.blocks[row] = low, high, apart
        return row

    def _gradient(self, hub: str) -> str:
        name = gradient_of(hub, self.statement)
        return name if hub in self.states else self._row(name)

    def _row(self, name: str) -> str:
        self.rows[name] = None
        return name

    def _text(self) -> str:
        now = [f"d{state}" for state in self.states]
        then = [f"{name}_prev" for name in now]
        rows = [*self.rows]
        if any("part" in line for line in self.body):
            self.made["part"] = "new(1)"
        parts = ["def make(W, new, size):"]
        parts += [f"    {name} = {value}" for name, value in self.made.items()]
        parts.append(f"    def loop({', '.join([*now, *(f'all_{row}' for row in rows)])}):")
        parts.append(
            f"        for {', '.join(rows)}, in zip({', '.join(f'all_{row}' for row in rows)}):"
        )
        parts += [f"            {line}" for line in self.body]
        parts += [f"            {one} = {other}" for one, other in zip(now, then, strict=True)]
        parts.append(f"    return loop, {[*now, *rows]}")
        return "\n".join(parts) + "\n"
