"""Training in windows: which losses reach their cause, and log10 curves on a shared axis."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from rnnviz.figures import palette
from rnnviz.figures.axes import frame, time_axis
from rnnviz.figures.panels import apart
from rnnviz.figures.sheet import Sheet
from rnnviz.words import say

Values = NDArray[np.float64]
SEEN, ASKED = 1.0, 0.0
"""y positions of the inputs and of the answers."""
NAME = 15
"""Pixels that the name at a line's end is high."""
WIDEST = 100
"""Pixels that names beside a picture may take of its width where they can go into a legend."""
ENTRY, LEGEND = 22, 270
"""Pixels: the height of a row of the legend, and the width that it has on a phone."""


class Curve(NamedTuple):
    """log10 values y (n,) over x (n,); nan ends the line, −inf is an exact zero."""

    label: str
    x: Values
    y: Values
    color: str
    dash: str = "solid"


def windows(
    reach: NDArray[np.bool_], delay: int, window: int, *, color: str, theme: str = "light"
) -> go.Figure:
    """Join every loss to its cause; ``reach`` (T,) says whether a gradient gets there."""
    fig, steps = Sheet(), len(reach)
    frame(fig, theme, 190, ["x"], l=56, r=14, t=12, b=44)
    fig.update_xaxes(**time_axis(steps))
    fig.update_yaxes(range=[-0.22, 1.22], tickvals=[ASKED, SEEN], showgrid=False,
                     ticktext=["y<sub>t</sub>", "x<sub>t</sub>"])  # fmt: skip
    for start in range(window, steps, window):
        fig.add_vline(start + 0.5, line={"color": palette.QUIET[theme], "width": 1.5})
    quiet = palette.QUIET[theme]
    t = np.arange(1, steps + 1)
    for kept, ink, dash, name in (
        (False, quiet, "dot", say("cut: no gradient")),
        (True, color, "solid", say("reaches its cause")),
    ):
        ends = t[(reach == kept) & (t > delay)]
        x = np.stack([ends - delay, ends, np.full(len(ends), np.nan)], axis=1).ravel()
        y = np.tile([SEEN, ASKED, np.nan], len(ends))
        fig.add_scatter(
            x=x, y=y, mode="lines", name=name, hoverinfo="skip",
            line={"color": ink, "width": 2.25 if kept else 1.25, "dash": dash},
        )  # fmt: skip
    marks = np.where(reach, color, quiet)
    causes = [say("its cause lies before the stream") if one <= delay else f"x<sub>{one - delay}"
              "</sub>" for one in t]  # fmt: skip
    fig.add_scatter(
        x=t, y=np.full(steps, SEEN), mode="markers", name="x",
        marker={"size": 4, "color": palette.TEXT[theme]},
        hovertemplate="x, t = %{x}<extra></extra>",
    )  # fmt: skip
    fig.add_scatter(
        x=t, y=np.full(steps, ASKED), mode="markers", name="y", customdata=causes,
        marker={"size": 7, "color": list(marks), "line": {"width": 1, "color": list(marks)},
                "symbol": np.where(reach, "circle", "x-thin").tolist()},
        hovertemplate="y, t = %{x}: %{customdata}<extra></extra>",
    )  # fmt: skip
    return fig.figure()


def span(values: Sequence[Values], least: float = 3.0) -> tuple[float, float]:
    """One range of at least ``least`` decades for the log10 values of several figures."""
    flat = np.concatenate([np.ravel(one) for one in values]) if values else np.zeros(0)
    flat = flat[np.isfinite(flat)]
    low, high = (float(flat.min()), float(flat.max())) if flat.size else (-1.0, 0.0)
    low = min(low, high - least)
    pad = 0.06 * (high - low)
    return low - pad, high + 2 * pad


