"""Gradient norms against time, on one absolute log axis."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from rnnviz.figures.palette import QUIET
from rnnviz.figures.panels import Line, Panel, over_time

FACTORS = (1.0, 0.9, 0.7, 0.5)
"""The per-step factors γ whose lines the norms are read against."""


def gradient_norms(
    lines: Sequence[Line],
    *,
    theme: str = "light",
    labels: Sequence[str] | None = None,
    references: bool = False,
    height: int = 320,
) -> go.Figure:
    """log10 ‖∂L/∂h_t‖ a line; ``references`` adds decays of constant γ from the last step."""
    panel = Panel("", lines, "power", "‖∂L/∂h<sub>t</sub>‖₂")
    fig = over_time([panel], theme=theme, labels=labels, height=height, first=0)
    fig.update_layout(margin_t=10)
    if references and lines:
        _add_references(fig, lines, fig.layout.yaxis.range, theme)
    return fig


def _add_references(
    fig: go.Figure, lines: Sequence[Line], span: Sequence[float], theme: str
) -> None:
    """Thin lines of constant per-step factor, from the highest norm at T, under the others."""
    steps = max(len(line.values) for line in lines) - 1
    ends = [line.values[-1] for line in lines if np.isfinite(line.values[-1])]
    start = max(ends, default=0.0)
    drawn = len(fig.data)
    for factor in FACTORS:
        slope = float(np.log10(factor))
        back = min(steps, (start - span[0]) / -slope) if slope else steps
        fig.add_scatter(
            x=[steps - back, steps], y=[start + slope * back, start], mode="lines",
            name=f"γ = {factor:g}", hoverinfo="skip",
            line={"color": QUIET[theme], "width": 1, "dash": "dot"},
        )  # fmt: skip
        share = 0.8 if slope else 0.5
        fig.add_annotation(
            x=steps - share * back, y=start + slope * share * back, text=f"γ = {factor:g}",
            showarrow=False, font={"size": 11, "color": QUIET[theme]}, yshift=8, xanchor="right",
        )  # fmt: skip
    fig.data = fig.data[drawn:] + fig.data[:drawn]
