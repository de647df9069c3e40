"""Stretches of time marked behind lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import plotly.graph_objects as go

from rnnviz.figures.palette import QUIET, TEXT

NAMED = 9
"""The most stretches whose rank is written above them."""


class Stretch(NamedTuple):
    """Steps ``start`` to ``stop``, how strongly they are filled (0 … 1), and what stands above."""

    start: int
    stop: int
    strength: float
    label: str = ""
    marked: bool = False


def with_stretches(
    fig: go.Figure, stretches: Sequence[Stretch], *, color: str, theme: str
) -> go.Figure:
    """The figure with stretches filled behind all of its panels, and the marked one outlined."""
    axes = [axis.anchor for axis in fig.select_yaxes()]
    shapes: list[Any] = list(fig.layout.shapes)
    notes: list[Any] = list(fig.layout.annotations)
    for one in stretches:
        for row, x in enumerate(axes):
            y = x.replace("x", "y")
            shapes.append({
                "type": "rect", "xref": x, "yref": f"{y} domain", "x0": one.start - 0.5,
                "x1": one.stop + 0.5, "y0": 0, "y1": 1, "layer": "below",
                "fillcolor": "rgba(0,0,0,0)" if one.marked else color,
                "opacity": 1.0 if one.marked else 0.06 + 0.2 * one.strength,
                "line": {"width": 2 if one.marked else 0, "color": TEXT[theme], "dash": "dot"},
            })  # fmt: skip
            if one.label and row == 0:
                notes.append({
                    "text": one.label, "x": (one.start + one.stop) / 2, "xref": x, "y": 1,
                    "yref": f"{y} domain", "yanchor": "bottom", "showarrow": False,
                    "font": {"size": 12, "color": TEXT[theme] if one.marked else QUIET[theme]},
                })  # fmt: skip
    fig.update_layout(shapes=shapes, annotations=notes)
    return fig
