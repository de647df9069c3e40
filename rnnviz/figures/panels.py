"""Lines over time in panels one above the other, all on one time axis."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any, Literal, NamedTuple

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from rnnviz.figures.axes import FEW_DECADES, float_limits, frame, plain_ticks, power_axis, time_axis
from rnnviz.figures.palette import NOT_FINITE
from rnnviz.figures.sheet import Sheet
from rnnviz.words import say
from rnnviz.words.numbers import power

WIDE = 1000.0
"""From this magnitude on Plotly measures the width of the tick labels itself."""
TITLE_SHIFT = 9
"""Pixels from a panel to its title: half of a tick label may stand above the topmost tick."""


class Line(NamedTuple):
    """Values at t = first … T; ``band`` is a pair of lower and upper values round them.

    On a power scale the values are log10s: −inf is an exact zero, and is marked as such. A
    ``thin`` line is that of before a change: it has no name at its end and no marks.
    """

    label: str
    values: NDArray[np.float64]
    color: str
    dash: str = "solid"
    first: int = 1
    band: tuple[NDArray[np.float64], NDArray[np.float64]] | None = None
    thin: bool = False


class Panel(NamedTuple):
    """Lines that share a y axis: powers of ten, gates on 0 … 1, or states about 0.

    ``shade`` fills what lies between the first two lines, in the second's colour; ``span`` fixes
    the range of a power axis, (low, high), which is otherwise that of the lines.
    """

    title: str
    lines: Sequence[Line]
    scale: Literal["power", "gate", "state"]
    axis: str = ""
    shade: str = ""
    span: tuple[float, float] | None = None


def over_time(
    panels: Sequence[Panel],
    *,
    theme: str = "light",
    labels: Sequence[str] | None = None,
    height: int = 250,
    first: int = 1,
    counted: str = "",
) -> go.Figure:
    """One panel a row, ``height`` pixels each; lines are labelled at their ends.

    ``counted`` says what is counted to the right where that is not time.
    """
    count, gap = max(len(panels), 1), 44
    total = 32 + count * height + (count - 1) * gap + 44
    fig = Sheet(
        rows=count, cols=1, shared_xaxes=True, subplot_titles=[panel.title for panel in panels],
        vertical_spacing=gap / (total - 76) if count > 1 else 0,
    )  # fmt: skip
    room = _label_room(panels)
    titles_at_the_edge(fig, room)
    lines = [line for panel in panels for line in panel.lines]
    steps = max([1, *(len(line.values) + line.first - 1 for line in lines)])
    names = [] if counted else [f"x{row if row > 1 else ''}" for row in range(1, count + 1)]
    right = 14 + widest(panel for panel in panels if panel.scale != "power")
    frame(fig, theme, total, names, l=64 + room, t=32, b=44, r=right)
    for row, panel in enumerate(panels, start=1):
        _add_panel(fig, panel, row, height, theme)
    fig.update_yaxes(ticklabelstandoff=room)
    axis = time_axis(steps, labels, first)
    name = axis.pop("title")
    fig.update_xaxes(**axis)
    fig.update_xaxes(title={"text": counted} if counted else name, row=count, col=1)
    return fig.figure()


def titles_at_the_edge(fig: Sheet, room: int) -> None:
    """Write the panels' titles from the picture's edge, above the numbers of the axes.

    In a narrow place they need all of its width. ``room`` is what the names of lines take.
    """
    fig.update_annotations(x=0, xanchor="left", xshift=-60 - room, yshift=TITLE_SHIFT,
                           font={"size": 13})  # fmt: skip


def _label_room(panels: Sequence[Panel]) -> int:
    """Pixels to leave free between the axis and its numbers, for the names of lines."""
    pixels = widest(panel for panel in panels if panel.scale == "power")
    return 8 + pixels if pixels else 0


def widest(panels: Iterable[Panel]) -> int:
    """The estimated width in pixels of the longest line name, without markup."""
    names = [re.sub("<.*?>", "", line.label) for panel in panels for line in panel.lines]
    return max((sum(map(_pixels, name)) for name in names), default=0)


def _pixels(letter: str) -> int:
    """The estimated width in pixels of a letter set 13 pixels high and bold."""
    return 12 if unicodedata.east_asian_width(letter) in "WF" else 7


def _add_panel(fig: Sheet, panel: Panel, row: int, height: int, theme: str) -> None:
    place = {"row": row, "col": 1}
    axis = _y_axis(panel)
    low, high = axis["range"]
    fig.update_yaxes(**axis, **place)
    if panel.scale == "power":
        float_limits(fig, theme, low, high, **place)
    for line in panel.lines:
        add_line(fig, line, panel.scale, (low, high), **place)
    if panel.shade:
        _add_shade(fig, panel, low, **place)
    add_labels(fig, panel.lines, (low, high), height, at_start=panel.scale == "power", **place)


def _y_axis(panel: Panel) -> dict[str, Any]:
    if panel.scale == "power":
        axis = power_axis([line.values for line in panel.lines], panel.axis)
        if panel.span is None:
            return axis
        short = panel.span[1] - panel.span[0] < FEW_DECADES and panel.span[0] > -4
        return axis | {"range": list(panel.span)} | (plain_ticks(*panel.span) if short else {})
    if panel.scale == "gate":
        return {"range": [-0.03, 1.03], "tickvals": [0, 0.5, 1], "title": {"text": panel.axis}}
    values = [line.values[np.isfinite(line.values)] for line in panel.lines]
    bound = max([1.0, *(float(np.abs(v).max(initial=0)) for v in values)])
    return {"range": [-1.05 * bound, 1.05 * bound], "title": {"text": panel.axis},
            "exponentformat": "power", "automargin": bound >= WIDE}  # fmt: skip


def add_line(fig: Sheet, line: Line, scale: str, span: tuple[float, float], **place: int) -> None:
    """Draw a line with its band, and mark norms of exactly zero and values that are not finite."""
    t = np.arange(len(line.values)) + line.first
    if line.band is not None:
        fig.add_scatter(
            x=np.concatenate([t, t[::-1]]), y=np.concatenate([line.band[1], line.band[0][::-1]]),
            fill="toself", fillcolor=line.color, opacity=0.15, line={"width": 0}, hoverinfo="skip",
            name=say("{line}: 10 % to 90 % of the units", line=line.label), **place,
        )  # fmt: skip
    finite = np.isfinite(line.values)
    log = scale == "power"
    y = "%{hovertext}" if log else "%{y:.3g}"
    more = {"hovertext": in_words(line.values)} if log else {}
    fig.add_scatter(
        x=t, y=np.where(finite, line.values, np.nan), name=line.label,
        mode="lines" if finite.sum() > 1 else "lines+markers",
        line={"color": line.color, "width": 1 if line.thin else 2.25, "dash": line.dash},
        opacity=0.6 if line.thin else 1.0,
        hovertemplate=f"{line.label}, t = %{{x}}: {y}<extra></extra>", **more, **place,
    )  # fmt: skip
    if line.thin:
        return
    zero = np.isneginf(line.values) & (scale == "power")
    _add_marks(fig, line, t[zero], span[0], say("exactly 0"), line.color, **place)
    # Gates and candidates have no gradient at t = 0: this NaN is not an error.
    wrong = ~finite & ~zero & (t > 0)
    _add_marks(fig, line, t[wrong], span[1], say("not finite"), NOT_FINITE, **place)


def in_words(logs: NDArray[np.float64]) -> list[str]:
    """log10 values as the numbers that they stand for, for what is pointed at."""
    return [power(float(one)) for one in logs]


def _add_marks(
    fig: Sheet, line: Line, t: NDArray[np.int64], y: float, words: str, color: str, **place: int
) -> None:
    if t.size:
        fig.add_scatter(
            x=t, y=np.full(t.size, y), name=f"{line.label}: {words}", mode="markers",
            cliponaxis=False, marker={"symbol": "x-thin-open", "size": 7, "color": color},
            hovertemplate=f"{line.label}, t = %{{x}}: {words}<extra></extra>", **place,
        )  # fmt: skip


def _add_shade(fig: Sheet, panel: Panel, bottom: float, **place: int) -> None:
    """Fill between the first two lines, down to the panel's edge where one is −inf."""
    upper, lower = panel.lines[:2]
    t = np.arange(len(upper.values)) + upper.first
    top, low = (np.where(np.isfinite(one.values), one.values, bottom) for one in (upper, lower))
    fig.add_scatter(
        x=np.concatenate([t, t[::-1]]), y=np.concatenate([top, low[::-1]]), fill="toself",
        fillcolor=lower.color, opacity=0.18, line={"width": 0}, hoverinfo="skip", mode="lines",
        name=panel.shade, **place,
    )  # fmt: skip


