"""A figure kept as plain data until it is complete, then handed to Plotly as it is.

Plotly checks and copies at every call that changes a figure, which makes a dozen heatmaps cost
seventy milliseconds; put together first and checked at once, they cost six, and unchecked two. The
tests have Plotly check the figures of every page. Methods carry the names that Plotly gives to what
does the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any
from zlib import crc32

import numpy as np
import plotly.graph_objects as go
from plotly.colors import get_colorscale, make_colorscale

Where = int | str | None


class Sheet:
    """Subplots in ``rows`` and ``cols``, the first on top; gaps are shares of the whole."""

    def __init__(
        self, *, rows: int = 1, cols: int = 1, shared_xaxes: bool = False,
        vertical_spacing: float = 0.0, horizontal_spacing: float = 0.0,
        subplot_titles: Sequence[str] = (),
    ) -> None:  # fmt: skip
        self.rows, self.cols = rows, cols
        self.data: list[dict[str, Any]] = []
        self.annotations: list[dict[str, Any]] = []
        self.shapes: list[dict[str, Any]] = []
        self.layout: dict[str, Any] = {}
        wide = (1 - horizontal_spacing * (cols - 1)) / cols
        tall = (1 - vertical_spacing * (rows - 1)) / rows
        for number, (row, col) in enumerate(self._places("all", "all")):
            left = (col - 1) * (wide + horizontal_spacing)
            foot = (rows - row) * (tall + vertical_spacing)
            x, y = self._axes(row, col)
            self.layout[x] = {"anchor": _short(y), "domain": [left, min(1.0, left + wide)]}
            self.layout[y] = {"anchor": _short(x), "domain": [foot, min(1.0, foot + tall)]}
            if shared_xaxes and row < rows:
                bottom = _short(self._axes(rows, col)[0])
                self.layout[x] |= {"matches": bottom, "showticklabels": False}
            if number < len(subplot_titles) and subplot_titles[number]:
                self.annotations.append({
                    "text": subplot_titles[number], "showarrow": False, "font": {"size": 16},
                    "x": left + wide / 2, "xref": "paper", "xanchor": "center",
                    "y": foot + tall, "yref": "paper", "yanchor": "bottom",
                })  # fmt: skip

    def figure(self) -> go.Figure:
        """The figure. It has no template: every property is set explicitly.

        Streamlit hands every chart to Plotly twice, the second time as a copy. Plotly draws it a
        second time if a template came along, if a line's arrays did not come as lists, or if
        nothing said that the data are the same: half of the time till the picture is there.
        """
        marks: dict[str, Any] = {"annotations": self.annotations, "shapes": self.shapes}
        marks["datarevision"] = _revision(self.data)
        layout = self.layout | {name: found for name, found in marks.items() if found}
        data = [_spelled_out(_listed(trace)) for trace in self.data]
        # An empty template keeps Plotly from copying its own.
        whole = {"data": data, "layout": _spelled_out(layout | {"template": {}})}
        fig = go.Figure(whole, _validate=False)
        for part in (fig, fig.layout, *fig.data):  # what is changed later is checked
            part._validate = True
        fig.layout.template = None
        return fig

    def add_trace(self, kind: str, *, row: int = 1, col: int = 1, **trace: Any) -> None:
        """Add a trace of the given Plotly type to one subplot."""
        x, y = (_short(axis) for axis in self._axes(row, col))
        self.data.append({"type": kind, "xaxis": x, "yaxis": y} | trace)

    def add_scatter(self, **trace: Any) -> None:
        """Add points or lines."""
        self.add_trace("scatter", **trace)

    def add_heatmap(self, **trace: Any) -> None:
        """Add a heatmap."""
        self.add_trace("heatmap", **trace)

    def add_bar(self, **trace: Any) -> None:
        """Add bars."""
        self.add_trace("bar", **trace)

    def add_annotation(self, *, row: Where = None, col: Where = None, **note: Any) -> None:
        """Add text or an arrow in the coordinates of one subplot, of several, or of the first.

        A reference to a "domain" is to that of the subplot: 0 … 1 from edge to edge.
        """
        for x, y in self._chosen(row, col):
            found = {"xref": _short(x), "yref": _short(y)} | note
            for name, axis in (("xref", x), ("yref", y)):
                if found[name].endswith(" domain"):
                    found[name] = f"{_short(axis)} domain"
            self.annotations.append(found)

    def add_vline(self, x: float, *, row: Where = None, col: Where = None, **line: Any) -> None:
        """Add a vertical line across the subplot at x."""
        self._line({"x0": x, "x1": x, "y0": 0, "y1": 1}, "yref", row, col, line)

    def add_hline(self, y: float, *, row: Where = None, col: Where = None, **line: Any) -> None:
        """Add a horizontal line across the subplot at y."""
        self._line({"x0": 0, "x1": 1, "y0": y, "y1": y}, "xref", row, col, line)

    def _line(
        self, ends: dict[str, float], across: str, row: Where, col: Where, line: dict[str, Any]
    ) -> None:
        self._span({"type": "line"} | ends | line, across, row, col)

    def add_hrect(
        self, y0: float, y1: float, *, annotation: Mapping[str, Any], top: bool,
        row: Where = None, col: Where = None, **look: Any,
    ) -> None:  # fmt: skip
        """Add a horizontal band from y0 to y1 with its text in a left corner."""
        ends = {"type": "rect", "x0": 0, "x1": 1, "y0": y0, "y1": y1}
        self._span(ends | look, "xref", row, col)
        note = {"x": 0, "xanchor": "left", "y": max(y0, y1) if top else min(y0, y1),
                "yanchor": "top" if top else "bottom", "showarrow": False}  # fmt: skip
        for x, y in self._chosen(row, col):
            place = {"xref": f"{_short(x)} domain", "yref": _short(y)}
            self.annotations.append(note | place | dict(annotation))

    def _span(self, shape: dict[str, Any], across: str, row: Where, col: Where) -> None:
        for x, y in self._chosen(row, col):
            refs = {"xref": _short(x), "yref": _short(y)}
            refs[across] += " domain"
            self.shapes.append(shape | refs)

    def update_layout(self, **props: Any) -> None:
        """Set properties of the whole; mappings are merged."""
        _merge(self.layout, props)

    def update_xaxes(self, *, row: Where = "all", col: Where = "all", **props: Any) -> None:
        """Set properties of the x axes, or of one subplot's; mappings are merged."""
        for x, _ in self._chosen(row, col):
            _merge(self.layout[x], props)

    def update_yaxes(self, *, row: Where = "all", col: Where = "all", **props: Any) -> None:
        """Set properties of the y axes, or of one subplot's; mappings are merged."""
        for _, y in self._chosen(row, col):
            _merge(self.layout[y], props)

    def update_annotations(self, **props: Any) -> None:
        """Set properties of all annotations so far; mappings are merged."""
        for note in self.annotations:
            _merge(note, props)

    def _chosen(self, row: Where, col: Where) -> list[tuple[str, str]]:
        return [self._axes(*place) for place in self._places(row or 1, col or 1)]

    def _places(self, row: int | str, col: int | str) -> Iterator[tuple[int, int]]:
        for r in range(1, self.rows + 1) if row == "all" else [int(row)]:
            for c in range(1, self.cols + 1) if col == "all" else [int(col)]:
                yield r, c

    def _axes(self, row: int, col: int) -> tuple[str, str]:
        """The layout names of a subplot's axes: xaxis, yaxis; xaxis2, yaxis2; …"""
        number = (row - 1) * self.cols + col
        return f"xaxis{number if number > 1 else ''}", f"yaxis{number if number > 1 else ''}"


