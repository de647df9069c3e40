"""The phase portrait of one or two units: one step from every state, and a run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from rnnviz.analysis.systems import FixedPoint, Kind, Orbit
from rnnviz.figures.axes import frame
from rnnviz.figures.palette import QUIET, TEXT, cell_color, signal_color
from rnnviz.figures.sheet import Sheet
from rnnviz.numerics.arrays import Array
from rnnviz.words import say

COLORS = ("z", "r")
"""Signals whose colours x₁ and x₂ have."""
REACHES = (1.5, 2.0, 3.0, 5.0, 8.0, 12.0, 24.0, 60.0)
"""The possible ranges of the axes: few, so that they stay the same during a drag."""
ARROWS, FINE = 13, 401
"""Arrows along each side of the plane, and points along a curve."""


def reach(found: Orbit, kind: Kind, points: Sequence[FixedPoint]) -> float:
    """How far the axes go to either side."""
    start = float(np.abs(found.x[0]).max())
    wanted = [1.02 * start, *(1.2 * float(np.abs(one.x).max()) for one in points)]
    if found.system.nonlinearity == "identity":
        if kind.fate == "diverges":
            wanted.append(2.5 * start)
        else:
            finite = np.abs(found.x[np.isfinite(found.x)])
            wanted.append(1.05 * float(finite.max(initial=0)))
    return next((one for one in REACHES if one >= max(wanted)), REACHES[-1])


def directions(found: Orbit, kind: Kind) -> Array:
    """Far points (k, n) along the real eigenvectors of a linear step without input and bias."""
    of = found.system
    if of.size == 1 or of.nonlinearity == "tanh" or np.iscomplex(kind.eigenvalues).any():
        return np.zeros((0, of.size))
    if of.b.any() or kind.name in ("identity", "star"):
        return np.zeros((0, of.size))
    return np.asarray(100 * np.linalg.eig(of.W)[1].T.real)


def phase_portrait(
    found: Orbit, kind: Kind, points: Sequence[FixedPoint], *, theme: str, height: int
) -> go.Figure:
    """One unit: the step's curve and the run as a staircase. Two: arrows, curves and the run."""
    fig, side = Sheet(), reach(found, kind, points)
    draw = _line if found.system.size == 1 else _plane
    draw(fig, found, kind, side, theme)
    for stable in (True, False):
        at = np.array([one.x for one in points if one.stable == stable])
        if len(at):
            fig.add_scatter(
                x=at[:, 0], y=at[:, -1], mode="markers",
                name=say("stable") if stable else say("unstable"),
                marker={"size": 10, "color": TEXT[theme] if stable else "rgba(0,0,0,0)",
                        "line": {"width": 2, "color": TEXT[theme]}},
            )  # fmt: skip
    titles = (say("x before the step"), say("x after it")) if found.system.size == 1 else (
        "x₁", "x₂")  # fmt: skip
    frame(fig, theme, height, [], t=24, l=48)
    fig.update_layout(showlegend=True, legend={"orientation": "h", "y": 1.12})
    fig.update_xaxes(title={"text": titles[0]}, range=[-side, side])
    fig.update_yaxes(title={"text": titles[1]}, range=[-side, side])
    return fig.figure()


def _line(fig: Sheet, found: Orbit, kind: Kind, side: float, theme: str) -> None:
    x = np.linspace(-side, side, FINE)
    _curve(fig, x, x, say("unchanged"), QUIET[theme], "dot")
    _curve(fig, x, found.system.step(x[:, None])[:, 0], say("one step"), cell_color("lstm", theme))
    states = np.clip(found.x[:, 0], -1e6, 1e6)
    corners = np.repeat(states, 2)
    _curve(fig, corners[:-1], np.append([0.0], corners[2:]), "x", cell_color("rnn", theme))


def _plane(fig: Sheet, found: Orbit, kind: Kind, side: float, theme: str) -> None:
    ends = 0.92 * side
    grid = np.stack(np.meshgrid(*[np.linspace(-ends, ends, ARROWS)] * 2), axis=-1).reshape(-1, 2)
    way = found.system.step(grid) - grid
    length = np.linalg.norm(way, axis=1, keepdims=True)
    way *= np.minimum(1, 1.4 * ends / (ARROWS - 1) / np.where(length > 0, length, 1))
    gaps = np.full(len(grid), np.nan)
    x, y = (np.stack([grid[:, k], grid[:, k] + way[:, k], gaps], axis=1).ravel() for k in (0, 1))
    heads = {"symbol": "arrow", "angleref": "previous", "size": [0, 7, 0] * len(grid),
             "color": QUIET[theme], "opacity": 1}  # fmt: skip
    _curve(fig, x, y, say("one step"), QUIET[theme], mode="lines+markers", marker=heads)
    for k, name in enumerate(("x₁", "x₂")):
        if found.system.nonlinearity == "tanh":
            line = _unmoved(found, k, side)
            color = signal_color(COLORS[k], theme)
            _curve(fig, line[:, 0], line[:, 1], say("{x} unchanged", x=name), color, "dash")
    for k, far in enumerate(directions(found, kind)):
        _curve(fig, np.array([-far[0], far[0]]), np.array([-far[1], far[1]]), say("eigenvector"),
               QUIET[theme], "dot", showlegend=k == 0)  # fmt: skip
    states = np.clip(found.x, -1e6, 1e6)
    fig.add_scatter(
        x=states[:, 0], y=states[:, 1], mode="lines+markers", name="x", text=np.arange(len(states)),
        line={"color": cell_color("rnn", theme), "width": 2}, marker={"size": 4},
        hovertemplate="t = %{text}: (%{x:.4g}, %{y:.4g})<extra></extra>",
    )  # fmt: skip


def _unmoved(found: Orbit, k: int, side: float) -> Array:
    """The curve (m, 2) on which a step of tanh leaves x_k as it is.

    artanh x_k = W_k · x + b_k, solved for the other unit; without its weight there is no such
    curve but lines of constant x_k, which are left out.
    """
    W, b = found.system.W[k], found.system.b[k]
    inside = min(side, 1 - 1e-9)
    own = np.tanh(np.linspace(-np.arctanh(inside), np.arctanh(inside), FINE))
    if W[1 - k] == 0:
        return np.zeros((0, 2))
    other = (np.arctanh(own) - W[k] * own - b) / W[1 - k]
    other = np.where(np.abs(other) <= side, other, np.nan)
    return np.stack([own, other] if k == 0 else [other, own], axis=1)


def _curve(
    fig: Sheet, x: Array, y: Array, name: str, color: str, dash: str = "solid", **more: Any
) -> None:
    line = {"color": color, "width": 1.25 if "marker" in more else 2, "dash": dash}
    fig.add_scatter(**{"mode": "lines", **more}, x=x, y=y, name=name, hoverinfo="skip", line=line)
