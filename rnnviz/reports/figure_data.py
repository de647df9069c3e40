"""A figure as JSON, its numbers as base64 of little-endian floats."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from math import isfinite
from typing import Any

import numpy as np
import plotly.graph_objects as go

from rnnviz.reports.parts import Figure

NUMBERS = ("x", "y", "z")
"""The properties of a trace whose lists are numbers of the data."""
FEW = 8
"""Fewer numbers than these stay as they are."""
MANY = 4000
"""Maps of more places than these are sent as float32, which holds 7 digits."""


def as_json(figure: Figure) -> dict[str, Any]:
    """The figure's ``data`` and ``layout``, for `json.dumps` with ``allow_nan=False``.

    Numbers that are not finite stay so within arrays; a single one becomes None.
    """
    whole = figure.to_plotly_json() if isinstance(figure, go.Figure) else figure
    data = [{name: _numbers(value, name) if name in NUMBERS else _plain(value)
             for name, value in trace.items()} for trace in whole["data"]]  # fmt: skip
    return {"data": data, "layout": _plain(whole["layout"])}


def _numbers(value: Any, name: str) -> Any:
    """An array of numbers as Plotly reads it; anything else as it is."""
    if isinstance(value, Mapping):
        return dict(value)
    array = _array(value)
    if array is None or array.size < FEW:
        return _plain(value)
    array = array.astype("<f4" if name == "z" and array.size > MANY else "<f8")
    shape = {"shape": ", ".join(map(str, array.shape))} if array.ndim > 1 else {}
    return {"dtype": array.dtype.str[1:], "bdata": b64encode(array.tobytes()).decode()} | shape


def _array(value: Any) -> Any:
    """The value as an array of float64 with None as nan; None where it is not numbers."""
    if isinstance(value, np.ndarray) and value.dtype.kind in "fiu":
        return value.astype(np.float64)
    if not isinstance(value, list | tuple | np.ndarray) or not len(value):
        return None
    flat = [one for row in value for one in (row if _is_list(row) else [row])]
    if not all(one is None or isinstance(one, int | float | np.number) for one in flat):
        return None
    try:
        return np.array(value, np.float64)
    except ValueError:  # rows of unequal lengths
        return None


def _is_list(value: Any) -> bool:
    return isinstance(value, list | tuple | np.ndarray)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, np.ndarray | np.generic):
        return _plain(value.tolist())
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, float) and not isfinite(value):
        return None
    return value
