"""The tab «One update»: forward, cost, backward and step, in the numbers of one weight."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from rnnviz import plot
from rnnviz.analysis.verification.check import Check
from rnnviz.cells import CELLS
from rnnviz.experiments.settings import Settings
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
from rnnviz.ui.pages.training.update_findings import (
    clipping,
    finding,
    formulas,
    moved,
    symbol,
)
from rnnviz.ui.shell.frame import theme
from rnnviz.words import say, word
from rnnviz.words.numbers import number

HIDDEN, UPDATES = 24, 200
NAMES = {
    "adam": word("Adam"), "sgd": word("plain gradient descent"), "momentum": word("momentum"),
    "rmsprop": word("RMSprop"),
}  # fmt: skip
SUM, MOVE = (
    word("the sum of the timesteps' shares against the gradient that the optimiser was given"),
    word("the weight after the update against w − Δw"),
)


@kept(4)
def record(settings: Settings, cell: str, plan: Plan) -> Recorded:
    """Every update of the plan, for the settings' initialisation and seed."""
    how = settings.initialisation(cell, plan.length)
    return recorded(cell, plan=plan, hidden_size=HIDDEN, **how)


def show(settings: Settings, badge_place: DeltaGenerator) -> None:
    """Controls, the finding, the four parts of one update, and the weight's path."""
    prose.caption(say(
        "One update of training on the adding problem (T = {T}, H = {H}, {B} sequences a batch): "
        "every number is the optimiser's own.", T=30, H=HIDDEN, B=Plan().batch,
    ))  # fmt: skip
    cell = chart.choose_cell(settings.cells)
    optimiser = url_controls.buttons(
        say("Optimiser"), list(NAMES), key="uopt", default="adam", words=lambda one: say(NAMES[one])
    )
    plan = Plan("adding", 30, updates=UPDATES, optimiser=optimiser, seed=settings.seed)
    with st.spinner(say("Training …"), show_time=True):
        found = record(settings, cell, plan)
    if not found.updates:
        st.info(say("The first loss or gradient is not finite: no update was made."))
        return
    update = int(url_controls.slider(say("Update"), 1, max(2, found.updates), key="uat", default=1))
    update = min(update, found.updates)
    weight = choose_weight(found)
    one = weight_update(found, update, weight)
    batch = passed(found, update, weight)
    prose.markdown(finding(one, batch, weight))
    _parts(found, one, batch, weight)
    _path(found, weight, update)
    badge.show(badge_place, lambda: {say(CELLS[cell].title): tuple(_checks(one, batch))})


def choose_weight(found: Recorded) -> Weight:
    """Draw a menu of parameters and the row and column in it."""
    known = shapes(found.first)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = url_controls.buttons(say("Parameter"), list(known), key="uw", default="W_h",
                                    words=str)  # fmt: skip
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
    y, target = float(batch.y[-1, 0, 0]), float(batch.targets[-1, 0, 0])
    prose.markdown(say(
        "The net before update {u} reads the batch. To its first sequence it answers y = {y}; the "
        "target is {target}, the squared error {error}.",
        u=one.update, y=number(y), target=number(target), error=number((y - target) ** 2),
    ))  # fmt: skip
    prose.markdown(say("The cost is the mean of the {B} squared errors: L = **{loss}**.",
                       B=plan.batch, loss=number(batch.loss)))  # fmt: skip
    st.subheader(say("2. Backward"))
    if weight.name.endswith("_y"):
        prose.markdown(say("The weight acts where an answer counts, at the last step alone: "
                           "∂L/∂w = **{g}**.", g=number(one.gradient)))  # fmt: skip
    else:
        prose.markdown(say(
            "The weight acts at every timestep; each timestep adds a term, and their sum is "
            "∂L/∂w = **{g}**.", g=number(one.gradient),
        ))  # fmt: skip
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
    st.subheader(say("The same weight over all updates"))
    path, slopes = found.weights[:, p], found.gradient[:, p]
    chart.figure(
        plot.weight_path(found, weight, update=update, theme=theme()), key="weight_path",
        definition=say("Above {name} before training and after every update, below its gradient "
                       "in every update, before clipping; the dot is the chosen update.",
                       name=name),
        summary=say("{name}: {before} before training, {after} after {n} updates.", name=name,
                    before=number(float(path[0])), after=number(float(path[-1])),
                    n=found.updates),
        data=lambda: pd.DataFrame({name: path[1:], "∂L/∂w": slopes},
                                  index=pd.RangeIndex(1, len(path), name=say("update"))),
    )  # fmt: skip


def _checks(one: WeightUpdate, batch: Passed) -> Iterator[Check]:
    """Relative errors of the two sums that are shown; float32's rounding is the bound."""
    size = max(float(np.abs(batch.terms).sum()), 1e-30)
    for name, error, words in (
        ("terms", abs(float(batch.terms.sum()) - one.gradient) / size, SUM),
        ("step", abs(one.before - one.step - one.after) / max(abs(one.before), 1e-3), MOVE),
    ):
        yield Check(name, error, 1e-5, bool(error <= 1e-5), words)
