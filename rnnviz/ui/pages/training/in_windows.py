"""The tab «Windows»: windows of k steps, what they cut, and what nets learn from them."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from rnnviz.cells import CELLS
from rnnviz.experiments.settings import Settings
from rnnviz.experiments.settings_words import INITS
from rnnviz.ui import badge, cached, prose
from rnnviz.ui.components.time_control import stage
from rnnviz.ui.pages.training import controls, helping, runs
from rnnviz.ui.pages.training.answers import answers_of
from rnnviz.ui.pages.training.checks import checks
from rnnviz.ui.pages.training.findings import finding
from rnnviz.ui.pages.training.gradients import gradients
from rnnviz.ui.pages.training.losses import about_losses, losses, table
from rnnviz.ui.pages.training.runs import Asked
from rnnviz.ui.pages.training.windows import windows
from rnnviz.ui.shell.frame import said_of
from rnnviz.words import say
from rnnviz.words.symbols import lowered


def show(settings: Settings, place: DeltaGenerator) -> None:
    """Windows over time, losses over updates, gradients cut and uncut, answers on new streams.

    ``place`` is that of the badge.
    """
    st.subheader(say("What can windows of k steps learn?"))
    prose.caption(say(
        "The answer of a step is the input d steps earlier. The first picture shows which "
        "losses reach that input when the sequence is cut into windows of k steps; the charts "
        "below show what nets learn from such windows."
    ))  # fmt: skip
    prose.caption(say(
        "On this task the RNN often does best. To repeat the input d steps late, a value must move "
        "on to another unit at every step; W_h of the RNN does just that, and tanh keeps ±1 well. "
        "The gates of LSTM and GRU begin almost open and keep what is stored, which is not wanted "
        "here. On the adding problem, in the tab “Train”, it is: there the RNN fails."
    ))  # fmt: skip
    controls.examples()
    asked = _affordable(Asked.of(settings, controls.choose()))
    plan = asked.plan
    steps = len(cached.example(settings).x)
    said = st.empty()
    stage.timeline(steps)
    windows(plan, steps)
    st.subheader(say("Loss over updates"))
    drawn = st.empty()
    found = runs.all_runs(asked, lambda runs: losses(drawn, asked, runs, done=False))
    losses(drawn, asked, found, done=True)
    words = finding(found, plan, asked.plans[-1],
                    lambda cell: runs.carries(asked.settings, cell, plan.delay))  # fmt: skip
    said.markdown(lowered(words))
    about_losses(asked, found)
    helping.show(asked, found)
    table(asked, found, steps)
    gradients(asked)
    answers_of(asked, steps)
    prose.caption(_about(asked))
    badge.show(place, lambda: {say(CELLS[cell].title): checks(*runs.checked(asked, cell, steps))
                               for cell in asked.settings.cells})  # fmt: skip


def _affordable(asked: Asked) -> Asked:
    """The runs asked for; where they would take too long, fewer updates or units, and a note."""
    try:
        asked.check()
    except ValueError as refusal:
        less = asked.affordable()
        words = say("{n} updates, H = {H}", n=less.plan.updates, H=less.settings.hidden_size)
        st.info(say("{refusal} Shown below instead: {settings}.", refusal=said_of(refusal),
                    settings=words))  # fmt: skip
        return less
    return asked


def _about(asked: Asked) -> str:
    one = asked.settings
    return say(
        "H = {H}, seed {seed}, initialisation “{init}”, {B} streams of ±1 side by side, "
        "{optimiser}, learning rate {rate}, {clip}. T is how many timesteps are drawn.",
        H=one.hidden_size, seed=one.seed, init=say(INITS[one.init]), B=asked.plan.batch,
        optimiser=say(controls.OPTIMISERS[asked.plan.optimiser]), rate=asked.plan.rate,
        clip=say("no clipping") if asked.plan.clip is None
        else say("norm clipped to {limit:g}", limit=asked.plan.clip),
    )  # fmt: skip
