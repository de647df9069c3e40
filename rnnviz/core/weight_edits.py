"""Single weights and biases set by hand: `lstm.W_h.12.21:2.5` in a link, one entry of one model."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.cells import CELLS
from rnnviz.core.model import Model
from rnnviz.words import Refusal

MOST_EDITS = 8
LARGEST = 1000.0
"""The largest magnitude that an entry may be set to."""
_ONE = re.compile(r"([a-z_]{1,20})\.([A-Za-z_]{1,5})((?:\.\d{1,5}){1,2}):(-?\d[\d.e+-]{0,24})")


@dataclass(frozen=True)
class Edit:
    """``parameter[index]`` of a cell's model is ``value``."""

    cell: str
    parameter: str
    index: tuple[int, ...]
    value: float

    def __str__(self) -> str:
        places = ".".join(map(str, self.index))
        return f"{self.cell}.{self.parameter}.{places}:{_short(self.value)}"

    @property
    def name(self) -> str:
        """The entry's name as in NumPy: W_h[12, 21]."""
        return f"{self.parameter}[{', '.join(map(str, self.index))}]"

    def check(self, shapes: Mapping[str, tuple[int, ...]]) -> None:
        """Raise ValueError where a model with parameters of these shapes has no such entry."""
        shape = shapes.get(self.parameter)
        if shape is None:
            raise Refusal(
                "The cell {cell} has no parameter {parameter} to edit: it has {known}.",
                cell=self.cell, parameter=self.parameter, known=", ".join(shapes),
            )  # fmt: skip
        if len(shape) != len(self.index) or any(
            k >= n for k, n in zip(self.index, shape, strict=True)
        ):
            raise Refusal(
                "The edited weight {name} of the cell {cell} does not exist: {parameter} has the "
                "shape {shape}.",
                name=self.name, cell=self.cell, parameter=self.parameter, shape=str(shape),
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
            value = float(match[4])
        except ValueError:
            return None
        if match[1] not in CELLS:
            return None
        index = tuple(int(k) for k in match[3][1:].split("."))
        found.append(Edit(match[1], match[2], index, value))
    return tuple(found)


def written(edits: Sequence[Edit]) -> str:
    """The edits as text for a link: the inverse of `read`."""
    return ",".join(map(str, edits))


def set_to(edits: Sequence[Edit], one: Edit) -> tuple[Edit, ...]:
    """The edits with one more, which replaces an earlier one of the same entry."""
    return (*without(edits, one), one)


def without(edits: Sequence[Edit], one: Edit) -> tuple[Edit, ...]:
    """The edits without the one of the same entry, whatever its value."""
    where = one.cell, one.parameter, one.index
    return tuple(e for e in edits if (e.cell, e.parameter, e.index) != where)


def edited(model: Model, edits: Sequence[Edit]) -> Model:
    """The model, of one layer and one direction, with these entries; all are known to exist."""
    if not edits:
        return model
    parameters: dict[str, NDArray[Any]] = {k: v.copy() for k, v in model.parameters[0].items()}
    for one in edits:
        parameters[one.parameter][one.index] = one.value
    return model.with_parameters(parameters)


def _short(value: float) -> str:
    return short if float(short := f"{value:.12g}") == value else repr(value)


def place(one: Edit, shapes: Mapping[str, tuple[int, ...]]) -> int:
    """Where the entry stands in the flattened parameter."""
    return int(np.ravel_multi_index(one.index, shapes[one.parameter]))