def curves(
    title: str, lines: Sequence[Curve], *, ends: tuple[float, float], across: tuple[float, float],
    counted: str, axis: str, theme: str = "light",
    floor: tuple[Sequence[float], str] | None = None, cut: float | None = None,
    height: int = 300, linear: bool = False, legend: bool = False,
) -> go.Figure:  # fmt: skip
    """Draw lines of log10 values, or ``linear`` ones; ``counted`` is the title of the x axis.

    ``ends`` and ``across`` are the ranges of the axes, the same in figures side by side; ``floor``
    are levels with one name, ``cut`` where a cut is. With ``legend`` the names stand in one, below
    the picture, where they are too wide beside it or would not stand at their lines.
    """
    fig = Sheet(subplot_titles=[title])
    fig.update_annotations(x=0, xanchor="left", font={"size": 13})
    widest = max((len(re.sub("<.*?>", "", one.label)) for one in lines), default=0)
    widest *= 9 if any(ord(letter) > 0x1100 for one in lines for letter in one.label) else 7
    names, near = _names(lines, ends, height - 74)
    legend = legend and (widest > WIDEST or not near)
    # One row less than there are: below the axis's title there is room for half of the first.
    rows = (len(lines) - 1) // max(1, LEGEND // (widest + 45))
    below = ENTRY * rows + ENTRY // 2 if legend else 0
    beside = 14 + (0 if legend else widest)
    frame(fig, theme, height + below, [], l=60, t=30, b=44 + below, r=beside)
    fig.update_xaxes(range=list(across), title={"text": counted}, nticks=5)
    fig.update_yaxes(range=list(ends), title={"text": axis})
    if not linear:
        fig.update_yaxes(tickprefix="10<sup>", ticksuffix="</sup>", tick0=0,
                         dtick=max(1, int((ends[1] - ends[0]) / 6)))  # fmt: skip
    quiet = palette.QUIET[theme]
    if floor is not None:
        for level in floor[0]:
            fig.add_hline(level, line={"color": quiet, "width": 1.5, "dash": "dash"})
        # Above the picture: beside the line it would lie on the curves that run along it.
        fig.add_annotation(x=1, y=1, xref="x domain", yref="y domain", text=f"– – {floor[1]}",
                           showarrow=False, xanchor="right", yanchor="bottom",
                           xshift=-26 if legend else 0,  # beside the menu «…» of the chart
                           font={"size": 11, "color": quiet})  # fmt: skip
    if cut is not None:
        fig.add_vline(cut, line={"color": quiet, "width": 1.5})
        fig.add_annotation(x=cut, y=ends[1], text=say("cut"), showarrow=False, xanchor="right",
                           yanchor="top", xshift=-3, font={"size": 11, "color": quiet})  # fmt: skip
    for line in lines:
        _curve(fig, line, ends[0], "%{y:.3g}" if linear else "10<sup>%{y:.2f}</sup>")
    if legend:
        fig.update_layout(showlegend=True, legend={
            "orientation": "h", "yref": "container", "yanchor": "bottom", "y": 0, "x": 0,
            "itemwidth": 30, "itemclick": False, "itemdoubleclick": False,
        })  # fmt: skip
    for x, y, line in () if legend else names:
        fig.add_annotation(
            x=x, y=y, text=f"<b>{line.label}</b>", showarrow=False, xshift=5, xanchor="left",
            font={"color": line.color, "size": 13},
        )  # fmt: skip
    return fig.figure()


def _curve(fig: Sheet, line: Curve, bottom: float, value: str) -> None:
    finite = np.isfinite(line.y)
    fig.add_scatter(
        x=line.x, y=np.where(finite, line.y, np.nan), name=line.label,
        mode="lines" if (finite[1:] & finite[:-1]).any() else "lines+markers",
        line={"color": line.color, "width": 2.25, "dash": line.dash},
        hovertemplate=f"{line.label}, %{{x}}: {value}<extra></extra>",
    )  # fmt: skip
    zero = np.isneginf(line.y)
    if zero.any():
        fig.add_scatter(
            x=line.x[zero], y=np.full(zero.sum(), bottom), mode="markers", cliponaxis=False,
            name=f"{line.label}: {say('exactly 0')}", hoverinfo="name", showlegend=False,
            marker={"symbol": "x-thin-open", "size": 7, "color": line.color},
        )  # fmt: skip


def _names(
    lines: Sequence[Curve], ends: tuple[float, float], height: int
) -> tuple[list[tuple[float, float, Curve]], bool]:
    """Where the names of lines stand, x and y, and whether each is at most a name off its end."""
    last = []
    for line in lines:
        known = np.flatnonzero(np.isfinite(line.y))
        if known.size:
            last.append((float(line.y[known[-1]]), float(line.x[known[-1]]), line))
    last.sort(key=lambda one: one[0])
    room = NAME * (ends[1] - ends[0]) / height
    heights = apart([one[0] for one in last], room, ends)
    near = all(abs(y - one[0]) < 1.01 * room for y, one in zip(heights, last, strict=True))
    return [(x, y, line) for y, (_, x, line) in zip(heights, last, strict=True)], near
