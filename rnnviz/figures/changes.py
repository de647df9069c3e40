"""What a number was before and after, a row each, on one logarithmic axis."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go

from rnnviz.figures.axes import frame
from rnnviz.figures.palette import QUIET, TEXT
from rnnviz.figures.sheet import Sheet
from rnnviz.words import say
from rnnviz.words.numbers import share

ROW = 24


class Change(NamedTuple):
    """A row: log10 before and after, and words at its right end; ``strong`` ones are filled."""

    label: str
    before: float
    after: float
    words: str
    color: str
    strong: bool


def changes(
    rows: Sequence[Change], *, axis: str, theme: str = "light", height: int | None = None
) -> go.Figure:
    """Draw each row as an arrow from an open circle (before) to a dot (after)."""
    fig, quiet = Sheet(), QUIET[theme]
    known = [v for one in rows for v in (one.before, one.after) if np.isfinite(v)]
    low = min([-1.0, *known])
    frame(fig, theme, height or 66 + ROW * len(rows), [], t=28, b=40,
          r=14 + 8 * max((len(one.words) for one in rows), default=0),
          l=7 * max((len(one.label) for one in rows), default=0))  # fmt: skip
    for place, one in enumerate(rows):
        fig.add_scatter(
            x=[one.before, one.after], y=[place] * 2, mode="lines", name=one.label,
            line={"color": one.color, "width": 2}, hoverinfo="skip", showlegend=False,
        )  # fmt: skip
        fig.add_annotation(
            x=1.02, xref="x domain", y=place, text=one.words, showarrow=False, xanchor="left",
            font={"size": 12, "color": TEXT[theme] if one.strong else quiet},
        )  # fmt: skip
    for name, values, mark in (
        (say("before training"), [one.before for one in rows], "circle-open"),
        (say("after training"), [one.after for one in rows], "circle"),
    ):
        fig.add_scatter(
            x=values, y=list(range(len(rows))), mode="markers", name=name,
            marker={"symbol": mark, "size": 10, "color": [one.color for one in rows]},
            hovertext=[f"{one.label}, {name}: {share(v)}"
                       for one, v in zip(rows, values, strict=True)],
            hovertemplate="%{hovertext}<extra></extra>",
        )  # fmt: skip
    fig.update_layout(showlegend=True, legend={"orientation": "h", "y": 1, "yanchor": "bottom"})
    fig.update_xaxes(range=[1.06 * low - 0.2, 0.4], showgrid=True, tickprefix="10<sup>",
                     ticksuffix="</sup>", title={"text": axis}, nticks=5)  # fmt: skip
    fig.update_yaxes(tickvals=list(range(len(rows))), ticktext=[one.label for one in rows],
                     range=[len(rows) - 0.5, -0.5], showgrid=False)  # fmt: skip
    return fig.figure()
