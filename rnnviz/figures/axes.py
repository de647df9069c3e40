"""The layout of all figures, the time axis, and axes in powers of ten."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from rnnviz.figures.palette import BAND, GRID, PAPER, QUIET, TEXT
from rnnviz.figures.sheet import Sheet
from rnnviz.words import say
from rnnviz.words.numbers import number, power

FONT = '"Source Sans", Pretendard, sans-serif'
"""The fonts of the pages, as in .streamlit/config.toml."""
FLOAT64 = (-307.65, 308.25)
"""log10 of the smallest normal and the largest float64."""
LEAST_DECADES = 4.0
FEW_DECADES, LEAST_RANGE = 2.0, 0.02
"""Colour scales of fewer decades end where the data do; the least that they span, in decades."""
BESIDE, BELOW = 10, 16
"""Pixels added to the left and bottom margins for the titles of the axes."""


def frame(fig: Sheet, theme: str, height: int, time_axes: Sequence[str], **margin: int) -> None:
    """Set height, margins, colours and fonts, and name the time axes that cursors follow.

    ``height`` and ``margin`` leave room for the numbers along the axes; that for their titles is
    added. Plotly could find the room itself, by drawing everything twice, and whether labels
    overlap, by measuring each.
    """
    found = {"l": 56, "r": 12, "t": 28, "b": 40} | margin
    room = {"l": found["l"] + BESIDE, "b": found["b"] + BELOW, "pad": 8}
    fig.update_layout(
        height=height + BELOW, showlegend=False, margin=found | room,
        paper_bgcolor="rgba(0,0,0,0)", plot_bgcolor="rgba(0,0,0,0)", hovermode="closest",
        font={"size": 12, "color": TEXT[theme], "family": FONT}, dragmode="zoom",
        meta=list(time_axes),
        hoverlabel={"bgcolor": PAPER[theme], "bordercolor": GRID[theme],
                    "font": {"color": TEXT[theme], "family": FONT, "size": 12}},
    )  # fmt: skip
    lines: dict[str, Any] = {
        "gridcolor": GRID[theme], "zerolinecolor": GRID[theme], "zeroline": False,
        "tickfont": {"color": QUIET[theme]}, "automargin": False,
        "title": {"font": {"color": QUIET[theme], "size": 14}}, "ticklabeloverflow": "allow",
    }  # fmt: skip
    fig.update_xaxes(showgrid=False, ticks="outside", tickcolor=GRID[theme], **lines)
    fig.update_xaxes(title={"standoff": 8})
    fig.update_yaxes(**lines)
    fig.update_yaxes(title={"standoff": 14})
    if any(trace["type"] == "heatmap" for trace in fig.data):  # which have ticks anyway
        fig.update_yaxes(tickcolor=GRID[theme])
        fig.update_xaxes(title={"standoff": 18})


def time_axis(steps: int, labels: Sequence[str] | None = None, first: int = 1) -> dict[str, Any]:
    """t from ``first`` to T; the sequence's own labels as ticks where those are characters."""
    title = {"text": say("timestep t")}
    axis: dict[str, Any] = {"range": [first - 0.5, steps + 0.5], "title": title, "tickangle": 0}
    if steps <= 12:
        axis["dtick"] = 1
    if labels and all(len(label) <= 2 for label in labels) and any(not s.isdigit() for s in labels):
        axis |= {"tickvals": list(range(1, steps + 1)), "ticktext": list(labels)}
        axis["tickfont"] = {"size": 11 if steps <= 60 else 8}
    return axis


def power_axis(values: Iterable[Any], title: str) -> dict[str, Any]:
    """A y axis for log10 values, labelled in powers of ten, of at least four decades."""
    arrays = [np.asarray(value, float).ravel() for value in values]
    finite = np.concatenate([a[np.isfinite(a)] for a in arrays]) if arrays else np.zeros(0)
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (-2.0, 2.0)
    pad = 0.06 * max(high - low, LEAST_DECADES)
    middle, half = (low + high) / 2, max(high - low, LEAST_DECADES) / 2
    return {
        "range": [middle - half - 2 * pad, middle + half + pad],
        "tickprefix": "10<sup>",
        "ticksuffix": "</sup>",
        "title": {"text": title},
        "nticks": 8,
    }


