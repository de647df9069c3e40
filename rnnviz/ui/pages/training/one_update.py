"""The tab «One update»: forward, cost, backward and step, in the numbers of one weight."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from rnnviz import plot
from rnnviz.analysis.verification.check import Check
from rnnviz.cells import CELLS
from rnnviz.experiments.settings import Settings
from rnnviz.experiments.trained import Trained
from rnnviz.experiments.updates_made import updates_made
from rnnviz.tasks import TASKS
from rnnviz.training.jobs import Job
from rnnviz.training.one_update import (
    Passed,
    Recorded,
    Weight,
    WeightUpdate,
    passed,
    place,
    recorded,
    shapes,
    weight_update,
)
from rnnviz.training.plan import Plan
from rnnviz.ui import badge, chart, prose, url_controls
from rnnviz.ui.kept import kept
from rnnviz.ui.pages.training import optimiser_controls, plan_controls
from rnnviz.ui.pages.training.update_findings import (
    backward,
    clipping,
    cost,
    finding,
    formulas,
    moved,
    symbol,
)
from rnnviz.ui.shell.frame import theme
from rnnviz.words import say, word
from rnnviz.words.numbers import number

UPDATES = 200
"""The most updates that are recorded."""
SECONDS = 2.0
"""About so long the recording may take: of larger nets fewer updates are recorded."""
CHAOTIC = 1e3
"""Above this gradient norm rounding may change the gradient itself: float32 is no check then."""
SUM, MOVE = (
    word("the sum of the timesteps' shares against the gradient that the optimiser was given"),
    word("the weight after the update against w − Δw"),
)


@kept
def record(job: Job) -> Recorded:
    """Every update of a job, as many as there is time for."""
    seconds = Trained(job.plan, job.hidden_size).seconds / job.plan.updates
    most = min(UPDATES, max(2, int(SECONDS / seconds)))
    build: dict[str, Any] = {k: dict(v) if isinstance(v, tuple) else v for k, v in job.build}
    return recorded(job.cell, plan=job.plan, hidden_size=job.hidden_size, most=most, **build)


def show(settings: Settings, badge_place: DeltaGenerator) -> None:
    """Controls, the finding, the four parts of one update, and the weight's path."""
    jobs = dict(plan_controls.choose(settings, drawn=False).jobs)
    plan = next(iter(jobs.values())).plan
    prose.caption(_about(plan, next(iter(jobs.values())).hidden_size))
    cell = chart.choose_cell(settings.cells)
    optimiser_controls.optimiser()
    with st.spinner(say("Training …"), show_time=True):
        found = record(replace(jobs[cell], plan=replace(plan, window=None)))
    if not found.updates:
        st.info(say("The first loss or gradient is not finite: no update was made."))
        return
    update = 1
    if found.updates > 1:
        update = int(url_controls.slider(say("Update"), 1, found.updates, key="uat", default=1))
    weight = choose_weight(found)
    one = weight_update(found, update, weight)
    batch = passed(found, update, weight)
    prose.markdown(finding(one, batch, weight))
    _parts(found, one, batch, weight)
    _path(found, weight, update)
    norm = float(found.norm[update - 1])
    badge.show(badge_place, lambda: {say(CELLS[cell].title): tuple(_checks(one, batch, norm))})


def _about(plan: Plan, hidden_size: int) -> str:
    """What is trained: what the tab «Train» asks for."""
    said = say(
        "One update of what the tab “Train” trains: {task}, T = {T}, H = {H}, {B} sequences a "
        "batch, learning rate {rate:g}. Every number is the optimiser's own.",
        task=say(TASKS[plan.task].title), T=plan.length, H=hidden_size, B=plan.batch,
        rate=plan.rate,
    )  # fmt: skip
    if plan.window is None:
        return said
    return f"{said} " + say("Here the gradient goes through the whole sequence: windows are left "
                            "out.")  # fmt: skip


def choose_weight(found: Recorded) -> Weight:
    """Draw a menu of parameters and the row and column in it."""
    known = shapes(found.first)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = url_controls.buttons(
            say("Parameter"), list(known), key="uw",
            default="W_h" if "W_h" in known else next(iter(known)), words=str,
        )  # fmt: skip
        rows, columns = known[name]
        row = 1
        if rows > 1:
            row = int(url_controls.number(say("Row"), 1, rows, key="urow", default=1, width=110))
        column = 1
        if columns > 1:
            column = int(url_controls.number(say("Column"), 1, columns, key="ucol",
                                             default=min(2, columns), width=110))  # fmt: skip
    return Weight(name, row - 1, column - 1)


def _parts(found: Recorded, one: WeightUpdate, batch: Passed, weight: Weight) -> None:
    """Forward, cost, backward, step."""
    plan, norm = found.plan, float(found.norm[one.update - 1])
    st.subheader(say("1. Forward and cost"))
    for line in cost(one, batch):
        prose.markdown(line)
    st.subheader(say("2. Backward"))
    prose.markdown(backward(one, batch, weight))
    words = say("Largest term {value} at t = {t}; sum {sum}.",
                value=number(float(batch.terms[_largest(batch)])), t=_largest(batch) + 1,
                sum=number(float(batch.terms.sum())))  # fmt: skip
    chart.figure(
        plot.weight_terms(batch, weight, cell=found.first.cell.name, theme=theme()),
        key="weight_terms", summary=words,
        definition=say("What each timestep t adds to ∂L/∂w for w = {name}, summed over the "
                       "batch; before clipping.", name=symbol(weight)),
        data=lambda: pd.DataFrame({symbol(weight): batch.terms},
                                  index=pd.RangeIndex(1, len(batch.terms) + 1, name="t")),
    )  # fmt: skip
    prose.markdown(clipping(one, norm, plan))
    st.subheader(say("3. The step"))
    for line in formulas(one, plan):
        st.latex(line)
    st.latex(moved(one))


def _largest(batch: Passed) -> int:
    return int(np.abs(batch.terms).argmax())


def _path(found: Recorded, weight: Weight, update: int) -> None:
    """The weight over all updates."""
    p, name = place(found.first, weight), symbol(weight)
    n, most = found.updates, found.plan.updates
    st.subheader(say("The same weight over all updates") if n == most else
                 say("The same weight over the first {n} of {all} updates", n=n, all=most))
    path, slopes = found.weights[:, p], found.gradient[:, p]
    chart.figure(
        plot.weight_path(found, weight, update=update, theme=theme()), key="weight_path",
        definition=say("Above {name} before training and after every update, below its gradient "
                       "in every update, before clipping; the dot is the chosen update.",
                       name=name),
        summary=say("{name}: {before} before training, {after} after {updates}.", name=name,
                    before=number(float(path[0])), after=number(float(path[-1])),
                    updates=updates_made(found.updates)),
        data=lambda: pd.DataFrame({name: path[1:], "∂L/∂w": slopes},
                                  index=pd.RangeIndex(1, len(path), name=say("update"))),
    )  # fmt: skip


def _checks(one: WeightUpdate, batch: Passed, norm: float) -> Iterator[Check]:
    """Relative errors of the two sums that are shown; float32's rounding is the bound.

    ``norm`` is that of all gradients together.
    """
    size = max(float(np.abs(batch.terms).sum()), 1e-30)
    for name, error, words in (
        ("terms", abs(float(batch.terms.sum()) - one.gradient) / size, SUM),
        ("step", abs(one.before - one.step - one.after) / max(abs(one.before), 1e-3), MOVE),
    ):
        if name == "step" or norm < CHAOTIC:
            yield Check(name, error, 1e-5, bool(error <= 1e-5), words)
