"""Over updates: costs of several seeds, one weight's path, updates needed against a setting."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go

from rnnviz.figures.axes import frame, plain_ticks
from rnnviz.figures.palette import QUIET, TEXT
from rnnviz.figures.panels import apart
from rnnviz.figures.sheet import Sheet, titled_rows
from rnnviz.numerics.arrays import Array
from rnnviz.words import say
from rnnviz.words.numbers import number

NAMES = 8
"""Pixels of a letter of a line's name."""


class Group(NamedTuple):
    """Several seeds of one kind: values over updates, which may end at different updates."""

    label: str
    color: str
    dash: str
    lines: Sequence[Array]


class Level(NamedTuple):
    """A horizontal line with its name."""

    value: float
    name: str


def over_updates(
    groups: Sequence[Group], *, every: int, axis: str, levels: Sequence[Level] = (),
    bands: bool = False, across: int | None = None, theme: str = "light", height: int = 320,
) -> go.Figure:  # fmt: skip
    """Positive values after 0, ``every``, 2 ``every`` … updates on a logarithmic axis.

    A thin line each seed; with ``bands`` the median of all seeds and a band from the least to the
    largest instead, a seed that has ended counting with its last value.
    """
    fig, (low, high) = Sheet(), _ends(groups, levels)
    room = 16 + NAMES * max((len(one.label) for one in groups), default=0)
    frame(fig, theme, height, [], l=62, t=30 if levels else 12, b=40, r=room)
    longest = max((len(line) for one in groups for line in one.lines), default=2)
    right = across or (longest - 1) * every
    fig.update_xaxes(range=[0, 1.02 * right], title={"text": say("updates")}, nticks=6)
    fig.update_yaxes(range=[low, high], title={"text": axis}, **plain_ticks(low, high))
    _levels(fig, levels, theme)
    ends = []
    for one in groups:
        middle = _band(fig, one, every) if bands else _seeds(fig, one, every)
        ends.append((float(np.log10(middle[-1])), (len(middle) - 1) * every, one))
    _names(fig, ends, (low, high), height - 18 * bool(levels))
    return fig.figure()


def _ends(groups: Sequence[Group], levels: Sequence[Level]) -> tuple[float, float]:
    values = [one for group in groups for line in group.lines for one in line]
    known = np.array([*values, *(one.value for one in levels)])
    known = known[np.isfinite(known) & (known > 0)]
    low, high = (known.min(), known.max()) if known.size else (0.1, 1.0)
    pad = 0.08 * max(float(np.log10(high / low)), 0.3)
    return float(np.log10(low)) - pad, float(np.log10(high)) + pad


def _levels(fig: Sheet, levels: Sequence[Level], theme: str) -> None:
    """Dashed lines, named above the picture: beside them curves run through their names."""
    quiet = QUIET[theme]
    for one in levels:
        fig.add_hline(float(np.log10(one.value)),
                      line={"color": quiet, "width": 1.5, "dash": "dash"})  # fmt: skip
    if levels:
        names = ", ".join(one.name for one in levels)
        fig.add_annotation(x=1, y=1, xref="x domain", yref="y domain", text=f"– – {names}",
                           showarrow=False, xanchor="right", yanchor="bottom",
                           font={"size": 11, "color": quiet})  # fmt: skip


def _seeds(fig: Sheet, one: Group, every: int) -> Array:
    """Draw each seed; the longest line bears the name."""
    for seed, line in enumerate(one.lines):
        words = say("{line}, seed {seed}", line=one.label, seed=seed)
        _line(fig, words, line, one, every, 1.5)
    return max(one.lines, key=len)


def _band(fig: Sheet, one: Group, every: int) -> Array:
    """Draw the median and the band of all seeds."""
    longest = max(map(len, one.lines))
    padded = [np.append(line, np.full(longest - len(line), line[-1])) for line in one.lines]
    found = np.array(padded)
    low, middle, high = found.min(axis=0), np.median(found, axis=0), found.max(axis=0)
    x = np.arange(longest) * every
    fig.add_scatter(
        x=np.concatenate([x, x[::-1]]), y=np.log10(np.concatenate([high, low[::-1]])),
        fill="toself", mode="lines", fillcolor=one.color, opacity=0.16, line={"width": 0},
        hoverinfo="skip", name=say("{line}: least to largest of the seeds", line=one.label),
    )  # fmt: skip
    _line(fig, one.label, middle, one, every, 2.25)
    return np.asarray(middle)


