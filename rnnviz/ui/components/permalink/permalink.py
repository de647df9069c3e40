"""The button that copies a link to the page as it is shown; long links are compressed."""

from __future__ import annotations

from urllib.parse import parse_qsl

import streamlit as st

from rnnviz.browser.figure_menu import menu_words
from rnnviz.ui import link_notices, short_links
from rnnviz.ui.components._register import component
from rnnviz.ui.language import fragment
from rnnviz.words import language, say

_BUTTON = component("permalink/permalink", "figure_menu/figure_menu",
                    "figure_menu/sketch")  # fmt: skip
_APART = ("t", "lang", "before", short_links.KEY)
"""Keys that are not compressed: the timestep, which only the browser knows, the language, the way
back from the tour, `p`."""
_STREAMLITS = ("embed", "embed_options")
"""Keys, in any case, that no script may set: how the whole app is shown in a lecture page."""
LONGEST = 300


@fragment
def button() -> None:
    """Draw the button. A link that is too long is compressed here and copied in the next run."""
    asked = st.session_state.get("_link") or {}
    query = asked.get("fold")
    short = None
    if query and isinstance(query, str):
        pairs = {key: text for key, text in parse_qsl(query, keep_blank_values=True)
                 if _folded(key)}  # fmt: skip
        short = {"asked": query, "p": short_links.fold(pairs)}
    words = {"copy": say("Copy link"), "copied": say("Copied"), "by_hand": say("Copy this link")}
    data = {"words": words, "language": language(), "longest": LONGEST, "short": short,
            "figures": menu_words.words()}  # fmt: skip
    _BUTTON(key="_link", data=data, on_fold_change=_nothing, width="content")


def _folded(key: str) -> bool:
    """Whether a key belongs into a compressed link."""
    return key not in _APART and key.lower() not in _STREAMLITS


def _nothing() -> None:
    """Streamlit gives a trigger's value only where a callback is named."""


def unfold() -> None:
    """Put the parameters of a compressed link into the URL, before any control reads it."""
    text = st.query_params.get(short_links.KEY)
    if text is None:
        return
    values = short_links.unfold(text)
    if values is None:
        link_notices.notice(short_links.KEY, text, "")
    # At once: every assignment can be an entry in the browser's history.
    st.query_params.update({key: one for key, one in (values or {}).items() if _folded(key)})
    del st.query_params[short_links.KEY]
