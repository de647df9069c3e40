"""The gradient flow page's parts."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from rnnviz.cells import CELLS
from rnnviz.experiment import Settings
from rnnviz.figures import palette
from rnnviz.figures.panels import Line, Panel, over_time
from rnnviz.gradients import LayerFlow
from rnnviz.ui import computed, stage
from rnnviz.ui.page import theme
from rnnviz.ui.parts import CONFIG, choose_cell, log_line, not_finite

PARAMETER_DASHES = ("solid", "dash", "dot", "dashdot", "longdash")


def show(settings: Settings) -> None:
    """Norms of every signal, each timestep's share of the weights' gradients, and the gates."""
    st.title("How the gradient flows back")
    cell = choose_cell(settings.cells)
    found = computed.flows(settings)[cell]
    flow, labels = found.layers[0], computed.step_labels(computed.example(settings))
    stage.timeline(len(flow.trace.record["x"]), labels=labels)
    _now(flow)
    rows = panels(flow)
    st.plotly_chart(
        over_time(rows, theme=theme(), labels=labels, height=260, first=0), key="flow",
        config=CONFIG, alt=f"{CELLS[cell].title}: " + "; ".join(panel.title for panel in rows),
    )  # fmt: skip
    not_finite({cell: found})
    _data(rows)
    st.caption(f"{settings.in_words()}.")


def panels(flow: LayerFlow) -> list[Panel]:
    """Norms, weight-gradient contributions and gate values, on one time axis."""
    look, cell = theme(), flow.trace.cell
    norms = [log_line(s.name, flow.log10_norms(s.name)[:, 0], look, first=0) for s in cell.signals]
    dashes = zip(flow.trace.parameters, PARAMETER_DASHES, strict=False)
    shares = [
        Line(_pretty(name), flow.log10_weight_norms(name), palette.TEXT[look], dash)
        for name, dash in dashes
    ]
    found = [
        Panel("Gradient norm of every signal, over its units", norms, "power", "‖∂L/∂ ·‖₂"),
        Panel(
            "What each timestep adds to the weights' gradients",
            shares, "power", "‖∂L/∂W at t‖<sub>F</sub>",
        ),
    ]
    gates = [s for s in cell.signals if s.kind == "gate"]
    if gates:
        lines = [_middle(s.name, flow.trace[s.name][:, 0], s.name, look) for s in gates]
        words = "Gates: mean over the units, and the middle 80 % of them"
        return [*found, Panel(words, lines, "gate", "value")]
    line = _middle("|h|", np.abs(flow.trace["h"][:, 0]), "h", look)
    words = "|h|: mean over the units, and the middle 80 % of them"
    return [*found, Panel(words, [line], "state", "value")]


def _middle(label: str, values: NDArray[np.floating], signal: str, look: str) -> Line:
    """The mean over the units (T, H), with the middle 80 % of them as a band."""
    color, dash = palette.signal_color(signal, look), palette.DASHES.get(signal, "solid")
    low, high = np.quantile(values, [0.1, 0.9], axis=1)
    return Line(label, values.mean(axis=1), color, dash, band=(low, high))


def _pretty(name: str) -> str:
    base, _, index = name.partition("_")
    return f"{base}<sub>{index}</sub>" if index else base


def _plain(text: str) -> str:
    return text.replace("<sub>", "_").replace("</sub>", "")


def _now(flow: LayerFlow) -> None:
    """The norms at the timestep, following it."""
    names = [signal.name for signal in flow.trace.cell.signals]
    values = np.stack([flow.log10_norms(name)[1:, 0] for name in names])
    parts = [stage.Segment("‖∂L/∂ ·‖ at t = {t}:  ")]
    for k, name in enumerate(names):
        color = palette.signal_css(name)
        parts.append(stage.Segment(f"{'  ·  ' * (k > 0)}{name} {{{k}:log}}", color))
    stage.readout(parts, values, key="flow_now")


def _data(rows: list[Panel]) -> None:
    with st.expander("The data"):
        for panel in rows:
            st.markdown(_plain(panel.title) + (" (log₁₀)" if panel.scale == "power" else ""))
            columns = {
                _plain(line.label): pd.Series(
                    line.values, index=range(line.first, line.first + len(line.values))
                )
                for line in panel.lines
            }
            st.dataframe(pd.DataFrame(columns).rename_axis("t"), height=220)
