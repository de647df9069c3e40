"""Why a recorded net does or does not learn, judged from the recorded numbers alone.

Each threshold is a constant here; what is judged says no more than that a number passes it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rnnviz.recorder.verdict_numbers import Numbers

Values = NDArray[np.float64]
FEWEST, PART, LEAST = 6, 5, 3
"""Losses that a judgement needs; the end is the last fifth of the logs, at least three."""
DOUBT = 3.0
"""Two losses differ where they differ by three standard errors, and by one of the shares below."""
BELOW, ABOVE, APART = 0.02, 0.1, 0.05
"""Below guessing, above guessing or the start, and above the end, relative to them."""
MOVES_LITTLE = 0.01
"""Weights that all updates together move by less of their norm stand still."""
LEAP, LEAPS = 1.0, 0.1
"""An update is too large that moves weights by their own norm; in the median, by a tenth of it."""
SPIKE, AROUND = 100.0, 5
"""A norm explodes at so many times the median of the five logs before and the five after it."""
GROWN, OFTEN = 2.0, 0.1
"""The gradient grows where more than 100 times of it reaches step 1, at a tenth of the logs."""
SHUT, SATURATED, SILENT = 0.9, 0.8, 0.5
"""Shares of units with a gate always shut, of values of h above 0.9, of units with h near 0."""
LITTLE = -2.0
"""log10 of the share: where less than 1 % reaches step 1 the gradient vanishes."""


class Course(NamedTuple):
    """How the loss went.

    kind   "none", not recorded; "lost", not finite at the end; "few", too few logs to tell; beside
           guessing "below", "as" or "above" it; where that is not known "same", "rose", "falls"
           until the end, or "settled", fell and then stood
    first  the loss at the first log, at update ``begin``
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


class Cause(NamedTuple):
    """Something that keeps nets from learning: its name and the numbers that tell it.

    "lost", "leaps", "grows", "explodes", "shut f" (a gate), "open z", "saturated", "silent",
    "still", "vanishes".
    """

    name: str
    values: dict[str, float]


class Verdict(NamedTuple):
    """The loss, and what was found, that first of which others may follow."""

    course: Course
    causes: tuple[Cause, ...]


def judged(of: Numbers) -> Verdict:
    """The verdict on a run."""
    found = (_lost, _leaps, _grows, _explodes, _gates, _units, _still, _vanishes)
    return Verdict(course(of), tuple(one for each in found for one in each(of)))


def at_end(values: Values) -> float:
    """The median of the last fifth of the logs that have a value, of three at least."""
    known = values[~np.isnan(values)]
    return float(np.median(known[-_window(len(known)):])) if known.size else float("nan")


def course(of: Numbers) -> Course:
    """How the loss went, beside guessing where that is known."""
    there = ~np.isnan(of.loss)
    if not there.any():
        return Course("none")
    if not np.isfinite(of.loss[-1]):
        return Course("lost", float(of.loss[there][0]), float(of.steps[there][0]))
    loss, steps = of.loss[np.isfinite(of.loss)], of.steps[np.isfinite(of.loss)]
    size = _window(len(loss))
    end, first = float(np.median(loss[-size:])), float(loss[0])
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


def _window(count: int) -> int:
    return max(LEAST, count // PART)


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
        if float(np.median(part)) - end > max(APART * abs(end), DOUBT * doubt):
            last = k + size
    return last


def _lost(of: Numbers) -> Iterator[Cause]:
    for name, values in (("loss", of.loss), ("norm", of.norm)):
        bad = np.flatnonzero(~np.isfinite(values))
        if bad.size and np.isfinite(values).any():
            yield Cause("lost", {"step": float(of.steps[bad[0]]), name: 1.0})
            return


def updates(of: Numbers) -> Values:
    """How far single updates moved the weights (n,); empty where that is not known."""
    known = of.update[of.update > 0]
    if known.size:
        return known
    if len(of.steps) > 1 and (np.diff(of.steps) == 1).all():
        return of.moved[np.isfinite(of.moved)]
    return known


def _leaps(of: Numbers) -> Iterator[Cause]:
    size = updates(of)
    if size.size and (size.max() >= LEAP or np.median(size) >= LEAPS):
        yield Cause("leaps", {"median": float(np.median(size)), "most": float(size.max())})


def _explodes(of: Numbers) -> Iterator[Cause]:
    good = np.isfinite(of.norm) & (of.norm > 0)
    norm, steps = of.norm[good], of.steps[good]
    if len(norm) < FEWEST:
        return
    around = np.array([np.median(norm[max(0, k - AROUND) : k + AROUND + 1])
                       for k in range(len(norm))])  # fmt: skip
    over = norm / around
    if over.max() > SPIKE:
        top = int(np.argmax(over))
        yield Cause("explodes", {"times": float(over[top]), "step": float(steps[top]),
                                 "norm": float(norm[top]), "logs": int((over > SPIKE).sum())})


def _grows(of: Numbers) -> Iterator[Cause]:
    known = of.share[~np.isnan(of.share)]
    over = known[known > GROWN]
    if known.size and len(over) >= OFTEN * len(known):
        yield Cause("grows", {"median": float(np.median(over)), "most": float(over.max()),
                              "logs": len(over), "of": len(known)})  # fmt: skip


def _still(of: Numbers) -> Iterator[Cause]:
    known = of.moved[np.isfinite(of.moved)]
    if len(known) < LEAST:
        return
    travel = float(known.mean()) * (of.logs - 1)
    if travel < MOVES_LITTLE:
        yield Cause("still", {"travel": travel, "logs": of.logs})


def _gates(of: Numbers) -> Iterator[Cause]:
    for (gate, side), values in zip(of.names, of.gates.T, strict=True):
        if (found := at_end(values)) >= SHUT:
            yield Cause(f"{'shut' if side == 'closed' else 'open'} {gate}", {"units": found})


def _units(of: Numbers) -> Iterator[Cause]:
    if (found := at_end(of.saturated)) >= SATURATED:
        yield Cause("saturated", {"share": found})
    if (found := at_end(of.silent)) >= SILENT:
        yield Cause("silent", {"share": found})


def _vanishes(of: Numbers) -> Iterator[Cause]:
    share = at_end(of.share)
    if share < LITTLE:
        yield Cause("vanishes", {"share": share, "factor": at_end(of.factor),
                                 "horizon": at_end(of.horizon), "sigma1": at_end(of.sigma1)})
