"""Operations on constants that exporters leave in an ONNX graph, computed with NumPy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from rnnviz.formats import limits
from rnnviz.numerics.arrays import Array

TYPES = {1: np.float32, 6: np.int32, 7: np.int64, 10: np.float16, 11: np.float64}
"""ONNX's numbers of types → ours."""
FOLDED = ("Constant", "Identity", "Cast", "Unsqueeze", "Squeeze", "Transpose", "Concat", "Slice",
          "Reshape")  # fmt: skip
Given = Sequence[Array | None]


def folded(op: str, attributes: Mapping[str, Any], given: Given) -> Array | None:
    """What an operation makes of constants; None where one is missing or it makes no sense."""
    first = given[0] if given else None
    if first is None or (op == "Concat" and any(one is None for one in given)):
        return None
    if op == "Concat" and sum(one.size for one in given if one is not None) > limits.ARRAY_NUMBERS:
        return None
    try:
        return _computed(op, attributes, first, given)
    except (ValueError, TypeError, IndexError, OverflowError, KeyError, MemoryError):
        return None


def _computed(op: str, attributes: Mapping[str, Any], first: Array, given: Given) -> Array | None:
    match op:
        case "Identity":
            return first
        case "Cast":
            return first.astype(TYPES[attributes["to"]], copy=False)
        case "Unsqueeze":
            axes = _axes(attributes, given)
            return None if axes is None else np.expand_dims(first, axes)
        case "Squeeze":
            axes = _axes(attributes, given)
            return np.squeeze(first) if axes is None else np.squeeze(first, axes)
        case "Transpose":
            return np.transpose(first, attributes.get("perm"))
        case "Concat":
            every = [one for one in given if one is not None]
            return np.concatenate(every, axis=int(attributes["axis"]))
        case "Reshape":
            return reshaped(first, given[1] if len(given) > 1 else attributes.get("shape"))
        case "Gather":
            places = None if given[1] is None else np.asarray(given[1], np.int64)
            return None if places is None else np.take(first, places, attributes.get("axis", 0))
        case "Slice":
            return _sliced(first, attributes, given)
    return None


def _axes(attributes: Mapping[str, Any], given: Given) -> tuple[int, ...] | None:
    """An attribute up to opset 12, an input from then on."""
    said = given[1] if len(given) > 1 else attributes.get("axes")
    return None if said is None else tuple(int(one) for one in np.ravel(said))


def reshaped(array: Array, shape: Any) -> Array | None:
    """ONNX's Reshape: a 0 keeps the axis, a −1 takes what is left."""
    if shape is None:
        return None
    to = [int(one) for one in np.ravel(shape)]
    return array.reshape([array.shape[k] if one == 0 else one for k, one in enumerate(to)])


def _sliced(array: Array, attributes: Mapping[str, Any], given: Given) -> Array:
    """ONNX's Slice: starts, ends, axes, steps; attributes up to opset 9, inputs from then on."""
    said = [given[k + 1] if len(given) > k + 1 else attributes.get(name)
            for k, name in enumerate(("starts", "ends", "axes", "steps"))]  # fmt: skip
    if len(given) > 1 and any(one is None for one in given[1:3]):
        raise ValueError
    starts, ends = ([int(one) for one in np.ravel(np.asarray(what))] for what in said[:2])
    axes = range(len(starts)) if said[2] is None else [int(one) for one in np.ravel(said[2])]
    steps = [1] * len(starts) if said[3] is None else [int(one) for one in np.ravel(said[3])]
    cut = [slice(None)] * array.ndim
    for axis, start, end, step in zip(axes, starts, ends, steps, strict=True):
        size = array.shape[axis]
        backwards = step < 0 and end < -size
        cut[axis] = slice(start, None if backwards else end, step)
    return array[tuple(cut)]
