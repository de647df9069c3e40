"""The navigation: every page states its own facts, and is found by looking into `ui/pages`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path

import streamlit as st

from rnnviz.numerics.discovery import modules
from rnnviz.words import say, word

FOLDERS = [str(Path(__file__).parents[1] / "pages")]
"""Where pages are found."""
SETTINGS = frozenset(
    ("task", "T", "cells", "H", "bf", "bz", "cell_options", "seed", "init", "scale", "loss", "edit")
)
"""The settings of fresh nets that a page can depend on, by the key of their control."""
WITH_TRAINED = SETTINGS | {"plan"}
"""Those of a page that shows trained nets, too, and what is opened from files."""
WITH_OPENED = SETTINGS | {"whole net"}
"""Those of a page that shows what is opened from files, a net with all of its layers."""


class Group(Enum):
    """The parts of the navigation, in its order."""

    START = word("Start")
    CELL = word("Inside a cell")
    GRADIENT = word("How the gradient travels")
    CHANGES = word("What changes it")
    REFERENCE = word("Reference")


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
    family    the page that stands for it in the navigation, where that is another one; pages of one
              family have links to each other at their top
    tab       its name among those
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
    family: str = ""
    tab: str = ""

    @property
    def head(self) -> str:
        """The script of the page that stands for it in the navigation."""
        return self.family or self.script

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
    """A page's name in the language of this run, as the navigation leads to it: page · tab."""
    page = pages()[script]
    if page.family:
        return f"{say(pages()[page.family].name)} · {say(page.tab)}"
    return say(page.name)


def groups() -> Mapping[Group, tuple[Page, ...]]:
    """Group → its pages in their order."""
    return {
        group: tuple(page for page in pages().values() if page.group is group) for group in Group
    }


def draw(current: Page) -> None:
    """A link to every page, by group; all groups but that of the current page are folded."""
    with st.container(key="rv-nav", gap=None):
        for group, members in groups().items():
            fold = st.expander(say(group.value), expanded=group is current.group, type="compact")
            with fold, st.container(gap="xxsmall"):
                for page in members:
                    if not page.family:
                        _link(page, page.script == current.head)


def _link(page: Page, here: bool) -> None:
    name = name_of(page.script)
    st.page_link(page.script, label=f"**{name}**" if here else name, width="stretch")


def strip(current: Page) -> None:
    """Links to the pages of one family, above the title of each of them."""
    family = [page for page in pages().values() if page.head == current.head]
    if len(family) < 2:
        return
    with st.container(key="rv-strip", horizontal=True, gap="medium"):
        for page in family:
            here = page.script == current.script
            label = f"**{say(page.tab)}**" if here else say(page.tab)
            st.page_link(page.script, label=label, disabled=here, width="content")
