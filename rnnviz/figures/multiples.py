"""Small pictures side by side, one a cell, all on one scale: what differs is the cell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from rnnviz.figures.axes import FLOAT64, colour_range, decade_ticks, frame, power_axis, time_axis
from rnnviz.figures.palette import QUIET, TEXT, UNDERFLOW
from rnnviz.figures.panels import Line, in_words
from rnnviz.figures.sheet import Sheet

HEIGHT, GAP = 190, 0.03
ENTRY = 32
"""Pixels for each further entry of the legend than two: on a phone it has a row of its own."""
SPAN = 4.0
"""Powers of ten that one colour scale of several maps shows at most."""
MOST = 128
"""The most rows and columns of a small map: of a larger one every k-th is drawn."""


class Small(NamedTuple):
    """One picture's title, its colour, and its lines of log10 values."""

    title: str
    color: str
    lines: Sequence[Line]


class SmallMap(NamedTuple):
    """One picture's title, its colour, and its log10 values (rows, T + 1), columns t = 0 … T."""

    title: str
    color: str
    values: NDArray[np.float64]


def small_lines(
    pictures: Sequence[Small], *, axis: str, theme: str = "light",
    labels: Sequence[str] | None = None, height: int | None = None, first: int = 0,
    span: tuple[float, float] | None = None,
) -> go.Figure:  # fmt: skip
    """Lines over time, one picture a column, on one logarithmic axis; a legend names the lines.

    Lines of one label are one entry of the legend and hide together. Exact zeros are not drawn.
    """
    tall = height or HEIGHT
    entries = len({line.label for one in pictures for line in one.lines})
    fig = _sheet([one.title for one in pictures], [one.color for one in pictures], theme, tall, 74,
                 bottom=92 + ENTRY * max(0, entries - 2))  # fmt: skip
    shown = power_axis([line.values for one in pictures for line in one.lines], axis)
    shown |= {"nticks": 5} | ({} if span is None else {"range": list(span)})
    named: set[str] = set()
    for col, one in enumerate(pictures, start=1):
        for line in one.lines:
            fig.add_scatter(
                **_line(line), meta=one.title,
                showlegend=line.label not in named, col=col,
            )  # fmt: skip
            named.add(line.label)
    steps = max(
        [1, *(line.first + len(line.values) - 1 for one in pictures for line in one.lines)]
    )
    _share_axes(fig, shown, time_axis(steps, labels, first))
    fig.update_layout(
        showlegend=len(named) > 1,
        legend={"orientation": "h", "yref": "container", "yanchor": "bottom", "y": 0, "x": 0,
                "font": {"color": TEXT[theme]}, "itemwidth": 30},
    )  # fmt: skip
    return fig.figure()