def plain_ticks(low: float, high: float) -> dict[str, Any]:
    """Ticks at 1, 2, 5, 10, … on a log axis that is too short for powers of ten."""
    steps = (1, 2, 5) if high - low > 1 else (1, 1.5, 2, 3, 4, 5, 6, 8)
    logs = [k + float(np.log10(m)) for k in range(int(np.floor(low)), int(np.ceil(high)) + 1)
            for m in steps]  # fmt: skip
    shown = [one for one in logs if low <= one <= high]
    return {"tickvals": shown, "ticktext": [f"{10.0**one:.4g}" for one in shown],
            "tickprefix": "", "ticksuffix": ""}  # fmt: skip


def decades(values: Iterable[Any]) -> tuple[float, float]:
    """The whole powers of ten below and above all finite log10 values in float64's range.

    They are at least one apart.
    """
    flat = np.concatenate([np.ravel(np.asarray(value, float)) for value in values])
    flat = flat[np.isfinite(flat) & (flat >= FLOAT64[0])]
    if not flat.size:
        return -1.0, 0.0
    # A value above a power of ten by a rounding error alone adds no decade.
    low, high = np.floor(flat.min() + 1e-9), np.ceil(flat.max() - 1e-9)
    return float(low), float(max(high, low + 1))


def colour_range(values: Iterable[Any]) -> tuple[float, float]:
    """The ends of a colour scale for log10 values: `decades`, or their own ends if those are near.

    Values within less than `FEW_DECADES` would be one colour on a scale of whole decades.
    """
    arrays = [np.ravel(np.asarray(value, float)) for value in values]
    flat = np.concatenate(arrays) if arrays else np.zeros(0)
    flat = flat[np.isfinite(flat) & (flat >= FLOAT64[0])]
    if not flat.size or flat.max() - flat.min() >= FEW_DECADES:
        return decades([flat])
    low, high = float(flat.min()), float(flat.max())
    short = max(0.0, LEAST_RANGE - (high - low)) / 2
    return low - short, high + short


def decade_ticks(low: float, high: float) -> dict[str, list[Any]]:
    """Ticks of a colour bar: both ends, and between them powers of ten, whole steps from the top.

    A bar of less than two decades gets five numbers instead.
    """
    if high - low < FEW_DECADES and (low % 1 or high % 1):
        values = [float(one) for one in np.linspace(low, high, 5)]
        return {"tickvals": values, "ticktext": [_tick(one) for one in values]}
    step = max(1.0, np.ceil((high - low) / 6))
    values = [low, *(float(one) for one in np.arange(high, low + step / 2, -step)[::-1])]
    # Plotly leaves a tick's prefix out where the ticks' places are given.
    texts = [f"10<sup>{one + 0.0:g}</sup>".replace("-", "−") for one in values]
    return {"tickvals": values, "ticktext": texts}


def _tick(log10: float) -> str:
    """Three digits of a power of ten, two where it is beyond float64."""
    return number(10.0**log10) if FLOAT64[0] < log10 < FLOAT64[1] else power(log10)


def float_limits(fig: Sheet, theme: str, low: float, high: float, **where: Any) -> None:
    """Shade the parts of a log10 axis that lie outside the range of float64."""
    bands = [(low, FLOAT64[0], say("below the range of float64"))] if low < FLOAT64[0] else []
    bands += [(FLOAT64[1], high, say("above the range of float64"))] if high > FLOAT64[1] else []
    for bottom, top, words in bands:
        fig.add_hrect(
            bottom, top, fillcolor=BAND[theme], line={"width": 0}, layer="below",
            annotation={"text": words, "font": {"size": 11, "color": QUIET[theme]}},
            top=top == FLOAT64[0], **where,
        )  # fmt: skip
