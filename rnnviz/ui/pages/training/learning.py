"""The tab «Train»: nets are trained while it is open; what their losses do not show."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from rnnviz import advice
from rnnviz.experiments.settings import Settings
from rnnviz.experiments.settings_words import INITS
from rnnviz.training import Plan
from rnnviz.training.one_training import BUDGET
from rnnviz.training.optimisers import TITLES
from rnnviz.ui import prose
from rnnviz.ui.pages.training import (
    exploding,
    findings_learning,
    findings_why,
    hidden_gradient,
    live,
    plan_controls,
    trained_checks,
)
from rnnviz.ui.pages.training.optimiser_controls import SCHEDULE
from rnnviz.ui.pages.training.plan_controls import Asked
from rnnviz.ui.shell import trained_nets
from rnnviz.words import say

STYLE = Path(__file__).with_name("train.css")


def show(settings: Settings, place: DeltaGenerator) -> None:
    """Curves that come in, what was learnt, and gradients by update and timestep.

    ``place`` is that of the badge.
    """
    st.html(STYLE)
    with st.container(key="rv-train"):  # whose parts a phone shows in another order
        controls, said = st.container(key="rv-train-controls"), st.empty()
        with controls:
            plan_controls.examples()
            asked = plan_controls.choose(settings)
        shown = live.show(asked)
    prose.caption(_about(asked, settings))
    if live.busy(asked, shown) or not all(one.update for one in shown.values()):
        said.markdown(say("Three questions to keep in mind: which curve falls first, which one "
                          "stays where it began, and is that visible in its gradient norm?"))
        return
    naive = live.naive_cost(asked.plan)
    said.markdown(findings_learning.finding(shown, naive))
    st.table(pd.DataFrame(findings_learning.held_out(shown, naive)).set_index(say("cell")))
    trained_nets.offer(settings, asked.plan, asked.jobs[0][1].hidden_size)
    if words := findings_why.why(shown, naive):
        st.subheader(say("Why some learn it and others do not"))
        prose.markdown(words)
    hidden_gradient.show(shown)
    exploding.show()
    trained_checks.badge_of(place, asked, shown)


def _about(asked: Asked, settings: Settings) -> str:
    plan = asked.plan
    return say(
        "Batches of {B} new sequences, the same for all cells; {optimiser}, learning rate "
        "{rate:g} ({schedule}), {clip}, {window}; seed {seed}, initialisation “{init}”, {dtype}. "
        "A net that has taken {budget:g} s of computing pauses; it can go on.", budget=BUDGET,
        B=plan.batch, optimiser=say(TITLES[plan.optimiser]), rate=plan.rate,
        schedule=say(SCHEDULE[plan.schedule]), clip=_clipping(plan),
        window=say("gradient through the whole sequence") if plan.window is None
        else say("truncated after {steps}", steps=advice.steps(plan.window)),
        seed=plan.seed, init=say(INITS[settings.init]), dtype=plan.dtype,
    )  # fmt: skip


def _clipping(plan: Plan) -> str:
    if plan.clip is None:
        return say("no clipping")
    if plan.clip_by == "value":
        return say("every entry of the gradient clipped to ±{limit:g}", limit=plan.clip)
    return say("norm clipped to {limit:g}", limit=plan.clip)
