"""The live checks of the page of units: the cell's own, and what is read of every unit."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from rnnviz.analysis.units import saturation, state_projection, unit_memory
from rnnviz.analysis.units.saturated import LIMITS
from rnnviz.analysis.verification.check import Check, made
from rnnviz.core.trace import LayerTrace
from rnnviz.experiments.settings import Settings
from rnnviz.ui import cached
from rnnviz.ui.cell_checks import cell_checks
from rnnviz.words import word

SHARES, TAUS, AXES, PARTS = (
    word("shares of saturated steps, against places in the sorted values"),
    word("time constants of units: τ · (1 − mean of the gate) is 1"),
    word("the components' axes are orthogonal and of length 1"),
    word("the components' shares, against the spread of the places along each"),
)


def checks(settings: Settings, cell: str) -> tuple[Check, ...]:
    """`verify` of the cell, and the checks of its units."""
    trace = cached.flow(settings, cell).layers[0].trace
    return (*cell_checks(settings, cell), *of_units(trace))


def of_units(trace: LayerTrace) -> tuple[Check, ...]:
    """The checks of shares, memory and projection, each by another way than it was computed."""
    return tuple(_found(trace))


def _found(trace: LayerTrace) -> Iterator[Check]:
    if uses := saturation(trace):
        yield made("saturation", max(
            float(np.abs(_shares(trace, name) - np.stack([use.low, use.high])).max())
            for name, use in uses.items()
        ), 1e-12, SHARES)  # fmt: skip
    memory = unit_memory(trace)
    if memory.gate is not None:
        gate = trace[memory.gate][:, 0].astype(np.float64)
        finite = np.isfinite(memory.steps)
        product = memory.steps[finite] * (1 - gate[:, finite]).mean(axis=0)
        yield made("unit memory", float(np.abs(product - 1).max(initial=0)), 1e-6, TAUS)
    state = trace[trace.cell.states[-1]][:, 0].astype(np.float64)
    if not np.isfinite(state).all():
        return
    found = state_projection(trace)
    apart = found.axes @ found.axes.T - np.eye(len(found.axes))
    yield made("axes", float(np.abs(apart).max()), 1e-10, AXES)
    largest = float(np.abs(state - state.mean(axis=0)).max())
    if largest > 0:  # what is squared stays within the format
        spread = float((((state - state.mean(axis=0)) / largest) ** 2).sum())
        parts = ((found.places / largest) ** 2).sum(axis=0) / spread
        yield made("explained", float(np.abs(parts - found.explained).max()), 1e-10, PARTS)


def _shares(trace: LayerTrace, name: str) -> np.ndarray:
    """Shares below the low and above the high limit (2, H), by binary search in sorted values."""
    values = np.sort(trace[name].reshape(-1, trace[name].shape[-1]), axis=0)
    low, high = LIMITS["h" if name == "h" else "gate"]
    below = [np.searchsorted(unit, low, "left") for unit in values.T]
    above = [len(unit) - np.searchsorted(unit, high, "right") for unit in values.T]
    return np.array([below, above]) / len(values)
