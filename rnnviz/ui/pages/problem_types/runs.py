"""A problem type on the settings' weights: forward and backward run, cached."""

from __future__ import annotations

import numpy as np

from rnnviz.experiments.problem_types import PROBLEMS, Problem, models_of
from rnnviz.experiments.settings import Settings
from rnnviz.experiments.unrolling import Unrolled, unroll
from rnnviz.ui.kept import kept


@kept
def unrolled(settings: Settings, cell: str, name: str, own: bool) -> Unrolled:
    """The forward and backward run of a problem type on the settings' weights."""
    problem = PROBLEMS[name]
    sequence = problem.sequence(len(settings.example().x), seed=settings.seed)
    return unroll(problem, models_of(settings, cell, problem), sequence,
                  fed=own or problem.fed_back)  # fmt: skip


def counted(problem: Problem, steps: int) -> dict[str, int]:
    """The number of losses, the first and last step of them, the number of given letters."""
    losses = np.flatnonzero(problem.answers(steps)) + 1
    return {"losses": len(losses), "first": int(losses[0]), "last": int(losses[-1]),
            "given": int(problem.given(steps).sum())}  # fmt: skip
