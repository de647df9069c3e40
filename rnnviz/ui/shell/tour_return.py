"""What was on the screen before the tour, kept in session and address, and the way back to it.

The session knows every control and is lost by a reload. The address has `before`: page and controls
as their link had them, folded to one text. With it a reload in the tour loses no more than a reload
before it would have.
"""

from __future__ import annotations

from typing import Any

import streamlit as st

from rnnviz.ui import short_links, url_controls
from rnnviz.ui.shell import preset_menu
from rnnviz.ui.shell.navigation import pages

KEY, _PAGE = "before", "page"
_BEFORE, _LINK = "_before_tour", "_back_from_tour"


def remember(script: str, *, plain: bool = False) -> None:
    """Keep page and controls as they are; with ``plain`` as they are without any setting."""
    controls = {} if plain else preset_menu.current()
    st.session_state[_BEFORE] = script, controls
    texts = {} if plain else {key: text for key, text in st.query_params.items() if _own(key)}
    if "t" in controls:
        texts["t"] = str(controls["t"])
    st.session_state[KEY] = short_links.fold({_PAGE: script, **texts})


def keep(on: bool) -> None:
    """Keep the text in the address while the tour is on."""
    if not on:
        st.session_state[KEY] = ""
    url_controls.kept(KEY, default="", read=_read)


def restore() -> str | None:
    """Set the controls as they were before the tour; return its page, None where none is known."""
    texts = _read(str(st.session_state.get(KEY, "")))
    st.session_state[KEY] = ""
    if _BEFORE in st.session_state:
        script, controls = st.session_state.pop(_BEFORE)
        preset_menu.put_back(controls)
        return str(script)
    if texts is None:
        return None
    t, script = texts.pop("t", ""), texts.pop(_PAGE)
    preset_menu.put_back({"t": int(t)} if t.isdecimal() else {})
    st.session_state[_LINK] = script, texts
    return script


def follow(script: str) -> None:
    """Before anything is drawn: have the controls read what they were, from page to page."""
    page, texts = st.session_state.get(_LINK, ("", {}))
    for key, text in texts.items():
        if key not in st.session_state:
            st.query_params[key] = text
    if page == script:
        del st.session_state[_LINK]


def _own(key: str) -> bool:
    return key not in (*preset_menu.KEPT, _PAGE, short_links.KEY)


def _read(text: str) -> dict[str, Any] | None:
    """Page and controls of a text; None where it names no page of the app."""
    found = short_links.unfold(text) if text else None
    if found is None or found.get(_PAGE) not in pages():
        return None
    return {key: one for key, one in found.items() if _own(key) or key in ("t", _PAGE)}
