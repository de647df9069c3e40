"""Timestep × timestep maps of log10 norms: one absolute colour scale for all of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from rnnviz.figures.axes import FLOAT64, colour_range, decade_ticks, frame, time_axis
from rnnviz.figures.palette import NOT_FINITE, QUIET, TEXT, UNDERFLOW
from rnnviz.figures.sheet import Sheet
from rnnviz.words import say

HEIGHT = 460
LARGE = 100_000
"""Entries from which on a map is cut to its span, and a layer to those entries that it shows."""
FEW_ROWS = 12
"""Rows of which each gets its number."""


def step_map(
    values: NDArray[np.float64],
    *,
    first: int,
    rows: str,
    columns: str,
    title: str,
    theme: str = "light",
    labels: Sequence[str] | None = None,
    name: str = "map",
    height: int | None = None,
    scale: tuple[float, float] | None = None,
    colorbar: bool = True,
    span: tuple[int, int] | None = None,
) -> go.Figure:
    """log10 values (n, T + 1 or n): row r is timestep ``first`` + r, column k is timestep k.

    nan is left empty (nothing there), −inf is an exact zero, below −308 a float64 would have lost
    it: both in grey. ``scale`` is (low, high) of the colours, without it `colour_range` of all that
    is finite. ``name`` is what a probe asks for, in the first trace's ``meta``; ``span``
    is the first and the last row that are shown, by timestep; of a large map others are left out.
    """
    shown = np.asarray(values, np.float64)
    if span is not None and shown.size > LARGE:
        shown, first = shown[span[0] - first : span[1] - first + 1], span[0]
    low, high = colour_range([shown]) if scale is None else scale
    lost = np.isneginf(shown) | (shown < FLOAT64[0])
    fig = Sheet()
    kept = np.where(np.isfinite(shown) & ~lost, shown, np.nan)
    fig.add_heatmap(**_layer(kept, first, title, low, high, theme), showscale=colorbar, meta=name)
    fig.add_heatmap(**_flat(lost, first, UNDERFLOW[theme], say("below float64, or exactly 0")))
    fig.add_heatmap(**_flat(np.isposinf(shown), first, NOT_FINITE, say("not finite")))
    frame(fig, theme, HEIGHT if height is None else height, ["x"], l=58, t=28, r=8)
    fig.update_xaxes(**time_axis(shown.shape[1] - 1, labels, first=0), showgrid=False)
    fig.update_xaxes(title={"text": columns})
    bottom, top = (first, first + len(shown) - 1) if span is None else span
    fig.update_yaxes(range=[bottom - 0.5, top + 0.5], title={"text": rows}, showgrid=False)
    if top - bottom < FEW_ROWS:
        fig.update_yaxes(dtick=1)
    return fig.figure()


def _layer(
    z: NDArray[np.float64], first: int, title: str, low: float, high: float, theme: str
) -> dict[str, Any]:
    ticks = decade_ticks(low, high)
    # Plotly sets the title close to the widest number.
    ticks["ticktext"] = [f"{one}\u2002" for one in ticks["ticktext"]]
    return {
        "z": z.astype(np.float32), "x0": 0, "dx": 1, "y0": first, "dy": 1,
        "zmin": low, "zmax": high,
        "colorscale": "Viridis", "name": title,
        "hovertemplate": "%{y} → %{x}: 10<sup>%{z:.2f}</sup><extra></extra>",
        "colorbar": {
            "title": {"text": title, "side": "right", "font": {"color": TEXT[theme]}},
            "thickness": 12, "outlinewidth": 0, **ticks,
            "tickfont": {"color": QUIET[theme]},
        },
    }  # fmt: skip


def _flat(where: NDArray[np.bool_], first: int, color: str, name: str) -> dict[str, Any]:
    """A heatmap of one colour for the entries that the colour scale cannot show.

    In a large map, which is a large message, it covers the rows and columns alone that have such
    entries.
    """
    top, left, (bottom, right) = 0, 0, where.shape
    if where.size > LARGE:
        rows, columns = (np.flatnonzero(where.any(axis=axis)) for axis in (1, 0))
        top, left = (int(one[0]) if one.size else 0 for one in (rows, columns))
        bottom, right = (int(one[-1]) + 1 if one.size else 1 for one in (rows, columns))
    return {
        "z": np.where(where[top:bottom, left:right], 1.0, np.nan).astype(np.float32),
        "x0": left, "dx": 1, "y0": first + top, "dy": 1,
        "colorscale": [[0, color], [1, color]], "showscale": False, "name": name,
        "hoverongaps": False,
        "hovertemplate": f"%{{y}} → %{{x}}: {name}<extra></extra>",
    }  # fmt: skip
