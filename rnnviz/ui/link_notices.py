"""Notices at the top of the page: which values of a link are impossible, and what is shown."""

from __future__ import annotations

from contextvars import ContextVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from rnnviz.words import Sentence, say, sentence
from rnnviz.words.markup import inert

_NOTICES = "_link_notices"
_place: ContextVar[tuple[DeltaGenerator, list[str]] | None] = ContextVar("place", default=None)


def notices() -> list[str]:
    """The notices that were made since the last call."""
    found: list[Sentence] = st.session_state.pop(_NOTICES, [])
    return [say(one) for one in found]


def tell(place: DeltaGenerator) -> None:
    """Show the notices in ``place``, with those that later controls of this run add."""
    _place.set((place, notices()))
    _show()


def _show() -> None:
    if (found := _place.get()) is not None and found[1]:
        found[0].info(" ".join(found[1]))


def notice(key: str, asked: str, shown: object) -> None:
    """Note that a link's value is not possible, and which one is shown instead, if any."""
    if shown == "":
        add(sentence("The link's {key} = “{asked}” cannot be read, and is left out.",
                     key=inert(key), asked=inert(asked[:40])))  # fmt: skip
        return
    add(sentence(
        "The link asked for {key} = “{asked}”; {key} = {shown} is shown instead.",
        key=inert(key), asked=inert(asked[:40]), shown=inert(str(shown)),
    ))  # fmt: skip


def add(said: Sentence) -> None:
    """Show a notice now, or keep it until the place for notices is known."""
    if (found := _place.get()) is None:
        st.session_state.setdefault(_NOTICES, []).append(said)
    else:
        found[1].append(say(said))
        _show()
