"""Lines that several figures draw: one unit's signal, a log10 norm, the middle of all units."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.core.trace import LayerTrace
from rnnviz.figures import palette
from rnnviz.figures.panels import Line, Panel
from rnnviz.words import say

Span = tuple[float, float] | None
DASHES = ("solid", "dash", "dot", "dashdot", "longdash")
"""For lines that no signal names."""


def signal_line(trace: LayerTrace, name: str, unit: int, theme: str, batch: int = 0) -> Line:
    """One unit's signal over time."""
    values = np.asarray(trace[name][:, batch, unit], np.float64)
    return Line(name, values, palette.signal_color(name, theme), _dash(name))


def log_line(name: str, log10: NDArray[Any], theme: str, first: int = 1) -> Line:
    """A line of log10 values in the colour of a signal."""
    return Line(name, log10, palette.signal_color(name, theme), _dash(name), first)


def middle(label: str, values: NDArray[np.floating], signal: str, theme: str) -> Line:
    """The mean over the units (T, H), with the middle 80 % of them as a band."""
    with np.errstate(invalid="ignore"):  # units at +∞ and −∞: there is no middle
        low, high = np.quantile(values, [0.1, 0.9], axis=1)
        mean = values.mean(axis=1)
    color = palette.signal_color(signal, theme)
    return Line(label, mean, color, _dash(signal), band=(low, high))


def gate_panel(trace: LayerTrace, theme: str, batch: int = 0) -> Panel | None:
    """Every gate's mean and middle 80 % over the units, or None for a cell without gates."""
    lines = [middle(one.name, trace[one.name][:, batch], one.name, theme)
             for one in trace.cell.signals if one.kind == "gate"]  # fmt: skip
    words = say("Gates: mean and middle 80 % of units")
    return Panel(words, lines, "gate", say("value")) if lines else None


def spanned(panels: list[Panel], scale: Span) -> list[Panel]:
    """The panels with one fixed range, in powers of ten, for all of their log axes, if given."""
    if scale is None:
        return panels
    return [one._replace(span=scale) if one.scale == "power" else one for one in panels]


def _dash(name: str) -> str:
    return palette.DASHES.get(name, "solid")
