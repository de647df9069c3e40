"""A figure as JSON, its numbers as base64 of little-endian floats."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Mapping
from math import isfinite
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from rnnviz.reports.parts import Figure

NUMBERS = ("x", "y", "z")
"""The properties of a trace whose lists are numbers of the data."""
FEW = 8
"""Fewer numbers than these stay as they are."""
LONG, LARGE = 300, 4000
"""Longer lines are sent as float32, 7 digits, and larger maps with 5 digits, which pack better."""
DROPPED = np.uint32(0xFFFFFF00)
"""What is left of a float32 without its last 8 bits: it differs by less than 2⁻¹⁵."""


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
    value = _unpacked(value) if isinstance(value, Mapping) else value
    array = _array(value)
    if array is None or array.size < FEW:
        return _plain(value)
    large = array.size > (LARGE if name == "z" else LONG)
    if large or (isinstance(value, np.ndarray) and value.dtype == np.float32):
        array = array.astype("<f4")
        if large and name == "z":
            array = np.where(np.isfinite(array), (array.view("<u4") & DROPPED).view("<f4"), array)
    shape = {"shape": ", ".join(map(str, array.shape))} if array.ndim > 1 else {}
    return {"dtype": array.dtype.str[1:], "bdata": b64encode(array.tobytes()).decode()} | shape


def _unpacked(value: Mapping[str, Any]) -> NDArray[Any]:
    """The array that Plotly's base64 form of it stands for."""
    array = np.frombuffer(b64decode(value["bdata"]), np.dtype(value["dtype"]))
    sizes = [int(one) for one in str(value.get("shape", array.size)).split(",")]
    return array.reshape(sizes)


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
