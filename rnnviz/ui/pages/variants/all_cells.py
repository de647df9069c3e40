"""All cells in a table."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from rnnviz.cells import CELLS
from rnnviz.experiments.cost import cost
from rnnviz.experiments.settings import Settings
from rnnviz.ui import prose
from rnnviz.words import say


def all_cells(settings: Settings) -> None:
    """Name, source, gates, what is kept, parameters: one row a cell."""
    head = [say("gates"), say("states"), say("keeps by"), say("parameters"), say("source")]
    rows = {}
    for name, kind in CELLS.items():
        gates = " ".join(signal.name for signal in kind.signals if signal.kind == "gate")
        by = kind.keeping_gate or ("1" if kind.open_path else "–")
        count = str(cost(settings.kind(name)).parameters)
        rows[say(kind.title)] = [gates or "–", " ".join(kind.states), by, count, kind.source]
    st.table(pd.DataFrame(rows, index=head).T)
    prose.caption(say(
        "Keeps by: the factor by which a step multiplies the memory state on the path that meets "
        "no weight; 1 means unchanged, – that the cell has no such path. Parameters: of one layer "
        "with D inputs and H units, biases included; the output layer is not counted."
    ))  # fmt: skip
