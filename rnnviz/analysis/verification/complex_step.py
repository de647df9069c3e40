"""How long the complex steps of the live checks are, in times directions of order 1."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rnnviz.core.trace import LayerTrace
from rnnviz.numerics.arrays import Array

TINY = 2.0**-400
"""Results below this were lost, or have lost digits: they are found again by the longer step."""
SMALL = 2.0**-370
"""Below this a gate times the short step has lost digits."""


class Lengths(NamedTuple):
    """A complex step, and a longer one for what is so small that the first loses it."""

    short: float
    long: float


USUAL = Lengths(2.0**-600, 2.0**-40)
"""The square of the short one is 0: the real parts, by which a unit is on one side of a kink or the
other, are those of the step itself. That of the long one is 1e-24, and what it makes of a number of
1e-300 is a float still."""
OF_SMALL_GATES = Lengths(USUAL.long, USUAL.long)
LEAST = 2.0**-1074
"""The smallest float64."""


def divided(at: LayerTrace) -> frozenset[str]:
    """The gates of which a cell takes the share that one has in two: f and i of f / (f + i)."""
    return frozenset(w.source for node in at.cell.graph if node.op == "share" for w in node.of)


def divides_small(at: LayerTrace) -> bool:
    """Whether such gates are so small that their share is of order 1 and they are not."""
    return any(bool((np.abs(one) < SMALL).any()) for one in _divided(at))


def lost_of_share(at: LayerTrace) -> float:
    """What is lost, relatively, of such a gate or its move by the long step, up to 1.

    No float is smaller than the smallest one; of a gate below the smallest normal float few digits
    are recorded, or none.
    """
    found = [float(np.abs(one).min(initial=1.0)) for one in _divided(at)]
    smallest, info = min(found, default=1.0), np.finfo(at.record["h"].dtype)
    if smallest < info.tiny:
        return 1.0
    return max(LEAST / USUAL.long, float(info.smallest_subnormal)) / smallest


def _divided(at: LayerTrace) -> list[Array]:
    return [at.record[name].astype(float) for name in divided(at) if name in at.record]


def lengths(at: LayerTrace) -> Lengths:
    """The complex steps for a layer."""
    return OF_SMALL_GATES if divides_small(at) else USUAL
