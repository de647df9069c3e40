"""The compare page's parts."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from rnnviz import plot
from rnnviz.analysis.memory import Memory
from rnnviz.cells import CELLS
from rnnviz.core.gradients import GradientFlow
from rnnviz.experiments.settings import Settings
from rnnviz.figures.scales import Scale, scale_bars
from rnnviz.plot.units import limits_of
from rnnviz.ui import badge, cached, chart
from rnnviz.ui.pages.compare import first_screen
from rnnviz.ui.pages.compare.numbers import numbers, steps_of
from rnnviz.ui.shell import page_map
from rnnviz.ui.shell.frame import heading, theme
from rnnviz.words import language, say, word
from rnnviz.words.numbers import number, power

RANGE_NOTE = word(
    "Nothing is clipped: norms beyond the range of floats are computed with a carried power of two."
)


def show(settings: Settings) -> None:
    """The finding, the overview, the time control; then what needs a chart library."""
    place = heading(say("Where does the gradient go?"), preset_line=False)
    found = cached.flows(settings)
    merits = cached.figures_of_merit(found)
    labels = cached.labels(settings)
    first_screen.draw(settings, found, merits, labels)
    # What would help, measured: here, folded, so that the gate rows begin above y = 900.
    _columns(settings, merits)
    first_screen.story(settings, found, merits)
    numbers(found, merits)
    st.caption(say("{settings}. {note}", settings=say(settings.in_words()), note=say(RANGE_NOTE)))
    page_map.show()
    badge.show_cells(place, settings, settings.cells)


def _columns(settings: Settings, merits: dict[str, Memory]) -> None:
    st.subheader(say("What the gates and states did, unit by unit"))
    st.html(_scales(settings))
    for column, cell in zip(st.columns(len(merits)), merits, strict=True):
        with column:
            _column(settings, cell, merits[cell])


def _column(settings: Settings, cell: str, merit: Memory) -> None:
    kind = CELLS[cell]
    st.markdown(f"#### {say(kind.title)}")
    st.markdown(say(
        "γ {factor} · half-life {half_life} · first / last {ratio}", factor=number(merit.factor),
        half_life=steps_of(merit.half_life), ratio=power(merit.log10_ratio),
    ))  # fmt: skip
    names = ", ".join(f"{signal.name} ({say(signal.title)})" for signal in kind.signals)
    chart.figure(
        _units(settings, cell, theme(), language()), key=f"units_{cell}",
        definition=say("Units downwards, timesteps to the right."),
        summary=say("{cell}: heatmaps of {signals}, units against timesteps.",
                    cell=say(kind.title), signals=names),
        data=lambda: _table(cached.flow(settings, cell)),
    )  # fmt: skip


@st.cache_resource(max_entries=24, show_spinner=False)
def _units(settings: Settings, cell: str, look: str, spoken: str) -> go.Figure:
    """The cell's heatmaps; never to be changed, for all visitors share them."""
    flow = cached.flow(settings, cell)
    return plot.gates(
        flow.trace, scale=_limits(settings), theme=look, labels=cached.labels(settings),
        colorbar=False,
    )  # fmt: skip


def _scales(settings: Settings) -> str:
    """The colour bars that all of the heatmaps share."""
    limits = _limits(settings)
    bars = [
        Scale(say("gates"), 0, 1, True),
        Scale(say("hidden state h, candidate g"), -limits["h"], limits["h"], False),
    ]
    if any("c" in CELLS[cell].states for cell in settings.cells):
        bars.append(Scale(say("cell state c"), -limits["c"], limits["c"], False))
    return scale_bars(bars, words=say("Colour scales of the heatmaps below."), theme=theme())


def _limits(settings: Settings) -> dict[str, float]:
    """State or candidate → the largest magnitude of any cell's, at least 1."""
    return limits_of(cached.flow(settings, cell).trace for cell in settings.cells)


def _table(flow: GradientFlow) -> pd.DataFrame:
    """One row a timestep and unit, one column a signal."""
    tidy = flow.trace.to_frame()
    return tidy.pivot_table(index=["t", "unit"], columns="signal", values="value")
