"""Small records for figures, and figures read as data."""

from __future__ import annotations

import numpy as np

import rnnviz
from rnnviz import CELLS
from rnnviz.figures.heatmaps import Series
from rnnviz.figures.panels import Line


def trace_of(cell: str, steps: int = 7, units: int = 3, seed: int = 0) -> rnnviz.Trace:
    """A cell on noise."""
    x = np.random.default_rng(seed).standard_normal((steps, 2))
    return rnnviz.run(rnnviz.build(cell, 2, units, seed=seed), x)


def series_of(trace: rnnviz.Trace) -> list[Series]:
    """Every signal of its first example."""
    return [Series(s, trace[s.name][:, 0]) for s in CELLS[trace.model.cell.name].signals]


def line(values, label="h", color="#123456", **more) -> Line:
    """A line of these values."""
    return Line(label, np.asarray(values, float), color, **more)


def traces(fig, name):
    """Traces whose name contains this."""
    return [one for one in fig.data if name in (one.name or "")]


def bounds(fig):
    """(zmin, zmax) of every heatmap by name."""
    return {one.name: (one.zmin, one.zmax) for one in fig.data if one.type == "heatmap"}
