"""The language of a run: the URL's `lang`, else the browser's preference."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import streamlit as st

from rnnviz.ui import shown, url_controls
from rnnviz.words import languages, speak, translations, word

P = ParamSpec("P")
R = TypeVar("R")
_SPOKEN = "_language"


def preferred() -> str:
    """The browser's language if there is a catalogue for it, else English."""
    asked = (st.context.locale or "en").replace("-", "_")
    return next((one for one in (asked, asked.split("_")[0]) if one in languages()), "en")


def choose() -> None:
    """Draw the switch, and set the language for this run and for reruns of its fragments."""
    names = languages()
    name = url_controls.buttons(
        " · ".join(translations(word("Language")).values()), list(names), key="lang",
        default=preferred(), words=names.__getitem__, label_visibility="collapsed",
    )  # fmt: skip
    st.session_state[_SPOKEN] = name
    speak(name)


def spoken(part: Callable[P, R]) -> Callable[P, R]:
    """Set the language of the last run first: for callbacks that say something.

    They run before the switch is drawn.
    """

    @wraps(part)
    def speaking(*args: P.args, **kwargs: P.kwargs) -> R:
        speak(st.session_state.get(_SPOKEN, "en"))
        return part(*args, **kwargs)

    return speaking


def fragment(part: Callable[P, R], every: float | None = None) -> Callable[P, R]:
    """`st.fragment` of what is `spoken`: its own reruns do not draw the switch.

    It runs again by itself ``every`` so many seconds, if given.
    """


    @wraps(part)
    def noted(*args: P.args, **kwargs: P.kwargs) -> R:
        shown.watch(fragment=True)
        return part(*args, **kwargs)

    found: Callable[P, R] = st.fragment(run_every=every)(spoken(noted))
    return found