def small_maps(
    pictures: Sequence[SmallMap], *, rows: str, columns: str, theme: str = "light",
    labels: Sequence[str] | None = None, height: int | None = None, first: int = 1,
    scale: tuple[float, float] | None = None, span: tuple[int, int] | None = None,
) -> go.Figure:  # fmt: skip
    """Maps of log10 values, one picture a column, on one colour scale; row 0 is step ``first``.

    ``span`` is the first and the last row that are shown, by timestep. Without a ``scale`` the
    colours are those of `shared_colours`.
    """
    tall = height or HEIGHT
    fig = _sheet([one.title for one in pictures], [one.color for one in pictures], theme, tall, 58)
    low, high, cut = (*scale, False) if scale else shared_colours([one.values for one in pictures])
    for col, one in enumerate(pictures, start=1):
        every = -(-max(one.values.shape) // MOST)
        values = one.values[::every, ::every]
        place: dict[str, Any] = {"x0": 0, "dx": every, "y0": first, "dy": every, "col": col}
        lost = np.isneginf(values) | (values < FLOAT64[0])
        kept = np.where(np.isfinite(values) & ~lost, values, np.nan).astype(np.float32)
        fig.add_heatmap(
            z=kept, coloraxis="coloraxis", name=one.title, **place,
            hovertemplate="%{y} → %{x}: 10<sup>%{z:.2f}</sup><extra></extra>",
        )  # fmt: skip
        fig.add_heatmap(
            z=np.where(lost, 1.0, np.nan).astype(np.float32), showscale=False,
            colorscale=[[0, UNDERFLOW[theme]], [1, UNDERFLOW[theme]]], hoverinfo="skip", **place,
        )  # fmt: skip
    shape = pictures[0].values.shape if pictures else (1, 2)
    across = time_axis(shape[1] - 1, labels, 0) | {"title": {"text": columns}, "showgrid": False}
    bottom, top = span or (first, first + shape[0] - 1)
    up = {"range": [bottom - 0.5, top + 0.5], "title": {"text": rows},
          "showgrid": False, "nticks": 5}  # fmt: skip
    _share_axes(fig, up, across)
    fig.update_layout(coloraxis=_bar(low, high, theme, cut=cut))
    return fig.figure()


def shared_colours(
    maps: Sequence[NDArray[np.float64]], most: float = SPAN
) -> tuple[float, float, bool]:
    """Ends of one colour scale for several maps of log10 values, and whether it was cut below.

    Were one map to run over many powers of ten, those that do not would each be one flat colour.
    """
    low, high = colour_range(maps)
    return (high - most, high, True) if high - low > most + 1 else (low, high, False)


def _line(line: Line) -> dict[str, Any]:
    values = np.where(np.isfinite(line.values), line.values, np.nan)
    return {
        "x": np.arange(len(values)) + line.first, "y": values, "name": line.label,
        "mode": "lines", "line": {"color": line.color, "width": 2, "dash": line.dash},
        "legendgroup": line.label,
        "hovertext": in_words(line.values),
        "hovertemplate": f"{line.label}, t = %{{x}}: %{{hovertext}}<extra></extra>",
    }  # fmt: skip


def _bar(low: float, high: float, theme: str, *, cut: bool) -> dict[str, Any]:
    ticks = decade_ticks(low, high)
    if cut:
        ticks["ticktext"] = [f"≤ {ticks['ticktext'][0]}", *ticks["ticktext"][1:]]
    return {
        "colorscale": "Viridis", "cmin": low, "cmax": high,
        "colorbar": {
            "orientation": "h", "x": 0, "xanchor": "left", "yref": "container", "y": 0,
            "yanchor": "bottom",
            "len": 1, "thickness": 10, "outlinewidth": 0, **ticks,
            "tickfont": {"color": QUIET[theme]},
            # Ticks that are not seen keep raised exponents off the bar.
            "ticks": "outside", "ticklen": 6, "tickcolor": "rgba(0,0,0,0)",
        },
    }  # fmt: skip


def _sheet(
    titles: Sequence[str], colors: Sequence[str], theme: str, tall: int, left: int,
    bottom: int = 92,
) -> Sheet:  # fmt: skip
    """One row of places, their titles in their colours above them, room for a legend below."""
    count = max(len(titles), 1)
    fig = Sheet(
        cols=count, horizontal_spacing=GAP, subplot_titles=[f"<b>{one}</b>" for one in titles]
    )
    names = [f"x{col if col > 1 else ''}" for col in range(1, count + 1)]
    frame(fig, theme, tall + 28 + bottom, names, l=left, t=28, b=bottom, r=14)
    for note, color in zip(fig.annotations, colors, strict=True):
        note |= {"font": {"size": 13, "color": color}}
    return fig


def _share_axes(fig: Sheet, up: dict[str, Any], across: dict[str, Any]) -> None:
    """The same two axes everywhere; the numbers upwards on the first alone."""
    title = up.pop("title")
    fig.update_xaxes(**across, nticks=4)
    fig.update_yaxes(**up)
    for col in range(2, fig.cols + 1):
        fig.update_yaxes(matches="y", showticklabels=False, ticks="", col=col)
    fig.update_yaxes(title=title, col=1)
