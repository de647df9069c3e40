"""The badge of the tab «Train»: the live checks, made on the trained nets."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from streamlit.delta_generator import DeltaGenerator

from rnnviz.analysis.verification.check import Check
from rnnviz.analysis.verification.live_checks import verify
from rnnviz.core.forward_run import run as run_model
from rnnviz.core.losses import CrossEntropy, SquaredError
from rnnviz.training import Run
from rnnviz.training.jobs import Job
from rnnviz.training.weights import cast
from rnnviz.ui import badge
from rnnviz.ui.kept import kept
from rnnviz.ui.pages.training.findings_learning import title
from rnnviz.ui.pages.training.plan_controls import Asked
from rnnviz.ui.pages.training.watched import Shown

CHEAP = 2 * 10**5
"""Up to this T n² of a net its checks run by themselves."""


def badge_of(place: DeltaGenerator, asked: Asked, shown: Mapping[str, Shown]) -> None:
    """The checks of every shown net as it stands after the last checkpoint that is shown."""
    jobs = dict(asked.jobs)
    cost = max(asked.plan.length * (2 * job.hidden_size) ** 2 for job in jobs.values())
    badge.show(place, lambda: {
        title(cell): _checks(jobs[cell], max(one.checkpoints), one.run)
        for cell, one in shown.items()
    }, at_once=cost <= CHEAP)  # fmt: skip


@kept
def _checks(job: Job, update: int, _run: Run) -> tuple[Check, ...]:
    return checks(_run, update)


def checks(run: Run, update: int) -> tuple[Check, ...]:
    """`rnnviz.verify` of a trained net on the first held-out sequence, in float64."""
    example = run.measures.batches.held_out()
    model = cast(run.checkpoints[update], np.float64)
    kind = SquaredError if example.loss == "squared_error" else CrossEntropy
    loss = kind(example.targets[:, :1], np.asarray(example.mask))
    with np.errstate(all="ignore"):
        return tuple(verify(run_model(model, example.x[:, :1]), loss))
