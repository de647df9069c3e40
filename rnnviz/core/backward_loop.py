"""The backward loop over time: mantissas, and a power of two for every example's gradient.

The loop runs in blocks of timesteps, each with one power of two per example. After a block the
range of the gradients that it wrote is checked: far from the ends of the float format, nothing is
rescaled. The length of the next block follows from how fast the norms of the last one changed. A
block that came too near an end is run again in halves. A single step that came too near is run
again with the gradient that enters it scaled to the order of 1, and its result stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from rnnviz.cells import Cell
from rnnviz.numerics.arrays import Array
from rnnviz.numerics.extended_range import Scaled

NOTHING = -(2**30)
"""The power of two of a zero: it is below every other."""


@dataclass
class Sweep:
    """One layer's backward pass: its records d, in the order of processing, and their exponents.

    ``d["dh"]`` (T, B, H) and the rest are mantissas; ``exponent`` (T + 1, B) has row 0 for the
    initial state. ``final`` is what arrives at the states (B, H) of the last step by another way
    than ``direct``: from whoever reads the final states.
    """

    cell: Cell
    W: Mapping[str, Array]
    record: Mapping[str, Array]
    direct: Scaled
    final: Mapping[str, Array] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Allocate the records and bind the cell's backward step to their rows."""
        self.steps, self.batch, size = self.record["h"].shape
        dtype = self.record["h"].dtype
        shape = (self.steps, self.batch, size)
        self.states = {
            name: np.empty((self.steps + 1, *shape[1:]), dtype) for name in self.cell.states
        }
        self.exponent = np.zeros((self.steps + 1, self.batch), np.int64)
        self.d = self.cell.gradient_records(shape, dtype)
        for name, series in self.states.items():
            self.d |= {f"d{name}": series[1:], f"d{name}_prev": series[:-1]}
        self.back = self.cell.backward_loop(self.W, self.batch, size, dtype)
        reach = int(np.finfo(dtype).maxexp)
        self.first, self.near, self.far = reach // 8, reach // 4, reach * 7 // 16

    def run(self) -> None:
        """Fill the records, from the last timestep processed to the first."""
        self.carry = dict(self.final)
        self.scale = np.zeros(self.batch, np.int64)
        if self.steps <= self.first and self.direct.plain and self._all_at_once():
            return
        self.level = np.full(self.batch, NOTHING)
        if self.carry:
            self.level = self._tops(np.concatenate(list(self.carry.values()), axis=-1))
        self.arriving_top = self._tops(self.direct.mantissa)
        if not self.direct.plain:
            self.arriving_top = np.where(
                self.arriving_top > NOTHING, self.arriving_top + self.direct.exponent, NOTHING
            )
        high, size, near = self.steps, self.first, self.near
        while high > 0:
            low = max(high - size, 0)
            before = np.maximum(self.level, self.arriving_top[low:high].max(axis=0))
            if self._block(low, high, before, near):
                size = self._next(before, high - low) if low else 0
                high, near = low, self.near
            elif high - low > 1:
                size = (high - low) // 2
            else:
                near = 0
        self.exponent[0] = self.scale

    def _all_at_once(self) -> bool:
        """Run all timesteps as one block; True if every gradient stayed in range, as most do."""
        self._enter(0, self.steps, self.scale)
        self.back(self.record, self.d)
        return self._tame(self._squares(0, self.steps))

    def _next(self, before: Array, length: int) -> int:
        """The length of the next block: at the last rate it uses half of the safe range."""
        both = (before > NOTHING) & (self.level > NOTHING)
        moved = int(np.abs(self.level - before)[both].max(initial=0))
        return max(1, min(self.far * length // (2 * max(moved, 1)), 4 * length))

    def _block(self, low: int, high: int, top: Array, near: int) -> bool:
        """Run the timesteps low … high − 1; False if a gradient came too near an end of the format.

        ``top`` (B,) is the power of two of the largest gradient that enters. The block keeps the
        last one's power of two where the two are no more than ``near`` apart.
        """
        if top.max() == NOTHING:
            self._fill_zeros(low, high)
            return True
        scale = self.scale
        move = (top > NOTHING) & (np.abs(top - scale) > near)
        if move.any():
            scale = np.where(move, top, scale)
        self._enter(low, high, scale)
        record, d = (
            {name: one[low:high] for name, one in each.items()} for each in (self.record, self.d)
        )
        self.back(record, d)
        squares = self._squares(low, high)
        if (high - low > 1 or near) and not self._in_range(squares, low, high):
            return False
        self.exponent[low + 1 : high + 1] = scale
        self.scale = scale
        self.carry = {name: series[low].copy() for name, series in self.states.items()}
        leaving = self._tops(np.concatenate(list(self.carry.values()), axis=-1))
        self.level = np.where(leaving > NOTHING, leaving + scale, NOTHING)
        return True

    def _fill_zeros(self, low: int, high: int) -> None:
        for one in self.d.values():
            one[low:high] = 0
        for name in self.states:
            self.d[f"d{name}_prev"][low] = 0

    def _enter(self, low: int, high: int, scale: Array) -> None:
        """Write what goes into the block: the loss's direct gradients and the carry."""
        direct = self.direct[low:high]
        if direct.plain and not scale.any():
            self.d["dh"][low:high] = direct.mantissa
        elif self.arriving_top[low:high].max() == NOTHING:
            self.d["dh"][low:high] = 0
        else:
            self.d["dh"][low:high] = direct.at(scale)
        self.d["dh_prev"][low] = 0
        last = {name: series[high] for name, series in self.states.items()}
        for name in set(last) - {"h", *self.carry}:
            last[name][...] = 0
        shift = self.scale - scale
        for name, part in self.carry.items():
            moved = np.ldexp(part, shift[:, None]) if shift.any() else part
            last[name][...] = last[name] + moved if name == "h" else moved

    def _squares(self, low: int, high: int) -> Array:
        """‖∂L/∂state‖² of the rows that the block wrote, (steps + 1, B); row 0 is what leaves."""
        parts = [series[low : high + 1] for series in self.states.values()]
        return np.asarray(sum(np.einsum("tbh,tbh->tb", part, part) for part in parts))

    def _tame(self, squares: Array) -> bool:
        return bool(squares.max() < 4.0**self.far and squares.min() > 4.0**-self.far)

    def _tops(self, array: Array) -> Array:
        """The power of two of each row's norm over the last axis, to within one."""
        squares = np.einsum("...h,...h->...", array, array)
        if self._tame(squares):
            return np.frexp(squares)[1].astype(np.int64) >> 1
        largest = np.abs(array).max(axis=-1)
        # NaN rows count as non-zero.
        return np.where(largest == 0, NOTHING, np.frexp(largest)[1].astype(np.int64))

    def _in_range(self, squares: Array, low: int, high: int) -> bool:
        """Whether every gradient the block wrote is far from under- and overflow.

        A zero is right at timesteps after the last loss; what came in not finite stays so.
        """
        if self._tame(squares):
            return True
        good = (squares < 4.0**self.far) & (squares > 4.0**-self.far)
        arriving = self.arriving_top[low:high] > NOTHING
        met = np.logical_or.accumulate(arriving[::-1], axis=0)[::-1] | (self.level > NOTHING)
        met = np.concatenate([met[:1], met])
        lost = np.zeros(self.batch, bool)
        for part in self.carry.values():
            lost |= ~np.isfinite(part).all(axis=-1)
        return bool((good | ~met | lost).all())
