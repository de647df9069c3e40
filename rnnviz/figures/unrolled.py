"""Answers of an unrolled network: probabilities over time, and where the decoder starts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from rnnviz.figures.axes import frame, time_axis
from rnnviz.figures.palette import DIVERGING, NOT_FINITE, PAPER, QUIET, TEXT
from rnnviz.figures.paths import line_after
from rnnviz.figures.sheet import Sheet, titled_rows
from rnnviz.words import say

ROW, GAP, TOP, FOOT = 20, 34, 30, 118
"""Pixels: height of a symbol's row, gap between cells, top margin, bottom margin."""
Values = NDArray[np.float64]


class Answers(NamedTuple):
    """One cell's probabilities (T, K), nan during an encoder's ``handed`` steps."""

    title: str
    values: Values


def probabilities(
    cells: Sequence[Answers],
    symbols: Sequence[str],
    targets: Sequence[int | None],
    *,
    theme: str = "light",
    handed: int = 0,
) -> go.Figure:
    """One map per cell, symbols against timesteps; rings mark the targets.

    Colours run from 0 to 1 and turn at an even guess, 1/K, with most of them near it.
    ``targets`` has a symbol's index, or None where no loss sits. ``handed``: an encoder's steps.
    """
    steps, count, tall = len(targets), max(len(cells), 1), len(symbols) * ROW
    inner = count * tall + (count - 1) * GAP
    fig = titled_rows([one.title for one in cells], gap=GAP, inner=inner)
    names = [f"x{row if row > 1 else ''}" for row in range(1, count + 1)]
    frame(fig, theme, TOP + inner + FOOT, names, l=44, r=14, t=TOP, b=FOOT)
    for row, one in enumerate(cells, start=1):
        _add_map(fig, one, symbols, handed, row)
        _add_targets(fig, symbols, targets, theme, row)
    axis = time_axis(steps)
    name = axis.pop("title")
    fig.update_xaxes(**axis)
    fig.update_xaxes(title=name, row=count, col=1)
    fig.update_yaxes(
        type="category", categoryorder="array", categoryarray=list(symbols),
        range=[len(symbols) - 0.5, -0.5], showgrid=False, fixedrange=True,
    )  # fmt: skip
    fig.update_layout(coloraxis=_bar(theme, inner, len(symbols)))
    if handed:
        line_after(fig, handed, theme)
        fig.add_annotation(
            x=(handed + 1) / 2, y=0.5, yref="y domain", text=say("Encoder"), showarrow=False,
            font={"size": 12, "color": QUIET[theme]}, row="all", col=1,
        )  # fmt: skip
    return fig.figure()


def _bar(theme: str, inner: int, count: int) -> dict[str, Any]:
    even = 1 / count
    stops = (0.0, even / 2, even, min(2 * even, (1 + even) / 2), 1.0)
    ticks = sorted({round(one, 3) for one in (0.0, even, min(2 * even, 1), 0.6, 0.8, 1.0)})
    return {
        "colorscale": [list(one) for one in zip(stops, DIVERGING[theme], strict=True)],
        "cmin": 0, "cmax": 1,
        "colorbar": {
            "orientation": "h", "x": 0, "xanchor": "left", "y": -60 / inner, "yanchor": "top",
            "len": 1, "thickness": 10, "outlinewidth": 0, "tickvals": ticks,
            "title": {"text": say("probability ({p}: even guess)", p=f"{even:.3g}"),
                      "side": "top", "font": {"size": 12, "color": TEXT[theme]}},
            "tickfont": {"color": QUIET[theme]},
        },
    }  # fmt: skip


def _add_map(fig: Sheet, one: Answers, symbols: Sequence[str], handed: int, row: int) -> None:
    asked = np.arange(len(one.values)) >= handed
    wrong = asked[:, None] & ~np.isfinite(one.values)
    place: dict[str, Any] = {"x0": 1, "dx": 1, "y": list(symbols), "row": row, "col": 1}
    fig.add_heatmap(
        z=one.values.T.astype(np.float32), coloraxis="coloraxis", name=one.title, ygap=1,
        hovertemplate=say("t = %{x}: p(%{y}) = %{z:.3f}") + "<extra></extra>", **place,
    )  # fmt: skip
    if wrong.any():
        fig.add_heatmap(
            z=np.where(wrong, 1.0, np.nan).T.astype(np.float32), showscale=False,
            colorscale=[[0, NOT_FINITE], [1, NOT_FINITE]],
            name=say("not finite"), hoverongaps=False, **place,
        )  # fmt: skip


def _add_targets(
    fig: Sheet, symbols: Sequence[str], targets: Sequence[int | None], theme: str, row: int
) -> None:
    """Mark the targets by a ring inside a paler ring, visible on every colour of the map."""
    asked = [(t, one) for t, one in enumerate(targets, start=1) if one is not None]
    size = 9 if len(targets) <= 60 else 5
    for color, width in ((PAPER[theme], 4.0), (TEXT[theme], 2.0)):
        fig.add_scatter(
            x=[t for t, _ in asked], y=[symbols[one] for _, one in asked], mode="markers",
            name=say("right answer"),
            marker={"symbol": "circle-open", "size": size, "color": color,
                    "line": {"width": width if size > 5 else width / 2, "color": color}},
            hovertemplate=say("t = %{x}: the right answer is %{y}") + "<extra></extra>",
            row=row, col=1,
        )  # fmt: skip
