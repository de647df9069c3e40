"""Gates and states, unit by unit: a column for each cell, a row for each role."""

from __future__ import annotations

from html import escape

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from rnnviz import plot
from rnnviz.advice import definitions
from rnnviz.cells import CELLS
from rnnviz.core.gradients import GradientFlow
from rnnviz.experiments.settings import Settings
from rnnviz.figures.scales import Scale, scale_bars
from rnnviz.plot.roles import lacking, shared_roles
from rnnviz.plot.units import limits_of
from rnnviz.ui import cached, chart
from rnnviz.ui.kept import kept
from rnnviz.ui.shell.frame import theme
from rnnviz.words import language, say

ABREAST = {4: 2}
"""Number of cells → columns, where they do not all stand in one row."""


def draw(settings: Settings) -> None:
    """Draw a heading, a column of heatmaps for each cell, colour bars and a caption."""
    cells = settings.cells
    abreast = ABREAST.get(len(cells), len(cells))
    with st.container(key="rv-roles", gap="small"):
        st.subheader(say("What the gates and states did, unit by unit"))
        for start in range(0, len(cells), abreast):
            group = cells[start : start + abreast]
            for column, cell in zip(st.columns(abreast), group, strict=False):
                with column:
                    _column(settings, cell)
    st.html(_scales(settings))
    st.caption(say(definitions.ROLES))


def _column(settings: Settings, cell: str) -> None:
    kind = CELLS[cell]
    st.markdown(f"#### {say(kind.title)}")
    names = ", ".join(f"{signal.name} ({say(signal.title)})" for signal in kind.signals)
    summary = say("{cell}: heatmaps of {signals}, units against timesteps.",
                  cell=say(kind.title), signals=names)  # fmt: skip
    look = theme()
    fig = _units(settings, cell, look, language())
    st.plotly_chart(fig, key=f"units_{cell}", config=chart.CONFIG, theme=None, alt=summary)
    if absent := lacking(kind(), _rows(settings)):
        lines = "".join(f"<p>{escape(role)}: {escape(words)}</p>" for role, words in absent.items())
        st.html(f'<div class="rv-no-gates">{lines}</div>')
    chart.words_and_table(f"units_{cell}", summary, lambda: _table(cached.flow(settings, cell)),
                          lambda: chart.page_of(fig, summary, summary, "", look))  # fmt: skip


def _rows(settings: Settings) -> list[str]:
    return shared_roles([CELLS[one] for one in settings.cells])


@kept
def _units(settings: Settings, cell: str, look: str, spoken: str) -> go.Figure:
    """The heatmaps of the cell's roles. All visitors share them: they must not be changed."""
    rows = _rows(settings)
    rows = rows[: len(rows) - len(lacking(CELLS[cell](), rows))]
    return plot.by_role(
        cached.flow(settings, cell).trace, rows=rows,
        scale=_limits(settings), theme=look, labels=cached.labels(settings), colorbar=False,
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
    return scale_bars(bars, words=say("Colour scales of the heatmaps above."), theme=theme())


def _limits(settings: Settings) -> dict[str, float]:
    """State or candidate → the largest magnitude of any cell's, at least 1."""
    return limits_of(cached.flow(settings, cell).trace for cell in settings.cells)


def _table(flow: GradientFlow) -> pd.DataFrame:
    """One row a timestep and unit, one column a signal."""
    tidy = flow.trace.to_frame()
    return tidy.pivot_table(index=["t", "unit"], columns="signal", values="value")
