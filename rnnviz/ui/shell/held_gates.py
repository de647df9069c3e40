"""Gates held at a value: one menu per cell and gate, which stands in the URL as `lstm.f=1`."""

from __future__ import annotations

from contextlib import nullcontext

import streamlit as st

from rnnviz.cells import CELLS
from rnnviz.ui import url_controls
from rnnviz.words import say, word

FREE = "free"
VALUES = {FREE: word("free"), "0": "0", "0.5": "½", "1": "1"}
HELP = word(
    "Held at a value, a gate sees nothing and its weights count for nothing: the ablation that "
    "shows what it is for. Gradients are those of the cell without that gate."
)


def hold_key(cell: str, gate: str) -> str:
    """The key of a gate's menu, in the session and in the URL."""
    return f"{cell}.{gate}"


def in_menu(value: float) -> str:
    """A value as the menu has it."""
    return f"{value:g}"


def asked(
    cells: tuple[str, ...], *, drawn: bool = True
) -> tuple[tuple[str, str, float], ...]:
    """Draw the menus of these cells' gates: (cell, gate, value) of those that are held."""
    shown = [(cell, CELLS[cell].holdable()) for cell in cells if CELLS[cell].holdable()]
    if shown and drawn:
        st.markdown(f"**{say('Hold gates')}**", help=say(HELP))
    found = []
    for cell, gates in shown:
        if drawn:
            st.caption(say(CELLS[cell].title))
        columns = st.columns(2, gap="small") if drawn else [nullcontext(), nullcontext()]
        for k, gate in enumerate(gates):
            with columns[k % 2]:
                value = url_controls.menu(
                    gate, list(VALUES), key=hold_key(cell, gate), default=FREE,
                    words=lambda name: say(VALUES[name]), drawn=drawn,
                )  # fmt: skip
            if value != FREE:
                found.append((cell, gate, float(value)))
    return tuple(found)
