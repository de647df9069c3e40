"""Where a map's critical line lies beside lines of theory: distances, and how far both agree."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.sweeps.theory_lines import Line

Values = NDArray[Any]


def x_at(line: Line, y: Values) -> Values:
    """x of a line (n,) at values of y, by straight lines in between."""
    return np.interp(y, line.y, line.x)


def forget_biases(line: Line, lengths: Values) -> Values:
    """The bias of "forget_gate" at each length (n,); nan for lengths that the line does not reach.

    It is read off in ln T, in which the bias grows nearly in proportion.
    """
    known = ~np.isnan(line.y)
    places, biases = np.log(line.y[known]), line.x[known]
    return np.interp(np.log(lengths), places, biases, left=np.nan, right=np.nan)


def near_rows(line: Line, at: Values, y: Values, share: float) -> int:
    """How many rows from the first one on theory is within a share of the measured x.

    ``at`` (n,) is the measured x at each y; nan is not near.
    """
    beyond = np.flatnonzero(~(np.abs(x_at(line, y) / at - 1) <= share))
    return int(beyond[0]) if beyond.size else len(y)
