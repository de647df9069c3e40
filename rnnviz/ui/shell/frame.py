"""What surrounds every page: set-up, navigation, sidebar, title; and what refused settings show."""

from __future__ import annotations

import gc
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from rnnviz.experiments.settings import Settings
from rnnviz.figures.palette import THEMES
from rnnviz.ui import chart, first, language, link_notices
from rnnviz.ui.components.permalink import permalink
from rnnviz.ui.shell import (
    marked_paths,
    navigation,
    opened_files,
    preset_menu,
    take_along,
    tour,
    trained_nets,
    training_first,
)
from rnnviz.ui.shell.navigation import Page
from rnnviz.ui.shell.sidebar import sidebar
from rnnviz.ui.shell.sidebar_cells import cells_on
from rnnviz.ui.shown import watch
from rnnviz.ui.widget_states import keep_readable_alone
from rnnviz.words import Refusal, Sentence, say
from rnnviz.words.markup import inert

TITLE = "rnnviz"
_GOOD, _SHOWN = "_good_settings", trained_nets.SHOWN


@st.cache_resource(show_spinner=False)
def settle_memory() -> None:
    """Freeze the objects that imports made: Streamlit collects garbage after every run."""
    gc.collect()
    gc.freeze()


def show(page: Page, draw: Callable[[Settings], None]) -> None:
    """Draw what surrounds a page and, with settings that can be shown, the page itself."""
    keep_readable_alone()
    # In a lecture page the pictures come first; the sidebar is one click away.
    side: Literal["collapsed", "auto"] = "collapsed" if st.context.is_embedded else "auto"
    st.set_page_config(page_title=TITLE, page_icon="〰", layout="wide", initial_sidebar_state=side)
    settle_memory()
    watch()
    with st.sidebar:
        chart.preload(sketches=page.script != "app.py")
    with first.sidebar_later():
        draw(begin(page))


def begin(page: Page) -> Settings:
    """Draw what surrounds a page, and return settings that can be shown.

    Settings that are refused leave the last good picture where it is and say why. A page on which
    edited weights do not count gets settings without them.
    """
    permalink.unfold()
    marked_paths.follow()
    tour.follow(page.script)
    with st.sidebar:
        with st.container(horizontal=True, vertical_alignment="center",
                          horizontal_alignment="distribute"):  # fmt: skip
            st.title(TITLE, width="content")
            language.choose()
        st.set_page_config(page_title=f"{say(page.name)} · {TITLE}")
        if not opened_files.anything():
            tour.button()
        navigation.draw(page)
        st.divider()
        chosen = st.container()
    asked = sidebar(page)
    if page.counts and not opened_files.anything():
        preset_menu.menu(chosen, trained_nets.planned(asked))
    said = st.container(key="rv-said")
    link_notices.tell(said.empty())
    shown = _checked(asked if "edit" in page.counts else replace(asked, edits=()), said)
    st.session_state[_SHOWN] = shown, page.script
    with said:  # what comes and goes there moves nothing after it
        training_first.prepare(shown, cells_on(page, shown.cells))
    tour.card(shown, page.script)
    navigation.strip(page)
    return shown


def _checked(asked: Settings, said: DeltaGenerator) -> Settings:
    """The settings; if they are refused, the last good ones, and a warning that says why."""
    try:
        asked.check()
    except ValueError as refusal:
        good: Settings = st.session_state.get(_GOOD, Settings())
        said.warning(say("{refusal} Shown below: the last setting that could be, {settings}.",
                         refusal=said_of(refusal), settings=say(good.in_words())))  # fmt: skip
        return good
    st.session_state[_GOOD] = asked
    return asked


def said_of(refusal: ValueError) -> str:
    """A refusal in the language of this run; what it quotes, from a link or typed, is only text."""
    if not isinstance(refusal, Refusal):
        return inert(str(refusal).replace("`", ""))
    quoted = _quoted(refusal.words)
    return say(quoted)


def _quoted(value: Any) -> Any:
    """What a sentence quotes, as plain text, in the sentences inside it too."""
    if isinstance(value, Sentence):
        return Sentence(value.template, {key: _quoted(one) for key, one in value.values.items()})
    return inert(value) if type(value) is str else value


def heading(title: str, *, slider: bool = True) -> DeltaGenerator:
    """The page's title, and beside it the place for its badge, filled when the page is done.

    Under it stand the slider over the updates of trained nets, unless the page draws it itself, and
    what the chosen preset shows, if the preset is about this page; the first page says it
    elsewhere.
    """
    row = st.container(horizontal=True, vertical_alignment="center",
                       horizontal_alignment="distribute")  # fmt: skip
    row.title(title, width="content")
    tools = row.container(key="rv-tools", horizontal=True, width="content", gap="xsmall",
                          vertical_alignment="center")  # fmt: skip
    with tools:
        permalink.button()
        if _SHOWN in st.session_state:
            take_along.menu(*st.session_state[_SHOWN])
    if slider and _SHOWN in st.session_state:
        trained_nets.slider(st.session_state[_SHOWN][0])
    if _shows_its_own():
        about_preset()
    return tools.container(width="content")


def _shows_its_own() -> bool:
    """Whether the chosen preset is about this page, and this is not the first page."""
    if _SHOWN not in st.session_state:
        return False
    settings, script = st.session_state[_SHOWN]
    return script != "app.py" and preset_menu.page_of(settings) == script


def about_preset() -> None:
    """Draw what the chosen preset shows, its source, and a link to its page."""
    if _SHOWN in st.session_state:
        preset_menu.line(*st.session_state[_SHOWN])


def theme() -> str:
    """"light" or "dark", as the browser shows it."""
    kind = st.context.theme.type
    return kind if kind in THEMES else "light"
