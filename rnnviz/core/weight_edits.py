"""Single weights set by hand: `lstm.W_h.12.21:2.5` in a link, one entry of one model.

Of a stack `lstm@1.W_h…` is the second layer, `lstm@0r.W_h…` the first one's reverse direction.
Besides the cell's own parameters these are the readout's W_y (H, K) and b_y (K,), and the initial
states h0 (H,) and c0 (H,).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.cells import CELLS
from rnnviz.core.model import Model
from rnnviz.core.readout import Readout
from rnnviz.words import Refusal, sentence

MOST_EDITS = 8
LARGEST = 1000.0
"""The largest magnitude that an entry may be set to."""
_ONE = re.compile(
    r"([a-z_]{1,20}|own:[\w-]{1,2000})(?:@(\d{1,2})(r?))?\.([A-Za-z_]{1,5}|[hc]0)"
    r"((?:\.\d{1,5}){1,2}):(-?\d[\d.e+-]{0,24})"
)
FIRST = 0, "forward"
"""The layer and direction of an edit that names none."""


@dataclass(frozen=True)
class Edit:
    """``parameter[index]`` in a layer (0 the first) and direction of a model is ``value``."""

    cell: str
    parameter: str
    index: tuple[int, ...]
    value: float
    layer: int = 0
    direction: str = "forward"

    def __str__(self) -> str:
        places = ".".join(map(str, self.index))
        where = f"@{self.layer}{'r' * (self.direction == 'reverse')}"
        where = "" if self.place == FIRST else where
        return f"{self.cell}{where}.{self.parameter}.{places}:{_short(self.value)}"

    @property
    def place(self) -> tuple[int, str]:
        """The layer and direction."""
        return self.layer, self.direction

    @property
    def name(self) -> str:
        """The entry's name as in NumPy: W_h[12, 21]."""
        return f"{self.parameter}[{', '.join(map(str, self.index))}]"

    def check(self, shapes: Mapping[str, tuple[int, ...]] | None) -> None:
        """Raise ValueError where a model with parameters of these shapes has no such entry.

        ``shapes`` is None where the model has no such layer or direction.
        """
        if shapes is None:
            raise Refusal(
                "The edited weight {name} is of layer {layer}, {direction}, and the net of the "
                "{cell} has no such layer.", name=self.name, layer=self.layer + 1,
                direction=sentence(self.direction), cell=sentence(CELLS[self.cell].title),
            )  # fmt: skip
        shape = shapes.get(self.parameter)
        if shape is None:
            raise Refusal(
                "The {cell} has no parameter {parameter} to edit: it has {known}.",
                cell=sentence(CELLS[self.cell].title), parameter=self.parameter,
                known=", ".join(shapes),
            )  # fmt: skip
        if len(shape) != len(self.index) or any(
            k >= n for k, n in zip(self.index, shape, strict=True)
        ):
            raise Refusal(
                "The edited weight {name} of the {cell} does not exist: {parameter} has the "
                "shape {shape}.",
                name=self.name, cell=sentence(CELLS[self.cell].title), parameter=self.parameter,
                shape=str(shape),
            )  # fmt: skip
        if not abs(self.value) <= LARGEST:
            raise Refusal(
                "The edited weight {name} must be within ±{most:g}, got {got:g}.",
                name=self.name, most=LARGEST, got=self.value,
            )  # fmt: skip


def read(text: str) -> tuple[Edit, ...] | None:
    """The edits of a link, with commas between them; None if it does not name edits."""
    found = []
    for part in text.split(","):
        match = _ONE.fullmatch(part)
        if match is None:
            return None
        try:
            value = float(match[6])
        except ValueError:
            return None
        if match[1] not in CELLS:
            return None
        index = tuple(int(k) for k in match[5][1:].split("."))
        place = int(match[2] or 0), "reverse" if match[3] else "forward"
        found.append(Edit(match[1], match[4], index, value, *place))
    return tuple(found)


def written(edits: Sequence[Edit]) -> str:
    """The edits as text for a link: the inverse of `read`."""
    return ",".join(map(str, edits))


def too_many(count: int) -> Refusal:
    """The refusal of more than `MOST_EDITS` edits."""
    return Refusal("At most {most} weights can be edited at once, not {count}.",
                   most=MOST_EDITS, count=count)  # fmt: skip


def set_to(edits: Sequence[Edit], one: Edit) -> tuple[Edit, ...]:
    """The edits with one more, which replaces an earlier one of the same entry."""
    return (*without(edits, one), one)


def without(edits: Sequence[Edit], one: Edit) -> tuple[Edit, ...]:
    """The edits without the one of the same entry, whatever its value."""
    return tuple(e for e in edits if replace(e, value=one.value) != one)


def shapes_of(
    parameters: Mapping[str, tuple[int, ...]], states: Sequence[str], hidden: int, outputs: int
) -> dict[str, tuple[int, ...]]:
    """Name → shape of all that can be edited: the parameters, the readout's, the initial states."""
    readout = {"W_y": (hidden, outputs), "b_y": (outputs,)}
    return dict(parameters) | readout | {f"{state}0": (hidden,) for state in states}


def edited(model: Model, edits: Sequence[Edit]) -> Model:
    """The model with these entries, each in its layer and direction, and in its readout.

    All are known to exist. Initial states are no part of a model: see `start`.
    """
    readout, own = model.readout, [e for e in edits if e.parameter not in ("W_y", "b_y")]
    if readout is not None:
        found = _with(readout.parameters, edits)
        readout = Readout(readout.kind, found) if found is not None else readout
    if model.projected and {"W_h", "W_r"} & {e.parameter for e in own}:
        raise ValueError("`edits` must leave W_h and W_r of a projected model as they are.")
    each = tuple(
        _with(model.parameters[index], [e for e in own if e.place == (layer, direction)])
        for index, layer, direction in model.places()
    )
    if any(one is not None for one in each):
        model = model.with_parameters(tuple(
            before if one is None else one
            for one, before in zip(each, model.parameters, strict=True)
        ))
    return model if readout is model.readout else replace(model, readout=readout)


def _with(
    parameters: Mapping[str, NDArray[Any]], edits: Sequence[Edit]
) -> dict[str, NDArray[Any]] | None:
    """The parameters with those of the edits that are theirs; None where there are none."""
    own = [one for one in edits if one.parameter in parameters]
    if not own:
        return None
    found = {name: array.copy() for name, array in parameters.items()}
    for one in own:
        found[one.parameter][one.index] = one.value
    return found


def start(edits: Sequence[Edit], model: Model) -> dict[str, NDArray[np.float64]]:
    """`run`'s ``h0`` and ``c0`` (layers·directions, 1, H) that edits set; none if none are.

    But for them they are the model's own initial states, or 0.
    """
    found: dict[str, NDArray[np.float64]] = {}
    places = [(layer, direction) for _, layer, direction in model.places()]
    for one in edits:
        if one.parameter in ("h0", "c0") and one.place in places:
            own = None if model.initial is None else model.initial[one.parameter[0]]
            first = np.zeros((len(places), model.hidden_size)) if own is None else own
            states = found.setdefault(one.parameter, np.array(first, float)[:, None])
            states[places.index(one.place), 0, one.index[0]] = one.value
    return found


def _short(value: float) -> str:
    return short if float(short := f"{value:.12g}") == value else repr(value)


def place(one: Edit, shapes: Mapping[str, tuple[int, ...]]) -> int:
    """Where the entry stands in the flattened parameter."""
    return int(np.ravel_multi_index(one.index, shapes[one.parameter]))
