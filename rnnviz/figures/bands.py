"""Medians with bands over seeds: norms over time, factors over a bias and by scheme."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from rnnviz.figures.axes import float_limits, frame, power_axis, time_axis
from rnnviz.figures.palette import QUIET, THEMES
from rnnviz.figures.panels import Line, add_labels, add_line
from rnnviz.figures.sheet import Sheet
from rnnviz.words import say

Array = NDArray[np.float64]
STYLES = {
    "pytorch": ("#C54913", "#9B7900", "solid"),
    "keras": ("#1E8376", "#19B1A2", "dash"),
    "glorot": ("#325562", "#75E980", "dashdot"),
    "orthogonal": ("#540070", "#7575CD", "longdash"),
    "identity": ("#912100", "#A8AD0B", "dot"),
    "chrono": ("#7F4CB8", "#FB9EFF", "longdashdot"),
    "yours": ("#1B1F24", "#E6E9ED", "solid"),
}
"""Initialisation scheme → its colour in the light and the dark theme, and its dash.

OKLab distances of at least 0.125 under normal vision and the three simulated dichromacies.
"""


class Band(NamedTuple):
    """Three lines over x = first …: low, middle and high (n,), log10 values on a power axis."""

    label: str
    low: Array
    middle: Array
    high: Array
    color: str
    dash: str = "solid"
    first: int = 0


def scheme_style(name: str, theme: str) -> tuple[str, str]:
    """Colour and dash of an initialisation scheme."""
    *colors, dash = STYLES[name]
    return colors[THEMES.index(theme)], dash


def scheme_css(name: str) -> str:
    """The colour of an initialisation scheme in both themes, as CSS."""
    return "light-dark({}, {})".format(*STYLES[name][:2])


def span_of(bands: Sequence[Band]) -> tuple[float, float]:
    """The range of a power axis that holds all bands."""
    low, high = power_axis([one for band in bands for one in band[1:4]], "")["range"]
    return low, high


def norm_bands(
    bands: Sequence[Band],
    *,
    axis: str,
    theme: str = "light",
    labels: Sequence[str] | None = None,
    height: int = 360,
    span: tuple[float, float] | None = None,
) -> go.Figure:
    """Bands of log10 norms over t = 0 … T; ``span`` gives several figures one axis."""
    fig, (low, high) = Sheet(), span_of(bands) if span is None else span
    steps = max([1, *(len(band.middle) + band.first - 1 for band in bands)])
    room = 8 + max((_width(band.label) for band in bands), default=0)
    frame(fig, theme, height + 54, ["x"], l=64 + room, t=10, b=44, r=14)
    fig.update_yaxes(**power_axis([], axis) | {"range": [low, high]}, ticklabelstandoff=room)
    fig.update_xaxes(**time_axis(steps, labels, 0))
    float_limits(fig, theme, low, high)
    for band in bands:
        _add_band(fig, band, low, high)
    lines = [Line(b.label, b.middle, b.color, b.dash, b.first) for b in bands]
    for line in lines:
        add_line(fig, line, "power", (low, high))
    add_labels(fig, lines, (low, high), height, at_start=True)
    return fig.figure()


def _width(label: str) -> int:
    """The estimated width in pixels of a name set 13 pixels high and bold."""
    plain = re.sub("<.*?>", "", label)
    return sum(12 if unicodedata.east_asian_width(one) in "WF" else 8 for one in plain)


def _add_band(fig: Sheet, band: Band, low: float, high: float) -> None:
    """Shade from low to high; values of ±inf are drawn at the edge of the figure."""
    t = np.arange(len(band.middle)) + band.first
    known = ~np.isnan(band.low) & ~np.isnan(band.high)
    upper, lower = (np.clip(one[known], low, high) for one in (band.high, band.low))
    fig.add_scatter(
        x=np.concatenate([t[known], t[known][::-1]]), y=np.concatenate([upper, lower[::-1]]),
        fill="toself", mode="lines", fillcolor=band.color, opacity=0.14, line={"width": 0},
        hoverinfo="skip", name=say("{line}: 10 % to 90 % of the seeds", line=band.label),
    )  # fmt: skip


class Sweep(NamedTuple):
    """Factors over a bias: x (n,), bands over seeds (n,), and the closed form."""

    x: Array
    low: Array
    middle: Array
    high: Array
    closed: Array


def sweep(
    found: Sweep, *, bias: str, gate: str, now: float | None, color: str, theme: str = "light",
    height: int = 300,
) -> go.Figure:  # fmt: skip
    """Measured factors against a bias, the closed form, and a mark at the bias ``now``."""
    fig, quiet = Sheet(), QUIET[theme]
    top = max([1.0, *found.high[np.isfinite(found.high)]])
    frame(fig, theme, height, [], l=64, t=24, r=20)
    fig.add_hline(y=1, line={"color": quiet, "width": 1})
    fig.add_scatter(
        x=np.concatenate([found.x, found.x[::-1]]),
        y=np.minimum(np.concatenate([found.high, found.low[::-1]]), 1.04 * top), fill="toself",
        mode="lines", fillcolor=color, opacity=0.16, line={"width": 0}, hoverinfo="skip",
        name=say("10 % to 90 % of the seeds"),
    )  # fmt: skip
    fig.add_scatter(
        x=found.x, y=found.middle, name=say("measured, median"), mode="lines+markers",
        line={"color": color, "width": 2.25},
        hovertemplate="b = %{x:g}: %{y:.3g}<extra></extra>",
    )  # fmt: skip
    fig.add_scatter(
        x=found.x, y=found.closed, name=gate, mode="lines",
        line={"color": quiet, "width": 2, "dash": "dash"},
        hovertemplate=f"{gate}, b = %{{x:g}}: %{{y:.3g}}<extra></extra>",
    )  # fmt: skip
    if now is not None:
        fig.add_vline(x=now, line={"color": quiet, "width": 1, "dash": "dot"})
        fig.add_annotation(
            x=now, y=1, yref="paper", yanchor="bottom", showarrow=False,
            text=f"{bias} = {now:g}".replace("-", "−"), font={"size": 12, "color": quiet},
        )  # fmt: skip
    _name(fig, found.x[-1], found.middle[-1], say("measured, median"), color, "right", -30)
    _name(fig, found.x[2], found.closed[2], gate, quiet, "left", -12)
    fig.update_xaxes(range=[found.x[0] - 0.2, found.x[-1] + 0.2], title={"text": bias},
                     tickvals=found.x)  # fmt: skip
    fig.update_yaxes(range=[0, 1.06 * top], title={"text": say("mean factor a step")})
    return fig.figure()


def _name(fig: Sheet, x: float, y: float, text: str, color: str, side: str, up: int) -> None:
    if np.isfinite(y):
        fig.add_annotation(
            x=x, y=y, text=f"<b>{text}</b>", showarrow=False, xanchor=side, yshift=up,
            font={"size": 13, "color": color},
        )  # fmt: skip


class Factor(NamedTuple):
    """One scheme: quantiles of the measured factor, and the closed form (nan if there is none)."""

    label: str
    low: float
    middle: float
    high: float
    closed: float
    color: str


def factors(found: Sequence[Factor], *, theme: str = "light") -> go.Figure:
    """One row per scheme: measured median and band, and the closed form as an open diamond."""
    fig, rows = Sheet(), [one.label for one in found]
    known = [v for one in found for v in (one.high, one.closed, 1.0) if np.isfinite(v)]
    right = 1.06 * max(known, default=1.0)
    frame(fig, theme, 74 + 30 * len(found), [], l=20 + max(map(_width, rows), default=0), t=30)
    places = list(range(len(rows)))
    for place, one in enumerate(found):
        fig.add_scatter(
            x=np.minimum([one.low, one.high], right), y=[place] * 2, mode="lines",
            line={"color": one.color, "width": 7}, opacity=0.35, hoverinfo="skip",
            showlegend=False, name=say("{line}: 10 % to 90 % of the seeds", line=one.label),
        )  # fmt: skip
    fig.add_scatter(
        x=[one.middle for one in found], y=places, mode="markers", name=say("measured, median"),
        marker={"color": [one.color for one in found], "size": 10}, customdata=rows,
        hovertemplate="%{customdata}: %{x:.3g}<extra></extra>",
    )  # fmt: skip
    fig.add_scatter(
        x=[one.closed for one in found], y=places, mode="markers", name=say("closed form"),
        marker={"symbol": "diamond-open", "size": 13, "color": QUIET[theme],
                "line": {"width": 2}}, customdata=rows,
        hovertemplate="%{customdata}: %{x:.3g}<extra></extra>",
    )  # fmt: skip
    fig.update_layout(showlegend=True, legend={"orientation": "h", "y": 1, "yanchor": "bottom"})
    fig.update_xaxes(range=[0, right], showgrid=True, title={"text": say("mean factor a step")})
    fig.update_yaxes(tickvals=places, ticktext=rows, range=[len(rows) - 0.5, -0.5], showgrid=False)
    return fig.figure()
