"""Markdown on a page, its symbols with real subscripts."""

from __future__ import annotations

import re
from html import escape

import streamlit as st

from rnnviz.words.symbols import in_html, lowered


def markdown(text: str) -> None:
    """A paragraph, a list or a table."""
    st.markdown(lowered(text))


def caption(text: str) -> None:
    """A paragraph in small grey type."""
    st.caption(lowered(text))


def as_html(text: str) -> str:
    """Text as HTML; of Markdown it knows **bold** alone."""
    return re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", in_html(escape(text, quote=False)))
