"""A figure as plain HTML with images: what a browser shows while Plotly's script is on its way.

Lines, areas, bars, maps, names and axes stand where Plotly will draw them; marks and what answers
the pointer come with Plotly. Nothing here needs a script.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

import numpy as np
import plotly.graph_objects as go

from rnnviz.figures.sketch_axes import axis_of, grid, note, numbers, share, titles
from rnnviz.figures.sketch_map import image

DASHES = {"dash": "7 6", "dot": "2 4", "dashdot": "7 5 2 5", "longdash": "11 6"}

FARTHEST = 1e100


def sketch(fig: go.Figure) -> str:
    """One element as tall as the figure and as wide as its place, with all subplots of two axes.

    Subplots whose axes have no range, or are not linear, are left to Plotly; so is a figure with an
    axis that goes beyond `FARTHEST`.
    """
    layout = fig.layout.to_plotly_json()
    ends = [end for name, axis in layout.items() if name[1:5] == "axis"
            for end in axis.get("range", ())]  # fmt: skip
    if any(isinstance(end, int | float) and not abs(end) < FARTHEST for end in ends):
        return ""
    traces = [one.to_plotly_json() for one in fig.data]
    margin = {"l": 80, "r": 80, "t": 100, "b": 80} | layout.get("margin", {})
    inside = "".join(_subplot(one, traces, layout) for one in _subplots(layout))
    notes = "".join(note(one, layout) for one in layout.get("annotations", ()))
    edges = " ".join(f"{margin[side]}px" for side in "trbl")
    font = layout.get("font", {})
    return (
        f'<div class="rv-sketch" aria-hidden="true" style="position: absolute; inset: 0 0 auto; '
        f"height: {layout.get('height', 450)}px; "
        f'font-size: {font.get("size", 12)}px; color: {font.get("color", "inherit")}">'
        f'<div style="position: absolute; inset: {edges}">{inside}{notes}</div></div>'
    )


def _subplots(layout: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The short names of the axes of every subplot, ("x2", "y2"), that have a range."""
    for name, axis in layout.items():
        if name.startswith("xaxis"):
            names = "x" + name[5:], axis.get("anchor", "y" + name[5:])
            axes = [axis_of(layout, one) for one in names]
            if all("range" in one and one.get("type", "linear") == "linear" for one in axes):
                yield names


def _place(layout: Mapping[str, Any], names: tuple[str, str]) -> tuple[float, float, float, float]:
    """Left, top, width and height of a subplot in per cent of all subplots."""
    (left, right), (foot, head) = (axis_of(layout, one).get("domain", (0, 1)) for one in names)
    return 100 * left, 100 * (1 - head), 100 * (right - left), 100 * (head - foot)


def _subplot(
    names: tuple[str, str], traces: Sequence[Mapping[str, Any]], layout: Mapping[str, Any]
) -> str:
    x, y = (axis_of(layout, one) for one in names)
    left, top, width, height = _place(layout, names)
    here = [one for one in traces if (one.get("xaxis", "x"), one.get("yaxis", "y")) == names]
    pictures = "".join(image(one, x, y, layout) for one in here if one["type"] == "heatmap")
    lines = "".join(_line(one, x, y) for one in here if one["type"] == "scatter")
    bars = "".join(_bars(one, x, y) for one in here if one["type"] == "bar")
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1000 1000" width="1000" '
        f'height="1000" preserveAspectRatio="none">{grid(x, y)}{pictures}{bars}{lines}</svg>'
    )
    return (
        f'<div style="position: absolute; left: {left:.3f}%; top: {top:.3f}%; '
        f'width: {width:.3f}%; height: {height:.3f}%">'
        '<img alt="" decoding="sync" style="position: absolute; width: 100%; height: 100%" '
        f'src="data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}">'
        f"{numbers(x, 'x')}{numbers(y, 'y')}{titles(x, y)}</div>"
    )


def _line(trace: Mapping[str, Any], x: Mapping[str, Any], y: Mapping[str, Any]) -> str:
    """A line or an area as a path; its pieces end where a value is missing."""
    filled = trace.get("fill") == "toself"
    if "lines" not in trace.get("mode", "lines") or trace.get("visible", True) is not True:
        return ""
    heights = np.array([np.nan if v is None else v for v in trace["y"]], np.float64)
    at = zip(1000 * share(x, trace["x"]), 1000 - 1000 * share(y, heights), strict=True)
    path, pen = [], "M"
    for px, py in at:
        if np.isfinite(px + py):
            path.append(f"{pen}{px:.1f} {py:.1f}")
        pen = "L" if np.isfinite(px + py) else "M"
    look = trace.get("line", {})
    paint = (f'fill="{escape(str(trace.get("fillcolor", "none")))}" stroke="none"' if filled else
             f'fill="none" stroke="{escape(str(look.get("color", "currentColor")))}" '
             f'stroke-width="{look.get("width", 2)}"')  # fmt: skip
    dash = DASHES.get(look.get("dash", ""), "")
    return (f'<path d="{" ".join(path)}" {paint} opacity="{trace.get("opacity", 1)}" '
            f'stroke-dasharray="{dash}" vector-effect="non-scaling-stroke"/>')  # fmt: skip


def _bars(trace: Mapping[str, Any], x: Mapping[str, Any], y: Mapping[str, Any]) -> str:
    """Bars from zero at numbers along their axis; those of words come with Plotly."""
    lying = trace.get("orientation") == "h"
    base, length = (y, x) if lying else (x, y)
    places, values = trace[("x", "y")[lying]], trace[("y", "x")[lying]]
    if any(isinstance(one, str) for one in places):
        return ""
    half = trace.get("width", 0.8) / 2
    color = trace.get("marker", {}).get("color", "gray")
    colors = [color] * len(places) if isinstance(color, str) else color
    found = []
    for place, value, paint in zip(places, values, colors, strict=True):
        low, high = np.sort(1000 * share(base, [place - half, place + half]))
        start, end = np.sort(1000 * share(length, [0, value or 0]))
        left, right, top, foot = low, high, 1000 - end, 1000 - start
        if lying:
            left, right, top, foot = start, end, 1000 - high, 1000 - low
        way = f"M{left:.1f} {top:.1f}H{right:.1f}V{foot:.1f}H{left:.1f}Z"
        found.append(f'<path d="{way}" fill="{escape(str(paint))}"/>')
    return "".join(found)
