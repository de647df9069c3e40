"""The step page's parts: one cell, one unit, one timestep, with its arithmetic."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from rnnviz import plot
from rnnviz.analysis.cell_graph import currents
from rnnviz.cells import CELLS
from rnnviz.core.gradients import GradientFlow
from rnnviz.experiments.settings import Settings
from rnnviz.plot.flows import unit_panels
from rnnviz.ui import badge, cached, url_controls
from rnnviz.ui.advice import learnt
from rnnviz.ui.chart import choose_cell, figure, frame, not_finite
from rnnviz.ui.components.cell_diagram.diagram import diagram, unrolled
from rnnviz.ui.components.time_control import stage
from rnnviz.ui.pages.step import expanded
from rnnviz.ui.shell import edited_weights
from rnnviz.ui.shell.frame import heading, theme
from rnnviz.ui.shell.readouts import readouts_of
from rnnviz.ui.shell.unit_numbers import equation, in_numbers, signal_meaning
from rnnviz.words import say, word

FLOWS = {"forward": word("Values →"), "back": word("← Gradients")}


def show(settings: Settings) -> None:
    """The cells as maps, the chosen one large; everything follows the timestep."""
    place_of_badge = heading(say("The cell"))
    flows = cached.flows(settings)
    cell, unit, back = _chosen(settings)
    checked = badge.of_cells(place_of_badge, settings, (cell,))
    found = {name: currents(flow) for name, flow in flows.items()}
    readouts = readouts_of(settings)
    if len(found) > 1:
        diagram(found, unit, readouts, key="maps", back=back, large=False, chosen=cell,
                on_choose=_choose)  # fmt: skip
    flow = flows[cell].layers[0]
    labels = cached.step_labels(cached.example(settings))
    stage.timeline(len(flow.trace.record["x"]), labels=labels, back=back)
    diagram(
        {cell: found[cell]}, unit, readouts, key="cell_large", back=back, large=True,
        edited=edited_weights.places(settings, cell), heard=edited_weights.heard(),
        fixed=cached.weights_fixed(settings, cell),
        on_edit=lambda: _edit(settings), on_unit=lambda: _take("unit"),
        on_output=lambda: _take("output"),
    )  # fmt: skip
    edited_weights.note("page")
    learnt.show(settings, cell)
    st.subheader(say("The same cell, timestep after timestep"))
    norms = {state: cached.norms(flows[cell], state) for state in reversed(CELLS[cell].states)}
    terms = expanded.chosen(settings, cell) if back else None
    unrolled(cell, found[cell], norms, unit, readouts, key="cell_unrolled", back=back,
             expanded=terms)  # fmt: skip
    st.caption(say(
        "Each column is the cell above at one timestep, for unit {unit}. The ribbon is the norm of "
        "the gradient over all units, on one absolute scale of powers of ten.", unit=unit,
    ))  # fmt: skip
    if terms is not None:
        expanded.factors(terms, settings.hidden_size)
    in_numbers(flow, unit)
    figure(
        plot.unit(flow.trace, flow, unit, before=_before(settings, cell), theme=theme(),
                  labels=labels),
        key="unit_over_time",
        definition=_unit_definition(edited=any(one.cell == cell for one in settings.edits)),
        summary=say("Unit {unit}: gates, states and their gradients against time.", unit=unit),
        data=lambda: frame(unit_panels(flow.trace, flow, unit, theme())),
    )  # fmt: skip
    not_finite({cell: flows[cell]})
    with st.expander(say("The equations, and where they come from")):
        for signal in CELLS[cell].signals:
            meaning = signal_meaning(signal)
            words = f"{say(signal.title)}: {meaning}" if meaning else say(signal.title)
            st.text(f"{equation(signal, flow.trace.cell.hold)}    {words}")
        st.caption(CELLS[cell].source)
    checked()


def _chosen(settings: Settings) -> tuple[str, int, bool]:
    """Cell, unit, and whether the gradients are shown."""
    row = st.container(horizontal=True, vertical_alignment="bottom")
    with row:
        cell = choose_cell(settings.cells)
        unit = _choose_unit(settings.hidden_size)
        flow = url_controls.buttons(
            say("Shown on the wires"), list(FLOWS), key="flow", default="forward",
            words=lambda name: say(FLOWS[name]),
        )  # fmt: skip
    return cell, unit, flow == "back"


def _unit_definition(*, edited: bool) -> str:
    words = say("The unit's gates, its states and candidate, and |∂L/∂ ·| of each, in total.")
    return f"{words} {say('Thin lines: before the edit.')}" if edited else words


def _before(settings: Settings, cell: str) -> GradientFlow | None:
    """The flow of the net without its edits; None where it has none."""
    if not any(one.cell == cell for one in settings.edits):
        return None
    return cached.flow(replace(settings, edits=()), cell)


def _edit(settings: Settings) -> None:
    """Take the weight that was set in the browser."""
    event = st.session_state["cell_large"]["edit"]
    if event:
        edited_weights.take(settings, event)


def _take(what: str) -> None:
    """Take the unit or the output that was chosen in the browser."""
    chosen = st.session_state["cell_large"][what]
    if chosen is not None:
        st.session_state[what] = int(chosen) if what == "unit" else str(chosen)


def _choose() -> None:
    """A click on a map chooses its cell."""
    if name := st.session_state["maps"]["choose"]:
        st.session_state["cell"] = name


def _choose_unit(size: int) -> int:
    if size == 1:
        return 0
    return int(url_controls.number(say("Unit"), 0, size - 1, key="unit", default=0, width=150))
