"""Weights that a caller gives: copied, converted to one float type, and refused by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from rnnviz.cells import Cell
from rnnviz.core import projection
from rnnviz.numerics.arrays import Array
from rnnviz.numerics.validation import fitting, meant, real_array, shown

Shape = tuple[int, ...]
BIASES = ("b", "b_h")
"""Parameters that any cell may have or lack; one that is lacking counts as 0."""


def checked(groups: Mapping[str, tuple[Any, Mapping[str, Shape]]]) -> list[dict[str, Array]]:
    """Each group's parameters by name, C-contiguous copies in one float type, in its own order.

    ``groups`` maps a place («layer 0, forward») to what arrived there, a mapping, and to the shapes
    that are allowed there. A bias may be left out, but then everywhere. float64 and float32 stay;
    float16 becomes float32; lists and integers take the type of the other arrays, float64 if there
    is none. Raises ValueError naming place, parameter, rule and what arrived.
    """
    biases = {name for given, _ in groups.values() if isinstance(given, Mapping) for name in given}
    found: dict[str, dict[str, Array]] = {}
    for place, (given, shapes) in groups.items():
        _same_names(place, given, shapes, [n for n in shapes if n not in BIASES or n in biases])
        found[place] = {
            name: _of_shape(f"{name} of {place}", given[name], shapes[name])
            for name in shapes
            if name in given
        }
    dtype = _common_type({
        f"{name} of {place}": array.dtype
        for place, (given, _) in groups.items()
        for name, array in found[place].items()
        if array.dtype.kind == "f" and hasattr(given[name], "dtype")
    })  # fmt: skip
    return [
        {
            name: np.ascontiguousarray(fitting(f"{name} of {place}", array, dtype))
            for name, array in arrays.items()
        }
        for place, arrays in found.items()
    ]


def counted(given: Any, count: int) -> None:
    """Refuse parameters that are not a sequence of ``count``."""
    if not isinstance(given, Sequence) or isinstance(given, str) or len(given) != count:
        got = shown(given) if not isinstance(given, Sequence) else f"{len(given)} of them"
        raise ValueError(
            "`parameters` must be a sequence of mappings, one for each layer and direction "
            f"({count}), got {got}."
        )


def cell_groups(
    cell: Cell, sizes: tuple[int, int], places: Sequence[tuple[int, str]], given: Any
) -> dict[str, tuple[Any, Mapping[str, Shape]]]:
    """`checked`'s groups for a model: ``sizes`` are D and H, ``places`` (layer, direction)."""
    counted(given, len(places))
    inputs, hidden = sizes
    sides = sum(layer == 0 for layer, _ in places)
    size = projection_size(cell, hidden, given)
    width = size or hidden
    groups: dict[str, tuple[Any, Mapping[str, Shape]]] = {}
    for (layer, direction), arrays in zip(places, given, strict=True):
        shapes = cell.shapes(inputs if layer == 0 else sides * width, hidden)
        if size is not None:
            shapes |= {"W_h": (size, *shapes["W_h"][1:]), projection.NAME: (hidden, size)}
        bias = len(cell.blocks) * hidden
        more = [name for name in BIASES if "b" in shapes and name not in shapes]
        allowed = {**shapes, **dict.fromkeys(more, (bias,))}
        groups[f"layer {layer}, {direction}"] = arrays, allowed
    return groups


def projection_size(cell: Cell, hidden: int, given: Sequence[Any]) -> int | None:
    """P of parameters that have a projection W_r (H, P), else None. Raises ValueError."""
    first = given[0]
    if not isinstance(first, Mapping) or projection.NAME not in first or not cell.sees_past:
        return None
    if projection.NAME in cell.shapes(1, 1):
        return None
    if not projection.fits(cell):
        raise ValueError(
            f"`parameters` must have no projection W_r for the cell {cell.name!r}: its h reaches "
            "the next step by other ways than W_h."
        )
    shape = real_array(projection.NAME, first[projection.NAME]).shape
    if len(shape) != 2 or not 0 < shape[1] <= hidden:
        raise ValueError(f"`W_r` must have shape (H, P), P from 1 to {hidden}, got {shape}.")
    return int(shape[1])


def _same_names(place: str, given: Any, shapes: Mapping[str, Shape], needed: list[str]) -> None:
    if not isinstance(given, Mapping):
        raise ValueError(f"`parameters of {place}` must map names to arrays, got {shown(given)}.")
    for name in needed:
        if name not in given:
            names = ", ".join(map(str, given))
            raise ValueError(f"`{name} of {place}` must be given, got only {names or 'nothing'}.")
    for name in given:
        if name not in shapes:
            hint = meant(name, shapes) or f": it has {', '.join(shapes)}."
            raise ValueError(f"`parameters of {place}` must not hold {shown(name)}{hint}")


def _of_shape(name: str, value: Any, shape: Shape) -> Array:
    array = real_array(name, value)
    if array.shape != shape:
        turned = array.ndim == 2 and array.shape == shape[::-1]
        hint = ": it looks transposed." if turned else "."
        raise ValueError(f"`{name}` must have shape {shape}, got {array.shape}{hint}")
    return array


def _common_type(types: Mapping[str, np.dtype[Any]]) -> np.dtype[Any]:
    """float64 or float32, whichever all of the named arrays have."""
    common: tuple[str, np.dtype[Any]] | None = None
    for name, arrived in types.items():
        dtype = np.result_type(arrived.newbyteorder("="), np.float32)
        if dtype.itemsize > 8:
            raise ValueError(f"`{name}` must be float64 or float32, got {arrived}.")
        if common is not None and dtype != common[1]:
            raise ValueError(
                f"`{name}` must have the type of `{common[0]}`, {common[1]}, got {arrived}."
            )
        common = common or (name, dtype)
    return np.dtype(np.float64) if common is None else common[1]
