"""The way of the state through the plane, or the space, of its principal components."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple
from zlib import crc32

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from rnnviz.figures import palette
from rnnviz.figures.axes import FONT, frame
from rnnviz.figures.palette import GRID, PAPER, QUIET, TEXT
from rnnviz.figures.sheet import Sheet
from rnnviz.words import say

KINDS, FEW = 12, 4
"""The most different labels that are told apart by colour and symbol; FEW, of short ones."""
LONGEST = 2
"""The most characters of short labels, which are written where they are if there are many."""
SYMBOLS = ("circle", "square", "diamond", "cross", "x", "circle-open", "square-open",
           "diamond-open")  # fmt: skip
"""Those that both planes and spaces have."""


class Path(NamedTuple):
    """Places (T, 2) or (T, 3) over time, the axes' titles, a text a timestep."""

    places: NDArray[np.float64]
    axes: Sequence[str]
    labels: Sequence[str]


def state_path(path: Path, *, by: str, theme: str = "light", height: int = 460) -> go.Figure:
    """A line through all places in their order, and points: coloured by time, or by label.

    Up to twelve different labels have a colour and a symbol each. More than four labels of one or
    two characters are written where they are instead; more than twelve long ones leave the points
    coloured by time. In the plane the point of the
    chosen timestep is marked.
    """
    traces = [_line(path, theme), *_points(path, by, theme)]
    if path.places.shape[1] == 3:
        return _space(path, traces, theme, height)
    fig = Sheet()
    for trace in traces:
        fig.add_trace(**trace)
    frame(fig, theme, height, ["point:0"], t=44, l=48, r=16)
    fig.update_xaxes(title={"text": path.axes[0]}, showgrid=True, zeroline=True)
    fig.update_yaxes(title={"text": path.axes[1]}, zeroline=True)
    fig.update_layout(**_legend(traces, theme))
    return fig.figure()


def _line(path: Path, theme: str) -> dict[str, Any]:
    found = {"mode": "lines", "name": say("way"), "hoverinfo": "skip", "showlegend": False,
             "line": {"color": QUIET[theme], "width": 1}, "opacity": 0.6}  # fmt: skip
    return _kind(path) | found | _at(path, slice(None))


def _points(path: Path, by: str, theme: str) -> Iterator[dict[str, Any]]:
    """One trace of points coloured by time, or one a label."""
    steps = np.arange(1, len(path.places) + 1)
    kinds = list(dict.fromkeys(path.labels))
    short = max(map(len, kinds)) <= LONGEST
    if by == "label" and len(kinds) <= (FEW if short else KINDS):
        colors = palette.several(KINDS, theme)
        for k, kind in enumerate(kinds):
            which = np.flatnonzero([one == kind for one in path.labels])
            one = {"color": colors[k], "symbol": SYMBOLS[k % len(SYMBOLS)]}
            yield _dots(path, which, one) | {"name": kind}
        return
    written = by == "label" and short
    shades = palette.ramp(9, theme, readable=True)
    look: dict[str, Any] = {
        "color": steps, "cmin": 1, "cmax": max(2, len(steps)),
        "colorscale": [[k / 8, shade] for k, shade in enumerate(shades)],
        "colorbar": {"title": {"text": "t"}, "thickness": 10, "outlinewidth": 0, "len": 0.9},
    }  # fmt: skip
    found = _dots(path, np.arange(len(steps)), look) | {"name": say("timestep"),
                                                        "showlegend": False}  # fmt: skip
    if written:
        found["mode"] = "markers+text"
        found["textposition"] = "top center"
        found["textfont"] = {"size": 12, "color": TEXT[theme]}
        found["marker"]["size"] = 4
    yield found


def _dots(path: Path, which: NDArray[np.integer], look: dict[str, Any]) -> dict[str, Any]:
    space = path.places.shape[1] == 3
    return _kind(path) | _at(path, which) | {
        "mode": "markers", "marker": {"size": 4 if space else 7} | look,
        "text": [path.labels[k] for k in which], "customdata": which + 1,
        "hovertemplate": "t = %{customdata} (%{text})<extra></extra>",
    }  # fmt: skip


def _kind(path: Path) -> dict[str, Any]:
    return {"type": "scatter3d"} if path.places.shape[1] == 3 else {"kind": "scatter"}


def _at(path: Path, which: Any) -> dict[str, Any]:
    return {name: path.places[which, k].tolist()
            for k, name in enumerate("xyz"[: path.places.shape[1]])}  # fmt: skip


def _legend(traces: Sequence[dict[str, Any]], theme: str) -> dict[str, Any]:
    return {
        "showlegend": any(trace.get("showlegend", True) for trace in traces),
        "legend": {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom",
                   "font": {"color": TEXT[theme]}},
    }  # fmt: skip


def _space(
    path: Path, traces: Sequence[dict[str, Any]], theme: str, height: int
) -> go.Figure:
    """Three components, to be turned with the pointer."""
    axis = {"gridcolor": GRID[theme], "zerolinecolor": QUIET[theme], "color": QUIET[theme],
            "backgroundcolor": PAPER[theme], "showbackground": False}  # fmt: skip
    scene = {f"{name}axis": axis | {"title": {"text": text}}
             for name, text in zip("xyz", path.axes, strict=True)}  # fmt: skip
    fig = go.Figure({"data": list(traces), "layout": {
        "height": height, "margin": {"l": 0, "r": 0, "t": 28, "b": 0},
        "paper_bgcolor": "rgba(0,0,0,0)", "scene": scene | {"aspectmode": "cube"},
        "font": {"size": 12, "color": TEXT[theme], "family": FONT},
        "datarevision": crc32(path.places.tobytes()) or 1, **_legend(traces, theme),
    }})  # fmt: skip
    fig.layout.template = None
    return fig
