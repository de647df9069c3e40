"""Units against each other: shares of saturated steps, and a heatmap in a chosen order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from rnnviz.cells import Signal
from rnnviz.figures.axes import frame, time_axis
from rnnviz.figures.heatmaps import Series, colours, not_finite
from rnnviz.figures.palette import QUIET, TEXT
from rnnviz.figures.sheet import Sheet
from rnnviz.words import say
from rnnviz.words.numbers import percent

SYMBOLS = ("circle-open", "square-open", "diamond-open", "cross-open")
NAMED = 8
"""The most units that a point's words list."""
ROW, LEAST, MOST = 16, 200, 520
"""Pixels of a unit's row where there is room, and of the whole picture."""


class Use(NamedTuple):
    """One gate's units: shares of steps (H,) near its low and near its high end."""

    label: str
    low: NDArray[np.floating]
    high: NDArray[np.floating]
    color: str


def saturation_scatter(
    uses: Sequence[Use], *, ends: tuple[str, str], theme: str = "light", height: int = 380
) -> go.Figure:
    """A point a unit: to the right the share of steps near the high end, upwards near the low end.

    ``ends`` names them: ("below 0.1", "above 0.9"). Units of one place share a point, whose area
    grows with their number. On the dotted line a gate is saturated at every step.
    """
    fig = Sheet()
    fig.add_scatter(
        x=[0, 1], y=[1, 0], mode="lines", hoverinfo="skip", showlegend=False,
        name=say("saturated at every step"),
        line={"color": QUIET[theme], "width": 1, "dash": "dot"},
    )  # fmt: skip
    for k, use in enumerate(uses):
        places: dict[tuple[float, float], list[int]] = defaultdict(list)
        for unit, place in enumerate(zip(use.high, use.low, strict=True)):
            places[float(place[0]), float(place[1])].append(unit)
        fig.add_scatter(
            x=[x for x, _ in places], y=[y for _, y in places], mode="markers", name=use.label,
            cliponaxis=False,
            marker={"color": use.color, "symbol": SYMBOLS[k % len(SYMBOLS)],
                    "size": [8 * min(len(units), 25) ** 0.5 for units in places.values()],
                    "line": {"width": 1.75}},
            text=[_told(units) for units in places.values()],
            customdata=[[percent(x), percent(y)] for x, y in places],
            hovertemplate=f"{use.label}, %{{text}}<br>{ends[1]}: %{{customdata[0]}}, {ends[0]}: "
            "%{customdata[1]}<extra></extra>",
        )  # fmt: skip
    frame(fig, theme, height, [], t=44, l=48)
    fig.update_layout(showlegend=True, legend={
        "orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "itemsizing": "constant",
        "font": {"color": TEXT[theme]},
    })  # fmt: skip
    ticks: dict[str, Any] = {"tickvals": [0, 0.25, 0.5, 0.75, 1],
                             "ticktext": ["0", "25 %", "50 %", "75 %", "100 %"]}  # fmt: skip
    ticks |= {"range": [-0.03, 1.05]}
    fig.update_xaxes(title={"text": say("share of steps {end}", end=ends[1])}, **ticks)
    fig.update_yaxes(title={"text": say("share of steps {end}", end=ends[0])}, **ticks)
    return fig.figure()


def _told(units: Sequence[int]) -> str:
    """The units of one point."""
    if len(units) == 1:
        return say("unit {unit}", unit=units[0])
    named = ", ".join(map(str, units[:NAMED])) + (", …" if len(units) > NAMED else "")
    return say("{count} units: {units}", count=len(units), units=named)


def ordered_heatmap(
    signal: Signal, values: NDArray[np.floating], order: NDArray[np.integer], *,
    limits: dict[str, float], theme: str = "light", labels: Sequence[str] | None = None,
    height: int | None = None,
) -> go.Figure:  # fmt: skip
    """A signal (T, H) as colours, the units downwards in the given order, named by their numbers.

    Colours are those of `heatmap_rows`.
    """
    steps, size = values.shape
    tall = height or min(MOST, max(LEAST, ROW * size))
    names = [str(unit) for unit in order]
    one = Series(signal, values[:, order])
    fig = Sheet()
    place: dict[str, Any] = {"x0": 1, "dx": 1, "y": names}
    fig.add_heatmap(**_named(colours(one, limits, theme, bar=tall)), **place)
    if not np.isfinite(values).all():
        fig.add_heatmap(**_named(not_finite(one)), **place)
    frame(fig, theme, tall + 68, ["x"], l=48, r=72, t=12)
    fig.update_xaxes(**time_axis(steps, labels))
    every = -(-size * 13 // tall)
    fig.update_yaxes(
        type="category", range=[size - 0.5, -0.5], showgrid=False, tickvals=names[::every],
        title={"text": say("unit"), "standoff": 14},
    )  # fmt: skip
    return fig.figure()


def _named(heatmap: dict[str, Any]) -> dict[str, Any]:
    """A heatmap whose rows have names instead of places."""
    return {key: value for key, value in heatmap.items() if key not in ("x0", "dx", "y0", "dy")}
