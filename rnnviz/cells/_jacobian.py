"""The Jacobian of one step, ∂s_t/∂s_{t−1}, in closed form from the local derivatives.

A hub depends on the states before it by a sum of three kinds of terms: a diagonal; a coefficient a
row times a constant matrix; and, once one product of matrices has met another, all entries. Only
the last kind costs a product of matrices a timestep.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from rnnviz.cells._drawing import Wire
from rnnviz.cells._local import Local, is_matrix
from rnnviz.cells._stated import Stated
from rnnviz.cells._values import Values
from rnnviz.numerics.arrays import Array, Arrays


@dataclass
class _Dependence:
    """∂hub/∂(one state before), the sum of several kinds of terms; what is None is zero.

    diagonal  (T, H)
    rows      of (coefficient (T, H), matrix (H, H))
    onto      of (coefficient (T, H), matrix (H, H), block (T, H, H) of the Jacobian itself): the
              matrix multiplies a state of the same step, whose rows are known already
    dense     (H, T, H): the hub's units first, so that a constant matrix is one product
    """

    diagonal: Array | None = None
    rows: list[tuple[Array, Array]] = field(default_factory=list)
    onto: list[tuple[Array, Array, Array]] = field(default_factory=list)
    dense: Array | None = None

    def times(self, factor: Any) -> _Dependence:
        """Every row multiplied by a factor (T, H), or by a number."""
        if isinstance(factor, int) and factor == 1:
            return self
        by = np.asarray(factor)
        by_rows = np.atleast_2d(by).T[..., None]
        return _Dependence(
            None if self.diagonal is None else self.diagonal * by,
            [(coefficient * by, matrix) for coefficient, matrix in self.rows],
            [(coefficient * by, matrix, block) for coefficient, matrix, block in self.onto],
            None if self.dense is None else self.dense * by_rows,
        )

    def plus(self, other: _Dependence) -> _Dependence:
        """The sum of two."""
        return _Dependence(
            _sum(self.diagonal, other.diagonal), self.rows + other.rows, self.onto + other.onto,
            _sum(self.dense, other.dense),
        )  # fmt: skip

    def through(self, matrix: Array) -> _Dependence:
        """A constant matrix (H, H) applied from the left."""
        size = len(matrix)
        simple = self.dense is None and not self.onto
        if len(self.rows) == 1 and simple:
            ((coefficient, right),) = self.rows
            ahead = matrix[:, None] * coefficient
            dense = np.dot(ahead.reshape(-1, size), right).reshape(size, -1, size)
            if self.diagonal is not None:
                dense += matrix[:, None] * self.diagonal
            return _Dependence(dense=dense)
        if not self.rows and simple:
            if self.diagonal is None:
                return self
            return _Dependence(dense=matrix[:, None] * self.diagonal)
        whole = self.assembled()
        return _Dependence(dense=np.dot(matrix, whole.reshape(size, -1)).reshape(whole.shape))

    def assembled(self, out: Array | None = None) -> Array:
        """All of it (H, T, H), written into ``out`` of zeros if given."""
        if out is None:
            found = [one for one, *_ in (*self.rows, *self.onto)]
            one = self.dense[..., 0] if self.dense is not None else found[0].T
            out = np.zeros((*one.shape, len(one)), one.dtype)
        if len(self.rows) == 1:
            ((coefficient, matrix),) = self.rows
            np.multiply(coefficient.T[..., None], matrix[:, None], out=out)
        elif self.rows:
            coefficients = np.stack([one for one, _ in self.rows], axis=-1)
            matrices = np.stack([one for _, one in self.rows], axis=1)
            np.matmul(coefficients.swapaxes(0, 1), matrices, out=out)
        for coefficient, matrix, known in self.onto:
            ahead = coefficient[:, :, None] * matrix
            out += np.matmul(ahead, known).swapaxes(0, 1)
        if self.dense is not None:
            out += self.dense
        if self.diagonal is not None:
            k = np.arange(len(out))
            out[k, :, k] += self.diagonal.T
        return out


def _sum(one: Array | None, other: Array | None) -> Array | None:
    return other if one is None else one if other is None else one + other


def step_jacobians(cell: Stated, local: Local, W: Arrays, r: Arrays) -> Array:
    """∂s_t/∂s_{t−1} (T, n, n) of one example: s is h, or all states side by side; row j is ∂s_t[j].

    W are the parameters, r the record with rows (T, ·) of the type that the result has.
    """
    return _Chain(cell, local, W, r).assembled()


class _Chain:
    def __init__(self, cell: Stated, local: Local, W: Arrays, r: Arrays) -> None:
        self.cell, self.W, self.r = cell, W, r
        self.local = local
        self.values = Values(self.local.statement, r, W, cell.hold)
        self.steps, self.size = r["h"].shape
        self.ones = np.ones((self.steps, self.size), r["h"].dtype)
        self.known: dict[tuple[str, str], _Dependence] = {}

    def assembled(self) -> Array:
        states, size = self.cell.states, self.size
        self.J = np.zeros((self.steps, len(states) * size, len(states) * size), self.ones.dtype)
        for state in (hub for hub in self.local.hubs if hub in states):
            for past in states:
                found = self._of(state, f"{past}_prev")
                found.assembled(self._block(state, past).swapaxes(0, 1))
        return self.J

    def _block(self, state: str, past: str) -> Array:
        """∂state_t/∂past_{t−1} (T, H, H), a view."""
        places = [self.cell.states.index(name) * self.size for name in (state, past)]
        row, column = (slice(place, place + self.size) for place in places)
        return self.J[:, row, column]

    def _of(self, hub: str, past: str) -> _Dependence:
        """How a hub depends on a state one step before."""
        if hub == past:
            return _Dependence(self.ones)
        if hub.endswith("_prev"):
            return _Dependence()
        if (hub, past) not in self.known:
            self.known[hub, past] = self._made(hub, past)
        return self.known[hub, past]

    def _made(self, hub: str, past: str) -> _Dependence:
        found = _Dependence()
        for source, factor in self.local.out_of(hub).items():
            found = found.plus(self._of(source, past).times(self.values.factor(factor)))
        if hub.startswith("a:"):
            node = self.local.statement.node(hub.removeprefix("a:"))
            for wire in node.of:
                if wire.source != "x" and is_matrix(self.local.statement, wire.weight):
                    found = found.plus(self._product(wire, node.reads, past))
        return found

    def _product(self, wire: Wire, block: str, past: str) -> _Dependence:
        matrix = np.ascontiguousarray(self.cell.part(self.W, wire.weight, block).T)
        if wire.source == past:
            return _Dependence(rows=[(self.ones, matrix)])
        if wire.source in self.cell.states:
            known = self._block(wire.source, past.removesuffix("_prev"))
            return _Dependence(onto=[(self.ones, matrix, known)])
        return self._of(wire.source, past).through(matrix)
