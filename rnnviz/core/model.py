"""Cells with their parameters, stacked, in one or two directions, with a readout."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np

from rnnviz.cells import Cell
from rnnviz.core import _html
from rnnviz.core.own_weights import cell_groups, checked, counted
from rnnviz.core.readout import Readout
from rnnviz.numerics.arrays import Array, Arrays
from rnnviz.numerics.records import Record, sealed
from rnnviz.numerics.validation import (
    fitting,
    flag,
    instance,
    one_of,
    real_array,
    shown,
    whole_number,
)

DIRECTIONS = ("forward", "reverse")


@dataclass(frozen=True)
class Model(Record):
    """A stack of one cell; ``parameters`` has one mapping per layer and direction.

    The order is PyTorch's: layer 0 forward, (layer 0 reverse,) layer 1 forward, … Each maps the
    names and shapes of `Cell.shapes` to arrays, lists or tensors of finite numbers, float64 or
    float32, the same for all; they are copied, so that a later change to them changes no model.
    The bias ``b`` may be left out, and ``b_h`` (G·H,), a second bias, may be added, in all layers
    alike. A matrix of another shape is refused. A square matrix that is transposed has the right
    shape and cannot be told: x_t W_x + h_{t−1} W_h, so PyTorch's weights must be transposed
    (`rnnviz.from_torch` does).

    Raises ValueError naming layer, direction, parameter, rule and what arrived.

    >>> import rnnviz
    >>> model = rnnviz.build("rnn", 1, 2, nonlinearity="identity")
    >>> own = model.with_parameters({"W_x": [[1, 0]], "W_h": [[0.5, 0], [1, 0]], "b": [0, 0]})
    >>> rnnviz.run(own, [[1.0], [0.0]]).final["h"]
    array([[[0.5, 0. ]]])
    >>> model.with_parameters({"W_x": [[1], [0]], "W_h": [[0.5, 0], [1, 0]], "b": [0, 0]})
    Traceback (most recent call last):
    ValueError: `W_x of layer 0, forward` must have shape (1, 2), got (2, 1): it looks transposed.

    A net of one direction may read from the end: ``direction="reverse"``. In a net of two the
    reverse direction may have a cell with other options than ``cell``: ``reverse_cell``, of the
    same kind and with parameters of the same shapes. ``initial`` maps states to (layers·directions,
    H), learnt initial states that `rnnviz.run` begins with where it is given no others. With
    ``batch_first``, as in PyTorch, `rnnviz.run` is given x as (B, T, D); traces have time first.

    An LSTM whose h is projected (``proj_size``) has W_r (H, P) among its parameters, and W_h (P,
    4H); it hands on h W_r, so its outputs, and h in ``initial``, ``h0`` and ``trace.final``, have P
    numbers a direction. Records, LayerTrace and LayerFlow have the h before the projection.

    >>> from dataclasses import replace
    >>> relu = rnnviz.CELLS["rnn"](nonlinearity="relu")
    >>> replace(rnnviz.build("rnn", 1, 2, bidirectional=True), reverse_cell=relu)
    Model(rnn, 1 → 2, 1 layer in two directions, 16 parameters, float64, in reverse by relu)
    >>> rnnviz.run(replace(own, initial={"h": [[3.0, 0.0]]}), [[1.0]]).final["h"]
    array([[[2.5, 0. ]]])
    """

    cell: Cell
    input_size: int
    hidden_size: int
    parameters: tuple[Arrays, ...]
    num_layers: int = 1
    bidirectional: bool = False
    readout: Readout | None = None
    direction: str = "forward"
    reverse_cell: Cell | None = None
    initial: Arrays | None = None
    batch_first: bool = False

    def __post_init__(self) -> None:
        """Check and copy."""
        instance("cell", self.cell, Cell)
        for name in ("input_size", "hidden_size", "num_layers"):
            object.__setattr__(self, name, whole_number(name, getattr(self, name)))
        for name in ("bidirectional", "batch_first"):
            object.__setattr__(self, name, flag(name, getattr(self, name)))
        self._check_directions()
        counted(self.parameters, self.num_layers * len(self.directions))
        places = [(layer, direction) for _, layer, direction in self.places()]
        sizes = self.input_size, self.hidden_size
        found = checked(cell_groups(self.cell, sizes, places, self.parameters))
        object.__setattr__(self, "parameters", tuple(map(sealed, found)))
        self._check_readout()
        if self.initial is not None:
            object.__setattr__(self, "initial", sealed(self._initial_states(self.initial)))

    def _check_directions(self) -> None:
        one_of("direction", self.direction, DIRECTIONS)
        if self.bidirectional and self.direction != "forward":
            raise ValueError("`direction` must be 'forward' for a model in two directions.")
        if self.reverse_cell is None:
            return
        instance("reverse_cell", self.reverse_cell, Cell)
        if not self.bidirectional:
            raise ValueError("`reverse_cell` must be None for a model in one direction.")
        kinds = [(type(one), one.blocks, one.shapes(1, 2)) for one in
                 (self.cell, self.reverse_cell)]  # fmt: skip
        if kinds[0] != kinds[1]:
            raise ValueError(
                f"`reverse_cell` must be of the kind of `cell`, {self.cell.name!r}, with the same "
                f"parameters, got {self.reverse_cell.name!r}."
            )

    def _initial_states(self, given: Any) -> dict[str, Array]:
        """State name → (layers·directions, H), copied."""
        if not isinstance(given, Mapping) or set(given) != set(self.cell.states):
            names = ", ".join(self.cell.states)
            got = ", ".join(map(str, given)) if isinstance(given, Mapping) else shown(given)
            raise ValueError(f"`initial` must map {names} to arrays, got {got or 'nothing'}.")
        found = {}
        for name in self.cell.states:
            size = self.width if name == "h" else self.hidden_size
            shape = (len(self.parameters), size)
            array = real_array(f"initial[{name!r}]", given[name])
            if array.shape != shape:
                raise ValueError(f"`initial[{name!r}]` must have shape {shape}, got {array.shape}.")
            found[name] = np.array(fitting(f"initial[{name!r}]", array, self.dtype))
        return found

    def _check_readout(self) -> None:
        if self.readout is None:
            return
        instance("readout", self.readout, Readout)
        W_y = self.readout.parameters["W_y"]
        rows = len(self.directions) * self.width
        if len(W_y) != rows:
            hint = ": it looks transposed." if W_y.shape[1] == rows else "."
            raise ValueError(
                f"`W_y of the readout` must have {rows} rows (directions·H), got the shape "
                f"{W_y.shape}{hint}"
            )
        if W_y.dtype != self.dtype:
            raise ValueError(
                f"`W_y of the readout` must have the cells' type, {self.dtype}, got {W_y.dtype}."
            )

    def with_parameters(self, parameters: Any) -> Model:
        """The same model with other weights, checked as those of a new one.

        ``parameters`` is laid out as ``model.parameters``; for one layer and direction the mapping
        alone will do. Raises ValueError.
        """
        alone = isinstance(parameters, Mapping) and self.num_layers * len(self.directions) == 1
        return replace(self, parameters=(parameters,) if alone else parameters)

    def __repr__(self) -> str:
        layers = "1 layer" if self.num_layers == 1 else f"{self.num_layers} layers"
        parts = [
            f"{self.cell.name}, {self.input_size} → {self.hidden_size}",
            layers + (" in two directions" if self.bidirectional else
                      " in reverse" if self.direction == "reverse" else ""),
            f"{self.parameter_count:,} parameters",
            self.dtype.name,
        ]
        parts += [f"h projected to {self.width}"] if self.projected else []
        parts += self.cell.unusual()
        if self.reverse_cell is not None:
            options = ", ".join(self.reverse_cell.unusual(self.cell))
            parts.append(f"in reverse {options}" if options else "in reverse as forward")
        if self.initial is not None:
            parts.append("learnt initial states")
        if self.batch_first:
            parts.append("batch first")
        if self.readout is not None:
            parts.append(f"{self.readout.kind} readout of {self.readout.parameters['b_y'].size}")
        return f"Model({', '.join(parts)})"

    def _repr_html_(self) -> str:
        sizes = [(name, array.size) for name, array in self.parameters[0].items()]
        return _html.captioned(repr(self), _html.bars(sizes, "parameters of the first layer"))

    @property
    def directions(self) -> tuple[str, ...]:
        """("forward",), ("reverse",) or ("forward", "reverse")."""
        return DIRECTIONS if self.bidirectional else (self.direction,)

    def cell_of(self, direction: str) -> Cell:
        """The cell of a direction: ``cell`` but where ``reverse_cell`` is another."""
        other = self.reverse_cell if direction == "reverse" else None
        return self.cell if other is None else other

    @property
    def dtype(self) -> np.dtype[Any]:
        """float64 or float32."""
        return self.parameters[0]["W_x"].dtype

    @property
    def width(self) -> int:
        """Numbers that a layer and direction hands on: P where h is projected, else H."""
        W_r = self.parameters[0].get("W_r") if self.projected else None
        return self.hidden_size if W_r is None else int(W_r.shape[1])

    @property
    def projected(self) -> bool:
        """Whether h is projected before it is handed on."""
        return "W_r" in self.parameters[0] and "W_r" not in self.cell.shapes(1, 1)

    @property
    def hold(self) -> Mapping[str, float]:
        """Gate → the value that it is held at, in every layer and direction."""
        return self.cell.hold

    @property
    def parameter_count(self) -> int:
        """How many numbers the cells hold; the readout is not counted."""
        return sum(array.size for layer in self.parameters for array in layer.values())

    def places(self) -> Iterator[tuple[int, int, str]]:
        """(index into ``parameters``, layer, direction), in order."""
        for index in range(self.num_layers * len(self.directions)):
            layer, side = divmod(index, len(self.directions))
            yield index, layer, self.directions[side]

    def index(self, layer: int, direction: str | None = None) -> int:
        """Where the parameters of a layer and direction stand; None is the first direction."""
        direction = self.directions[0] if direction is None else direction
        one_of("direction", direction, self.directions)
        level = whole_number("layer", layer, 0, self.num_layers - 1)
        return level * len(self.directions) + self.directions.index(direction)


Made = TypeVar("Made", Model, Readout)


def unchecked(of: type[Made], /, **fields: Any) -> Made:
    """A model or readout of sealed arrays that this package made: neither checked nor copied."""
    made = object.__new__(of)
    vars(made).update(fields)
    return made
