"""The time of one training update: batch, forward, loss, back, optimiser, by the clock."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from time import perf_counter
from typing import NamedTuple

import numpy as np

from rnnviz.numerics.blas_threads import one_blas_thread
from rnnviz.training.plan import Plan
from rnnviz.training.train_net import begin
from rnnviz.training.trainer import Trainer

WARM = 3
"""Updates of each net that are not counted."""


class Timing(NamedTuple):
    """Milliseconds an update: 10 %, 50 % and 90 % of the updates that were timed."""

    updates: int
    low: float
    middle: float
    high: float


def timed(
    hidden: Mapping[str, int], plan: Plan, *, seconds: float = 2.0, least: int = 10,
    told: Callable[[float], object] = lambda share: None,
) -> dict[str, Timing]:  # fmt: skip
    """Time updates of every cell at its hidden size, in turns, for about so many seconds.

    Raises ValueError as `rnnviz.train` does.

    >>> from rnnviz.experiments.update_time import timed
    >>> from rnnviz.training import Plan
    >>> found = timed({"rnn": 4, "gru": 4}, Plan("adding", 8), seconds=0.01, least=2)
    >>> found["gru"].low <= found["gru"].middle <= found["gru"].high
    True
    """
    clocks: dict[str, list[float]] = {cell: [] for cell in hidden}
    with one_blas_thread():
        trainers = {}
        for cell, size in hidden.items():
            run = begin(cell, plan=plan, hidden_size=size, checkpoints=())
            trainers[cell] = Trainer(run.first, run.task, run.plan)
            for _ in range(WARM):
                trainers[cell].step()
        begun = perf_counter()
        while (share := (perf_counter() - begun) / seconds) < 1 or _fewest(clocks) < least:
            told(min(share, 1.0))
            for cell, one in trainers.items():
                start = perf_counter()
                one.step()
                clocks[cell].append(1000 * (perf_counter() - start))
    return {cell: _timing(found) for cell, found in clocks.items()}


def _fewest(clocks: Mapping[str, list[float]]) -> int:
    return min(map(len, clocks.values()))


def _timing(found: list[float]) -> Timing:
    low, middle, high = (float(one) for one in np.quantile(found, [0.1, 0.5, 0.9]))
    return Timing(len(found), low, middle, high)
