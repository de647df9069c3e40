"""The glossary page: what the words and symbols mean, here and elsewhere."""

from __future__ import annotations

import re

import streamlit as st

from rnnviz.experiments.settings import Settings
from rnnviz.ui import url_controls
from rnnviz.ui.pages.glossary.terms import TERMS, Term
from rnnviz.ui.shell.frame import heading
from rnnviz.ui.shell.navigation import name_of
from rnnviz.words import language, say, translations

LONGEST = 80
"""The most characters of a search."""


def show(settings: Settings) -> None:
    """All terms, or those that the search field asks for."""
    heading(say("Glossary"), preset_line=False)
    st.caption(say(
        "What the words and symbols mean here, and where papers and libraries mean something else."
    ))  # fmt: skip
    asked = url_controls.text(say("Search"), key="term", default="", most=LONGEST, live=True)
    found = search(asked)
    count = sum(map(len, found.values()))
    if not count:
        st.info(say("Nothing here has “{asked}” in it.", asked=asked))
    with st.container(horizontal=True, vertical_alignment="center"):
        everything = sum(map(len, TERMS.values()))
        st.caption(say("{count} of {all} terms", count=count, all=everything), width="content")
        if asked:
            st.button(say("All terms"), type="tertiary", on_click=_ask, args=("",))
    for group, terms in found.items():
        st.subheader(say(group))
        for one in terms:
            _entry(one, alone=count == 1)


def search(asked: str) -> dict[str, list[Term]]:
    """Group → the terms that fit, those with the words in their name before those in their text."""
    found = {group: [one for one in terms if fits(one, asked)] for group, terms in TERMS.items()}

    def mentioned(one: Term) -> bool:
        name = " ".join(translations(one.name).values()).casefold()
        return not all(word in name for word in asked.casefold().split())

    lists = {group: sorted(terms, key=mentioned) for group, terms in found.items() if terms}
    return dict(sorted(lists.items(), key=lambda pair: mentioned(pair[1][0])))


def fits(one: Term, asked: str) -> bool:
    """Whether the search is the term's slug, or every word of the search occurs in the term."""
    wanted = asked.casefold().split()
    if len(wanted) == 1 and wanted[0] in SLUGS:
        return one.slug == wanted[0]
    names = translations(one.name).values()
    texts = (*names, one.symbol, say(one.meaning), say(one.elsewhere))
    text = " ".join(texts).casefold()
    return all(word in text for word in wanted)


SLUGS = {one.slug for terms in TERMS.values() for one in terms}


def _entry(one: Term, *, alone: bool) -> None:
    """The term in every language, its symbol, what it means, and where it is seen."""
    others = [name for spoken, name in translations(one.name).items() if spoken != language()]
    quiet = " · ".join(plain(text) for text in (*others, one.symbol) if text)
    lines = [f"#### {plain(say(one.name))} :gray[{quiet}]", plain(say(one.meaning))]
    if one.elsewhere:
        lines.append(plain(say("Elsewhere: {text}", text=say(one.elsewhere))))
    st.markdown("\n\n".join(lines))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.page_link(one.page, label=f"→ {name_of(one.page)}")
        if not alone:
            st.button(say("Only this term"), type="tertiary", key=f"_only_{one.slug}",
                      on_click=_ask, args=(one.slug,))  # fmt: skip


def plain(text: str) -> str:
    """Text with Markdown's signs escaped."""
    return re.sub(r"([\\`*_{}\[\]<>#|~$:])", r"\\\1", text)


def _ask(text: str) -> None:
    st.session_state["term"] = text
