"""Figures without a time axis: the complex plane, bars, and the cliff."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from rnnviz.figures.axes import frame
from rnnviz.figures.palette import QUIET, TEXT
from rnnviz.figures.sheet import Sheet
from rnnviz.words import say
from rnnviz.words.numbers import number

LEAST_LOSS = -4
"""log10 of the loss where the cliff's colours end: lower losses are as dark."""
LEGEND = {"orientation": "h", "yanchor": "bottom", "y": 1.02, "traceorder": "normal"}
"""The legend stands above the plot; the margin grows with its number of rows."""


class Eigenvalues(NamedTuple):
    """The eigenvalues of one matrix, complex (n,)."""

    label: str
    values: NDArray[np.complexfloating]
    color: str
    symbol: str = "circle-open"


def complex_plane(
    groups: Sequence[Eigenvalues], *, theme: str = "light", height: int = 420
) -> go.Figure:
    """Eigenvalues against the unit circle, both axes on one scale."""
    angle = np.linspace(0, 2 * np.pi, 181)
    fig = Sheet()
    fig.add_scatter(
        x=np.cos(angle), y=np.sin(angle), mode="lines", hoverinfo="skip", name="|λ| = 1",
        line={"color": QUIET[theme], "width": 1, "dash": "dot"},
    )  # fmt: skip
    for group in groups:
        fig.add_scatter(
            x=group.values.real, y=group.values.imag, mode="markers", name=group.label,
            marker={"color": group.color, "size": 8, "symbol": group.symbol},
            customdata=np.abs(group.values),
            hovertemplate=f"{group.label}: %{{x:.3g}} + %{{y:.3g}} i, |λ| = %{{customdata:.3g}}"
            "<extra></extra>",
        )  # fmt: skip
    reach = [np.abs(group.values).max(initial=0) for group in groups]
    bound = 1.15 * max([1.0, *(float(one) for one in reach if np.isfinite(one))])
    frame(fig, theme, height, [], t=12)
    fig.update_layout(showlegend=len(groups) > 1, legend=LEGEND)
    fig.update_xaxes(range=[-bound, bound], title={"text": say("real part")}, showgrid=True)
    fig.update_yaxes(
        range=[-bound, bound], title={"text": say("imaginary part")}, scaleanchor="x", scaleratio=1
    )
    return fig.figure()


class Bar(NamedTuple):
    """One bar: what it is, and its value."""

    label: str
    value: float


def bars(
    found: Sequence[Bar], *, axis: str, color: str, theme: str = "light", height: int = 300,
    category: str = "",
) -> go.Figure:  # fmt: skip
    """Draw bars in the given order; a value that is not finite is written as text instead."""
    fig = Sheet()
    values = [bar.value if np.isfinite(bar.value) else 0.0 for bar in found]
    fig.add_bar(
        x=[bar.label for bar in found], y=values, marker={"color": color}, name=axis,
        text=["" if np.isfinite(bar.value) else number(bar.value) for bar in found],
        hovertemplate="%{x}: %{y:.3g}<extra></extra>",
    )  # fmt: skip
    frame(fig, theme, height, [], t=12)
    fig.update_xaxes(type="category", title={"text": category})
    fig.update_yaxes(title={"text": axis}, zeroline=True, zerolinecolor=QUIET[theme])
    return fig.figure()


class Stack(NamedTuple):
    """One part of stacked bars over timesteps first … : shares (n,) that add up."""

    label: str
    values: NDArray[np.float64]
    color: str


def stacked(
    parts: Sequence[Stack], *, axis: str, first: int = 1, theme: str = "light", height: int = 320
) -> go.Figure:
    """Stacked bars over time, with a legend: each bar's parts add up to its whole."""
    fig = Sheet()
    for part in parts:
        t = np.arange(len(part.values)) + first
        fig.add_bar(
            x=t, y=part.values, name=part.label, marker={"color": part.color, "line": {"width": 0}},
            hovertemplate=f"t = %{{x}}, {part.label}: %{{y:.3g}}<extra></extra>",
        )  # fmt: skip
    frame(fig, theme, height, ["x"], t=36)
    steps = max((len(part.values) for part in parts), default=1)
    fig.update_layout(barmode="stack", bargap=0, showlegend=True)
    fig.update_layout(legend=LEGEND)
    fig.update_xaxes(range=[first - 0.5, first + steps - 0.5], title={"text": say("timestep t")})
    fig.update_yaxes(title={"text": axis}, rangemode="tozero")
    return fig.figure()


