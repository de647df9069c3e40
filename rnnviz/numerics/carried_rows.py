"""Rows carried through linear steps, with one power of two for each over a portion of steps."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rnnviz.numerics.arrays import Array
from rnnviz.numerics.extended_range import Scaled, joined, stacked

AT_ONCE, FEWEST = 64, 8
"""The most steps with one power of two, and so few that are not halved where it does not do."""
NOTHING = -(2**30)
"""The power of two of a row of zeros."""
FAR = 2.0**448
"""Between 1 / FAR and FAR the largest numbers of float64 rows lose nothing that counts."""

On = Callable[[int, Array], Array]


def carried(start: Scaled, pushes: Scaled, on: On, *, one_by_one: bool = False) -> Scaled:
    """r_t = on(t, r_{t−1}) + push_t for t = 0 … T − 1, (T, …, n), from r_{−1} = ``start`` (…, n).

    ``on`` is linear in its rows, float64. With ``one_by_one`` it gets rows of order 1 each time.
    """
    found, steps = list[Scaled](), len(pushes.mantissa)
    for first in range(0, steps, AT_ONCE):
        part = slice(first, min(first + AT_ONCE, steps))
        found += _portions(start, pushes, on, part, one_by_one)
        start = found[-1][-1]
    return found[0] if len(found) == 1 else joined(found)


def _portions(
    start: Scaled, pushes: Scaled, on: On, part: slice, one_by_one: bool
) -> list[Scaled]:
    """The rows of some steps; ``start`` comes before them."""
    if not one_by_one and (found := _at_once(start, pushes, on, part)) is not None:
        return [found]
    if one_by_one or (count := part.stop - part.start) <= FEWEST:
        return [_by_steps(start, pushes, on, part)]
    middle = part.start + count // 2
    ahead = _portions(start, pushes, on, slice(part.start, middle), False)
    return ahead + _portions(ahead[-1][-1], pushes, on, slice(middle, part.stop), False)


def _at_once(start: Scaled, pushes: Scaled, on: On, part: slice) -> Scaled | None:
    """With one power of two for every row; None if one leaves the safe range."""
    coming = joined([start[None], pushes[part]])
    tops = coming.top()
    top = tops.max(axis=0)
    powers = np.broadcast_to(np.where(top > NOTHING, top, 0), tops.shape)
    rows = coming.at(powers)
    if (rows.any(axis=-1) != (tops > NOTHING)).any():
        return None
    for k in range(1, len(rows)):
        rows[k] += on(part.start + k - 1, rows[k - 1])
    sizes = np.abs(rows).max(axis=-1)
    if not ((sizes == 0) | ((sizes > 1 / FAR) & (sizes < FAR))).all():
        return None
    ends = (sizes[:-1] > 0) & (sizes[1:] == 0) & (tops[1:] == NOTHING)
    for t in np.flatnonzero(ends.reshape(len(ends), -1).any(axis=1)).tolist():
        again = on(part.start + t, Scaled(rows[t]).normalised().mantissa)
        if again[ends[t]].any():  # not 0 but too small
            return None
    return Scaled(rows[1:], powers[1:])


def _by_steps(start: Scaled, pushes: Scaled, on: On, part: slice) -> Scaled:
    """With a power of two for every row and step."""
    now, found = start, list[Scaled]()
    for k in range(part.start, part.stop):
        now = now.normalised()
        now = now.map(on(k, now.mantissa)) + pushes[k]
        found.append(now)
    return stacked(found)
