"""The one reverse loop, which carries a power of two with every example's gradient.

The loop runs in blocks of timesteps. After each block the range of what it wrote is looked at: as
long as that is far from the ends of the float format nothing is rescaled, and the common case
costs one look per block. How long a block may be follows from how fast the last one moved. A block
that came too near is run again in halves, from a carry brought back to the order of 1; at a
length of one step there is nothing left to lose.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.cells import Cell
from rnnviz.scaled import Scaled
from rnnviz.trace import rows

Array = NDArray[Any]
NOTHING = -(2**40)
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
        self.d = {"da": np.empty_like(self.record["a"])}
        for name, series in self.states.items():
            self.d |= {f"d{name}": series[1:], f"d{name}_prev": series[:-1]}
        self.d |= {name: np.empty(shape, dtype) for name in self.cell.own_gradients}
        self.d |= {f"da_{name}": self.cell.block(name, self.d["da"]) for name in self.cell.blocks}
        back = self.cell.backward(self.W, lambda n: np.empty((self.batch, n * size), dtype))
        named = {**self.record, **self.cell.slopes(self.record), **self.d, **self.cell.views(self.d)}
        self.back, self.rows = back, rows(self.cell, back, named, "da")
        reach = int(np.finfo(dtype).maxexp)
        self.first, self.near, self.far = reach // 8, reach // 3, reach * 3 // 4

    def run(self) -> None:
        """From the last timestep processed to the first."""
        self.arriving = self.direct.mantissa.any(axis=-1)
        self.arriving_top = self.direct.top()
        self.carry = {
            name: np.zeros(series.shape[1:], series.dtype) for name, series in self.states.items()
        }
        self.scale = np.zeros(self.batch, np.int64)
        self.level = np.full(self.batch, NOTHING)
        high, size = self.steps, self.first
        with np.errstate(all="ignore"):
            while high > 0:
                low = max(high - size, 0)
                before = self.level
                if self._block(low, high):
                    size = self._next(before, high - low)
                    high = low
                else:
                    size = (high - low) // 2
        self.exponent[0] = self.scale

    def _next(self, before: Array, length: int) -> int:
        """How many steps may pass before half the safe range is used up, at the last rate."""
        both = (before > NOTHING) & (self.level > NOTHING)
        moved = int(np.abs(self.level - before)[both].max(initial=0))
        return max(1, min(self.far * length // (2 * max(moved, 1)), 8 * length))

    def _block(self, low: int, high: int) -> bool:
        """Try the timesteps low … high − 1; True if what they wrote can stand."""
        arriving = self.arriving[low:high]
        carried = self.level > NOTHING
        if not (carried.any() or arriving.any()):
            self._fill_zeros(low, high)
            return True
        scale = self._scale(low, high)
        self._enter(low, high, scale)
        for row in zip(*(array[low:high][::-1] for array in self.rows), strict=True):
            self.back(*row)
        largest = self._largest(low, high)
        if high - low > 1 and not self._in_range(largest, arriving, carried):
            return False
        self.exponent[low + 1 : high + 1] = scale
        self.scale = scale
        self.carry = {name: self.d[f"d{name}_prev"][low].copy() for name in self.states}
        self.level = np.where(largest[0] > 0, np.frexp(largest[0])[1] + scale, NOTHING)
        return True

    def _fill_zeros(self, low: int, high: int) -> None:
        for name, one in self.d.items():
            one[low:high] = 0
        for name in self.states:
            self.d[f"d{name}_prev"][low] = 0

    def _scale(self, low: int, high: int) -> Array:
        """The power of two for the block: as it is, unless what goes in lies far from it."""
        top = np.maximum(self.level, self.arriving_top[low:high].max(axis=0))
        move = (top > NOTHING) & (np.abs(top - self.scale) > self.near)
        return np.where(move, top, self.scale)

    def _enter(self, low: int, high: int, scale: Array) -> None:
        """Write what goes into the block: the loss's direct gradients and the carry."""
        own = None if self.direct.exponent is None else self.direct.exponent[low:high]
        direct = self.direct.mantissa[low:high]
        plain = own is None and not scale.any()
        self.d["dh"][low:high] = direct if plain else Scaled(direct, own).at(scale)
        self.d["dh_prev"][low] = 0
        shift = self.scale - scale
        for name, part in self.carry.items():
            moved = np.ldexp(part, shift[:, None]) if shift.any() else part
            last = self.d[f"d{name}"][high - 1]
            last[...] = last + moved if name == "h" else moved

    def _largest(self, low: int, high: int) -> Array:
        """The largest magnitude of any state's gradient, (steps + 1, B); row 0 is what leaves."""
        found = None
        for series in self.states.values():
            part = np.abs(series[low : high + 1]).max(axis=-1)
            found = part if found is None else np.maximum(found, part)
        assert found is not None
        return found

    def _in_range(self, largest: Array, arriving: Array, carried: Array) -> bool:
        """Whether every gradient the block wrote is far from under- and overflow.

        Zero is right before any loss has been met; a carry that was not finite stays so.
        """
        if largest.max() < 2.0**self.far and largest.min() > 2.0**-self.far:
            return True
        good = (largest < 2.0**self.far) & (largest > 2.0**-self.far)
        met = np.logical_or.accumulate(arriving[::-1], axis=0)[::-1] | carried
        met = np.concatenate([met[:1], met])
        lost = ~np.all([np.isfinite(part).all(axis=-1) for part in self.carry.values()], axis=0)
        return bool((good | ~met | lost).all())
