"""Layer × timestep: norms as one map a direction, and paths through the unrolled network."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.subplots import make_subplots

from rnnviz.figures.axes import FLOAT64, float_limits, frame, power_axis, time_axis
from rnnviz.figures.palette import GRID, NOT_FINITE, QUIET, TEXT, UNDERFLOW
from rnnviz.figures.panels import Line, Panel, _widest, add_labels, add_line
from rnnviz.words import say

LEAST = -8.0
"""The colour scale reaches down to 10 to this power at least."""
CELL, LANE = 26, 22
"""Pixels of a layer's row, and of the lane under it, where the arrows run."""
ASIDE = 10
"""Pixels of the way down from its timestep, where a cursor may stand."""
PAPER = {"light": "#FFFFFF", "dark": "#0E1117"}
"""Behind the words on an arrow: the page's own background."""
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
) -> go.Figure:
    """The grids one above the other, top layer on top, all on one absolute colour scale.

    −inf is an exact zero and below −308 a float64 would have lost it: both in grey.
    """
    layers, steps = grids[0].values.shape
    count, gap, top, foot = len(grids), 34, 30, 112
    inner = count * layers * (CELL + LANE) + (count - 1) * gap
    fig = make_subplots(
        rows=count, cols=1, shared_xaxes=True, subplot_titles=[one.title for one in grids],
        vertical_spacing=gap / inner if count > 1 else 0,
    )  # fmt: skip
    fig.update_annotations(x=0, xanchor="left", font={"size": 13})
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
    fig.update_layout(coloraxis=_scale([one.values for one in grids], title, theme, inner))
    return fig


def _scale(values: Sequence[Values], title: str, theme: str, inner: int) -> dict[str, Any]:
    inside = np.concatenate([one[np.isfinite(one)] for one in values])
    low, high = min(LEAST, inside.min(initial=0.0)), max(0.0, inside.max(initial=0.0))
    return {
        "colorscale": "Viridis", "cmin": max(float(low), FLOAT64[0]), "cmax": float(high),
        "colorbar": {
            "orientation": "h", "x": 0, "xanchor": "left", "y": -58 / inner, "yanchor": "top",
            "len": 1, "thickness": 10, "outlinewidth": 0, "nticks": 6,
            "title": {"text": title, "side": "top", "font": {"size": 12, "color": TEXT[theme]}},
            "tickprefix": "10<sup>", "ticksuffix": "</sup>", "tickfont": {"color": QUIET[theme]},
        },
    }  # fmt: skip


def _add_grid(fig: go.Figure, one: Grid, theme: str, row: int) -> None:
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
            hovertemplate=say("layer %{y}, t = %{x}: {words}", words=words) + "<extra></extra>",
        )  # fmt: skip


def _add_arrows(fig: go.Figure, one: Grid, theme: str, row: int) -> None:
    """Under each row its way through time; between rows the way down, where the gradient starts."""
    look = {"arrowcolor": QUIET[theme], "arrowwidth": 1.25, "arrowhead": 2, "arrowsize": 1.1,
            "showarrow": True, "text": ""}  # fmt: skip
    down = look | {"arrowcolor": TEXT[theme], "arrowwidth": 1.75}
    axis = str(row) if row > 1 else ""
    felt = [np.flatnonzero(np.isfinite(values)) + 1 for values in one.values]
    steps, starts = one.values.shape[1], [*felt[-1], one.values.shape[1]]
    start = int(felt[-1][-1 if one.leftwards else 0]) if felt[-1].size else int(starts[-1])
    right = start > (steps + 1) / 2
    aside = -ASIDE if right else ASIDE
    for layer, where in enumerate(felt, start=1):
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


def _name_layers(fig: go.Figure, one: Grid, theme: str, row: int) -> None:
    """Each layer's name beside its row, and its word beside the arrow in the lane under it."""
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


def paths_and_norms(
    paths: Sequence[Line],
    norms: Sequence[Line],
    *,
    titles: tuple[str, str],
    axes: tuple[str, str],
    theme: str = "light",
    labels: Sequence[str] | None = None,
) -> go.Figure:
    """Steps to the loss, inf where no path leads there, over log10 norms at the same timesteps.

    A path's name stands at its far end.
    """
    height, gap, top, foot = 170, 52, 32, 44
    steps = max(len(line.values) for line in (*paths, *norms))
    fig = make_subplots(rows=2, cols=1, shared_xaxes=True, subplot_titles=list(titles),
                        vertical_spacing=gap / (2 * height + gap))  # fmt: skip
    room = 8 + _widest([Panel("", norms, "power")])
    fig.update_annotations(x=0, xanchor="left", xshift=-60 - room, font={"size": 13})
    frame(fig, theme, top + 2 * height + gap + foot, ["x", "x2"], l=64 + room, r=14, t=top, b=foot)
    longest = max([1.0, *(float(line.values[np.isfinite(line.values)].max(initial=0))
                          for line in paths)])  # fmt: skip
    for line in paths:
        _add_path(fig, line, longest)
    fig.update_yaxes(range=[-0.22 * longest, 1.2 * longest], title={"text": axes[0]}, nticks=6,
                     rangemode="nonnegative", zeroline=True, zerolinecolor=GRID[theme],
                     row=1, col=1)  # fmt: skip
    axis = power_axis([line.values for line in norms], axes[1])
    low, high = axis["range"]
    fig.update_yaxes(**axis, row=2, col=1)
    float_limits(fig, theme, low, high, row=2, col=1)
    for line in norms:
        add_line(fig, line, "power", (low, high), row=2, col=1)
    add_labels(fig, norms, (low, high), height, at_start=True, row=2, col=1)
    fig.update_yaxes(ticklabelstandoff=room)
    ticks = time_axis(steps, labels)
    name = ticks.pop("title")
    fig.update_xaxes(**ticks)
    fig.update_xaxes(title=name, row=2, col=1)
    return fig


def _add_path(fig: go.Figure, line: Line, longest: float) -> None:
    t = np.arange(len(line.values)) + line.first
    known = np.isfinite(line.values)
    fig.add_scatter(
        x=t, y=np.where(known, line.values, np.nan), name=line.label,
        mode="lines" if known.sum() > 1 else "lines+markers", marker={"size": 8},
        line={"color": line.color, "width": 2.25, "dash": line.dash},
        hovertemplate=f"{line.label}, t = %{{x}}: %{{y}}<extra></extra>", row=1, col=1,
    )  # fmt: skip
    if not known.any():
        return
    far = int(np.where(known, line.values, -1.0).argmax())
    alone, left = known.sum() == 1, far < (len(t) - 1) / 2
    fig.add_annotation(
        x=int(t[far]), y=float(line.values[far]), text=f"<b>{line.label}</b>", showarrow=False,
        xanchor="left" if left else "right", xshift=0 if not alone else 6 if left else -6,
        yshift=-11 if line.values[far] < 0.3 * longest else 11,
        font={"color": line.color, "size": 13}, row=1, col=1,
    )  # fmt: skip
