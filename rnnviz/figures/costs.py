"""Bar charts of what cells cost: one panel per quantity, every axis from zero."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import plotly.graph_objects as go

from rnnviz.figures.axes import frame
from rnnviz.figures.palette import TEXT
from rnnviz.figures.sheet import Sheet, titled_rows
from rnnviz.words.numbers import number

ROW, GAP = 22, 34


class Bars(NamedTuple):
    """One quantity of every cell: its bar, the text at the bar's end, and optionally a spread.

    ``spread`` has the pairs (low, high) between which 80 % of the runs lie; what is far beyond the
    longest bar is cut at the edge, for one slow run would make all bars short.
    """

    title: str
    values: Sequence[float]
    texts: Sequence[str]
    spread: Sequence[tuple[float, float]] = ()


def cost_bars(
    cells: Sequence[str], colors: Sequence[str], panels: Sequence[Bars], *, theme: str = "light"
) -> go.Figure:
    """Draw the panels one above the other, with one row per cell in the given order."""
    inner = max(len(cells), 1) * ROW
    height = 30 + len(panels) * (inner + GAP) - GAP + 12
    titles = [panel.title for panel in panels]
    fig = titled_rows(titles, gap=GAP, inner=height - 42, shared_xaxes=False)
    frame(fig, theme, height, [], l=16 + 8 * max(map(len, cells), default=0), t=30, b=12, r=8)
    for row, panel in enumerate(panels, start=1):
        _add(fig, cells, colors, panel, theme, row)
    fig.update_xaxes(showticklabels=False, ticks="", rangemode="tozero")
    fig.update_yaxes(tickvals=list(range(len(cells))), ticktext=list(cells), showgrid=False,
                     range=[len(cells) - 0.5, -0.5])  # fmt: skip
    return fig.figure()


def _add(
    fig: Sheet, cells: Sequence[str], colors: Sequence[str], panel: Bars, theme: str, row: int
) -> None:
    error = None
    if panel.spread:
        edge, pairs = 1.2 * max(panel.values), list(zip(panel.values, panel.spread, strict=True))
        highs = [min(high, edge) - value for value, (_, high) in pairs]
        lows = [value - low for value, (low, _) in pairs]
        error = {"type": "data", "symmetric": False, "array": highs, "arrayminus": lows,
                 "color": TEXT[theme], "thickness": 1.5, "width": 4}  # fmt: skip
    fig.add_bar(
        x=list(panel.values), y=list(range(len(cells))), orientation="h", name=panel.title,
        width=0.7, marker={"color": list(colors)}, error_x=error,
        hovertemplate="%{customdata}<extra></extra>",
        customdata=[f"{cell}: {number(value)}"
                    for cell, value in zip(cells, panel.values, strict=True)], row=row, col=1,
    )  # fmt: skip
    top = max([*panel.values, 1e-12])
    tops = [min(high, 1.2 * top) for _, high in panel.spread] or panel.values
    for place, (end, text) in enumerate(zip(tops, panel.texts, strict=True)):
        fig.add_annotation(
            x=end, y=place, text=text, showarrow=False, xanchor="left", xshift=6,
            font={"size": 12, "color": TEXT[theme]}, row=row, col=1,
        )  # fmt: skip
    fig.update_xaxes(range=[0, 1.6 * top], row=row, col=1)
