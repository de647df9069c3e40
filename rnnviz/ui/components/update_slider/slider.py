"""A slider over the checkpoints of trained nets that tells where it is while it is dragged.

Streamlit's own slider tells when it is let go.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
    updates: Sequence[int], now: int, *, key: str, on_move: Callable[[Move], None]
) -> None:
    """Draw the slider at update ``now``, a button for each end, and what is shown in words.

    While it is dragged ``on_move`` is called again and again, each time once the page is drawn for
    the move before; and once more when it is let go.
    """
    def moved() -> None:
        if (move := read(st.session_state[key].get("move"), updates)) is not None:
            on_move(move)

    words = {"label": say("After update u of training"), "at": say("u = {u}", u="{u}"),
             "before": say("before"), "after": say("after"),
             "help": say("0 is before training. Only the weights change; sequence and loss stay.")}
    _SLIDER(key=key, data={"updates": list(updates), "now": now, "words": words},
            on_move_change=moved)  # fmt: skip


def read(text: object, updates: Sequence[int]) -> Move | None:
    """A move as the browser tells it, «120 held» or «120»; None of anything else."""
    number, _, held = str(text).partition(" ")
    if not number.isdecimal() or len(number) > 9 or int(number) not in updates:
        return None
    return Move(int(number), held == "held")