def add_labels(
    fig: Sheet, lines: Sequence[Line], span: tuple[float, float], height: int,
    *, at_start: bool, **place: int,
) -> None:  # fmt: skip
    """Write each line's name at its start or end, moved apart so that names do not overlap."""
    room = 15 * (span[1] - span[0]) / max(height, 1)
    ends = []
    for line in (one for one in lines if not one.thin):
        known = np.flatnonzero(np.isfinite(line.values))
        if at_start and known.size and np.isneginf(line.values[0]):  # where its marks begin
            ends.append((span[0], line))
        elif known.size:
            ends.append((float(line.values[known[0 if at_start else -1]]), line))
        elif np.isneginf(line.values).any():
            ends.append((span[0], line))
    ends.sort(key=lambda end: end[0])
    heights = apart([end[0] for end in ends], room, span)
    x = min((line.first for _, line in ends), default=0) if at_start else None
    for y, (_, line) in zip(heights, ends, strict=True):
        fig.add_annotation(
            x=line.first + len(line.values) - 1 if x is None else x, y=y,
            text=f"<b>{line.label}</b>", showarrow=False, xshift=-6 if at_start else 5,
            xanchor="right" if at_start else "left",
            font={"color": line.color, "size": 13}, **place,
        )  # fmt: skip


def apart(wanted: Sequence[float], room: float, span: tuple[float, float]) -> list[float]:
    """Ascending positions inside ``span``, at least ``room`` apart, near the wanted ones."""
    found: list[float] = []
    for one in wanted:
        found.append(max([one, span[0] + room / 2, *(found[-1:] and [found[-1] + room])]))
    top = span[1] - room / 2
    for k in reversed(range(len(found))):
        found[k] = min(found[k], top)
        top = found[k] - room
    return found
