"""Which language a run speaks: the URL's `lang`, else what the browser prefers."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import streamlit as st

from rnnviz.ui import url_controls
from rnnviz.words import languages, speak, translations, word

P = ParamSpec("P")
R = TypeVar("R")
_SPOKEN = "_language"


def preferred() -> str:
    """What the browser asks for, if we speak it; else English."""
    asked = (st.context.locale or "en").replace("-", "_")
    return next((one for one in (asked, asked.split("_")[0]) if one in languages()), "en")


def choose() -> None:
    """Draw the switch; speak the chosen language, now and when a fragment of the page reruns."""
    names = languages()
    name = url_controls.buttons(
        " · ".join(translations(word("Language")).values()), list(names), key="lang",
        default=preferred(), words=names.__getitem__, label_visibility="collapsed",
    )  # fmt: skip
    st.session_state[_SPOKEN] = name
    speak(name)


def fragment(part: Callable[P, R]) -> Callable[P, R]:
    """`st.fragment` for parts that say something: a rerun of its own knows the language too."""

    @st.fragment
    @wraps(part)
    def spoken(*args: P.args, **kwargs: P.kwargs) -> R:
        speak(st.session_state.get(_SPOKEN, "en"))
        return part(*args, **kwargs)

    return spoken
