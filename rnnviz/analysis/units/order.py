"""Units put in order: by how long they remember, how much they move, or which ones move alike."""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np

from rnnviz.analysis.units.clustering import leaves
from rnnviz.analysis.units.layers import Record, layer_of, series
from rnnviz.numerics.arrays import Array
from rnnviz.numerics.records import brief
from rnnviz.numerics.validation import frozen, one_of

By = Literal["number", "memory", "activity", "clustering"]
ORDERS: tuple[By, ...] = ("number", "memory", "activity", "clustering")


class UnitMemory(NamedTuple):
    """The memory of every unit, in steps.

    steps  (H,); inf where a gate is 1 throughout, nan where a unit is constant
    gate   the gate it is computed from, or None where it is from the autocorrelation
    """

    steps: Array
    gate: str | None

    def __repr__(self) -> str:
        return brief(self)


class Ordered(NamedTuple):
    """Units in an order.

    by     the criterion, one of ORDERS
    order  (H,) the units' numbers from 0, the first drawn on top
    values (H,) what unit k was judged by, None for "number" and "clustering"
    """

    by: By
    order: Array
    values: Array | None = None

    def __repr__(self) -> str:
        return brief(self)


def unit_memory(trace: Record, *, batch: int = 0) -> UnitMemory:
    """How many steps each unit remembers.

    Where a gate keeps the memory state (f in an LSTM, z in a GRU): τ = 1 / (1 − k̄), k̄ the gate's
    mean over the steps. Elsewhere: the lag at which the autocorrelation of the memory state, about
    its mean, first falls to 1/e, between two lags on the straight line; T if it never does. The
    first says how long a value is kept, the second how long a value stays alike, for which the
    input may be the reason. Raises ValueError.

    >>> import numpy as np, rnnviz
    >>> trace = rnnviz.run(rnnviz.build("lstm", 2, 4, hold={"f": 0.9}), np.ones((6, 1, 2)))
    >>> rnnviz.unit_memory(trace).steps.round(9)
    array([10., 10., 10., 10.])
    """
    gate = layer_of(trace).cell.keeping_gate
    if gate is None:
        return UnitMemory(frozen(correlation_lag(series(trace, "memory", batch))), None)
    with np.errstate(divide="ignore"):
        return UnitMemory(frozen(1 / (1 - series(trace, gate, batch).mean(axis=0))), gate)


def unit_order(
    trace: Record, by: By = "memory", *, signal: str = "memory", batch: int = 0
) -> Ordered:
    """The units in order, by one of ORDERS.

    "number"      as they are stored
    "memory"      the longest `unit_memory` first
    "activity"    the largest standard deviation of ``signal`` over the steps first
    "clustering"  units whose ``signal`` moves alike stand together: average linkage of 1 − r, r the
                  correlation over the steps; units that are constant come last

    ``signal`` is a signal of the cell, or "memory" for its memory state. Raises ValueError.

    >>> import numpy as np, rnnviz
    >>> trace = rnnviz.run(rnnviz.build("lstm", 2, 4), np.ones((6, 1, 2)))
    >>> sorted(rnnviz.unit_order(trace, "clustering").order.tolist())
    [0, 1, 2, 3]
    """
    one_of("by", by, ORDERS)
    values = series(trace, signal, batch)
    if by == "number":
        return Ordered(by, frozen(np.arange(values.shape[1])))
    if by == "clustering":
        return Ordered(by, frozen(leaves(values)))
    with np.errstate(invalid="ignore", over="ignore"):
        judged = unit_memory(trace, batch=batch).steps if by == "memory" else values.std(axis=0)
    return Ordered(by, frozen(np.argsort(-judged, kind="stable")), frozen(judged))


def correlation_lag(values: Array) -> Array:
    """The lag at which each column's (T, H) autocorrelation falls to 1/e, (H,)."""
    steps = len(values)
    largest = np.abs(values).max(axis=0)
    centred = values / np.where(largest > 0, largest, 1)  # its squares stay within the format
    centred = centred - centred.mean(axis=0)
    size = 1 << (2 * steps - 1).bit_length()
    spectrum = np.fft.rfft(centred, size, axis=0)
    products = np.fft.irfft(np.abs(spectrum) ** 2, size, axis=0)[:steps]
    flat = np.ptp(values, axis=0) == 0
    with np.errstate(divide="ignore", invalid="ignore"):
        correlation = products / products[0]
    below = correlation <= np.exp(-1)
    first = np.where(below.any(axis=0), below.argmax(axis=0), steps)
    lags = np.full(values.shape[1], float(steps))
    for unit in np.flatnonzero((first < steps) & ~flat):
        lag = int(first[unit])
        high, low = correlation[lag - 1, unit], correlation[lag, unit]
        lags[unit] = lag - 1 + (high - np.exp(-1)) / (high - low)
    lags[flat] = np.nan
    return lags