def _line(fig: Sheet, name: str, line: Array, one: Group, every: int, width: float) -> None:
    values = np.asarray(line, np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log10(values)
    fig.add_scatter(
        x=np.arange(len(values)) * every, y=np.where(np.isfinite(logs), logs, np.nan), name=name,
        mode="lines", line={"color": one.color, "width": width, "dash": one.dash},
        hovertext=[number(float(v)) for v in values],
        hovertemplate=f"{name}, %{{x}}: %{{hovertext}}<extra></extra>",
    )  # fmt: skip


def _names(
    fig: Sheet, ends: list[tuple[float, int, Group]], span: tuple[float, float], height: int
) -> None:
    ends.sort(key=lambda one: one[0])
    heights = apart([one[0] for one in ends], 15 * (span[1] - span[0]) / (height - 52), span)
    for y, (_, x, one) in zip(heights, ends, strict=True):
        fig.add_annotation(
            x=x, y=y, text=f"<b>{one.label}</b>", showarrow=False, xshift=5, xanchor="left",
            font={"color": one.color, "size": 13},
        )  # fmt: skip


def weight_path(
    weights: Array, gradient: Array, *, name: str, update: int, color: str, theme: str = "light",
    height: int = 170,
) -> go.Figure:  # fmt: skip
    """A weight (U + 1,) before the first and after each update, and ∂L/∂w (U,) of each update."""
    fig = titled_rows([name, f"∂L/∂{name}"], gap=44, inner=2 * height)
    frame(fig, theme, 2 * height + 68, [], l=74, t=28, b=40)
    count = np.arange(len(weights))
    for row, (x, y) in enumerate(((count, weights), (count[1:], gradient)), start=1):
        fig.add_scatter(
            x=x, y=y, mode="lines", line={"color": color, "width": 2}, row=row, col=1,
            name=(name, f"∂L/∂{name}")[row - 1],
            hovertemplate=say("after update {u}: {y}", u="%{x}", y="%{y:.4g}") + "<extra></extra>",
        )  # fmt: skip
        fig.add_scatter(
            x=[update], y=[y[update if row == 1 else update - 1]], mode="markers", row=row, col=1,
            marker={"color": TEXT[theme], "size": 9}, hoverinfo="skip", name=say("this update"),
        )  # fmt: skip
    fig.update_yaxes(exponentformat="power", nticks=5)
    fig.update_xaxes(title={"text": say("updates")}, row=2, col=1)
    return fig.figure()


def step_terms(
    terms: Array, *, name: str, color: str, theme: str = "light", height: int = 220
) -> go.Figure:
    """Bars: what each timestep 1 … T adds to ∂L/∂w."""
    fig = Sheet()
    frame(fig, theme, height, ["x"], l=74, t=12, b=40)
    t = np.arange(1, len(terms) + 1)
    fig.add_bar(x=t, y=terms, marker={"color": color},
                hovertemplate="t = %{x}: %{y:.3g}<extra></extra>", name=name)  # fmt: skip
    fig.update_xaxes(range=[0.5, len(terms) + 0.5], title={"text": say("timestep t")})
    fig.update_yaxes(exponentformat="power", nticks=5, zeroline=True,
                     title={"text": f"∂L/∂{name}"})  # fmt: skip
    return fig.figure()


class Tried(NamedTuple):
    """One task: x (n,) of the setting, and for each x the updates needed of all seeds.

    A seed that needed more than there were counts as ∞.
    """

    title: str
    x: Array
    needed: Sequence[Sequence[float]]


def updates_needed(
    tasks: Sequence[Tried], *, setting: str, most: int, color: str, theme: str = "light",
    mark: Sequence[Level | None] = (), height: int = 190,
) -> go.Figure:  # fmt: skip
    """A picture a task: a dot each seed and the median; above the line, seeds that never did."""
    fig = titled_rows([one.title for one in tasks], gap=38, inner=len(tasks) * height)
    frame(fig, theme, len(tasks) * height + 40, [], l=78, t=28, b=40)
    top = 1.1 * most
    for row, one in enumerate(tasks, start=1):
        _tried(fig, one, row, top, color, theme)
        fig.add_hline(most, line={"color": QUIET[theme], "width": 1, "dash": "dash"}, row=row)
        if mark and (at := mark[row - 1]) is not None:
            fig.add_vline(at.value, line={"color": QUIET[theme], "width": 1.5, "dash": "dot"},
                          row=row)  # fmt: skip
            fig.add_annotation(x=at.value, y=0, text=at.name, showarrow=False, xanchor="left",
                               yanchor="bottom", xshift=4, row=row,
                               font={"size": 11, "color": QUIET[theme]})  # fmt: skip
    tickvals = [0, most / 2, most, top]
    fig.update_yaxes(range=[0, 1.2 * most], tickvals=tickvals,
                     ticktext=["0", f"{most / 2:g}", f"{most:g}", say("never")],
                     title={"text": say("updates")})  # fmt: skip
    values = sorted({float(x) for one in tasks for x in one.x})
    fig.update_xaxes(tickvals=values)
    fig.update_xaxes(title={"text": setting}, row=len(tasks), col=1)
    return fig.figure()


def _tried(fig: Sheet, one: Tried, row: int, top: float, color: str, theme: str) -> None:
    pairs = [(x, min(n, top)) for x, own in zip(one.x, one.needed, strict=True) for n in own]
    fig.add_scatter(
        x=[x for x, _ in pairs], y=[n for _, n in pairs], mode="markers", row=row, col=1,
        marker={"color": color, "size": 7, "symbol": "circle-open"}, name=say("a seed"),
        hovertemplate="%{x:g}: %{y:g}<extra></extra>",
    )  # fmt: skip
    middles = [min(float(np.median(own)), top) for own in one.needed]
    fig.add_scatter(
        x=one.x, y=middles, mode="lines", row=row, col=1, name=say("median"),
        line={"color": TEXT[theme], "width": 2},
        hovertemplate="%{x:g}: %{y:g}<extra></extra>",
    )  # fmt: skip
