"""Weights from PyTorch's nn.RNN, nn.LSTM and nn.GRU (and their cells), by name and shape.

PyTorch stores rows of gates, ``weight_ih_l{k}[_reverse]`` (G·H, D) and two biases. Its blocks are
[i f g o] and [r z n] as ours, so importing is a transpose. The biases stay apart, as ``b`` (ih)
and ``b_h`` (hh): a GRU of that kind needs its own recurrent bias.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from rnnviz.cells import CELLS, Cell
from rnnviz.core.model import Model
from rnnviz.numerics.arrays import Array, Arrays
from rnnviz.numerics.validation import one_of, real_array, shown

KEY = re.compile(r"(weight_ih|weight_hh|bias_ih|bias_hh)(?:_l(0|[1-9][0-9]{0,3})(_reverse)?)?")
OURS = {"weight_ih": "W_x", "weight_hh": "W_h", "bias_ih": "b", "bias_hh": "b_h"}
KINDS = {1: "rnn", 3: "gru", 4: "lstm"}


def from_torch(state: Mapping[str, Any], nonlinearity: str = "tanh") -> Model:
    """A model with the weights of a state_dict (name → array or CPU tensor).

    The kind is inferred from the shapes, layers and directions from the names. ``nonlinearity``,
    tanh or relu, is what an nn.RNN does not store. Half precision is widened to float32.

    Raises ValueError naming the key and what is wrong with it; a projected LSTM (``weight_hr_l0``)
    is refused.

    >>> import numpy as np, rnnviz
    >>> state = {"weight_ih_l0": np.ones((3, 2)), "weight_hh_l0": np.eye(3),
    ...          "bias_ih_l0": np.zeros(3), "bias_hh_l0": np.zeros(3)}
    >>> rnnviz.from_torch(state)
    Model(rnn, 2 → 3, 1 layer, 21 parameters, float64)
    """
    one_of("nonlinearity", nonlinearity, ("tanh", "relu"))
    if not isinstance(state, Mapping) or not state:
        raise ValueError(f"`state` must map parameter names to arrays, got {shown(state)}.")
    tensors = _tensors(state)
    cell = _cell(tensors[0, 0], nonlinearity)
    layers = 1 + max(layer for layer, _ in tensors)
    sides = 1 + max(side for _, side in tensors)
    hidden, first = tensors[0, 0]["weight_hh"].shape[1], tensors[0, 0]["weight_ih"].shape[1]
    dtype = np.result_type(*(a for one in tensors.values() for a in one.values()), np.float32)
    parameters = []
    for layer in range(layers):
        for side in range(sides):
            width = first if layer == 0 else sides * hidden
            _check(tensors, layer, side, len(cell.blocks), width, hidden)
            arrays = tensors[layer, side]
            ours = {OURS[name]: arrays[name] for name in OURS if name in arrays}
            parameters.append({name: array.T.astype(dtype) for name, array in ours.items()})
    return Model(cell, first, hidden, tuple(parameters), layers, sides == 2)


def _tensors(state: Mapping[str, Any]) -> dict[tuple[int, int], dict[str, Array]]:
    """(layer, side) → PyTorch's base name → array; every key is accounted for."""
    found: dict[tuple[int, int], dict[str, Array]] = {}
    for key, value in state.items():
        match = KEY.fullmatch(str(key))
        if str(key).startswith("weight_hr_l"):
            raise ValueError(
                f"`state` must not hold a projection, got {shown(key)}: an LSTM with proj_size is "
                "not supported; save it with proj_size=0."
            )
        if match is None:
            raise ValueError(
                "`state` must hold only weight_ih_l0, weight_hh_l0, bias_ih_l0, bias_hh_l0 and "
                f"the like (strip a prefix such as 'encoder.'), got {shown(key)}."
            )
        name, layer, reverse = match.groups()
        place = found.setdefault((int(layer or 0), int(bool(reverse))), {})
        if name in place:
            raise ValueError(f"`state` must hold one {name} per place, got {key!r} as well.")
        place[name] = _numbers(key, value)
    if (0, 0) not in found or not {"weight_ih", "weight_hh"} <= set(found[0, 0]):
        names = shown(sorted(map(str, state)))
        raise ValueError(f"`state` must hold weight_ih_l0 and weight_hh_l0, got {names}.")
    return found


def _numbers(key: str, value: Any) -> Array:
    array = real_array(f"state[{key!r}]", value)
    dimensions = 2 if key.startswith("weight") else 1
    floats = array.dtype.kind == "f" and array.dtype.itemsize <= 8
    if array.ndim != dimensions or array.size == 0 or not floats:
        raise ValueError(
            f"`state[{key!r}]` must be a {dimensions}-D array of float64, float32 or float16, "
            f"got {shown(array)}."
        )
    return array


def _cell(first: Arrays, nonlinearity: str) -> Cell:
    rows, columns = first["weight_hh"].shape
    if rows % columns or rows // columns not in KINDS:
        raise ValueError(
            "`state['weight_hh_l0']` must have H, 3H or 4H rows for H columns (RNN, GRU, LSTM), "
            f"got {rows} rows for {columns} columns."
        )
    kind = KINDS[rows // columns]
    if kind != "rnn" and nonlinearity != "tanh":
        raise ValueError(
            f"`nonlinearity` must be 'tanh' for the {kind.upper()} that these shapes tell of, "
            f"got {nonlinearity!r}."
        )
    options: dict[str, dict[str, Any]] = {
        "rnn": {"nonlinearity": nonlinearity},
        "gru": {"reset_after": True},
    }
    return CELLS[kind](**options.get(kind, {}))


def _check(
    tensors: Mapping[tuple[int, int], Arrays],
    layer: int, side: int, gates: int, width: int, hidden: int,
) -> None:  # fmt: skip
    """Every layer and direction is there with the names and shapes that the first one implies."""
    rows = gates * hidden
    shapes: dict[str, tuple[int, ...]] = {"weight_ih": (rows, width), "weight_hh": (rows, hidden)}
    if "bias_ih" in tensors[0, 0] or "bias_hh" in tensors[0, 0]:
        shapes |= {"bias_ih": (rows,), "bias_hh": (rows,)}
    arrays = tensors.get((layer, side), {})
    ending = f"_l{layer}" + ("_reverse" if side else "")
    for name in sorted(set(shapes) | set(arrays)):
        if name not in arrays:
            raise ValueError(f"`state` must hold {name + ending!r}, which is missing.")
        if name not in shapes:
            raise ValueError(f"`state` must not hold {name + ending!r}: the first layer has none.")
        if arrays[name].shape != shapes[name]:
            raise ValueError(
                f"`state[{name + ending!r}]` must have shape {shapes[name]}, "
                f"got {arrays[name].shape}."
            )
