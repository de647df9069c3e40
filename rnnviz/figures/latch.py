"""Figures of a one-unit latch: fixed points against b, and gradient against robustness."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from rnnviz.analysis.systems import Branches, Latch, Price
from rnnviz.figures.axes import frame, power_axis
from rnnviz.figures.palette import QUIET, TEXT, cell_color
from rnnviz.figures.sheet import Sheet
from rnnviz.words import say
from rnnviz.words.numbers import number, power


def bifurcation(
    found: Branches, here: Latch, *, theme: str = "light", height: int = 360
) -> go.Figure:
    """Fixed points against b (stable solid, unstable dashed), the folds, and the latch's own b."""
    fig = Sheet()
    reach = max(1.0, 1.6 * here.fold, 1.1 * abs(here.b))
    stable = np.abs(found.slope) < 1
    color = cell_color("rnn", theme)
    for name, seen, dash in ((say("stable"), stable, "solid"), (say("unstable"), ~stable, "dash")):
        if seen.any():
            fig.add_scatter(
                x=np.where(seen, found.b, np.nan), y=found.x, mode="lines", name=name,
                line={"color": color, "width": 2.25, "dash": dash}, customdata=found.slope,
                hovertemplate="b = %{x:.3g}, x = %{y:.4g}, w (1 − x²) = %{customdata:.3g}"
                "<extra></extra>",
            )  # fmt: skip
    _fold(fig, here, theme)
    fig.add_scatter(
        x=[here.b] * len(here.points), y=[float(one.x[0]) for one in here.points], mode="markers",
        name=say("here"), hovertemplate="x = %{y:.6g}<extra></extra>",
        marker={"size": 9, "color": [color if one.stable else "rgba(0,0,0,0)"
                                     for one in here.points],
                "line": {"width": 2, "color": TEXT[theme]}},
    )  # fmt: skip
    frame(fig, theme, height, [], t=24, l=48)
    fig.update_layout(showlegend=True, legend={"orientation": "h", "y": 1.12})
    fig.update_xaxes(title={"text": "b"}, range=[-reach, reach])
    fig.update_yaxes(title={"text": "x"}, range=[-1.08, 1.08])
    return fig.figure()


def _fold(fig: Sheet, here: Latch, theme: str) -> None:
    fig.add_vline(x=here.b, line={"color": TEXT[theme], "width": 1})
    for side in (-1, 1) if here.fold else ():
        fig.add_vline(x=side * here.fold, line={"color": QUIET[theme], "width": 1, "dash": "dot"})
        fig.add_annotation(
            x=side * here.fold, y=side * -1.0, text=say("fold {b}", b=number(side * here.fold)),
            showarrow=False, xanchor="left" if side > 0 else "right", xshift=5 * side,
            font={"color": QUIET[theme], "size": 12},
        )  # fmt: skip


def latch_price(
    found: Price, here: Latch, *, theme: str = "light", height: int = 360,
    labelled: Sequence[float] = (1.5, 2.0, 3.0, 4.0),
) -> go.Figure:  # fmt: skip
    """The gradient left after ``here.steps`` steps against the push that the latch withstands."""
    fig = Sheet()
    color = cell_color("rnn", theme)
    fig.add_scatter(
        x=found.fold, y=found.through, mode="lines", name="b = 0", customdata=found.w,
        line={"color": color, "width": 2.25},
        hovertemplate="w = %{customdata:.3g}: %{x:.3g}, 10<sup>%{y:.2f}</sup><extra></extra>",
    )  # fmt: skip
    for w in labelled:
        k = int(np.abs(found.w - w).argmin())
        if abs(found.w[k] - w) < 0.05:
            fig.add_annotation(
                x=float(found.fold[k]), y=float(found.through[k]), text=f"w = {w:g}",
                showarrow=False, xanchor="left", yanchor="bottom", xshift=4,
                font={"color": QUIET[theme], "size": 12},
            )  # fmt: skip
    stable = [(one, left) for one, left in zip(here.points, here.through, strict=True)
              if one.stable and here.bistable]  # fmt: skip
    if stable:
        fig.add_scatter(
            x=[here.margin] * len(stable), y=[left for _, left in stable], mode="markers",
            name=say("here"), marker={"size": 10, "color": TEXT[theme]},
            text=[f"x = {number(float(one.x[0]))}: {power(left)}" for one, left in stable],
            hovertemplate="%{text}<extra></extra>",
        )  # fmt: skip
    frame(fig, theme, height, [], t=24)
    fig.update_yaxes(**power_axis([found.through, [left for _, left in stable]],
                                  say("gradient left after {n} steps", n=here.steps)))  # fmt: skip
    fig.update_xaxes(title={"text": say("lasting input that it withstands, fold − |b|")},
                     range=[-0.05, 1.12 * float(max(found.fold.max(), here.margin))])  # fmt: skip
    return fig.figure()
