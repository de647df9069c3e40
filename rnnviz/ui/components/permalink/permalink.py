"""The button that copies a link to exactly this picture, and links that were folded."""

from __future__ import annotations

from urllib.parse import parse_qsl

import streamlit as st

from rnnviz.ui import link_notices, short_links
from rnnviz.ui.components._register import component
from rnnviz.ui.language import fragment
from rnnviz.words import language, say

_BUTTON = component("permalink/permalink")
_APART = ("t", "lang", short_links.KEY)
"""What stands in a folded link unfolded: the browser alone knows the timestep."""
LONGEST = 300


@fragment
def button() -> None:
    """Draw it. A link too long is folded here and copied when it comes back."""
    asked = st.session_state.get("_link") or {}
    query = asked.get("fold")
    short = None
    if query:
        pairs = {key: text for key, text in parse_qsl(query, keep_blank_values=True)
                 if key not in _APART}  # fmt: skip
        short = {"asked": query, "p": short_links.fold(pairs)}
    words = {"copy": say("Copy link"), "copied": say("Copied"), "by_hand": say("Copy this link")}
    _BUTTON(
        key="_link", data={"words": words, "language": language(), "longest": LONGEST,
                           "short": short}, on_fold_change=_nothing, width="content",
    )  # fmt: skip


def _nothing() -> None:
    """Streamlit gives a trigger's value only where a callback is named."""


def unfold() -> None:
    """Give a folded link's parameters back to the URL, before any control reads it."""
    text = st.query_params.get(short_links.KEY)
    if text is None:
        return
    del st.query_params[short_links.KEY]
    values = short_links.unfold(text)
    if values is None:
        link_notices.notice(short_links.KEY, text, say("nothing"))
        return
    for key, value in values.items():
        if key not in _APART:
            st.query_params[key] = value
