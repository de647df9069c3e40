"""Find a pattern: other stretches of time in which the same units are on.

After Strobelt, Gehrmann, Pfister and Rush 2018, "LSTMVis: A Tool for Visual Analysis of Hidden
State Dynamics in Recurrent Neural Networks": a stretch is marked, the units that are on throughout
it are its pattern, and stretches with the same units on are listed, the most alike first.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from rnnviz.analysis.units.layers import Record, series
from rnnviz.numerics.arrays import Array
from rnnviz.numerics.validation import finite_number, flag, whole_number


class Match(NamedTuple):
    """A stretch of steps in which units of a pattern are on.

    start, stop  its first and last step, from 1
    shared       how many of the pattern's units are on at every step of it
    others       how many other units are on at every step of it
    likeness     shared / (units of the pattern + others): 1 where the same units are on, no others
    """

    start: int
    stop: int
    shared: int
    others: int
    likeness: float

    @property
    def length(self) -> int:
        """The number of steps."""
        return self.stop - self.start + 1


def units_on(
    trace: Record, start: int, stop: int, threshold: float, *, signal: str = "h",
    bounded: bool = False, batch: int = 0,
) -> tuple[int, ...]:  # fmt: skip
    """The units, from 0, that are on at every step from ``start`` to ``stop``, counted from 1.

    A unit is on where its ``signal`` is above ``threshold``. With ``bounded`` it must be off at the
    step before and the step after, where there are such. Raises ValueError.

    >>> import numpy as np, rnnviz
    >>> trace = rnnviz.run(rnnviz.build("rnn", 1, 4), np.ones((20, 1, 1)))
    >>> rnnviz.units_on(trace, 5, 9, -1.0)
    (0, 1, 2, 3)
    """
    values = series(trace, signal, batch)
    finite_number("threshold", threshold)
    whole_number("start", start, 1, len(values))
    whole_number("stop", stop, start, len(values))
    on = values > threshold
    found = on[start - 1 : stop].all(axis=0)
    if flag("bounded", bounded):
        for edge in (start - 2, stop):
            if 0 <= edge < len(on):
                found &= ~on[edge]
    return tuple(int(k) for k in np.flatnonzero(found))


def matches(
    trace: Record, units: Iterable[int], threshold: float, *, signal: str = "h",
    share: float = 1.0, length: int = 1, most: int = 100, batch: int = 0,
) -> tuple[Match, ...]:  # fmt: skip
    """The stretches in which at least ``share`` of the units are on throughout, most alike first.

    A stretch has ``length`` steps at least. The most alike ``length`` steps are taken first, then
    made longer at both ends as long as the same units of the pattern stay on; stretches do not
    overlap. Stretches of one likeness come the longest first, then by time. At most ``most`` are
    returned. Raises ValueError naming argument, rule and what arrived.

    >>> import numpy as np, rnnviz
    >>> x = np.tile([[[5.0]], [[-5.0]], [[-5.0]]], (4, 1, 1))
    >>> trace = rnnviz.run(rnnviz.build("rnn", 1, 1, seed=3), x)
    >>> [(one.start, one.stop) for one in rnnviz.matches(trace, [0], 0.5)]
    [(2, 3), (5, 6), (8, 9), (11, 12)]
    """
    values = series(trace, signal, batch)
    chosen = _checked(units, values.shape[1])
    finite_number("threshold", threshold)
    if not 0 < finite_number("share", share) <= 1:
        raise ValueError(f"`share` must be above 0 and at most 1, got {share}.")
    whole_number("length", length, 1, len(values))
    on = values > threshold
    through = _throughout(on, length)
    shared = through[:, chosen].sum(axis=1)
    likeness = shared / (len(chosen) + through.sum(axis=1) - shared)
    enough = np.flatnonzero(shared >= max(1, np.ceil(share * len(chosen) - 1e-9)))
    found: list[Match] = []
    free = np.ones(len(on), bool)
    for start in enough[np.lexsort((enough, -likeness[enough]))]:
        if len(found) == most:
            break
        if free[start : start + length].all():
            own = chosen[np.asarray(through[start])[chosen]]
            first, end = _longest(on, own, free, start, start + length)
            free[first:end] = False
            found.append(_match(on, chosen, first, end))
    return tuple(sorted(found, key=lambda one: (-one.likeness, -one.length, one.start)))


def _checked(units: Iterable[int], size: int) -> Array:
    found = sorted({whole_number("units", one, 0, size - 1) for one in units})
    if not found:
        raise ValueError("`units` must have at least one unit, got none.")
    return np.array(found)


def _throughout(on: Array, length: int) -> Array:
    """Which units are on at every one of ``length`` steps from each step on, (T − length + 1, H).

    The conjunction over twice as many steps is that of two halves: log₂(length) passes.
    """
    found, done = on, 1
    while done < length:
        step = min(done, length - done)
        found = found[:-step] & found[step:]
        done += step
    return found


def _longest(on: Array, units: Array, free: Array, start: int, stop: int) -> tuple[int, int]:
    """The stretch made longer while the units stay on and no other stretch begins."""
    while start > 0 and free[start - 1] and on[start - 1, units].all():
        start -= 1
    while stop < len(on) and free[stop] and on[stop, units].all():
        stop += 1
    return start, stop


def _match(on: Array, chosen: Array, start: int, stop: int) -> Match:
    through = np.asarray(on[start:stop].all(axis=0))
    shared = int(through[chosen].sum())
    others = int(through.sum()) - shared
    return Match(int(start) + 1, int(stop), shared, others, shared / (len(chosen) + others))
