"""One quiet menu on every figure: picture as PNG or SVG, data as CSV, full screen."""

from __future__ import annotations

from rnnviz.ui.components._register import component
from rnnviz.words import say

_MENU = component("figure_menu/figure_menu")


def mount() -> None:
    """Put the menu on every figure of the page, once a run.

    It finds Plotly's charts and the drawings of our own components. Such a drawing offers CSV where
    its box has the function ``rvTable``, which returns rows of cells.
    """
    words = {
        "menu": say("Figure menu"),
        "png": say("Picture (PNG)"),
        "svg": say("Picture (SVG)"),
        "csv": say("Data (CSV)"),
        "full": say("Full screen"),
    }
    _MENU(key="rv-figure-menu", data={"words": words}, width="content")
