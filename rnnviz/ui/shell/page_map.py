"""The map of all pages: what each answers, with a picture of its main figure."""

from __future__ import annotations

from html import escape
from pathlib import Path

import streamlit as st

from rnnviz.ui.place import APP
from rnnviz.ui.shell.frame import theme
from rnnviz.ui.shell.navigation import Page, groups, name_of
from rnnviz.ui.shown import left_out
from rnnviz.words import say

HERE = Path(__file__).parent
FOLDER = APP / "static" / "thumbnails"
WIDTH, HEIGHT = 320, 180
SCHEMES = ("light", "dark")
ANCHOR = "all-pages"


def thumbnail(page: Page, scheme: str) -> str:
    """The file name of a page's picture in light or dark."""
    return f"{page.stem}.{scheme}.webp"


def link_to() -> None:
    """A link from the top of the first page down to the map."""
    with left_out():
        st.markdown(f"[{say('All pages')} ↓](#{ANCHOR})")


def show() -> None:
    """A card for every page, by group; the whole card is a link."""
    with left_out():
        _cards()


def _cards() -> None:
    st.subheader(say("All pages"), anchor=ANCHOR)
    st.html(HERE / "page_map.css")
    for group, members in groups().items():
        st.markdown(f"**{say(group.value)}**")
        with st.container(key=f"rv-atlas-{group.name}"):
            for page in members:
                _card(page)


def _card(page: Page) -> None:
    """Picture, name and question."""
    with st.container(key=f"rv-card-{page.stem}", gap=None):
        st.page_link(page.script, label=f"**{name_of(page.script)}**  \n{say(page.question)}")
        st.html(_image(page, theme()))


def _image(page: Page, scheme: str) -> str:
    """The picture as HTML, with its size given, loaded when it is near the visible window.

    Its address is relative, as that of the fonts is, so that it is right under any base path.
    """
    return (
        f'<img src="app/static/{FOLDER.name}/{thumbnail(page, scheme)}" loading="lazy" '
        f'width="{WIDTH}" height="{HEIGHT}" alt="{escape(say(page.picture.words))}">'
    )
