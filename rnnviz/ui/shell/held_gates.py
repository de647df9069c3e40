"""Gates held at a value: one menu per cell and gate, which stands in the URL as `lstm.f=1`."""

from __future__ import annotations

from contextlib import nullcontext

import streamlit as st

from rnnviz.cells import CELLS
from rnnviz.experiments.address import hold_key
from rnnviz.ui import url_controls
from rnnviz.words import say, word

FREE = "free"
VALUES = {FREE: word("free"), "0": "0", "0.5": "½", "1": "1"}
HELP = word(
    "Held at a value, a gate sees nothing and its weights count for nothing: the ablation that "
    "shows what it is for. Gradients are those of the cell without that gate."
)


def asked(
    cells: tuple[str, ...], seen: tuple[str, ...] | None = None
) -> tuple[tuple[str, str, float], ...]:
    """(cell, gate, value) of all held gates; the menus of the cells that are ``seen`` are drawn."""
    drawn = cells if seen is None else seen
    if any(CELLS[cell].holdable() for cell in drawn):
        st.markdown(f"**{say('Hold gates')}**", help=say(HELP))
    return tuple(
        (cell, gate, float(value))
        for cell in cells
        for gate, value in _menus(cell, cell in drawn).items()
        if value != FREE
    )


def _menus(cell: str, drawn: bool) -> dict[str, str]:
    """Gate → what its menu says, two menus side by side."""
    gates = CELLS[cell].holdable()
    if drawn and gates:
        st.caption(say(CELLS[cell].title))
    places = st.columns(2, gap="small") if drawn and gates else [nullcontext(), nullcontext()]
    found = {}
    for k, gate in enumerate(gates):
        with places[k % 2]:
            found[gate] = url_controls.menu(
                gate, list(VALUES), key=hold_key(cell, gate), default=FREE,
                words=lambda name: say(VALUES[name]), drawn=drawn,
            )  # fmt: skip
    return found
