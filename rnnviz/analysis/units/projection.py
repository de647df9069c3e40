"""States over time in the few directions in which they vary most (principal components)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rnnviz.analysis.units.layers import Record, layer_of, series
from rnnviz.numerics.arrays import Array
from rnnviz.numerics.records import brief
from rnnviz.numerics.validation import frozen, whole_number


class Projection(NamedTuple):
    """Principal components of a signal's values over time, the strongest first.

    signal     the signal
    places     (T, n): (value_t − mean) · axes, in units of the signal
    axes       (n, H), of length 1; the entry of largest magnitude is positive
    explained  (n,): each component's share of the variance over time; nan where nothing varies
    mean       (H,)
    """

    signal: str
    places: Array
    axes: Array
    explained: Array
    mean: Array

    def __repr__(self) -> str:
        return brief(self)


def state_projection(
    trace: Record, count: int = 3, *, signal: str = "memory", batch: int = 0
) -> Projection:
    """The ``count`` strongest principal components of a signal, by the singular values of (T, H).

    Fewer where T − 1 or H is less. ``signal`` is a signal of the cell, or "memory" for its memory
    state. Raises ValueError.

    >>> import numpy as np, rnnviz
    >>> trace = rnnviz.run(rnnviz.build("lstm", 2, 8), np.ones((20, 1, 2)))
    >>> found = rnnviz.state_projection(trace, 2)
    >>> found.places.shape, bool(found.explained[0] > 0.9)
    ((20, 2), True)
    """
    whole_number("count", count)
    values = series(trace, signal, batch)
    name = layer_of(trace).cell.states[-1] if signal == "memory" else signal
    if not np.isfinite(values).all():
        raise ValueError(f"`trace` must be finite in {name}, which it is not at every step.")
    mean = values.mean(axis=0)
    centred = values - mean
    count = min(count, max(1, len(values) - 1), values.shape[1])
    # R of QR has the singular values and axes of the whole, in a third of the time where T ≫ H.
    lengths, axes = np.linalg.svd(np.linalg.qr(centred, mode="r"))[1:]
    axes = axes[:count]
    largest = np.abs(axes).argmax(axis=1)
    axes = axes * np.sign(axes[np.arange(count), largest])[:, np.newaxis]
    scale = lengths / max(float(lengths[0]), np.finfo(float).tiny)  # squares may underflow
    with np.errstate(invalid="ignore"):
        explained = (scale**2 / (scale**2).sum())[:count]
    return Projection(name, *map(frozen, (centred @ axes.T, axes, explained, mean)))

