"""The page of training: one tab for each question."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from rnnviz.experiments.settings import Settings
from rnnviz.ui import background, url_controls
from rnnviz.ui.components.learning_curves import learning as learning_curves
from rnnviz.ui.pages.training import (
    PAGE,
    experiments,
    in_windows,
    learning,
    one_update,
    task_table,
)
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
    "tasks": Tab(word("Tasks and cells"), task_table.show, frozenset()),
    "update": Tab(word("One update"), one_update.show, NET),
    "experiments": Tab(word("Experiments"), experiments.show, frozenset()),
    "windows": Tab(word("Windows"), in_windows.show, PAGE.counts),
}
FIRST = next(iter(TABS))


def current() -> Page:
    """The page with the settings that count in the tab that is asked for."""
    _read_old_links()
    asked = st.session_state.get(KEY, st.query_params.get(KEY))
    tab = asked if asked in TABS else FIRST
    if tab == FIRST:  # before all else, so that curves come in soon after a cold link
        background.start()
        learning_curves.preload()
    return replace(PAGE, counts=TABS[tab].counts)


def show(settings: Settings) -> None:
    """The chosen tab."""
    place = heading(say("Training, watched"))
    tab = url_controls.buttons(
        say("Show"), list(TABS), key=KEY, default=FIRST, words=lambda one: say(TABS[one].name),
        label_visibility="collapsed",
    )  # fmt: skip
    TABS[tab].show(settings, place)


def _read_old_links() -> None:
    """A link without a tab that sets a window opens the windows; the optimiser had two keys."""
    if "uopt" in st.query_params and "topt" not in st.session_state:
        st.session_state["topt"] = st.query_params.pop("uopt")
    if KEY not in st.session_state and KEY not in st.query_params and OLD & set(st.query_params):
        st.session_state[KEY] = "windows"
