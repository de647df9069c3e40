"""Run a model forward through a sequence, layer by layer."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np

from rnnviz.cells import Cell
from rnnviz.core.lengths import inside, kept_after_the_end, lengths_of, turned
from rnnviz.core.model import Model, unchecked
from rnnviz.core.projection import before, folded
from rnnviz.core.trace import LayerTrace, Trace
from rnnviz.numerics.arrays import Array, Arrays
from rnnviz.numerics.extended_range import Scaled
from rnnviz.numerics.records import sealed
from rnnviz.numerics.validation import as_array, fitting, frozen, instance, real_array

Rows = TypeVar("Rows", Array, Scaled)


def run(
    model: Model, x: Any, *, h0: Any = None, c0: Any = None, lengths: Any = None
) -> Trace:
    """Step the model through x and record everything.

    ``x`` is (T, B, D) or (T, D), which is a batch of one. ``h0`` and ``c0`` are
    (layers·directions, B, H); for one layer and direction (B, H) will do; with x (T, D) the axis B
    is left out, as in PyTorch; h0 has P numbers where h is projected. What is not given is
    ``model.initial``, or zero where the model has none. x takes the model's float type; a model
    that is ``batch_first`` takes x as (B, T, D), and all else, the trace's model and arrays too,
    has time first. ``lengths`` (B,) are whole numbers, the steps of each example where x is padded
    at the end: outputs after it are 0, states stay as they are after the last valid step, a reverse
    direction begins there; `Trace.example` gives one example alone.

    Raises ValueError naming argument, rule and what arrived.

    >>> import numpy as np, rnnviz
    >>> rnnviz.run(rnnviz.build("lstm", 2, 4), np.ones((6, 1, 2)))
    Trace(lstm, T=6, B=1, H=4)
    """
    instance("model", model, Model)
    inputs = as_array("x", x)
    series = _series(model, inputs)
    if model.batch_first:  # the trace's model takes the trace's x
        model = unchecked(Model, **{**vars(model), "batch_first": False})
    given = {"h": h0, "c": c0}
    states = {
        name: _initial(model, f"{name}0", value, series.shape[1], inputs.ndim == 2)
        for name, value in given.items()
        if name in model.cell.states
    }
    if c0 is not None and "c" not in model.cell.states:
        raise ValueError(f"`c0` must be None: {model.cell.name!r} has no cell state.")
    return forward(model, series, states, lengths_of(lengths, *series.shape[:2]))


def forward(model: Model, x: Array, initial: Arrays, lengths: Array | None = None) -> Trace:
    """`run` without its checks: x (T, B, D), every state's (layers·directions, B, H)."""
    layers: list[LayerTrace] = []
    below, projected = x, model.projected
    for index, layer, direction in model.places():
        W, W_r = folded(model.parameters[index]) if projected else (model.parameters[index], None)
        start = {name: states[index] for name, states in initial.items()}
        if projected:
            start["h"] = before(start["h"], W_r)
        if direction == "forward":
            inputs = below
        else:
            inputs = below[::-1] if lengths is None else turned(below, lengths)
        cell = model.cell_of(direction)
        record = recorded(cell, W, inputs, start)
        if lengths is not None:
            kept_after_the_end(record, cell.states, lengths)
        layers.append(LayerTrace(cell, W, layer, direction, sealed(record), lengths, W_r))
        if direction == model.directions[-1]:
            ends = [one.handed_on for one in layers[-len(model.directions) :]]
            below = ends[0] if len(ends) == 1 else np.concatenate(ends, axis=-1)
            if lengths is not None:
                below = np.where(inside(lengths, len(below))[..., None], below, below.dtype.type(0))
    return Trace(model, frozen(x.view()), tuple(layers), frozen(below.view()), lengths)


def recorded(cell: Cell, W: Arrays, x: Array, start: Arrays) -> dict[str, Array]:
    """Step one layer through x (T, B, D) in the order of processing."""
    with np.errstate(all="ignore"):
        return cell.forward(W, x, start)


def first_states(model: Model, batch: int) -> dict[str, Array]:
    """State name → (layers·directions, B, H): the model's initial states, or zeros."""
    given = model.initial
    if given is None:
        shapes = {name: (len(model.parameters), batch, _size(model, name))
                  for name in model.cell.states}  # fmt: skip
        return {name: np.zeros(shape, model.dtype) for name, shape in shapes.items()}
    return {name: np.repeat(one[:, None], batch, axis=1) for name, one in given.items()}


def _series(model: Model, x: Any) -> Array:
    array = real_array("x", x)
    if array.ndim not in (2, 3) or array.shape[-1] != model.input_size or 0 in array.shape:
        axes = "B, T" if model.batch_first else "T, B"
        raise ValueError(
            f"`x` must have shape ({axes}, {model.input_size}) or (T, {model.input_size}) with at "
            f"least one timestep and one example, got {array.shape}."
        )
    series = fitting("x", array, model.dtype)
    if array.ndim == 2:
        return series[:, None]
    return np.ascontiguousarray(series.swapaxes(0, 1)) if model.batch_first else series


def _initial(model: Model, name: str, value: Any, batch: int, unbatched: bool) -> Array:
    count, size = model.num_layers * len(model.directions), _size(model, name[:-1])
    full = (count, batch, size)
    if value is None:
        return first_states(model, batch)[name[:-1]]
    array = real_array(name, value)
    shapes: set[tuple[int, ...]] = {full}
    if count == 1:
        shapes.add(full[1:])
    if unbatched:
        shapes |= {(count, size), *([(size,)] if count == 1 else [])}
    if array.shape not in shapes:
        listed = " or ".join(str(shape) for shape in sorted(shapes, key=len, reverse=True))
        raise ValueError(f"`{name}` must have shape {listed}, got {array.shape}.")
    found = fitting(name, array, model.dtype).reshape(full)
    if model.projected and name == "h0":
        _reachable(model, found)
    return found


def _reachable(model: Model, h0: Array) -> None:
    """Refuse initial states that no h is projected to: W_r has too low a rank."""
    for W, states in zip(model.parameters, h0, strict=True):
        again = before(states, W["W_r"]) @ W["W_r"]
        close = 1e-6 if model.dtype == np.float64 else 1e-2
        if not np.allclose(again, states, rtol=close, atol=close * np.abs(states).max()):
            raise ValueError("`h0` must be a state that W_r projects some h to; it has a low rank.")


def _size(model: Model, state: str) -> int:
    return model.width if state == "h" else model.hidden_size
