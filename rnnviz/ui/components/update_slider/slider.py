"""A slider over the checkpoints of trained nets that tells where it is while it is dragged.

Streamlit's own slider tells when it is let go.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import streamlit as st

from rnnviz.ui.components._register import component
from rnnviz.words import say

_SLIDER = component("update_slider/slider")


class Move(NamedTuple):
    """Where the slider is, and whether it is still held."""

    update: int
    held: bool


def update_slider(
    updates: Sequence[int], now: int, *, key: str, on_move: Callable[[Move], None],
    words: Mapping[str, str] | None = None,
) -> None:  # fmt: skip
    """Draw the slider at update ``now``, a button for each end, and what is shown in words.

    While it is dragged ``on_move`` is called again and again, each time once the page is drawn for
    the move before; and once more when it is let go. ``words`` stand for some of its own: label,
    at, before, after, help.
    """
    def moved() -> None:
        if (move := read(st.session_state[key].get("move"), updates)) is not None:
            on_move(move)

    own = {"label": say("After update u of training"), "at": say("u = {u}", u="{u}"),
           "before": say("before"), "after": say("after"),
           "help": say("0 is before training. Only the weights change; sequence and loss stay.")}
    told = {**own, **(words or {})}
    _SLIDER(key=key, data={"updates": list(updates), "now": now, "words": told},
            on_move_change=moved)  # fmt: skip


def read(text: object, updates: Sequence[int]) -> Move | None:
    """A move as the browser tells it, «120 held» or «120»; None of anything else."""
    number, _, held = str(text).partition(" ")
    if not number.isdecimal() or len(number) > 15 or int(number) not in updates:
        return None
    return Move(int(number), held == "held")


def chosen(known: Sequence[int], key: str) -> int:
    """The one of some rising updates that the slider is at, in the session and in the URL.

    A slider at the last update stays at the last one when more come.
    """
    last = f"_{key}_last"
    given = st.session_state.get(key)
    if given is not None and given == st.session_state.get(last):
        given = known[-1]
    st.session_state[last] = known[-1]
    if given not in known:
        asked = str(st.query_params.get(key, "") if given is None else given)
        wanted = int(asked) if asked.isdecimal() and len(asked) < 16 else known[-1]
        given = min(known, key=lambda one: abs(one - wanted))
    st.session_state[key] = given
    if given == known[-1]:
        st.query_params.pop(key, None)
    elif st.query_params.get(key) != str(given):
        st.query_params[key] = str(given)
    return int(st.session_state[key])
