"""What functions of units take: a trace of one layer and direction, or one of a trace's layers."""

from __future__ import annotations

import numpy as np

from rnnviz.core.trace import LayerTrace, Trace, only
from rnnviz.numerics.arrays import Array
from rnnviz.numerics.validation import instance, one_of, whole_number

Record = Trace | LayerTrace


def layer_of(trace: Record) -> LayerTrace:
    """The layer's trace; ValueError for a trace of several layers or directions."""
    instance("trace", trace, Trace, LayerTrace)
    return trace if isinstance(trace, LayerTrace) else only(trace.layers, "trace")


def series(trace: Record, signal: str, batch: int) -> Array:
    """A signal of one example, (T, H) in float64; "memory" is the memory state, `cell.states[-1]`.

    Raises ValueError naming argument, rule and what arrived.
    """
    at = layer_of(trace)
    names = [one.name for one in at.cell.signals]
    if signal != at.cell.keeping_gate:
        one_of("signal", signal, ("memory", *names))
    name = at.cell.states[-1] if signal == "memory" else signal
    whole_number("batch", batch, 0, at.record["h"].shape[1] - 1)
    return np.asarray(at[name][:, batch], np.float64)