class Cliff(NamedTuple):
    """A loss over w and b: log10 loss (len(b), len(w)), a place, and two steps from it."""

    w: NDArray[np.float64]
    b: NDArray[np.float64]
    log10_loss: NDArray[np.float64]
    at: tuple[float, float]
    steps: tuple[tuple[str, tuple[float, float], str], ...]


def cliff(surface: Cliff, *, theme: str = "light", height: int = 440) -> go.Figure:
    """Draw the loss as a heatmap and each step as an arrow, ended at the edge of the plot."""
    fig, logs = Sheet(), surface.log10_loss
    fig.add_heatmap(
        x=surface.w, y=surface.b, z=logs.astype(np.float32), colorscale="Cividis",
        zmin=LEAST_LOSS, zmax=float(np.ceil(logs[np.isfinite(logs)].max(initial=0))),
        colorbar={"title": {"text": say("loss"), "side": "right"}, "thickness": 12,
                  "outlinewidth": 0, "tickprefix": "10<sup>", "ticksuffix": "</sup>"},
        hovertemplate="w = %{x:.3g}, b = %{y:.3g}: 10<sup>%{z:.2f}</sup><extra></extra>",
    )  # fmt: skip
    w, b = surface.at
    fig.add_scatter(
        x=[w], y=[b], mode="markers", name=say("here"), hoverinfo="skip",
        marker={"size": 11, "color": TEXT[theme], "line": {"width": 2, "color": "#FFFFFF"}},
    )  # fmt: skip
    for k, (label, (dw, db), color) in enumerate(surface.steps):
        if not np.isfinite([dw, db]).all():
            continue
        end = _inside(surface, dw, db)
        fig.add_annotation(
            x=end[0], y=end[1], ax=w, ay=b, xref="x", yref="y", axref="x", ayref="y", text="",
            arrowhead=2, arrowwidth=3, arrowcolor=color, showarrow=True,
        )  # fmt: skip
        # On both sides of the arrows' shafts, so that names cover neither heads nor each other.
        fig.add_annotation(
            x=(w + end[0]) / 2, y=(b + end[1]) / 2, text=f"<b>{label}</b>", showarrow=False,
            font={"color": color, "size": 12}, bgcolor="rgba(255,255,255,0.75)",
            **_beside(end[0] - w, end[1] - b, -1 if k % 2 else 1),
        )  # fmt: skip
    frame(fig, theme, height, [], t=12, r=8)
    fig.update_xaxes(title={"text": "w"}, range=[surface.w[0], surface.w[-1]])
    fig.update_yaxes(title={"text": "b"}, range=[surface.b[0], surface.b[-1]])
    return fig.figure()


def _beside(dw: float, db: float, side: int) -> dict[str, Any]:
    """Where a name stands beside the middle of an arrow: right or left of a steep one, else above
    or below."""
    if abs(dw) < 2 * abs(db):  # w spans twice as much as b
        return {"xanchor": "left" if side > 0 else "right", "xshift": 9 * side}
    return {"yanchor": "bottom" if side > 0 else "top", "yshift": 9 * side}


def _inside(surface: Cliff, dw: float, db: float) -> tuple[float, float]:
    """The end of a step, moved back along the step to the edge of the plot."""
    (w, b), share = surface.at, 1.0
    for start, move, axis in ((w, dw, surface.w), (b, db, surface.b)):
        if move and np.isfinite(move):
            room = (axis[-1] - start if move > 0 else start - axis[0]) / abs(move)
            share = min(share, 0.97 * max(room, 0.0))
    return w + share * dw, b + share * db
