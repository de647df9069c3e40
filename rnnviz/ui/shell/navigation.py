"""The navigation: every page states its own facts, and is found by looking into `ui/pages`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path

import streamlit as st

from rnnviz.numerics.discovery import modules
from rnnviz.words import say

FOLDERS = [str(Path(__file__).parents[1] / "pages")]
"""Where pages are found."""
SETTINGS = frozenset(
    ("task", "T", "cells", "H", "bf", "bz", "cell_options", "seed", "init", "scale", "loss", "edit")
)
"""The settings that a page can depend on, by the key of their control."""


class Group(Enum):
    """The parts of the navigation, in its order."""

    START = "Start"
    CELL = "Inside a cell"
    GRADIENT = "How the gradient travels"
    CHANGES = "What changes it"
    REFERENCE = "Reference"


@dataclass(frozen=True)
class Picture:
    """A page's main figure, as the map of all pages shows it and `thumbnails.py` takes it.

    words   what it shows, for those who do not see it
    place   CSS selector of the figure
    query   what the address asks for
    width   pixels of the window: a narrower one has steeper lines
    plots   which of a chart's plots, from and to; None where it is no chart
    at      the share of what is cut away that lies above and left of the picture, 0 … 1
    """

    words: str
    place: str
    query: str = ""
    width: int = 560
    plots: tuple[int, int] | None = (0, 1)
    at: tuple[float, float] = (0.5, 0.5)


@dataclass(frozen=True)
class Page:
    """What a page's folder states in its `__init__`, as `PAGE`.

    script    the page's file as Streamlit names it, "pages/Cuts.py"
    name      in the navigation
    question  what the page answers
    group     its part of the navigation
    order     its place within that part
    picture   its main figure
    counts    the settings that change something on it: the sidebar shows these alone
    beside    those of them that the page draws itself, beside its pictures
    one_cell  whether it shows one of the chosen cells at a time
    about     the cells that it shows whichever are chosen, if it is about them
    """

    script: str
    name: str
    question: str
    group: Group
    order: int
    picture: Picture
    counts: frozenset[str] = SETTINGS
    beside: frozenset[str] = frozenset()
    one_cell: bool = False
    about: tuple[str, ...] = ()

    @property
    def stem(self) -> str:
        """The script's name without folder and ending: "Cuts"."""
        return Path(self.script).stem

    @property
    def path(self) -> str:
        """Where the browser finds it: "/Cuts", and "/" for the first page."""
        return "/" if self.script == "app.py" else f"/{self.stem}"


@cache
def pages() -> Mapping[str, Page]:
    """Script → page, in the order of the navigation."""
    parts = list(Group)
    found: list[Page] = [module.PAGE for module in modules("rnnviz.ui.pages", FOLDERS)]
    found.sort(key=lambda page: (parts.index(page.group), page.order, page.script))
    return {page.script: page for page in found}


def name_of(script: str) -> str:
    """A page's name in the language of this run."""
    return say(pages()[script].name)


def draw() -> None:
    """A link to every page."""
    with st.container(gap="xxsmall"):
        for script in pages():
            st.page_link(script, label=name_of(script), width="stretch")
