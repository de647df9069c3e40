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
    """All cards in one piece of HTML: as elements of their own they take the browser 0.1 s."""
    st.subheader(say("All pages"), anchor=ANCHOR)
    st.html(HERE / "page_map.css")
    scheme = theme()
    st.html("".join(
        f"<p><strong>{escape(say(group.value))}</strong></p>"
        f'<div class="rv-atlas">{"".join(_card(page, scheme) for page in members)}</div>'
        for group, members in groups().items()
    ))  # fmt: skip


def _card(page: Page, scheme: str) -> str:
    """Picture, name and question; `rnnviz/browser/permalink/cards.js` follows the link."""
    return (
        f'<div class="rv-card">{_image(page, scheme)}<a href="{page.path.lstrip("/") or "."}">'
        f"<strong>{escape(name_of(page.script))}</strong><br>{escape(say(page.question))}</a></div>"
    )


def _image(page: Page, scheme: str) -> str:
    """The picture as HTML, with its size given, loaded when it is near the visible window.

    Its address is relative, as that of the fonts is, so that it is right under any base path.
    """
    return (
        f'<img src="app/static/{FOLDER.name}/{thumbnail(page, scheme)}" loading="lazy" '
        f'width="{WIDTH}" height="{HEIGHT}" alt="{escape(say(page.picture.words))}">'
    )
