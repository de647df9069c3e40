"""Whether a recorded net learns, judged from the recorded numbers alone.

Each threshold is a constant here or in `causes`; what is judged says no more than that a number
passes it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rnnviz.recorder.causes import FEWEST, Cause, causes, not_finite, window
from rnnviz.recorder.series import median
from rnnviz.recorder.verdict_numbers import Numbers

Values = NDArray[np.float64]
DOUBT = 3.0
"""Two losses differ where they differ by three standard errors, and by one of the shares below."""
BELOW, ABOVE, APART = 0.02, 0.1, 0.05
"""Below guessing, above guessing or the start, and above the end, relative to them."""


class Course(NamedTuple):
    """How the loss went.

    kind   "none", not recorded; "never" finite; "lost", not finite at the end; "few", too
           few logs to tell; beside guessing "below", "as" or "above" it; where that is not known
           "same", "rose", "falls" until the end, or "settled", fell and then stood
    first  the first finite loss, at update ``begin``; of "never" the first update with a loss
    end    the median of the ``last`` logs
    since  the update from which on no loss is clearly above the end; nan where that lies in the
           second half
    """

    kind: str
    first: float = float("nan")
    begin: float = float("nan")
    end: float = float("nan")
    last: int = 0
    since: float = float("nan")


class Verdict(NamedTuple):
    """The loss, and what was found, that first of which others may follow."""

    course: Course
    causes: tuple[Cause, ...]


def judged(of: Numbers) -> Verdict:
    """The verdict on a run."""
    return Verdict(course(of), causes(of))


def course(of: Numbers) -> Course:
    """How the loss went, beside guessing where that is known."""
    there = ~np.isnan(of.loss)
    if not there.any():
        return Course("none")
    finite = np.isfinite(of.loss)
    loss, steps = of.loss[finite], of.steps[finite]
    if not loss.size:
        return Course("never", begin=float(of.steps[there][0]))
    if not_finite(of)[there][-1]:
        return Course("lost", float(loss[0]), float(steps[0]))
    size = window(len(loss))
    end, first = median(loss[-size:]), float(loss[0])
    told = Course("few", first, float(steps[0]), end, min(size, len(loss)))
    if len(loss) < FEWEST:
        return told
    doubt = _error(loss[-2 * size:], size)
    single = DOUBT * _error(loss[: 2 * size], 1)
    k = _still_above(loss, size, end)
    stands = k or int(np.argmax(loss - end <= max(ABOVE * abs(end), single)))
    since = float(steps[stands]) if stands < len(loss) // 2 else float("nan")
    level = of.guessing
    if not np.isnan(level):
        apart = level - end
        below = apart > max(BELOW * abs(level), DOUBT * doubt)
        above = -apart > max(ABOVE * abs(level), DOUBT * doubt)
        return told._replace(kind="below" if below else "above" if above else "as", since=since)
    if end - first > max(ABOVE * abs(first), single):
        return told._replace(kind="rose")
    if first - end <= max(ABOVE * abs(first), single) and k == 0:
        return told._replace(kind="same")
    return told._replace(kind="falls" if np.isnan(since) else "settled", since=since)


def _error(losses: Values, size: int) -> float:
    """The standard error of the median of ``size`` losses, from the differences of neighbours."""
    if len(losses) < 2:
        return 0.0
    deviation = 1.4826 * float(np.median(np.abs(np.diff(losses)))) / np.sqrt(2)
    return deviation * (1.2533 if size > 1 else 1.0) / float(np.sqrt(size))


def _still_above(loss: Values, size: int, end: float) -> int:
    """The place behind the last of ``size`` losses in a row whose median is clearly above the end.

    0 where there are none.
    """
    last = 0
    for k in range(len(loss) - size + 1):
        part = loss[k : k + size]
        doubt = _error(loss[max(0, k - size // 2) : k + size + size // 2], size)
        if median(part) - end > max(APART * abs(end), DOUBT * doubt):
            last = k + size
    return last
