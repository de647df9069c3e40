"""Maps over the steps of a recorded training run: a row a log, upwards."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from rnnviz.figures.axes import frame
from rnnviz.figures.palette import GATES, QUIET, TEXT
from rnnviz.figures.sheet import Sheet
from rnnviz.words import say

TICKS = 7
"""So many steps are named beside a map."""


def name_rows(fig: go.Figure, steps: NDArray[np.float64]) -> None:
    """Name some rows of a map by their steps."""
    shown = np.unique(np.linspace(0, len(steps) - 1, min(TICKS, len(steps))).astype(int))
    fig.update_yaxes(tickvals=shown.tolist(), ticktext=[f"{steps[k]:.0f}" for k in shown],
                     tickmode="array")  # fmt: skip


def entitle(fig: go.Figure, title: str) -> None:
    """Write a title above the left end of a picture."""
    if title:
        fig.update_layout(title={"text": title, "x": 0, "font": {"size": 13}, "y": 0.99})


def unit_rows(
    values: NDArray[np.float64], steps: NDArray[np.float64], *, label: str, theme: str = "light",
    height: int = 300, colorbar: bool = True,
) -> go.Figure:  # fmt: skip
    """Colours from 0 to 1 for values (n, H): steps (n,) upwards, units to the right."""
    fig, size = Sheet(), values.shape[1] if values.ndim == 2 else 0
    fig.add_heatmap(
        z=values.astype(np.float32), x0=1, dx=1, y0=0, dy=1, zmin=0, zmax=1, colorscale=GATES,
        name=label, showscale=colorbar, hoverongaps=False,
        customdata=np.repeat(steps[:, None], max(size, 1), axis=1),
        hovertemplate=say("%{customdata}, unit %{x}: ") + "%{z:.2f}<extra></extra>",
        colorbar={"title": {"text": label, "side": "right", "font": {"color": TEXT[theme]}},
                  "thickness": 12, "outlinewidth": 0, "tickfont": {"color": QUIET[theme]}},
    )  # fmt: skip
    frame(fig, theme, height, [], l=58, t=28, r=8, b=44)
    fig.update_xaxes(title={"text": say("unit")}, showgrid=False, nticks=8)
    fig.update_yaxes(range=[-0.5, len(values) - 0.5], title={"text": say("update")},
                     showgrid=False)  # fmt: skip
    return fig.figure()
