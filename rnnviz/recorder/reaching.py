"""How far back the gradient of each example's last loss reaches, in one layer and direction."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rnnviz.analysis.reach import stays_below
from rnnviz.core.gradients import LayerFlow
from rnnviz.numerics.arrays import Array


def reaching(own: LayerFlow) -> dict[str, float]:
    """log10 of the share that is left at the first step processed, and of the mean factor a step;
    and the 1 % horizon, the fewest steps back from which on less than 1 % is left.

    By the memory state, all examples together, each compared with the last step that any gradient
    reaches in it. Factor and horizon are nan where that step is not the same for all examples, and
    the horizon where 1 % or more is left at the first step.
    """
    found = {"log10_share": np.nan, "log10_factor": np.nan, "horizon": np.nan}
    logs = own.scaled_states(own.trace.cell.states[-1]).log10_norms()[1:]
    there = ~np.isneginf(logs)
    if not there.any():
        return found
    last = len(logs) - 1 - np.argmax(there[::-1], axis=0)
    begin = np.take_along_axis(logs, last[None], 0)[0]
    found["log10_share"] = share = float(pooled(logs[0]) - pooled(begin))
    back = int(last[0])
    if back and (last == back).all():
        found["log10_factor"] = share / back
        below = stays_below(pooled(logs[back::-1]) - pooled(begin))
        found["horizon"] = np.nan if below is None else float(below)
    return found


def pooled(logs: Array) -> NDArray[np.float64]:
    """log10 of the norm over all examples (…,), from log10 norms of each (…, B)."""
    logs = np.asarray(logs, np.float64)
    top = logs.max(axis=-1, keepdims=True)
    top = np.where(np.isfinite(top), top, 0)
    with np.errstate(divide="ignore", over="ignore"):
        found = np.log10(np.square(10.0 ** (logs - top)).sum(axis=-1)) / 2 + top[..., 0]
    return np.asarray(found)
