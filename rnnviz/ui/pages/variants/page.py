"""The page of variants: peepholes, the two conventions of the GRU, a gate held, and all cells."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from rnnviz.analysis.peephole_and_reset import SEERS
from rnnviz.experiments.settings import Settings
from rnnviz.ui import affordable, badge, cached, prose, url_controls
from rnnviz.ui.components.time_control import stage
from rnnviz.ui.pages.variants import conventions
from rnnviz.ui.pages.variants.all_cells import all_cells
from rnnviz.ui.pages.variants.checks import checks
from rnnviz.ui.pages.variants.findings import conventions_finding, peephole_finding
from rnnviz.ui.pages.variants.held_gate import held_gate
from rnnviz.ui.pages.variants.peephole import gate_parts_of, gradient_of_c, plain_flow, ways_of
from rnnviz.ui.shell import opened_files
from rnnviz.ui.shell.frame import heading
from rnnviz.words import say, word
from rnnviz.words.symbols import lowered

STEP = "pages/Step.py"
FORMS = {
    "full": word("Full, a matrix per gate"),
    "diagonal": word("Diagonal, a vector per gate"),
}


def show(settings: Settings) -> None:
    """Controls and findings on top; then the peephole, the GRU twice, a held gate, the table."""
    place = heading(say("What do the variants change?"))
    prose.caption(say(
        "From top to bottom: a gate of the LSTM with and without a peephole, the two kinds of "
        "GRU, an LSTM whose forget gate is held at 1, and a table of all cells. Each chart "
        "shows values over the timesteps."
    ))  # fmt: skip
    if opened_files.net() is not None:
        prose.markdown(say(
            "The open net is not shown here: this page sets up pairs of nets that differ in one "
            "thing alone. Its own cell is shown on “One step”."
        ))  # fmt: skip
        st.page_link(STEP, label=say("One step"))
    with st.container(horizontal=True, vertical_alignment="bottom", gap="large"):
        form = url_controls.buttons(say("Peephole"), list(FORMS), key="form", default="full",
                              words=lambda name: say(FORMS[name]))  # fmt: skip
        gate = url_controls.buttons(say("Gate"), SEERS, key="see", default="f", words=str)
        unit = int(
            url_controls.number(
                say("Unit"), 0, settings.hidden_size - 1, key="unit", default=0, width=150
            )
        )
    own = replace(settings, cells=("peephole_lstm",), cell_options=(("peephole", form),))
    gru = replace(settings, cells=("gru",), cell_options=())
    labels = cached.labels(settings)
    flow = cached.flow(own, "peephole_lstm")
    stage.timeline(len(flow.trace.x), labels=labels)
    said, first, second = (st.container() for _ in range(3))
    with second:
        st.subheader(say("The GRU, reset before the product and after it"))
        inner = url_controls.slider(
            say("Bias b_h inside the product"), -2.0, 2.0, key="bh", default=0.0, step=0.05
        )
    said.markdown(lowered(peephole_finding(flow, plain_flow(own), ways_of(own), gate)))
    said.markdown(lowered(conventions_finding(conventions.both(gru, inner), inner)))
    with first:
        st.subheader(say("What the peephole adds"))
        gate_parts_of(own, gate, unit, form, labels)
        gradient_of_c(own, labels)
    with second:
        conventions.conventions_part(gru, inner, unit, labels)
    st.subheader(say("What the forget gate does: hold it at 1"))
    held_gate(settings, labels)
    st.subheader(say("All cells"))
    all_cells(settings)
    prose.caption(f"{say(settings.in_words())}.")
    badge.show(place, lambda: {say("Variants"): checks(own, gru, inner)},
               at_once=affordable.checks_by_themselves(flow.layers[0]))  # fmt: skip
