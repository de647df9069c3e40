"""Searching the glossary: words in any language, and symbols however they are typed."""

from __future__ import annotations

import unicodedata

from rnnviz.ui.pages.glossary.notations import NOTES, ROWS, Row
from rnnviz.ui.pages.glossary.term import Term
from rnnviz.ui.pages.glossary.terms import TERMS
from rnnviz.words import translations

SLUGS = {one.slug for terms in TERMS.values() for one in terms}


def search(asked: str) -> dict[str, list[Term]]:
    """Group → the terms that fit, those with the words in their name before those in their text."""
    found = {group: [one for one in terms if fits(one, asked)] for group, terms in TERMS.items()}

    def mentioned(one: Term) -> bool:
        return not _has((one.name,), asked)

    lists = {group: sorted(terms, key=mentioned) for group, terms in found.items() if terms}
    return dict(sorted(lists.items(), key=lambda pair: mentioned(pair[1][0])))


def fits(one: Term, asked: str) -> bool:
    """Whether the search is the term's slug, or every word of the search occurs in the term."""
    wanted = asked.casefold().split()
    if len(wanted) == 1 and wanted[0] in SLUGS:
        return one.slug == wanted[0]
    return _has((one.name, one.symbol, one.meaning, one.elsewhere), asked)


def notations(asked: str) -> tuple[list[Row], list[str]]:
    """The rows and the notes of the table of notations that fit."""
    rows = [one for one in ROWS if _has((one.name, one.here, *one.others), asked)]
    return rows, [one for one in NOTES if _has((one,), asked)]


def _has(texts: tuple[str, ...], asked: str) -> bool:
    """Whether every word of the search occurs in the texts, in whatever language."""
    said = [one for text in texts if text for one in translations(text).values()]
    text = typed(" ".join(said))
    return all(typed(word) in text for word in asked.split())


def typed(text: str) -> str:
    """Text as one would type it: W_hh, Wₕₕ and whh are the same."""
    return unicodedata.normalize("NFKC", text).casefold().replace("_", "")
