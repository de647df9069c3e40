"""The editor: equations as text, what is wrong in them, and the cell of the last good ones."""

from __future__ import annotations

import streamlit as st

from rnnviz.cells import CELLS, Misprint, OwnCell, cell_from_equations, is_typed, pointed
from rnnviz.ui import url_controls
from rnnviz.ui.language import spoken
from rnnviz.ui.pages.your_cell import suggestions
from rnnviz.ui.pages.your_cell.suggestions import SUGGESTIONS, start_of, starts, words
from rnnviz.ui.shell.frame import said_of
from rnnviz.words import say, word

UNNAMED = word("Your cell")
"""The name of changed equations without a title."""
KEY = "eq"
"""The cell's name in the URL: its equations."""
TEXT, TITLE, START = "_own_text", "_own_title", "_own_start"
_NAMED = "_own_named"
"""The name that was typed last."""
_SHOWN, _WRONG = "_own_shown", "_own_wrong"
HEIGHT = 236


def default() -> str:
    """The cell that the page opens with."""
    first = SUGGESTIONS["li_gru"]
    try:
        return cell_from_equations(first.text, first.title)
    except ValueError:  # a cell file has that name
        return cell_from_equations(first.text)


def chosen() -> type[OwnCell]:
    """The cell of the URL, else one among the sidebar's, else the default; fills the editor."""
    if KEY not in st.session_state and KEY not in st.query_params:
        own = next(filter(is_typed, st.session_state.get("cells", ())), None)
        if own is not None:
            st.session_state[KEY] = own
    name = url_controls.kept(KEY, default=default(), read=_read)
    kind = CELLS[name]
    assert issubclass(kind, OwnCell)
    if st.session_state.get(_SHOWN) != name or TEXT not in st.session_state:
        first, _, rest = kind.typed.partition("\n")
        st.session_state[TEXT] = rest if first.startswith("#") else kind.typed
        st.session_state[TITLE] = say(kind.title)
        st.session_state[_SHOWN] = name
        st.session_state.pop(_WRONG, None)
    return kind


def _read(name: str) -> str | None:
    return name if is_typed(name) and name in CELLS else None


def draw() -> None:
    """The menu to start from, the cell's name, its equations, and what is wrong in them."""
    st.selectbox(
        say("Start from"), starts(), index=None, key=START, format_func=words, on_change=_start,
        placeholder=say("a cell of a paper, or a copy"),
    )  # fmt: skip
    st.text_input(say("Name"), key=TITLE, max_chars=24, on_change=_name)
    st.text_area(
        say("Equations, one a line"), key=TEXT, height=HEIGHT, on_change=_equations,
        help=say(
            "x is the input, h (and c) the state. In its own equation, h is the value of the last "
            "step; h_prev says so everywhere. A capital letter begins a matrix (x Wz), b a bias, "
            "u, v, w or p a vector that multiplies unit by unit. ⊙ or * multiplies unit by unit; "
            "σ (or sigmoid), tanh, relu; numbers and differences, such as 2 σ(x W) − 1; "
            "f / (f + i). The text is read, never run."
        ),
    )  # fmt: skip
    st.caption(say("Ctrl + Enter, or a click elsewhere, draws the cell anew."))
    if (about := suggestions.about(st.session_state[TEXT])) is not None:
        st.caption(say(about))
    wrong = st.session_state.get(_WRONG)
    if wrong is not None:
        _say_what_is_wrong(*wrong)


def _say_what_is_wrong(text: str, refusal: ValueError) -> None:
    """One sentence, and the line with a caret under the character; the last cell stays."""
    st.warning(said_of(refusal), icon=None)
    if isinstance(refusal, Misprint):
        st.code(pointed(text, refusal.at), language=None)
    st.caption(say("Shown is the cell of the last equations that could be read."))


@spoken
def _start() -> None:
    """Begin from a suggestion or a copy."""
    key = st.session_state[START]
    if key is None:
        return
    one = start_of(key)
    st.session_state[TEXT], st.session_state[TITLE] = one.text, say(one.title)
    take()


def _name() -> None:
    """Take the typed name."""
    st.session_state[_NAMED] = st.session_state[TITLE]
    take()


@spoken
def _equations() -> None:
    """Take the typed equations; a suggestion's name does not stay with other equations."""
    text, title = st.session_state[TEXT], st.session_state[TITLE]
    if title != st.session_state.get(_NAMED) and suggestions.only_named(text, title):
        st.session_state[TITLE] = say(UNNAMED)
    take()


def take() -> None:
    """Read what is in the editor: a new cell, or what is wrong."""
    text, title = st.session_state[TEXT], st.session_state[TITLE].strip()
    try:
        name = cell_from_equations(text, title or None)
    except ValueError as refusal:
        st.session_state[_WRONG] = text, refusal
        return
    st.session_state.pop(_WRONG, None)
    st.session_state[KEY] = st.session_state[_SHOWN] = name
