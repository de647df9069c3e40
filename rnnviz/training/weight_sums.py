"""∂L/∂(all parameters) of one layer: sums over steps and examples, some steps at a time."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rnnviz.cells import Cell
from rnnviz.numerics.arrays import Array, Arrays

Calls = list[Callable[[], None]]


class WeightSums:
    """The gradients G of a layer's parameters, views to be written.

    ``rows`` is the largest number of steps at a time. With the units before the examples in memory,
    one product a step is made, and their sum: a single product would first copy all records.
    """

    def __init__(self, cell: Cell, G: Arrays, rows: int, *, units_first: bool) -> None:
        self.cell, self.G, self.rows, self.units_first = cell, G, rows, units_first
        self.totals: dict[tuple[str, int], tuple[Array, Array]] = {}
        self.parts: dict[tuple[str, int], Array] = {}

    def bound(self, record: Arrays, d: Arrays) -> Callable[[], None]:
        """A function that adds what these rows of the records (T, B, ·) hold, whenever called."""
        calls: Calls = []
        for name, to in self.G.items():
            if name in self.cell.statement.vectors:
                for row, (left, right) in zip(to, self.cell.pieces(name, record, d), strict=True):
                    calls.append(_unit_by_unit(row, left, right))
                continue
            column = 0
            for left, right in self.cell.pieces(name, record, d):
                columns = to[..., column : column + right.shape[-1]]
                column += right.shape[-1]
                if left is None:
                    calls.append(self._bias((name, column), columns, right))
                elif self.units_first:
                    calls.append(self._products((name, column), columns, left, right))
                else:
                    calls.append(_product(columns, left, right))

        def add() -> None:
            for call in calls:
                call()

        return add

    def clear(self) -> None:
        """Begin sums anew."""
        for one in self.G.values():
            one[...] = 0
        for _, total in self.totals.values():
            total[...] = 0

    def finish(self) -> None:
        """Write what was added into G."""
        for to, total in self.totals.values():
            if to.ndim == 2:
                to += total.T
            else:
                to += np.add.reduce(total, axis=-1)

    def _total(self, key: tuple[str, int], to: Array, shape: tuple[int, int]) -> Array:
        if key not in self.totals:
            self.totals[key] = to, np.zeros(shape, to.dtype)
        return self.totals[key][1]

    def _products(
        self, key: tuple[str, int], to: Array, left: Array, right: Array
    ) -> Callable[[], None]:
        """leftᵀ right summed over steps and examples, of (T, B, m) and (T, B, n), as (n, m)."""
        total = self._total(key, to, to.shape[::-1])
        if key not in self.parts:
            self.parts[key] = np.empty((self.rows + 1, *total.shape), to.dtype)
        parts = self.parts[key][: len(left) + 1]
        turned = right.swapaxes(1, 2)

        def add() -> None:
            np.matmul(turned, left, out=parts[1:])
            np.add.reduce(parts[1:], axis=0, out=parts[0])
            np.add(total, parts[0], total)

        return add

    def _bias(self, key: tuple[str, int], to: Array, right: Array) -> Callable[[], None]:
        if not self.units_first:
            return lambda: _added(to, np.add.reduce(np.add.reduce(right, axis=0), axis=0))
        total = self._total(key, to, (right.shape[2], right.shape[1]))
        turned = right.swapaxes(1, 2)
        return lambda: _added(total, np.add.reduce(turned, axis=0))


def _product(to: Array, left: Array, right: Array) -> Callable[[], None]:
    rows = left.shape[0] * left.shape[1]

    def add() -> None:
        _added(to, np.dot(left.reshape(rows, -1).T, right.reshape(rows, -1)))

    return add


def _unit_by_unit(to: Array, left: Array, right: Array) -> Callable[[], None]:
    return lambda: _added(to, np.add.reduce(left * right, axis=(0, 1)))


def _added(to: Array, what: Array) -> None:
    to += what
