"""Stacks of PyTorch's nn.RNN, nn.LSTM and nn.GRU (and their cells) from arrays, by shape.

PyTorch stores rows of gates, ``weight_ih_l{k}[_reverse]`` (G·H, D) and two biases. Its blocks are
[i f g o] and [r z n] as ours, so importing is a transpose. The biases stay apart, as ``b`` (ih)
and ``b_h`` (hh): a GRU of that kind needs its own recurrent bias. An LSTM with proj_size hands on P
numbers of H: weight_hr (P, H) is the projection, and weight_hh (4H, P).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from rnnviz.cells import CELLS, Cell
from rnnviz.core.model import Model
from rnnviz.core.readout import Readout
from rnnviz.formats.float_arrays import common_type, weights
from rnnviz.formats.torch_names import Group, Place
from rnnviz.numerics.arrays import Array, Arrays
from rnnviz.words import Refusal

OURS = {"weight_ih": "W_x", "weight_hh": "W_h", "bias_ih": "b", "bias_hh": "b_h"}
WITH_PROJECTION = OURS | {"weight_hr": "W_r"}
"""PyTorch's names → ours."""
KINDS = {1: "rnn", 3: "gru", 4: "lstm"}
"""Rows of weight_hh per column → the cell."""
OPTIONS: dict[str, dict[str, Any]] = {"gru": {"reset_after": True}}


@dataclass(frozen=True)
class Stack:
    """The checked arrays of one recurrent net, as PyTorch lays them out."""

    group: Group
    arrays: Mapping[Place, Arrays]

    @cached_property
    def hidden_size(self) -> int:
        """H."""
        first = self.arrays[0, 0]
        return int(first.get("weight_hr", first["weight_hh"]).shape[1])

    @property
    def handed(self) -> int:
        """Numbers that a layer and direction hands on: P of a projected LSTM, else H."""
        return int(self.arrays[0, 0]["weight_hh"].shape[1])

    @cached_property
    def input_size(self) -> int:
        """D of the first layer."""
        return int(self.arrays[0, 0]["weight_ih"].shape[1])

    @property
    def kind(self) -> str:
        """The cell's name."""
        return KINDS[len(self.arrays[0, 0]["weight_hh"]) // self.hidden_size]

    @property
    def layers(self) -> int:
        """How many layers."""
        return 1 + max(layer for layer, _ in self.arrays)

    @property
    def sides(self) -> int:
        """1, or 2 for two directions."""
        return 1 + max(side for _, side in self.arrays)

    @property
    def width(self) -> int:
        """Numbers that the last layer gives at every step."""
        return self.sides * self.handed

    def cell(self, nonlinearity: str) -> Cell:
        """The cell; ``nonlinearity`` is what an nn.RNN does not store."""
        if self.kind == "rnn":
            return CELLS["rnn"](nonlinearity=nonlinearity)
        return CELLS[self.kind](**OPTIONS.get(self.kind, {}))

    def model(self, nonlinearity: str, readout: Readout | None = None) -> Model:
        """The model, in float64 if one of its arrays has that, else in float32."""
        found = [one for place in self.arrays.values() for one in place.values()]
        heads = [] if readout is None else list(readout.parameters.values())
        dtype = common_type([*found, *heads])
        parameters = tuple(
            {WITH_PROJECTION[name]: one.T.astype(dtype) for name, one in self.arrays[place].items()}
            for place in sorted(self.arrays)
        )
        if readout is not None:
            cast = {name: array.astype(dtype) for name, array in readout.parameters.items()}
            readout = Readout(readout.kind, cast)
        return Model(
            self.cell(nonlinearity), self.input_size, self.hidden_size, parameters,
            self.layers, self.sides == 2, readout,
        )  # fmt: skip


def stack_of(group: Group, state: Mapping[Any, Any]) -> Stack:
    """The arrays of a group, converted and checked.

    Raises `Refusal` naming the key and what is wrong with it.
    """
    arrays = {place: _converted(names, state) for place, names in group.keys.items()}
    there = next(key for names in group.keys.values() for key in names.values())
    for name in ("weight_ih", "weight_hh"):
        if name not in arrays.get((0, 0), {}):
            raise Refusal(
                "`{key}` is missing, but `{other}` is there.",
                key=group.key(name, (0, 0)), other=there,
            )  # fmt: skip
    stack = Stack(group, arrays)
    rows, columns = len(arrays[0, 0]["weight_hh"]), stack.hidden_size
    if "weight_hr" in arrays[0, 0] and rows != 4 * columns:
        raise Refusal(
            "`{key}` must have 4H rows for the H = {columns} columns of `{projection}` (an LSTM "
            "with proj_size), got {rows}.", key=group.key("weight_hh", (0, 0)), columns=columns,
            projection=group.key("weight_hr", (0, 0)), rows=rows,
        )  # fmt: skip
    if rows % columns or rows // columns not in KINDS:
        raise Refusal(
            "`{key}` must have H, 3H or 4H rows for H columns (RNN, GRU, LSTM), got {rows} rows "
            "for {columns} columns.",
            key=group.key("weight_hh", (0, 0)), rows=rows, columns=columns,
        )  # fmt: skip
    for layer in range(stack.layers):
        for side in range(stack.sides):
            _check(stack, (layer, side))
    return stack


def _converted(names: Mapping[str, str], state: Mapping[Any, Any]) -> dict[str, Array]:
    return {
        name: weights(key, state[key], 2 if name.startswith("weight") else 1)
        for name, key in names.items()
    }


def _check(stack: Stack, place: Place) -> None:
    """A layer and direction has the names and shapes that the first one implies."""
    first, hidden = stack.arrays[0, 0], stack.hidden_size
    rows = len(first["weight_hh"])
    width = stack.input_size if place[0] == 0 else stack.width
    shapes: dict[str, tuple[int, ...]] = {
        "weight_ih": (rows, width), "weight_hh": (rows, stack.handed)
    }  # fmt: skip
    if "weight_hr" in first:
        shapes["weight_hr"] = stack.handed, hidden
    if "bias_ih" in first or "bias_hh" in first:
        shapes |= {"bias_ih": (rows,), "bias_hh": (rows,)}
    arrays = stack.arrays.get(place, {})
    for name in sorted(set(shapes) | set(arrays)):
        key = stack.group.key(name, place)
        if name not in arrays:
            raise Refusal("`{key}` is missing: the other layers have it.", key=key)
        if name not in shapes:
            raise Refusal("`{key}` is one too many: the first layer has none.", key=key)
        if arrays[name].shape != shapes[name]:
            raise Refusal(
                "`{key}` must have shape {shape} in the {kind} that `{hidden}` tells of, got "
                "{got}{hint}.", key=key, shape=shapes[name], kind=stack.kind.upper(),
                hidden=stack.group.key("weight_hh", (0, 0)), got=arrays[name].shape,
                hint=_hint(arrays[name].shape, hidden, stack.kind),
            )  # fmt: skip


def _hint(shape: tuple[int, ...], hidden: int, kind: str) -> str:
    """The kind that the rows would fit, in brackets; empty where they fit none or this one."""
    other = KINDS.get(shape[0] // hidden) if shape[0] % hidden == 0 else None
    return f" (H = {hidden}: {other.upper()})" if other and other != kind else ""
