"""Maps of log10 norms, layers against timesteps, one map per direction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from rnnviz.figures.axes import FLOAT64, decade_ticks, decades, frame, time_axis
from rnnviz.figures.palette import NOT_FINITE, PAPER, QUIET, TEXT, UNDERFLOW
from rnnviz.figures.sheet import Sheet, titled_rows
from rnnviz.words import say

CELL, LANE = 26, 22
"""Height in pixels of a layer's row, and of the gap below it that holds the arrows."""
ASIDE = 10
"""Horizontal distance in pixels of the downward arrow from its timestep's cursor."""
Values = NDArray[np.float64]


class Grid(NamedTuple):
    """One direction: log10 norms (layers, T), layer 1 first, and what its arrows say.

    ``along`` stands under each layer's name, beside its arrow through time, ``across`` beside the
    arrow down from layer l + 2 to l + 1; an empty one is left out. ``leftwards`` is where the
    gradient goes.
    """

    title: str
    values: Values
    along: Sequence[str]
    across: Sequence[str]
    leftwards: bool = True


def layer_maps(
    grids: Sequence[Grid],
    *,
    title: str,
    theme: str = "light",
    labels: Sequence[str] | None = None,
    scale: tuple[float, float] | None = None,
) -> go.Figure:
    """The grids one above the other, top layer on top, all on one absolute colour scale.

    ``scale`` is its (low, high) in powers of ten, or whole decades round all that is finite.
    −inf is an exact zero and below −308 a float64 would have lost it: both in grey.
    """
    layers, steps = grids[0].values.shape
    count, gap, top, foot = len(grids), 34, 30, 112
    inner = count * layers * (CELL + LANE) + (count - 1) * gap
    fig = titled_rows([one.title for one in grids], gap=gap, inner=inner)
    names = [f"x{row if row > 1 else ''}" for row in range(1, count + 1)]
    frame(fig, theme, top + inner + foot, names, l=96, r=14, t=top, b=foot)
    for row, one in enumerate(grids, start=1):
        _add_grid(fig, one, theme, row)
        _add_arrows(fig, one, theme, row)
        _name_layers(fig, one, theme, row)
    axis = time_axis(steps, labels)
    name = axis.pop("title")
    fig.update_xaxes(**axis)
    fig.update_xaxes(title=name, row=count, col=1)
    fig.update_layout(coloraxis=_scale([one.values for one in grids], title, theme, inner, scale))
    return fig.figure()


def _scale(
    values: Sequence[Values], title: str, theme: str, inner: int, scale: tuple[float, float] | None
) -> dict[str, Any]:
    low, high = scale or decades(values)
    return {
        "colorscale": "Viridis", "cmin": low, "cmax": high,
        "colorbar": {
            "orientation": "h", "x": 0, "xanchor": "left", "y": -58 / inner, "yanchor": "top",
            "len": 1, "thickness": 10, "outlinewidth": 0, **decade_ticks(low, high),
            "title": {"text": title, "side": "top", "font": {"size": 12, "color": TEXT[theme]}},
            "tickfont": {"color": QUIET[theme]},
        },
    }  # fmt: skip


def _add_grid(fig: Sheet, one: Grid, theme: str, row: int) -> None:
    lost = np.isneginf(one.values) | (one.values < FLOAT64[0])
    kept = np.where(np.isfinite(one.values) & ~lost, one.values, np.nan)
    place: dict[str, Any] = {"x0": 1, "dx": 1, "y0": 1, "dy": 1, "ygap": LANE}
    fig.add_heatmap(
        z=kept.astype(np.float32), coloraxis="coloraxis", name=one.title, **place, row=row, col=1,
        hovertemplate=say("layer %{y}, t = %{x}: 10<sup>%{z:.2f}</sup>") + "<extra></extra>",
    )  # fmt: skip
    strange = ~np.isfinite(one.values) & ~lost
    kinds = ((lost, UNDERFLOW[theme], say("below float64, or exactly 0")),
             (strange, NOT_FINITE, say("not finite")))  # fmt: skip
    for where, color, words in kinds:
        fig.add_heatmap(
            z=np.where(where, 1.0, np.nan).astype(np.float32), name=words, showscale=False,
            colorscale=[[0, color], [1, color]], **place, row=row, col=1,
            hoverongaps=False,
            hovertemplate=say("layer %{y}, t = %{x}: {words}", words=words) + "<extra></extra>",
        )  # fmt: skip


def _add_arrows(fig: Sheet, one: Grid, theme: str, row: int) -> None:
    """Draw an arrow along time below each row, and one down from each row to the next."""
    look = {"arrowcolor": QUIET[theme], "arrowwidth": 1.25, "arrowhead": 2, "arrowsize": 1.1,
            "showarrow": True, "text": ""}  # fmt: skip
    down = look | {"arrowcolor": TEXT[theme], "arrowwidth": 1.75}
    axis = str(row) if row > 1 else ""
    reached = [np.flatnonzero(np.isfinite(values)) + 1 for values in one.values]
    steps, starts = one.values.shape[1], [*reached[-1], one.values.shape[1]]
    start = int(reached[-1][-1 if one.leftwards else 0]) if reached[-1].size else int(starts[-1])
    right = start > (steps + 1) / 2
    aside = -ASIDE if right else ASIDE
    for layer, where in enumerate(reached, start=1):
        if where.size > 1:
            ends = (where[-1], where[0]) if one.leftwards else (where[0], where[-1])
            fig.add_annotation(
                x=int(ends[1]), y=layer - 0.5, ax=int(ends[0]), ay=layer - 0.5,
                axref=f"x{axis}", ayref=f"y{axis}", **look, row=row, col=1,
            )  # fmt: skip
    for layer, words in enumerate(one.across, start=1):
        if words:
            fig.add_annotation(
                x=start, y=layer + 0.28, ax=start, ay=layer + 0.72,
                axref=f"x{axis}", ayref=f"y{axis}", xshift=aside, **down, row=row, col=1,
            )  # fmt: skip
            fig.add_annotation(
                x=start, y=layer + 0.5, text=words, showarrow=False, bgcolor=PAPER[theme],
                xanchor="right" if right else "left", xshift=1.7 * aside, borderpad=1,
                font={"size": 11, "color": TEXT[theme]}, row=row, col=1,
            )  # fmt: skip


def _name_layers(fig: Sheet, one: Grid, theme: str, row: int) -> None:
    """Label each row with its layer, and the arrow below it with its factor."""
    layers, lane = len(one.values), LANE / (CELL + LANE)
    places: list[float] = []
    texts: list[str] = []
    for layer, words in enumerate(one.along, start=1):
        places += [layer - 0.5, layer] if words else [layer]
        texts += [words, say("layer {n}", n=layer)] if words else [say("layer {n}", n=layer)]
    fig.update_yaxes(
        range=[0.5 - lane / 2, layers + 0.5 - lane / 2], showgrid=False, fixedrange=True,
        tickvals=places, ticktext=texts, tickfont={"color": TEXT[theme]}, row=row, col=1,
    )  # fmt: skip
