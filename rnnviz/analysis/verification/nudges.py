"""Derivatives of the states at t by one signal, or its pre-activation, at the same t.

The drawing that a cell describes (`Cell.graph`) is evaluated in complex numbers, node by node, at
all timesteps at once from the recorded inputs and past states. Neither the cell's forward step nor
any backward equation takes part.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import reduce
from typing import NamedTuple

import numpy as np

from rnnviz.analysis.verification.complex_step import TINY, lengths
from rnnviz.cells import Cell, Node
from rnnviz.cells._functions import function
from rnnviz.core.trace import LayerTrace
from rnnviz.numerics.arrays import Array

NUMBERS = 100_000
"""Numbers of all directions' timesteps that are moved at once."""


def _sigmoid(a: Array) -> Array:
    small = np.exp(np.where(a.real > 0, -a, a))
    return np.where(a.real > 0, 1, small) / (1 + small)


PHI: Mapping[str, Callable[[Array], Array]] = {
    "tanh": np.tanh,
    "sigmoid": _sigmoid,
    "relu": lambda a: np.where(a.real > 0, a, 0 * a),
    "identity": lambda a: a,
}


OPERATIONS: Mapping[str, Callable[..., Array]] = {
    "rest": lambda one: 1 - one,
    "times": lambda *many: reduce(np.multiply, many),
    "plus": lambda *many: reduce(np.add, many),
    "share": lambda one, other: one / (one + other),
}


def names_of(cell: Cell) -> tuple[str, ...]:
    """Every signal, and as ``a_f`` … every pre-activation: what `states_moved` can move."""
    return (*(one.name for one in cell.signals), *(f"a_{name}" for name in cell.blocks))


def states_moved(at: LayerTrace, directions: Mapping[str, Array]) -> Array:
    """δ(states at t) (K, T, B, n), all states side by side, in the order of processing.

    Each of the K directions (T, B, H) moves the one signal or pre-activation that it is named
    after. A held gate does not follow its pre-activation.
    """
    count, (steps, batch, size) = len(directions), at.record["h"].shape
    found = np.empty((count, steps, batch, size * len(at.cell.states)))
    portion = max(1, NUMBERS // (count * batch * size))
    for start in range(0, steps, portion):
        part = slice(start, start + portion)
        few = replace(at, record={name: one[part] for name, one in at.record.items()})
        found[:, part] = _moved(few, {name: one[part] for name, one in directions.items()})
    return found


def _moved(at: LayerTrace, directions: Mapping[str, Array]) -> Array:
    """`states_moved`, all timesteps at once."""
    short, long = lengths(at)
    found, reached = _moved_by(at, directions, short)
    lost = reached & (np.abs(found) < TINY)
    if (rows := np.flatnonzero(lost.any(axis=(0, 2, 3)))).size:
        few = replace(at, record={name: one[rows] for name, one in at.record.items()})
        again, _ = _moved_by(few, {name: one[rows] for name, one in directions.items()}, long)
        found[:, rows] = np.where(lost[:, rows] & (np.abs(again) < TINY), again, found[:, rows])
    return found


class Rows(NamedTuple):
    """A node's values: as recorded, then with each direction of ``by`` that it depends on.

    ``values`` is (1 + len(by), T, B, H), complex; by counts the directions from 0.
    """

    values: Array
    by: tuple[int, ...] = ()

    def of(self, by: tuple[int, ...]) -> Array:
        """The values with these directions: as recorded with one that moves nothing here."""
        if by == self.by:
            return self.values
        return self.values[[0, *(self.by.index(k) + 1 if k in self.by else 0 for k in by)]]

    def moved(self, k: int, nudge: Array) -> Rows:
        """The same, with the nudge of direction k added."""
        by = tuple(sorted({*self.by, k}))
        values = self.of(by) if by != self.by else self.values.copy()
        values[by.index(k) + 1] += nudge
        return Rows(values, by)


def _moved_by(
    at: LayerTrace, directions: Mapping[str, Array], step: float
) -> tuple[Array, Array]:
    """`states_moved` by one length of the complex step, and what may move at all, (K, 1, 1, n)."""
    cell, W = at.cell, _wide(at.cell.as_held(at.parameters))
    count, (steps, batch, size) = len(directions), at.record["h"].shape
    nudges = {name: (k, 1j * step * one) for k, (name, one) in enumerate(directions.items())}
    sums, values = _sums(cell), dict[str, Rows]()
    for node in cell.graph:
        if node.op != "out":
            value = _value(at, W, node, values, nudges.get(sums.get(node.name, "")))
            own = nudges.get(node.name)
            values[node.name] = value if own is None else value.moved(*own)
    found = np.zeros((count, steps, batch, len(cell.states) * size))
    reached = np.zeros((count, 1, 1, len(cell.states) * size), bool)
    for j, name in enumerate(cell.states):
        part, end = slice(j * size, (j + 1) * size), values[name]
        by = list(end.by)
        found[by, ..., part] = end.values[1:].imag / step
        reached[by, ..., part] = True
    return found, reached


def _sums(cell: Cell) -> dict[str, str]:
    """Affine node → its pre-activation: of the block of that name, or else of the one it reads."""
    affine = [node for node in cell.graph if node.op == "affine"]
    named = {node.name for node in affine} & set(cell.blocks)
    found = {name: f"a_{name}" for name in named}
    others = {node.block for node in affine} & (set(cell.blocks) - named)
    return found | {node.name: f"a_{node.block}" for node in affine if node.block in others}


def _wide(W: Mapping[str, Array]) -> dict[str, Array]:
    return {name: one.astype(np.float64, copy=False) for name, one in W.items()}


def _value(
    at: LayerTrace, W: dict[str, Array], node: Node, values: dict[str, Rows],
    nudge: tuple[int, Array] | None,
) -> Rows:  # fmt: skip
    """One node from the nodes before it; ``nudge`` goes into an affine node's sum."""
    if node.op in ("past", "input"):
        return Rows(at.record[node.name][None].astype(complex))
    if node.name in at.cell.hold:
        return Rows(np.full((1, *at.record["h"].shape), complex(at.cell.hold[node.name])))
    rows = [values[wire.source] for wire in node.of]
    by = tuple(sorted({k for one in rows for k in one.by}))
    operands = [one.of(by) for one in rows]
    if node.op == "affine":
        total = Rows(_sum(at.cell, W, node, operands), by)
        total = total if nudge is None else total.moved(*nudge)
        return Rows(function_of(node)(total.values), total.by)
    return Rows(np.asarray(operation_of(node)(*operands)), by)


def operation_of(node: Node) -> Callable[..., Array]:
    """What a node that has no weights makes of its operands."""
    return OPERATIONS[node.op] if node.op in OPERATIONS else function_of(node)


def function_of(node: Node) -> Callable[[Array], Array]:
    """The function of a node, of real numbers and of complex ones."""
    return PHI[node.phi] if node.phi in PHI else function(node.phi).value


def _sum(cell: Cell, W: dict[str, Array], node: Node, operands: list[Array]) -> Array:
    """An affine node's sum over its wires and biases, before its function."""
    block, total = node.block or node.name, np.zeros(1)
    for wire, operand in zip(node.of, operands, strict=True):
        weight = cell.part(W, wire.weight, block) if wire.weight else np.ones(1)
        total = total + (operand @ weight if weight.ndim == 2 else operand * weight)
    return np.asarray(sum((cell.part(W, name, block) for name in node.biases if name in W), total))
