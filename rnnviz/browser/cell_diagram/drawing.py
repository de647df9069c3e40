"""Packets of a cell's drawing: one cell large, several as maps, or timesteps side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from rnnviz.analysis.cell_graph import Currents
from rnnviz.analysis.expanded_sum import Expanded
from rnnviz.browser.cell_diagram.diagram_output import Readouts
from rnnviz.browser.cell_diagram.diagram_slots import Slots
from rnnviz.browser.cell_diagram.diagram_words import of_the_map, of_the_unrolled
from rnnviz.browser.cell_diagram.drawn_cell import Values, drawn_cell
from rnnviz.browser.packets import pack
from rnnviz.figures import palette

MANY = 50_000
"""Numbers of a drawing on a page without a program, above which they are sent as float32."""


def diagram_packet(
    found: Mapping[str, Currents], unit: int, readouts: Readouts, *, back: bool, large: bool,
    chosen: str = "", edited: Sequence[tuple[str, int]] = (), heard: int = 0, fixed: bool = False,
    alone: bool = False,
) -> bytes:  # fmt: skip
    """One cell large, with its arithmetic below, or several as compact maps.

    ``edited`` has the (parameter, place in it flattened) of the large cell that are set by hand;
    ``fixed`` is whether none can be; ``heard`` is the time of the last edit, in the browser's ms.
    ``alone`` is a drawing on a page without a program, where no other unit can be asked for; of a
    long sequence it is sent as float32.
    """
    slots = Slots()
    head = {
        "large": large, "back": back, "chosen": chosen, "heard": heard, "fixed": fixed,
        "words": of_the_map(),
        "colors": _colors(),
        "cells": [
            drawn_cell(name, one, unit, readouts, slots, large, edited, fixed, alone)
            for name, one in found.items()
        ],
    }  # fmt: skip
    if alone:
        head["alone"] = True
    rows = np.array(slots.rows)
    return pack(head, rows, half=alone and rows.size > MANY)


def unrolled_packet(
    name: str, found: Currents, norms: Mapping[str, Values], unit: int, readouts: Readouts, *,
    back: bool, expanded: Expanded | None = None,
) -> bytes:  # fmt: skip
    """The cell folded, timesteps side by side, and below them how large the gradient is.

    norms: state → log10 ‖∂L/∂state_t‖, t = 0 … T. ``expanded`` adds the terms of a weight's
    gradient.
    """
    slots = Slots()
    cell = drawn_cell(name, found, unit, readouts, slots, False, None)
    head = {
        "back": back, "words": of_the_unrolled(), "colors": _colors(), "cell": cell,
        "norms": [
            {"state": state, "color": palette.signal_css(state), "row": slots.add(logs[1:]),
             "start": float(logs[0]) if np.isfinite(logs[0]) else None}
            for state, logs in norms.items()
        ],
    }  # fmt: skip
    if expanded is not None:
        head["sum"] = {
            "name": expanded.name, "start": expanded.start,
            "term": slots.add(expanded.terms), "row": slots.add(expanded.sums),
        }  # fmt: skip
    return pack(head, np.array(slots.rows))


def _colors() -> dict[str, list[str]]:
    light, dark = palette.DIVERGING["light"], palette.DIVERGING["dark"]
    pairs = [f"light-dark({a}, {b})" for a, b in zip(light, dark, strict=True)]
    # In the dark scale the outer end is the lighter one, as it must be there.
    return {"minus": [pairs[1], pairs[0]], "plus": [pairs[3], pairs[4]],
            "wrong": [palette.NOT_FINITE]}  # fmt: skip
