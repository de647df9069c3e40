"""The pages that show what is opened from files."""

from __future__ import annotations

import streamlit as st

from rnnviz.ui.shell.navigation import name_of, pages
from rnnviz.words import say


def links() -> None:
    """A link to each, with the question that it answers."""
    st.markdown(f"**{say('Look at it on these pages')}**")
    with st.container(gap=None):
        for script in (one for one, page in pages().items()
                       if {"plan", "whole net"} & page.counts):
            with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
                st.page_link(script, label=f"**{name_of(script)}**", width="content")
                st.caption(say(pages()[script].question), width="content")
