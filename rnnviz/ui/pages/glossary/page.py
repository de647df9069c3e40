"""The glossary page: what the words and symbols mean, here and elsewhere."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from rnnviz.experiments.settings import Settings
from rnnviz.ui import url_controls
from rnnviz.ui.pages.glossary.notations import SOURCES, Row
from rnnviz.ui.pages.glossary.search import notations, search
from rnnviz.ui.pages.glossary.term import Term
from rnnviz.ui.pages.glossary.terms import TERMS
from rnnviz.ui.shell.frame import heading
from rnnviz.ui.shell.navigation import name_of
from rnnviz.words import language, say, translations
from rnnviz.words.symbols import lowered

LONGEST = 80
"""The most characters of a search."""
TABLE = "notations"
"""The anchor of the table of notations."""


def show(settings: Settings) -> None:
    """An index and all terms, or those that the search field asks for."""
    heading(say("Glossary"))
    st.caption(say(
        "What each word and symbol means in this app, and where papers and libraries mean "
        "something else. Type a word or a symbol, such as W_hh, in either language."
    ))  # fmt: skip
    asked = url_controls.text(say("Search"), key="term", default="", most=LONGEST, live=True)
    found = search(asked)
    rows, notes = notations(asked)
    count = sum(map(len, found.values()))
    if not count and not rows and not notes:
        st.info(say("Nothing here has “{asked}” in it.", asked=plain(asked)))
    with st.container(horizontal=True, vertical_alignment="center"):
        everything = sum(map(len, TERMS.values()))
        st.caption(say("{count} of {all} terms", count=count, all=everything), width="content")
        if asked:
            st.button(say("All terms"), type="tertiary", on_click=_ask, args=("",))
    if not asked:
        _index(TERMS)
    for group, terms in found.items():
        st.header(say(group), anchor=False)
        for one in terms:
            _entry(one, alone=count == 1)
    if rows or notes:
        _notations(rows, notes)


def _index(terms: Mapping[str, Sequence[Term]]) -> None:
    """A line a group: its terms, each a link to its entry."""
    lines = [
        f"**{say(group)}** " + " · ".join(f"[{plain(say(one.name))}](#{one.slug})" for one in few)
        for group, few in terms.items()
    ]
    lines.append(f"**[{say('The same net in other notations')}](#{TABLE})**")
    st.markdown("\n\n".join(lines))


def _entry(one: Term, *, alone: bool) -> None:
    """The term in every language, its symbol, what it means, and where it is seen."""
    others = [name for spoken, name in translations(one.name).items() if spoken != language()]
    quiet = " · ".join(plain(text) for text in (*others, lowered(one.symbol)) if text)
    title = f"{plain(say(one.name))} :gray[{quiet}]"
    st.subheader(title, anchor=one.slug)
    lines = [plain(lowered(say(one.meaning)))]
    if one.elsewhere:
        lines.append(plain(lowered(say("Elsewhere: {text}", text=say(one.elsewhere)))))
    st.markdown("\n\n".join(lines))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.page_link(one.page, label=f"→ {name_of(one.page)}")
        if not alone:
            st.button(say("Only this term"), type="tertiary", key=f"_only_{one.slug}",
                      on_click=_ask, args=(one.slug,))  # fmt: skip


def _notations(rows: Sequence[Row], notes: Sequence[str]) -> None:
    """The table from other notations to the app's, and what a table cannot say."""
    st.header(say("The same net in other notations"), anchor=TABLE)
    if rows:
        columns = [say("Meaning"), say("Here"), *map(_math, SOURCES)]
        cells = [[say(one.name), *map(_math, (one.here, *one.others))] for one in rows]
        st.table(pd.DataFrame(cells, columns=columns).set_index(columns[0]))
    st.markdown("\n".join(f"- {plain(lowered(say(one)))}" for one in notes))


def _math(text: str) -> str:
    """Symbols set as in an equation: W_hy with its index low."""
    return "$" + re.sub(r"_(\w+)", r"_{\1}", text) + "$"


def plain(text: str) -> str:
    """Text with Markdown's signs escaped."""
    return re.sub(r"([\\`*_{}\[\]<>#|~$:])", r"\\\1", text)


def _ask(text: str) -> None:
    st.session_state["term"] = text
