"""Loss over updates while nets are trained, drawn by a small component of our own.

A chart of Plotly's would be taken down and put up again with every packet.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from rnnviz.browser.packets import pack
from rnnviz.figures.learning import Curve
from rnnviz.ui import first
from rnnviz.ui.components._register import component
from rnnviz.words import say

_CURVES = component("learning_curves/learning")
_HERE = "_curves_here"
HEIGHT = 300
"""Pixels, reserved before anything is drawn."""


def preload() -> None:
    """Have the browser fetch the code that draws the curves first, once a visit."""
    with st.sidebar.empty():  # what stands below keeps its place
        if not st.session_state.get(_HERE):
            st.session_state[_HERE] = True
            _CURVES(key="rv-early-curves", data=None)


def learning_curves(
    curves: Sequence[Curve], *, key: str, total: int, ends: tuple[float, float], axis: str,
    level: tuple[float, str] | None, summary: str,
) -> None:  # fmt: skip
    """Draw lines of log10 values over the updates 0 … total, as far as they are known.

    ``ends`` is the range of the y axis in powers of ten, ``level`` a height with its name. Colours
    are CSS, for both themes.
    """
    most = max([1, *(len(one.x) for one in curves)])
    rows = np.full((2 * max(len(curves), 1), most), np.nan)
    for k, one in enumerate(curves):
        rows[2 * k, : len(one.x)], rows[2 * k + 1, : len(one.y)] = one.x, one.y
    head = {
        "curves": [{"name": one.label, "color": one.color, "dash": one.dash} for one in curves],
        "total": total, "low": ends[0], "high": ends[1], "summary": summary,
        "level": None if level is None else level[0],
        "words": {"x": say("updates"), "y": axis, "level": level[1] if level else ""},
    }  # fmt: skip
    _CURVES(key=key, data=pack(head, rows), height=HEIGHT)
    first.drawn()
