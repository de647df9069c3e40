"""The step page's parts: one cell, one unit, one timestep, with its arithmetic."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from rnnviz import plot
from rnnviz.analysis.cell_graph import currents
from rnnviz.cells import CELLS, Signal
from rnnviz.core.gradients import GradientFlow, LayerFlow
from rnnviz.core.weight_edits import place
from rnnviz.experiments.settings import Settings
from rnnviz.figures import palette
from rnnviz.plot.flows import unit_panels
from rnnviz.ui import badge, cached, url_controls
from rnnviz.ui.chart import choose_cell, figure, frame, not_finite
from rnnviz.ui.components.cell_diagram.diagram import diagram, unrolled
from rnnviz.ui.components.cell_diagram.diagram_output import Readouts
from rnnviz.ui.components.time_control import stage
from rnnviz.ui.pages.step import expanded
from rnnviz.ui.shell import edited_weights
from rnnviz.ui.shell.frame import heading, theme
from rnnviz.words import say, word

SLOT = re.compile(r"\{(\d+)\}")
FLOWS = {"forward": word("Values →"), "back": word("← Gradients")}


def show(settings: Settings) -> None:
    """The cells as maps, the chosen one large; everything follows the timestep."""
    place_of_badge = heading(say("The cell"))
    flows = cached.flows(settings)
    cell, unit, back = _chosen(settings)
    found = {name: currents(flow) for name, flow in flows.items()}
    readouts = _readouts(settings)
    if len(found) > 1:
        diagram(found, unit, readouts, key="maps", back=back, large=False, chosen=cell,
                on_choose=_choose)  # fmt: skip
    flow = flows[cell].layers[0]
    labels = cached.step_labels(cached.example(settings))
    stage.timeline(len(flow.trace.record["x"]), labels=labels, back=back)
    diagram(
        {cell: found[cell]}, unit, readouts, key="cell_large", back=back, large=True,
        edited=_places(settings, cell), heard=edited_weights.heard(),
        on_edit=lambda: _edit(settings), on_unit=lambda: _take("unit"),
        on_output=lambda: _take("output"),
    )  # fmt: skip
    edited_weights.note("page")
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
    _in_numbers(flow, unit)
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
            st.text(f"{_equation(signal, flow.trace.cell.hold)}    {words}")
        st.caption(CELLS[cell].source)
    badge.show_cells(place_of_badge, settings, (cell,))


def _in_numbers(flow: LayerFlow, unit: int) -> None:
    """Every equation of the unit with its numbers, and every gradient."""
    st.subheader(say("All numbers of this unit"))
    rows, values = arithmetic(flow, unit)
    stage.live(rows, values, key="arithmetic", columns=(
        say("signal"), say("value"), say("equation, with the numbers put in"), say("gradient"),
    ))  # fmt: skip
    st.caption(say(
        "Unit {unit} of the {cell}. x·W and h·W are the sums over all inputs and all hidden units. "
        "The gradient is that of the loss, with all that arrives from later steps.",
        unit=unit, cell=say(flow.trace.cell.title),
    ))  # fmt: skip


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


def _places(settings: Settings, cell: str) -> list[tuple[str, int]]:
    """The (parameter, place in it flattened) of a cell that are edited."""
    shapes = settings.shapes(cell, cached.example(settings))
    return [(one.parameter, place(one, shapes)) for one in settings.edits if one.cell == cell]


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


def _readouts(settings: Settings) -> Readouts:
    """Every cell's output layer, and the output that is looked at."""
    example = cached.example(settings)
    names = [str(k) for k in range(example.output_size)]
    default = str(example.targets[-1, 0]) if example.loss == "cross_entropy" else "0"
    if st.session_state.get("output") not in names:  # kept from another sequence
        st.session_state.pop("output", None)
    chosen = int(url_controls.kept(
        "output", default=default, read=lambda text: text if text in names else None
    ))  # fmt: skip
    layers = {cell: cached.output(settings, cell) for cell in settings.cells}
    return Readouts(layers, example.output_labels, chosen)


def _choose() -> None:
    """A click on a map chooses its cell."""
    if name := st.session_state["maps"]["choose"]:
        st.session_state["cell"] = name


def _choose_unit(size: int) -> int:
    if size == 1:
        return 0
    return int(url_controls.number(say("Unit"), 0, size - 1, key="unit", default=0, width=150))


def arithmetic(flow: LayerFlow, unit: int) -> tuple[list[stage.Row], NDArray[np.float64]]:
    """Live rows for every signal of a unit, and their values (n_slots, T)."""
    trace, rows = flow.trace, list[stage.Row]()
    slots: list[NDArray[np.floating]] = []
    with np.errstate(over="ignore", invalid="ignore"):  # said beside it by `not_finite`
        lines = trace.cell.lines(trace.parameters, trace.record)
    for line in lines:
        signal = next(one for one in trace.cell.signals if one.name == line.signal)
        start = len(slots)
        slots += [term[:, 0, unit] for term in line.terms]
        template = _renumbered(line.template, start)
        value = len(slots) - 1
        slots.append(flow.signs(signal.name)[:, 0, unit])
        slots.append(flow.log10_magnitudes(signal.name)[:, 0, unit])
        bound = max(1.0, _largest(slots[value]))
        low, high = (0.0, 1.0) if signal.kind == "gate" else (-bound, bound)
        rows.append(stage.Row(
            f"{signal.name}_t", say(signal.title), palette.signal_css(signal.name),
            signal_meaning(signal),
            (value, low, high),
            (
                f"{_equation(signal, trace.cell.hold)}\n= {template}",
                f"∂L/∂{signal.name}_t = {{{value + 1}:sign}}{{{value + 2}:log}}",
            ),
        ))  # fmt: skip
    return rows, np.array(slots, np.float64)


def _equation(signal: Signal, hold: Mapping[str, float]) -> str:
    """The signal's equation, or the value that it is held at."""
    if signal.name not in hold:
        return signal.equation
    return say("{signal} is held at {value:g}", signal=f"{signal.name}_t", value=hold[signal.name])


def signal_meaning(signal: Signal) -> str:
    """What the ends of a gate's range do, in the language of this run; empty for other kinds."""
    if not signal.at_1:
        return ""
    return say("1 {at_1}, 0 {at_0}", at_1=say(signal.at_1), at_0=say(signal.at_0))


def _renumbered(template: str, start: int) -> str:
    """The template with its slots counted from ``start``."""
    return SLOT.sub(lambda hit: f"{{{start + int(hit[1])}}}", template)


def _largest(values: NDArray[np.floating]) -> float:
    return float(np.abs(values[np.isfinite(values)]).max(initial=0))
