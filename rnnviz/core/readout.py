"""The readout of a model: scores from its outputs, and their softmax."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from rnnviz.core.own_weights import checked
from rnnviz.numerics.arrays import Array, Arrays
from rnnviz.numerics.records import Record, sealed
from rnnviz.numerics.validation import one_of, real_array

READOUTS = ("identity", "softmax")


@dataclass(frozen=True)
class Readout(Record):
    """y_t = h_t W_y + b_y, W_y (directions·H, K), b_y (K,); then identity or softmax.

    ``parameters`` takes arrays, lists or tensors; they are copied. Raises ValueError naming
    parameter, rule and what arrived.

    >>> import rnnviz
    >>> rnnviz.Readout("softmax", {"W_y": [[1.0, 0.0], [0.0, 1.0]], "b_y": [0.0, 0.0]})
    Readout(softmax, 2 → 2)
    """

    kind: str
    parameters: Arrays

    def __post_init__(self) -> None:
        """Check and copy."""
        one_of("readout", self.kind, READOUTS)
        given, shape = self.parameters, (1, 1)
        if isinstance(given, Mapping) and "W_y" in given:
            shape = real_array("W_y of the readout", given["W_y"]).shape
        if len(shape) != 2 or 0 in shape:
            raise ValueError(
                f"`W_y of the readout` must have shape (directions·H, K), got {shape}."
            )
        shapes = {"W_y": shape, "b_y": shape[1:]}
        (found,) = checked({"the readout": (given, shapes)})
        object.__setattr__(self, "parameters", sealed(found))

    def __repr__(self) -> str:
        return "Readout({}, {} → {})".format(self.kind, *self.parameters["W_y"].shape)

    def scores(self, outputs: Array) -> Array:
        """y_t (…, K) before the softmax."""
        with np.errstate(all="ignore"):  # outputs that overflowed stay visible in the scores
            return np.asarray(outputs @ self.parameters["W_y"] + self.parameters["b_y"])

    def values(self, outputs: Array) -> Array:
        """The model's answer (…, K): y_t, or its softmax."""
        y = self.scores(outputs)
        if self.kind == "identity":
            return y
        with np.errstate(all="ignore"):
            y = np.exp(y - y.max(axis=-1, keepdims=True))
            return np.asarray(y / y.sum(axis=-1, keepdims=True))
