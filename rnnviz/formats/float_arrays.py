"""Weights as they arrive, as plain arrays of float64 or float32: finite, and not empty."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from rnnviz.formats import limits
from rnnviz.numerics.arrays import Array
from rnnviz.numerics.validation import as_array, shown
from rnnviz.words import Refusal


@dataclass(frozen=True)
class NoFloats:
    """An array of a file whose numbers are no floats; it is refused where weights are needed."""

    shape: tuple[int, ...]
    kind: str


class NotFinite(Refusal):
    """A weight is infinite or no number."""


def weights(key: str, value: Any, axes: int) -> Array:
    """An array or tensor as float64 or float32 with that many axes.

    Half precision and bfloat16 become float32; a tensor may be on a device or need a gradient.
    Raises `Refusal` naming the key, and the first number that is not finite with its index.
    """
    if isinstance(value, NoFloats):
        raise Refusal(
            "`{key}` must be an array of {types}, got {kind}: convert it to float32 before saving.",
            key=key, types=", ".join(limits.FLOATS), kind=value.kind,
        )  # fmt: skip
    array = as_array(key, _wide(value))
    if array.dtype.name == "bfloat16":  # as ml_dtypes has it
        array = array.astype(np.float32)
    floats = array.dtype.kind == "f" and array.dtype.itemsize <= 8
    if array.ndim != axes or array.size == 0 or not floats:
        raise Refusal(
            "`{key}` must be a {axes}-D array of {types}, not empty, got {got}.",
            key=key, types=", ".join(limits.FLOATS), axes=axes, got=shown(array),
        )  # fmt: skip
    if not np.isfinite(array).all():
        place = tuple(int(k) for k in np.argwhere(~np.isfinite(array))[0])
        raise NotFinite(
            "`{key}` must be finite, got {value} at index {index}.",
            key=key, value=array[place], index=place,
        )  # fmt: skip
    wide = np.result_type(array.dtype.newbyteorder("="), np.float32)
    return np.ascontiguousarray(array, wide)


def _wide(value: Any) -> Any:
    """A PyTorch tensor of bfloat16 as float32: NumPy has no such type."""
    if str(getattr(value, "dtype", "")) == "torch.bfloat16":
        return value.float()
    return value


def common_type(arrays: Any) -> np.dtype[Any]:
    """float64 if one of the arrays has it, else float32."""
    return np.result_type(np.float32, *(array.dtype for array in arrays))
