"""Train a net until it solves its task, on sequences that it was not trained on.

Solved means: the cost on held-out sequences is below a share of what the task's naive answers cost
there. It is looked at before training and after every 20 updates, and training ends once it is so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import median
from time import process_time
from typing import Any, NamedTuple

import numpy as np

from rnnviz.numerics.blas_threads import one_blas_thread
from rnnviz.training.plan import Plan
from rnnviz.training.run import Run
from rnnviz.training.train_net import begin, steps

EVERY = 20
"""Updates from one look at the held-out cost to the next."""
DIGITS = 4
"""Significant digits that are kept of a cost."""


class Outcome(NamedTuple):
    """How one net did.

    needed   updates after which the task was first seen solved; None where it never was
    updates  updates that were made; fewer than planned where the task was solved, or where a number
             was not finite
    seconds  processor time of one core that these updates took, held-out cost not counted
    curve    held-out cost after 0, 20, 40 … updates, as a share of the naive answers' cost
    """

    needed: int | None
    updates: int
    seconds: float
    curve: tuple[float, ...]


def attempt(cell: str, plan: Plan, share: float, hidden_size: int = 24, **build: Any) -> Outcome:
    """Train one net until its held-out cost is below ``share`` times the naive answers' cost.

    ``plan.updates`` is the most that it gets; ``build`` is what `rnnviz.build` takes besides.
    Raises ValueError as `rnnviz.train` does.

    >>> from rnnviz.experiments.solving import attempt
    >>> from rnnviz.training import Plan
    >>> outcome = attempt("gru", Plan("parity", 4, updates=300), 0.1, 12)
    >>> outcome.needed == outcome.updates, outcome.updates < 300
    (True, True)
    """
    return solve(begin(cell, plan=plan, hidden_size=hidden_size, checkpoints=(), **build), share)[0]


def solve(run: Run, share: float) -> tuple[Outcome, Run]:
    """Train a run that has begun until its task is solved: the outcome, and where it ended."""
    curve, seconds, start = [held_out(run)], 0.0, process_time()
    for now in steps(run, EVERY):
        run = now
        seconds += process_time() - start
        curve.append(held_out(run))
        if curve[-1] < share or run.finished:
            break
        start = process_time()
    solved = curve[-1] < share
    return Outcome(run.done if solved else None, run.done, round(seconds, 3), tuple(curve)), run


def held_out(run: Run) -> float:
    """The held-out cost of a run as it stands, as a share of the naive answers' cost."""
    with one_blas_thread():
        score = run.measures.scores(run.model)
    return float(f"{score.loss / score.naive:.{DIGITS}g}")


class Summary(NamedTuple):
    """Several seeds together.

    seeds    how many
    solved   how many of them solved the task
    needed   median of the updates needed; None where the median seed did not solve it
    seconds  median of the seconds, of all seeds
    """

    seeds: int
    solved: int
    needed: float | None
    seconds: float


def summary(outcomes: Sequence[Outcome]) -> Summary:
    """The summary of some seeds: those that did not solve it count as having needed longest."""
    needed = [float("inf") if one.needed is None else one.needed for one in outcomes]
    middle = median(needed)
    return Summary(
        len(outcomes), sum(one.needed is not None for one in outcomes),
        middle if np.isfinite(middle) else None, median(one.seconds for one in outcomes),
    )  # fmt: skip


def best(summaries: Iterable[Summary]) -> int:
    """Which one is best: most seeds solved, then fewest updates; the first of equals."""
    order = [(-one.solved, one.needed or float("inf")) for one in summaries]
    return order.index(min(order))
