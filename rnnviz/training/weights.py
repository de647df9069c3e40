"""All weights of a model as one vector, and models of other weights."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from rnnviz.core.model import Model, unchecked
from rnnviz.core.readout import Readout
from rnnviz.numerics.arrays import Array, Arrays
from rnnviz.numerics.records import sealed


def groups(model: Model) -> Iterator[Arrays]:
    """The parameters of every layer and direction, then those of the readout."""
    yield from model.parameters
    if model.readout is not None:
        yield model.readout.parameters


def flat(model: Model) -> Array:
    """All weights of the cells and of the readout as one vector (P,)."""
    return np.concatenate([one.ravel() for group in groups(model) for one in group.values()])


def views(model: Model, vector: Array) -> list[dict[str, Array]]:
    """A vector as `flat` gives it, as one mapping of views for each of `groups`."""
    found: list[dict[str, Array]] = []
    place = 0
    for group in groups(model):
        found.append({})
        for name, one in group.items():
            found[-1][name] = vector[place : place + one.size].reshape(one.shape)
            place += one.size
    return found


def refilled(model: Model, vector: Array) -> Model:
    """The model with other weights, a vector as `flat` gives it; its type is the vector's.

    The weights are views of the vector, which becomes read-only by that.
    """
    parts = [sealed(one) for one in views(model, vector)]
    fields: dict[str, Any] = {**vars(model), "parameters": tuple(parts[: len(model.parameters)])}
    if model.readout is not None:
        kind = model.readout.kind
        fields["readout"] = unchecked(Readout, kind=kind, parameters=parts[-1])
    if model.initial is not None:
        own = {name: one.astype(vector.dtype) for name, one in model.initial.items()}
        fields["initial"] = sealed(own)
    return unchecked(Model, **fields)


def cast(model: Model, dtype: Any) -> Model:
    """The model in another float type; the same model where it has that type."""
    if model.dtype == np.dtype(dtype):
        return model
    return refilled(model, flat(model).astype(dtype))
