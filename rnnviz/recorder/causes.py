"""What was recorded that keeps nets from learning, each with the updates at which it holds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rnnviz.recorder.series import median
from rnnviz.recorder.verdict_numbers import Numbers

Values = NDArray[np.float64]
FEWEST, PART, LEAST = 6, 5, 3
"""Logs that a judgement needs; the end is the last fifth of the logs, at least three."""
MOVES_LITTLE = 0.01
"""Weights that all updates together move by less of their norm stand still."""
LEAP, LEAPS = 1.0, 0.1
"""An update is too large that moves weights by their own norm; in the median, by a tenth of it."""
SPIKE = 100.0
"""A norm, after clipping, leaps up that is above all before, and so many times its median before
and of all logs."""
GROWN, OFTEN = 2.0, 0.1
"""The gradient explodes where more than 100 times of it reaches step 1: at a tenth of the logs, or
at one after which an update moved the weights by their own norm."""
SHUT, SATURATED, SILENT = 0.9, 0.8, 0.5
"""Shares of units with a gate always shut, of values of h above 0.9, of units with h near 0."""
LITTLE = -2.0
"""log10 of the share: where less than 1 % reaches step 1 the gradient vanishes."""


class Cause(NamedTuple):
    """Something that keeps nets from learning: its name and the numbers that tell it.

    "lost", "grows", "explodes", "leaps", "shut f" (a gate), "open z", "saturated", "silent",
    "still", "vanishes". ``step``, ``first``, ``final`` and ``top`` are updates, ``logs`` of ``of``
    logs those at which it holds; ``usual`` updates are too large in the median. ``clip`` is the
    norm to which the gradients were clipped at ``top``, ``clipped`` how many logs were.
    """

    name: str
    values: dict[str, float]


def causes(of: Numbers) -> tuple[Cause, ...]:
    """What was found, that first of which others may follow.

    Gradients that grow and updates that are too large stand in the order of the updates at which
    they begin, the gradient before the update that it makes.
    """
    sudden = [*_grows(of), *_explodes(of), *_leaps(of)]
    sudden.sort(key=lambda one: one.values["first"])
    steady = (one for each in (_gates, _units, _still, _vanishes) for one in each(of))
    return (*_lost(of), *sudden, *steady)


def at_end(values: Values) -> float:
    """The median of the last fifth of the logs that have a value, of three at least."""
    known = values[~np.isnan(values)]
    return median(known[-window(len(known)):]) if known.size else float("nan")


def window(count: int) -> int:
    """How many of so many logs are the end."""
    return max(LEAST, count // PART)


def not_finite(of: Numbers) -> NDArray[np.bool_]:
    """(n,): whether the loss was not finite; where it is nan it was not given."""
    return np.asarray(np.isinf(of.loss))


def _lost(of: Numbers) -> Iterator[Cause]:
    for name, values, wrong in (("loss", of.loss, not_finite(of)),
                                ("norm", of.norm, np.isinf(of.norm))):  # fmt: skip
        bad = np.flatnonzero(wrong)
        good = np.flatnonzero(np.isfinite(values))
        if bad.size and good.size:
            before = good[good < bad[0]]
            last = float(of.steps[before[-1]]) if before.size else float("nan")
            yield Cause("lost", {"step": float(of.steps[bad[0]]), "before": last, name: 1.0})
            return


def updates(of: Numbers) -> tuple[Values, Values]:
    """How far single updates moved the weights (n,), after which steps; empty where not known."""
    known = of.update > 0
    if known.any():
        return of.update[known], of.steps[known]
    if len(of.steps) > 1 and (np.diff(of.steps) == 1).all():
        there = np.isfinite(of.moved[1:])
        return of.moved[1:][there], of.steps[:-1][there]
    return of.update[known], of.steps[known]


def _leaps(of: Numbers) -> Iterator[Cause]:
    size, steps = updates(of)
    if not size.size or not (size.max() >= LEAP or np.median(size) >= LEAPS):
        return
    over = size >= min(LEAP, float(size.max()))
    top = int(np.argmax(size))
    middle, most = median(size), float(size[top])
    usual = middle >= LEAPS and (len(size) >= LEAST or (len(size) > 1 and most < LEAP))
    yield Cause("leaps", {
        "median": middle, "most": most, "top": float(steps[top]), "usual": float(usual),
        "rest": float(size[~over].max(initial=0.0)), **_when(steps, over),
    })  # fmt: skip


def _explodes(of: Numbers) -> Iterator[Cause]:
    with np.errstate(invalid="ignore"):
        clipped = of.norm * of.left_by_clipping
    good = np.isfinite(clipped) & (clipped > 0)
    norm, steps = clipped[good], of.steps[good]
    if len(norm) < FEWEST:
        return
    middle = float(np.median(norm))
    before = np.array([np.median(norm[:k]) if k >= LEAST else np.inf for k in range(len(norm))])
    most = np.maximum.accumulate(norm)
    times = norm / np.maximum(before, middle) * (norm >= most)
    if times.max() > SPIKE:
        top = int(np.argmax(times))
        yield Cause("explodes", {
            "norm": float(norm[top]), "top": float(steps[top]), "before": float(before[top]),
            "middle": middle, "high": float(most[top - 1]),
            "clipped": float(of.clipped.sum()), **_when(steps, times > SPIKE),
        })  # fmt: skip


def _grows(of: Numbers) -> Iterator[Cause]:
    known = ~np.isnan(of.share)
    share, steps = of.share[known], of.steps[known]
    over = share > GROWN
    size, after = updates(of)
    ruined = float(size[np.isin(after, steps[over])].max(initial=0.0))
    if over.any() and (over.sum() >= OFTEN * len(share) or ruined >= LEAP):
        top = int(np.argmax(share))
        yield Cause("grows", {
            "median": float(np.median(share[over])), "most": float(share[top]),
            "top": float(steps[top]), "norm": float(of.norm[known][top]),
            "clip": float(np.where(of.clipped, of.clip_at, np.nan)[known][top]),
            **_when(steps, over),
        })  # fmt: skip


def _still(of: Numbers) -> Iterator[Cause]:
    known = of.moved[np.isfinite(of.moved)]
    if len(known) < LEAST:
        return
    travel = float(known.mean()) * (of.logs - 1)
    if travel < MOVES_LITTLE:
        yield Cause("still", {"travel": travel, "logs": of.logs, "read": len(known),
                              "silent": at_end(of.silent)})  # fmt: skip


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
        known = ~np.isnan(of.share)
        yield Cause("vanishes", {
            "share": share, "factor": at_end(of.factor), "horizon": at_end(of.horizon),
            "sigma1": at_end(of.sigma1), **_when(of.steps[known], of.share[known] < LITTLE),
        })  # fmt: skip


def _when(steps: Values, holds: NDArray[np.bool_]) -> dict[str, float]:
    """At how many of how many logs something holds, and at which updates first and last."""
    there = steps[holds]
    return {"first": float(there[0]), "final": float(there[-1]),
            "logs": len(there), "of": len(steps)}  # fmt: skip
