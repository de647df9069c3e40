"""The first picture: norms of several cells against time, drawn by our own small component.

It needs no chart library, whose 4.7 MB take longer to arrive than everything else on the page.
The time control moves its cursor; a press or a drag in it moves the time of the whole page.
"""

from __future__ import annotations

import time

import streamlit as st

from rnnviz.browser.gradient_overview.contents import HEIGHT, Contents
from rnnviz.browser.packets import pack
from rnnviz.ui import first
from rnnviz.ui.components._register import component

_OVERVIEW = component("gradient_overview/overview", "_chart")
HEAD_START = 0.05
"""Seconds, once a visit, by which the page waits for the components' code."""
_HERE = "_overview_here"


def overview(found: Contents, *, key: str) -> None:
    """Draw `contents`."""
    _OVERVIEW(key=key, data=pack(*found), height=HEIGHT)
    first.drawn()


def preload() -> None:
    """Have the browser fetch the code of our components before that of anything else.

    The browser fetches code in the order of the page, the sidebar's some forty files first; a
    component that is late is shown with everything else that is late, a third of a second later.
    Once a visit: a run sends the code of every component that it draws.
    """
    with st.sidebar.empty():  # what stands below keeps its place
        if not st.session_state.get(_HERE):
            st.session_state[_HERE] = True
            _OVERVIEW(key="rv-early", data=None)
            time.sleep(HEAD_START)
