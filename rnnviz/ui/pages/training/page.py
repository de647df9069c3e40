"""The page of training: a tab a question."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from rnnviz.experiments.settings import Settings
from rnnviz.ui import url_controls
from rnnviz.ui.pages.training import PAGE, in_windows, learning
from rnnviz.ui.shell.frame import heading
from rnnviz.ui.shell.navigation import Page
from rnnviz.words import say, word

KEY = "tab"
OLD = frozenset(("lag", "win", "upd", "opt", "rate", "limit", "when_trained"))
"""Keys of the tab «Windows», which a link to this page had before there were tabs."""


class Tab(NamedTuple):
    """A part of the page.

    name    on its button
    show    draws it, from the settings and the place of its badge
    counts  the settings that change something in it
    """

    name: str
    show: Callable[[Settings, DeltaGenerator], None]
    counts: frozenset[str]


NET = frozenset(("cells", "bf", "bz", "cell_options", "seed", "init", "scale"))
"""The settings of the sidebar that decide a net before training; H is the tab's own."""
TABS = {
    "train": Tab(word("Train"), learning.show, NET),
    "windows": Tab(word("Windows"), in_windows.show, PAGE.counts),
}
FIRST = next(iter(TABS))


def current() -> Page:
    """The page with the settings that count in the tab that is asked for."""
    _read_old_links()
    asked = st.session_state.get(KEY, st.query_params.get(KEY))
    return replace(PAGE, counts=TABS[asked if asked in TABS else FIRST].counts)


def show(settings: Settings) -> None:
<<<<<<< HEAD
    """Windows over time, losses over updates, gradients cut and uncut, answers on new streams."""
    place = heading(say("What can windows of k steps learn?"))
    prose.caption(say(
        "The answer of a step is the input d steps earlier. The first picture shows which "
        "losses reach that input when the sequence is cut into windows of k steps; the charts "
        "below show what nets learn from such windows."
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
        "H = {H}, seed {seed}, {init} initialisation, {B} streams of ±1 side by side, {optimiser}, "
        "learning rate {rate}, {clip}. T is how many timesteps are drawn.",
        H=one.hidden_size, seed=one.seed, init=one.init, B=asked.plan.batch,
        optimiser=say(controls.OPTIMISERS[asked.plan.optimiser]), rate=asked.plan.rate,
        clip=say("no clipping") if asked.plan.clip is None
        else say("norm clipped to {limit:g}", limit=asked.plan.clip),
=======
    """The chosen tab."""
    place = heading(say("Training, watched"))
    tab = url_controls.buttons(
        say("Show"), list(TABS), key=KEY, default=FIRST, words=lambda one: say(TABS[one].name),
        label_visibility="collapsed",
>>>>>>> 1ba690b (Open the page of training on live curves: three cells on the adding problem, gradients by update and timestep; windows become a tab)
    )  # fmt: skip
    TABS[tab].show(settings, place)


def _read_old_links() -> None:
    """A link without a tab that sets a window opens the windows."""
    if KEY not in st.session_state and KEY not in st.query_params and OLD & set(st.query_params):
        st.session_state[KEY] = "windows"