def titled_rows(
    titles: Sequence[str], *, gap: float, inner: float, shared_xaxes: bool = True
) -> Sheet:
    """One row a title, which stands above it at the left; ``gap`` and ``inner`` are pixels.

    ``inner`` is the height of all rows and gaps together.
    """
    rows = max(len(titles), 1)
    fig = Sheet(
        rows=rows, shared_xaxes=shared_xaxes, subplot_titles=titles,
        vertical_spacing=gap / inner if rows > 1 else 0,
    )  # fmt: skip
    fig.update_annotations(x=0, xanchor="left", font={"size": 13})
    return fig


def _listed(trace: Mapping[str, Any]) -> dict[str, Any]:
    """The trace with vectors as lists; matrices stay arrays, which Plotly sends as bytes."""
    return {
        name: value.tolist() if isinstance(value, np.ndarray) and value.ndim == 1 else value
        for name, value in trace.items()
    }


def _spelled_out(props: Mapping[str, Any]) -> dict[str, Any]:
    """The properties with every colour scale as pairs of place and colour: names differ by program.

    Mappings within are copied.
    """
    return {
        name: _pairs(value) if name == "colorscale"
        else _spelled_out(value) if isinstance(value, Mapping) else value
        for name, value in props.items()
    }  # fmt: skip


def _pairs(scale: str | Sequence[Any]) -> Any:
    if isinstance(scale, str):
        return [list(stop) for stop in _named(scale)]
    return make_colorscale(scale) if isinstance(scale[0], str) else scale


@cache
def _named(scale: str) -> list[tuple[float, str]]:
    """Plotly's search for a name takes a millisecond."""
    return [(at, color) for at, color in get_colorscale(scale)]


def _revision(data: Sequence[Mapping[str, Any]]) -> int:
    """A checksum of the data, never 0."""
    found = 1
    for trace in data:
        for name, value in trace.items():
            held = value.tobytes() if isinstance(value, np.ndarray) else repr(value).encode()
            found = crc32(held, crc32(name.encode(), found))
    return found or 1


def _short(axis: str) -> str:
    """The axis name that traces and annotations use: x2 for xaxis2."""
    return axis.replace("axis", "")


def _merge(into: dict[str, Any], props: Mapping[str, Any]) -> None:
    for name, value in props.items():
        if isinstance(value, Mapping):
            held = into.get(name)
            into[name] = dict(held) if isinstance(held, Mapping) else {}
            _merge(into[name], value)
        else:
            into[name] = value
