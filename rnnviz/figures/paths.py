"""Path lengths from each timestep to a loss, over the gradient norms there."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from rnnviz.figures.axes import float_limits, frame, power_axis, time_axis
from rnnviz.figures.palette import GRID, PAPER, QUIET
from rnnviz.figures.panels import Line, Panel, add_labels, add_line, titles_at_the_edge, widest
from rnnviz.figures.sheet import Sheet
from rnnviz.words import say


def paths_and_norms(
    paths: Sequence[Line],
    norms: Sequence[Line],
    *,
    titles: tuple[str, str],
    axes: tuple[str, str],
    theme: str = "light",
    labels: Sequence[str] | None = None,
    handed: int = 0,
) -> go.Figure:
    """Steps to the loss, inf where no path leads there, over log10 norms at the same timesteps.

    A path's name stands at its far end. Behind step ``handed``, if any, an encoder hands over.
    """
    height, gap, top, foot = 170, 52, 32, 44
    steps = max(len(line.values) for line in (*paths, *norms))
    fig = Sheet(rows=2, cols=1, shared_xaxes=True, subplot_titles=list(titles),
                        vertical_spacing=gap / (2 * height + gap))  # fmt: skip
    room = 8 + widest([Panel("", norms, "power")])
    titles_at_the_edge(fig, room)
    frame(fig, theme, top + 2 * height + gap + foot, ["x", "x2"], l=64 + room, r=14, t=top, b=foot)
    longest = max([1.0, *(float(line.values[np.isfinite(line.values)].max(initial=0))
                          for line in paths)])  # fmt: skip
    for line in paths:
        _add_path(fig, line, longest)
    fig.update_yaxes(range=[-0.22 * longest, 1.2 * longest], title={"text": axes[0]}, nticks=6,
                     rangemode="nonnegative", zeroline=True, zerolinecolor=GRID[theme],
                     row=1, col=1)  # fmt: skip
    axis = power_axis([line.values for line in norms], axes[1])
    low, high = axis["range"]
    fig.update_yaxes(**axis, row=2, col=1)
    float_limits(fig, theme, low, high, row=2, col=1)
    for line in norms:
        add_line(fig, line, "power", (low, high), row=2, col=1)
    add_labels(fig, norms, (low, high), height, at_start=True, row=2, col=1)
    fig.update_yaxes(ticklabelstandoff=room)
    ticks = time_axis(steps, labels)
    name = ticks.pop("title")
    fig.update_xaxes(**ticks)
    fig.update_xaxes(title=name, row=2, col=1)
    if handed:
        _name_models(fig, handed, theme)
    return fig.figure()


def _add_path(fig: Sheet, line: Line, longest: float) -> None:
    t = np.arange(len(line.values)) + line.first
    known = np.isfinite(line.values)
    fig.add_scatter(
        x=t, y=np.where(known, line.values, np.nan), name=line.label,
        mode="lines" if known.sum() > 1 else "lines+markers", marker={"size": 8},
        line={"color": line.color, "width": 2.25, "dash": line.dash},
        hovertemplate=f"{line.label}, t = %{{x}}: %{{y}}<extra></extra>", row=1, col=1,
    )  # fmt: skip
    if not known.any():
        return
    far = int(np.where(known, line.values, -1.0).argmax())
    alone, left = known.sum() == 1, far < (len(t) - 1) / 2
    fig.add_annotation(
        x=int(t[far]), y=float(line.values[far]), text=f"<b>{line.label}</b>", showarrow=False,
        xanchor="left" if left else "right", xshift=0 if not alone else 6 if left else -6,
        yshift=-11 if line.values[far] < 0.3 * longest else 11,
        font={"color": line.color, "size": 13}, row=1, col=1,
    )  # fmt: skip


def _name_models(fig: Sheet, after: int, theme: str) -> None:
    """Separate encoder and decoder by a line after step ``after`` and name both."""
    line_after(fig, after, theme)
    for words, anchor, shift in ((say("Encoder"), "right", -6), (say("Decoder"), "left", 6)):
        fig.add_annotation(
            x=after + 0.5, y=0, xref="x", yref="y domain", yanchor="bottom", text=words,
            xanchor=anchor, xshift=shift, showarrow=False, row=1, col=1,
            font={"size": 12, "color": QUIET[theme]}, bgcolor=PAPER[theme], borderpad=2,
        )  # fmt: skip


def line_after(fig: Sheet, after: int, theme: str) -> None:
    """Draw a dashed line after a step in every panel."""
    fig.add_vline(
        x=after + 0.5, line={"color": QUIET[theme], "width": 1.5, "dash": "dash"},
        row="all", col=1,
    )  # fmt: skip
