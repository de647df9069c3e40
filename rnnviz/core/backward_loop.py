"""The one reverse loop, which carries a power of two with every example's gradient.

The loop runs in blocks of timesteps. After each block the range of what it wrote is looked at: as
long as that is far from the ends of the float format nothing is rescaled, and the common case
costs one look per block. How long a block may be follows from how fast the last one moved. A block
that came too near is run again in halves, from a carry brought back to the order of 1; a single
step that came too near is run once more from exactly there: then there is nothing left to lose.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from rnnviz.cells import Cell
from rnnviz.numerics.arrays import Array
from rnnviz.numerics.extended_range import Scaled

NOTHING = -(2**30)
"""A power of two below every other: that of a zero."""


@dataclass
class Sweep:
    """A backward pass under way: records d, in the order of processing, and their exponents.

    ``d["dh"]`` (T, B, H) and the rest are mantissas; ``exponent`` (T + 1, B) has row 0 for the
    initial state.
    """

    cell: Cell
    W: Mapping[str, Array]
    record: Mapping[str, Array]
    direct: Scaled

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
        """From the last timestep processed to the first."""
        self.carry: dict[str, Array] = {}
        self.scale = np.zeros(self.batch, np.int64)
        if self.steps <= self.first and self.direct.plain and self._all_at_once():
            return
        self.level = np.full(self.batch, NOTHING)
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
        """The common case of a short sequence whose gradients stay in range all the way."""
        self._enter(0, self.steps, self.scale)
        self.back(self.record, self.d)
        return self._tame(self._squares(0, self.steps))

    def _next(self, before: Array, length: int) -> int:
        """How many steps may pass before half the safe range is used up, at the last rate."""
        both = (before > NOTHING) & (self.level > NOTHING)
        moved = int(np.abs(self.level - before)[both].max(initial=0))
        return max(1, min(self.far * length // (2 * max(moved, 1)), 4 * length))

    def _block(self, low: int, high: int, top: Array, near: int) -> bool:
        """Try the timesteps low … high − 1; True if what they wrote can stand.

        ``top`` (B,) is the power of two of the largest that goes in. The block's own is as it was,
        unless that lies further than ``near`` from it.
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
        if not self.carry:
            for name in set(last) - {"h"}:
                last[name][...] = 0
            return
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
        """The power of two of each row's norm over the last axis, give or take one."""
        squares = np.einsum("...h,...h->...", array, array)
        if self._tame(squares):
            return np.frexp(squares)[1].astype(np.int64) >> 1
        largest = np.abs(array).max(axis=-1)
        # What is not a number is not nothing either.
        return np.where(largest == 0, NOTHING, np.frexp(largest)[1].astype(np.int64))

    def _in_range(self, squares: Array, low: int, high: int) -> bool:
        """Whether every gradient the block wrote is far from under- and overflow.

        Zero is right before any loss has been met; a carry that was not finite stays so.
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
