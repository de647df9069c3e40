"""Traces as pandas tables; loaded on first use, since the library itself needs NumPy alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rnnviz.core.trace import Trace


def tidy(trace: Trace) -> pd.DataFrame:
    """One row per value: t (1 … T, input time), layer, direction, batch, unit, signal, value."""
    frames = [
        _rows(layer[signal.name], layer.layer, layer.direction, signal.name)
        for layer in trace.layers
        for signal in trace.model.cell.signals
    ]
    return pd.concat(frames, ignore_index=True)


def _rows(values: NDArray[Any], layer: int, direction: str, signal: str) -> pd.DataFrame:
    t, batch, unit = (index.ravel() for index in np.indices(values.shape))
    where = {"t": t + 1, "layer": layer, "direction": direction, "batch": batch, "unit": unit}
    return pd.DataFrame({**where, "signal": signal, "value": values.ravel()})
