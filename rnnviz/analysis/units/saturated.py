"""Which gates are saturated, and which units stay near 0.

A gate is saturated at a step where it is below 0.1 or above 0.9: there σ′ ≤ 0.09, so that its own
gradient is at most 0.36 of what it is at 0.5. Drawn one share against the other as in Karpathy,
Johnson and Li 2015, "Visualizing and Understanding Recurrent Networks".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from rnnviz.analysis.units.layers import Record, layer_of
from rnnviz.core.gate_use import HIGH, LOW, GateUse, used
from rnnviz.numerics.arrays import Array

SILENT = 0.01
"""A unit is silent whose |h| is at most this at every step."""
LIMITS = {"gate": (LOW, HIGH), "h": (-HIGH, HIGH)}
"""Below the one and above the other a gate, or the h of a tanh, is saturated."""


class Extremes(NamedTuple):
    """Units, counted from 0, of which a gate is the same at every step.

    closed  below 0.1 at every step
    open    above 0.9 at every step
    """

    closed: tuple[int, ...]
    open: tuple[int, ...]


def saturation(trace: Record) -> Mapping[str, GateUse]:
    """Gate → its use over all steps and examples, in the order of the cell's signals.

    A cell without gates, whose states are those of a tanh, has h instead: the shares of its values
    below −0.9 and above 0.9. Any other cell without gates has nothing that saturates.

    >>> import numpy as np, rnnviz
    >>> trace = rnnviz.run(rnnviz.build("lstm", 2, 4, forget_bias=20), np.ones((6, 1, 2)))
    >>> rnnviz.saturation(trace)["f"].high
    array([1., 1., 1., 1.])
    """
    at = layer_of(trace)
    gates = [one.name for one in at.cell.signals if one.kind == "gate"]
    if gates:
        return {name: used(at[name]) for name in gates}
    if ends_at_one(trace):
        return {"h": used(at["h"], *LIMITS["h"])}
    return {}


def ends_at_one(trace: Record) -> bool:
    """Whether the cell's h is the tanh of a sum, which saturates at ±1."""
    return layer_of(trace).cell.statement.node("h").phi == "tanh"


def extremes(use: GateUse) -> Extremes:
    """The units whose gate was closed, or open, at every step.

    >>> import numpy as np, rnnviz
    >>> trace = rnnviz.run(rnnviz.build("lstm", 2, 2, forget_bias=20), np.ones((6, 1, 2)))
    >>> rnnviz.extremes(rnnviz.saturation(trace)["f"])
    Extremes(closed=(), open=(0, 1))
    """
    return Extremes(_all(use.low), _all(use.high))


def silent_units(trace: Record) -> tuple[int, ...]:
    """The units, counted from 0, whose |h| is at most 0.01 at every step of every example.

    What comes after them (the next layer, the readout) reads almost 0 from them.

    >>> import numpy as np, rnnviz
    >>> closed = rnnviz.build("lstm", 2, 3, hold={"o": 0.0})
    >>> rnnviz.silent_units(rnnviz.run(closed, np.ones((6, 1, 2))))
    (0, 1, 2)
    """
    h = layer_of(trace)["h"]
    return tuple(int(k) for k in np.flatnonzero((np.abs(h) <= SILENT).all(axis=(0, 1))))


def _all(share: Array) -> tuple[int, ...]:
    return tuple(int(k) for k in np.flatnonzero(share == 1))
