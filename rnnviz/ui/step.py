"""The step page's parts: one cell, one unit, one timestep, with its arithmetic."""

from __future__ import annotations

import re

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from rnnviz.cells import CELLS
from rnnviz.experiment import Settings
from rnnviz.figures import palette
from rnnviz.figures.panels import Panel, over_time
from rnnviz.gradients import LayerFlow
from rnnviz.ui import computed, linked, stage, verified
from rnnviz.ui.page import heading, theme
from rnnviz.ui.parts import choose_cell, figure, frame, log_line, not_finite, signal_line

SLOT = re.compile(r"\{(\d+)\}")


def show(settings: Settings) -> None:
    """Choose a cell and a unit; everything else follows the timestep."""
    place = heading("One step, in numbers")
    chosen, units = st.columns([3, 2], vertical_alignment="bottom")
    with chosen:
        cell = choose_cell(settings.cells)
    with units:
        unit = _choose_unit(settings.hidden_size)
    flow = computed.flows(settings)[cell].layers[0]
    labels = computed.step_labels(computed.example(settings))
    stage.timeline(len(flow.trace.record["x"]), labels=labels)
    rows, values = arithmetic(flow, unit)
    stage.live(rows, values, key="arithmetic", columns=(
        "signal", "value", "equation, with the numbers put in", "gradient",
    ))  # fmt: skip
    st.caption(
        f"Unit {unit} of the {CELLS[cell].title}. x·W and h·W are the sums over all inputs and all "
        "hidden units. The gradient is that of the loss, with all that arrives from later steps."
    )
    shown = panels(flow, unit)
    figure(
        over_time(shown, theme=theme(), labels=labels, height=190), key="unit_over_time",
        definition="The unit's gates, its states and candidate, and |∂L/∂ ·| of each, in total.",
        summary=f"Unit {unit}: gates, states and their gradients against time.",
        data=lambda: frame(shown),
    )  # fmt: skip
    not_finite({cell: computed.flows(settings)[cell]})
    with st.expander("The equations, and where they come from"):
        for signal in CELLS[cell].signals:
            words = f"{signal.title}: {signal.meaning}" if signal.meaning else signal.title
            st.text(f"{signal.equation}    {words}")
        st.caption(CELLS[cell].source)
    verified.show(place, settings, (cell,))


def _choose_unit(size: int) -> int:
    if size == 1:
        return 0
    return int(linked.number("Unit", 0, size - 1, key="unit", default=0))


def arithmetic(flow: LayerFlow, unit: int) -> tuple[list[stage.Row], NDArray[np.float64]]:
    """Live rows for every signal of a unit, and their values (n_slots, T)."""
    trace, rows = flow.trace, list[stage.Row]()
    slots: list[NDArray[np.floating]] = []
    for line in trace.cell.arithmetic(trace.parameters, trace.record):
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
            f"{signal.name}_t", signal.title, palette.signal_css(signal.name), signal.meaning,
            (value, low, high),
            (
                f"{signal.equation}\n= {template}",
                f"∂L/∂{signal.name}_t = {{{value + 1}:sign}}{{{value + 2}:log}}",
            ),
        ))  # fmt: skip
    return rows, np.array(slots, np.float64)


def _renumbered(template: str, start: int) -> str:
    """The template with its slots counted from ``start``."""
    return SLOT.sub(lambda hit: f"{{{start + int(hit[1])}}}", template)


def _largest(values: NDArray[np.floating]) -> float:
    return float(np.abs(values[np.isfinite(values)]).max(initial=0))


def panels(flow: LayerFlow, unit: int) -> list[Panel]:
    """The unit's gates, its states and candidate, and their gradients."""
    look, cell = theme(), flow.trace.cell
    gates = [signal_line(flow.trace, s.name, unit, look) for s in cell.signals if s.kind == "gate"]
    states = [signal_line(flow.trace, s.name, unit, look) for s in cell.signals if s.kind != "gate"]
    gradients = [
        log_line(s.name, flow.log10_magnitudes(s.name)[:, 0, unit], look) for s in cell.signals
    ]
    found = [Panel("Gates: 0 closed, 1 open", gates, "gate", "gate value")] if gates else []
    found.append(Panel("States and candidate", states, "state", "value"))
    found.append(Panel("Gradient arriving at each, |∂L/∂ ·|", gradients, "power", "|∂L/∂ ·|"))
    return found
