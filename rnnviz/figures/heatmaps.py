"""Heatmaps of a cell's signals, units against timesteps, on fixed colour scales."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from rnnviz.cells import Signal
from rnnviz.figures.axes import frame, time_axis
from rnnviz.figures.palette import BAND, DIVERGING, GATES, NOT_FINITE, QUIET
from rnnviz.figures.sheet import Sheet
from rnnviz.words import say
from rnnviz.words.numbers import number

ROW, GAP = 92, 30
ORDER = {"state": 0, "gate": 1, "candidate": 2}


class Series(NamedTuple):
    """A signal of one example over time, values (T, H)."""

    signal: Signal
    values: NDArray[np.floating]


class Row(NamedTuple):
    """A heatmap under its title; without a series an empty place with ``words`` in it."""

    title: str
    series: Series | None = None
    words: str = ""


def unit_rows(series: Sequence[Series]) -> list[Row]:
    """One row per signal, states on top, under the signals' titles."""
    ordered = sorted(series, key=lambda one: (ORDER[one.signal.kind], one.signal.name != "h"))
    return [Row(title(one.signal), one) for one in ordered]


def heatmap_rows(
    rows: Sequence[Row],
    *,
    limits: dict[str, float],
    theme: str = "light",
    labels: Sequence[str] | None = None,
    height: int | None = None,
    colorbar: bool = False,
) -> go.Figure:
    """The rows' heatmaps in their order; ``limits`` is each state's or candidate's ±bound.

    ``height`` is that of one heatmap; ``colorbar`` puts a bar beside the first of each scale.
    """
    tall = ROW if height is None else height
    count = max(len(rows), 1)
    total = 28 + count * tall + (count - 1) * GAP + 40
    inner = total - 68
    fig = Sheet(
        rows=count, cols=1, shared_xaxes=True, vertical_spacing=GAP / inner if count > 1 else 0,
        subplot_titles=[one.title for one in rows],
    )  # fmt: skip
    shown = set[tuple[float, float]]()
    for row, place in enumerate(rows, start=1):
        if (one := place.series) is None:
            continue
        drawn = _heatmap(one, limits, theme)
        if colorbar and (ends := (drawn["zmin"], drawn["zmax"])) not in shown:
            shown.add(ends)
            middle = 1 - ((row - 1) * (tall + GAP) + tall / 2) / inner
            drawn |= {"showscale": True, "colorbar": _bar(ends, middle, tall, theme)}
        fig.add_heatmap(**drawn, row=row, col=1)
        if not np.isfinite(one.values).all():
            fig.add_heatmap(**not_finite(one), row=row, col=1)
    names = [f"x{row if row > 1 else ''}" for row in range(1, count + 1)]
    frame(fig, theme, total, names, l=34, r=72 if colorbar else 12)
    fig.update_annotations(x=0, xanchor="left", font={"size": 12})
    shapes = [one.series.values.shape for one in rows if one.series is not None]
    steps, units = shapes[0] if shapes else (1, 1)
    axis = time_axis(steps, labels)
    name = axis.pop("title")
    fig.update_xaxes(**axis)
    fig.update_xaxes(title=name, row=count, col=1)
    fig.update_yaxes(
        range=[units - 0.5, -0.5],
        tickvals=[0, units - 1] if units > 1 else [0],
        showgrid=False,
        title={"text": say("unit"), "standoff": 0},
    )
    for row, place in enumerate(rows, start=1):
        if place.series is None:
            _leave_empty(fig, place.words, units, theme, row)
    return fig.figure()


def _leave_empty(fig: Sheet, words: str, units: int, theme: str, row: int) -> None:
    """A flat place of a heatmap's size that says why nothing is there."""
    middle = {"text": words, "x": 0.5, "xanchor": "center", "y": units / 2 - 0.5,
              "yanchor": "middle", "font": {"size": 13, "color": QUIET[theme]}}  # fmt: skip
    fig.update_yaxes(tickvals=[], title={"text": ""}, row=row, col=1)
    fig.add_hrect(
        -0.5, units - 0.5, fillcolor=BAND[theme], line={"width": 0}, layer="below",
        annotation=middle, top=False, row=row, col=1,
    )  # fmt: skip


def title(signal: Signal) -> str:
    """The signal's symbol and name; for gates also the meaning of 1 and 0."""
    words = f"<b>{signal.name}</b>  {say(signal.title)}"
    return f"{words}: {say(signal.meaning)}" if signal.meaning else words


def colours(one: Series, limits: dict[str, float], theme: str, *, bar: int) -> dict[str, Any]:
    """One heatmap with a colour bar of ``bar`` pixels beside it."""
    drawn = _heatmap(one, limits, theme)
    ends = drawn["zmin"], drawn["zmax"]
    return drawn | {"showscale": True, "colorbar": _bar(ends, 0.5, bar, theme)}


def _heatmap(one: Series, limits: dict[str, float], theme: str) -> dict[str, Any]:
    signal, values = one
    gate = signal.kind == "gate"
    bound = limits.get(signal.name, 1.0)
    return {
        "z": _small(values).T, "x0": 1, "dx": 1, "y0": 0, "dy": 1, "name": signal.name,
        "colorscale": GATES if gate else DIVERGING[theme],
        "zmin": 0 if gate else -bound, "zmax": 1 if gate else bound, "showscale": False,
        "hovertemplate": say("{signal}, unit %{y}, t = %{x}: %{z:.3g}", signal=signal.name)
        + "<extra></extra>",
    }  # fmt: skip


def _bar(ends: tuple[float, float], middle: float, height: int, theme: str) -> dict[str, Any]:
    """A narrow colour bar beside one heatmap, with its two ends and the middle."""
    ticks = [ends[0], sum(ends) / 2, ends[1]]
    return {
        "x": 1.01, "xanchor": "left", "y": middle, "yanchor": "middle", "lenmode": "pixels",
        "len": height, "ypad": 0, "thickness": 10, "outlinewidth": 0, "tickvals": ticks,
        "ticktext": [number(one) for one in ticks], "tickfont": {"color": QUIET[theme]},
    }  # fmt: skip


def _small(values: NDArray[np.floating]) -> NDArray[np.floating]:
    """float32 where that holds the values: half the bytes to the browser."""
    finite = values[np.isfinite(values)]
    fits = np.abs(finite).max(initial=0) < np.finfo(np.float32).max
    return values.astype(np.float32 if fits else np.float64)


def not_finite(one: Series) -> dict[str, Any]:
    """Mark the entries that are not finite in a colour used for nothing else."""
    z = np.where(np.isfinite(one.values), np.nan, 1.0).astype(np.float32).T
    name = one.signal.name
    return {
        "z": z, "x0": 1, "dx": 1, "y0": 0, "dy": 1, "showscale": False,
        "name": say("{line}: not finite", line=name),
        "colorscale": [[0, NOT_FINITE], [1, NOT_FINITE]],
        "hoverongaps": False,
        "hovertemplate": say("{signal}, unit %{y}, t = %{x}: not finite", signal=name)
        + "<extra></extra>",
    }  # fmt: skip
