"""Draw a page anew when there is more to show and no pointer button is held down."""

from __future__ import annotations

import streamlit as st

from rnnviz.ui.components._register import component

_GROWING = component("growing/growing")


def growing(shown: str, there: str, *, key: str) -> bool:
    """Whether the browser asks for a new page: what is there is not what is shown.

    Both are texts that tell one state from another. To be called in a fragment that runs again and
    again; nothing is drawn.
    """
    def asked() -> None:
        st.session_state[f"{key}_asked"] = st.session_state[key].get("more") is not None

    _GROWING(key=key, data={"shown": shown, "there": there}, on_more_change=asked)
    return bool(st.session_state.pop(f"{key}_asked", False))
