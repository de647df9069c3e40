"""The output layers beside the drawn cells, and the output that is looked at."""

from __future__ import annotations

import streamlit as st

from rnnviz.browser.cell_diagram.diagram_output import Readouts
from rnnviz.experiments.settings import Settings
from rnnviz.ui import cached, url_controls


def readouts_of(settings: Settings) -> Readouts:
    """Every cell's output layer, and the output that is looked at."""
    example = cached.example(settings)
    names = [str(k) for k in range(example.output_size)]
    default = str(example.targets[-1, 0]) if example.loss == "cross_entropy" else "0"
    if st.session_state.get("output") not in names:  # kept from another sequence
        st.session_state.pop("output", None)
    chosen = int(url_controls.kept(
        "output", default=default, read=lambda text: text if text in names else None
    ))  # fmt: skip
    layers = {}
    if cached.reads_shown(settings):
        layers = {cell: cached.output(settings, cell) for cell in settings.cells}
    return Readouts(layers, example.output_labels, chosen)
