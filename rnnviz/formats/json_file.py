"""JSON of Unicode's word segmenters (ICU4X's lstm data): one LSTM in two directions.

``dic`` maps characters to rows of ``mat1``, the embedding (V, D), whose last row stands for all
others. ``mat2`` (D, 4H), ``mat3`` (H, 4H) and ``mat4`` (4H,) are the forward direction,
``mat5`` … ``mat7`` the backward one, ``mat8`` (2H, 4) and ``mat9`` (4,) the output layer with its
softmax. The blocks are Keras's [i f c o], which are ours, and so is the layout.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from math import prod
from typing import Any, Never

import numpy as np

from rnnviz.cells import CELLS
from rnnviz.core.model import Model
from rnnviz.core.readout import Readout
from rnnviz.formats import limits
from rnnviz.formats.float_arrays import weights
from rnnviz.formats.found import Net, about
from rnnviz.formats.labels import whole
from rnnviz.formats.sizes import check_sizes
from rnnviz.numerics.arrays import Array
from rnnviz.numerics.validation import shown
from rnnviz.words import Refusal, sentence

CLASSES = ("B", "I", "E", "S")
"""Of each character: it begins a word, is inside one, ends one, or is one alone."""
OTHERS = "<unk>"
"""The last row's label: what sequences of text take for characters that are not listed."""
AXES = {"mat1": 2, "mat2": 2, "mat3": 2, "mat4": 1, "mat5": 2, "mat6": 2, "mat7": 1, "mat8": 2,
        "mat9": 1}  # fmt: skip


def read(data: bytes) -> tuple[Net, ...]:
    """The segmenter."""
    if len(data) > limits.JSON_BYTES:
        raise Refusal(
            "JSON must have at most {most:,} bytes, got {size:,}: save the weights as .npz.",
            most=limits.JSON_BYTES, size=len(data),
        )  # fmt: skip
    try:
        found = json.loads(data, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise Refusal("It is no whole JSON text ({error}).", error=str(error)[:80]) from error
    if not isinstance(found, dict) or not {"dic", *AXES} <= set(found):
        raise Refusal(
            "JSON must hold `dic` and `mat1` … `mat9`, as Unicode's word segmenters do: save other "
            "nets as .safetensors or .npz."
        )
    arrays = {name: _matrix(name, found[name], axes) for name, axes in AXES.items()}
    symbols = _symbols(found["dic"], len(arrays["mat1"]))
    title = found.get("model")
    return (_net(title if isinstance(title, str) else "", arrays, symbols),)


def _no_number(text: str) -> Never:
    raise ValueError(f"{text} is no number")


def _matrix(name: str, stored: Any, axes: int) -> Array:
    given = stored if isinstance(stored, dict) else {}
    shape, numbers = _numbers(given.get("dim")), _numbers(given.get("data"))
    if not all(type(n) is int and n > 0 for n in shape) or prod(shape) != len(numbers):
        raise Refusal(
            "`{name}` must have its shape in `dim` and as many numbers in `data`.", name=name
        )
    try:
        return weights(name, np.array(numbers, float).reshape(shape), axes)
    except OverflowError:
        raise Refusal("`{name}` must hold numbers that fit float64.", name=name) from None


def _numbers(found: Any) -> list[Any]:
    """The list, if it is one of numbers; else an empty one, which fits no matrix."""
    whole = isinstance(found, list) and all(type(n) in (int, float) for n in found)
    return found if whole else []


def _symbols(dic: Any, rows: int) -> tuple[str, ...]:
    """The character of every row of the embedding."""
    places = dic if isinstance(dic, dict) else {}
    if sorted(map(str, places.values())) != sorted(map(str, range(rows - 1))):
        raise Refusal(
            "`dic` must number its characters from 0 to {last}, a row of `mat1` each but the last, "
            "got {got}.", last=rows - 2, got=shown(dic),
        )  # fmt: skip
    by_row = {int(row): character for character, row in places.items()}
    return (*(whole(by_row[row]) for row in range(rows - 1)), OTHERS)


def _net(name: str, arrays: Mapping[str, Array], symbols: tuple[str, ...]) -> Net:
    inputs, hidden = arrays["mat1"].shape[1], len(arrays["mat3"])
    check_sizes(inputs, hidden, 1, arrays["mat8"].shape[1])
    sides = tuple(
        dict(zip(("W_x", "W_h", "b"), (arrays[f"mat{k}"] for k in three), strict=True))
        for three in ((2, 3, 4), (5, 6, 7))
    )
    readout = Readout("softmax", {"W_y": arrays["mat8"], "b_y": arrays["mat9"]})
    model = Model(CELLS["lstm"](), inputs, hidden, sides, 1, True, readout)
    classes = CLASSES if arrays["mat9"].size == len(CLASSES) else None
    return Net(
        whole(name[: limits.NAME_CHARACTERS]), about("LSTM", inputs, hidden, 1, 2), lambda: model,
        input_labels=symbols, embedding=arrays["mat1"], output_labels=classes,
        assumptions=(
            sentence("The blocks are in the order i, f, c, o, and the last row of the embedding "
                     "stands for all characters that are not listed."),
        ),
    )  # fmt: skip
