"""The compare page's parts."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from rnnviz.cells import CELLS
from rnnviz.experiment import Settings
from rnnviz.figures import heatmaps, palette
from rnnviz.figures.axes import number, power
from rnnviz.figures.norms import gradient_norms
from rnnviz.figures.panels import Line
from rnnviz.gradients import GradientFlow
from rnnviz.memory import Memory
from rnnviz.ui import computed, findings, stage, verified
from rnnviz.ui.page import heading, theme
from rnnviz.ui.parts import figure, not_finite
from rnnviz.ui.words import DEFINITIONS, LIMITS_NOTE


def show(settings: Settings) -> None:
    """The finding, the headline chart, the time control, and a column per cell."""
    found = computed.flows(settings)
    merits = computed.figures_of_merit(found)
    labels = computed.step_labels(computed.example(settings))
    place = heading("Where does the gradient go?")
    st.markdown(findings.compared(found, merits, one_loss=_one_loss(settings)))
    _headline(settings, found, merits, labels)
    _time(found, labels)
    _columns(found, merits, labels)
    _numbers(found, merits)
    st.caption(f"{settings.in_words()}. {LIMITS_NOTE}")
    verified.show(place, settings, settings.cells)


def _one_loss(settings: Settings) -> bool:
    return int(settings.loss_steps(computed.example(settings)).sum()) == 1


def _headline(
    settings: Settings, found: dict[str, GradientFlow], merits: dict[str, Memory],
    labels: tuple[str, ...] | None,
) -> None:  # fmt: skip
    look = theme()
    lines = [
        Line(CELLS[cell].title, computed.norms(flow), palette.cell_color(cell, look),
             palette.CELL_DASHES.get(cell, "dot"), first=0)
        for cell, flow in found.items()
    ]  # fmt: skip
    fig = gradient_norms(lines, theme=look, labels=labels, references=settings.loss == "last")
    columns = {CELLS[cell].title: computed.norms(flow) for cell, flow in found.items()}
    figure(
        fig, key="headline", summary=findings.summary(found, merits),
        definition="‖∂L/∂h_t‖₂ over the hidden units; t = 0 is the initial state. Dotted, where "
        "the loss is on the last step: decay by a constant factor γ a step.",
        data=lambda: pd.DataFrame(columns).rename_axis("t, log₁₀ of the norm"),
    )  # fmt: skip
    not_finite(found)


def _time(found: dict[str, GradientFlow], labels: tuple[str, ...] | None) -> None:
    values = np.stack([computed.norms(flow)[1:] for flow in found.values()])
    stage.timeline(values.shape[1], labels=labels)
    parts = [stage.Segment("‖∂L/∂h‖ at t = {t}:  ")]
    for k, cell in enumerate(found):
        color = palette.cell_css(cell)
        parts.append(stage.Segment(f"{'  ·  ' * (k > 0)}{CELLS[cell].title} {{{k}:log}}", color))
    stage.readout(parts, values, key="norms_now", labels=labels)


def _columns(
    found: dict[str, GradientFlow], merits: dict[str, Memory], labels: tuple[str, ...] | None
) -> None:
    limits = {
        "c": max([1.0, *(float(np.nanmax(np.abs(f.trace["c"]), initial=0))
                         for f in found.values() if "c" in f.trace.model.cell.states)]),
        "h": max([1.0, *(_bound(f.trace["h"]) for f in found.values())]),
    }  # fmt: skip
    bars = [heatmaps.Scale("gates", 0, 1, True)]
    bars.append(heatmaps.Scale("hidden state h, candidate g", -limits["h"], limits["h"], False))
    if any("c" in f.trace.model.cell.states for f in found.values()):
        bars.append(heatmaps.Scale("cell state c", -limits["c"], limits["c"], False))
    st.subheader("What the gates and states did, unit by unit")
    st.plotly_chart(
        heatmaps.scales(bars, theme=theme()), key="scales", config={"displayModeBar": False},
        alt="Colour scales of the heatmaps below.",
    )  # fmt: skip
    for column, (cell, flow) in zip(st.columns(len(found)), found.items(), strict=True):
        with column:
            _column(cell, flow, merits[cell], limits | {"g": limits["h"]}, labels)


def _bound(values: np.ndarray) -> float:
    finite = values[np.isfinite(values)]
    return float(np.abs(finite).max(initial=0))


def _column(
    cell: str, flow: GradientFlow, merit: Memory, limits: dict[str, float],
    labels: tuple[str, ...] | None,
) -> None:  # fmt: skip
    kind = CELLS[cell]
    st.markdown(f"#### {kind.title}")
    st.markdown(
        f"γ {number(merit.factor)} · half-life {_steps(merit.half_life)} · "
        f"first / last {power(merit.log10_ratio)}"
    )
    series = [heatmaps.Series(signal, flow.trace[signal.name][:, 0]) for signal in kind.signals]
    fig = heatmaps.unit_time(series, limits=limits, theme=theme(), labels=labels)
    names = ", ".join(f"{signal.name} ({signal.title})" for signal in kind.signals)
    figure(
        fig, key=f"units_{cell}", definition="Units downwards, timesteps to the right.",
        summary=f"{kind.title}: heatmaps of {names}, units against timesteps.",
        data=lambda: _units(flow),
    )  # fmt: skip


def _units(flow: GradientFlow) -> pd.DataFrame:
    """One row a timestep and unit, one column a signal."""
    tidy = flow.trace.to_frame()
    return tidy.pivot_table(index=["t", "unit"], columns="signal", values="value")


def _steps(half_life: float) -> str:
    if np.isinf(half_life):
        return "∞"
    if half_life < 0:
        return f"none, doubles in {number(-half_life)} steps"
    return f"{number(half_life)} steps"


def _numbers(found: dict[str, GradientFlow], merits: dict[str, Memory]) -> None:
    with st.expander("Figures of merit, and their definitions"):
        table = {
            CELLS[cell].title: {
                "first / last": power(merit.log10_ratio),
                "γ per step": number(merit.factor),
                "half-life": _steps(merit.half_life),
                "1 % horizon": "not reached" if merit.horizon is None else f"{merit.horizon} steps",
                "parameters": f"{found[cell].trace.model.parameter_count:,}",
            }
            for cell, merit in merits.items()
        }
        st.table(pd.DataFrame(table).T)
        for name, words in DEFINITIONS.items():
            st.markdown(f"**{name}**: {words}")
