"""Models from arrays of any library, by the order of their blocks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from rnnviz.cells import CELLS, Cell
from rnnviz.core.model import Model
from rnnviz.core.readout import Readout
from rnnviz.formats.float_arrays import common_type, weights
from rnnviz.numerics.arrays import Array
from rnnviz.numerics.validation import finite_number, flag, one_of, shown
from rnnviz.words import Refusal

OTHER_NAMES = {"c": "g", "n": "g", "j": "g", "k": "g", "h": "g", "u": "z"}
"""A block's letter elsewhere → ours, where a cell has no block of the letter itself."""
AXES = {"W_x": 2, "W_h": 2, "b": 1, "b_h": 1, "p": 2}
UPDATES = ("keeps", "replaces")


def from_arrays(
    cell: str,
    W_x: Any,
    W_h: Any = None,
    b: Any = None,
    b_h: Any = None,
    *,
    order: str | Sequence[str] | None = None,
    transposed: bool = False,
    update: str = "keeps",
    add_to_forget_bias: float = 0.0,
    bidirectional: bool = False,
    p: Any = None,
    W_y: Any = None,
    b_y: Any = None,
    softmax: bool = False,
    **options: Any,
) -> Model:
    """A model from weights of shape W_x (D, G·H), W_h (H, G·H), b and b_h (G·H,).

    ``cell`` is a name in `rnnviz.CELLS` and ``options`` are that cell's. ``order`` names the blocks
    as they stand in the arrays: "ifco" (Keras), "iofc" (ONNX), "zrh" (Keras's GRU), "ijfo"
    (TensorFlow 1); c, j, n, h and k are the candidate g, u is z. None: in the cell's own order.
    ``transposed`` says that the arrays are (G·H, D) and (G·H, H), as PyTorch's. ``update`` says
    what z = 1 does to the old state of a GRU: "keeps" it, or "replaces" it (then 1 − z is our z).
    ``add_to_forget_bias`` is what the other library adds to the bias of f at run time (1 in
    TensorFlow 1). For stacks and two directions each argument is a list: layer 0 forward, (layer 0
    reverse,) layer 1 forward, … ``p`` (3, H) are the peepholes of i, f and o, in this order.
    ``W_y`` (directions·H, K) and ``b_y`` are a readout.

    Raises ValueError naming argument, rule and what arrived.

    >>> import numpy as np, rnnviz
    >>> rnnviz.from_arrays("lstm", np.ones((2, 12)), np.ones((3, 12)), np.zeros(12), order="iofc")
    Model(lstm, 2 → 3, 1 layer, 72 parameters, float64)
    """
    kind = CELLS[one_of("cell", cell, tuple(CELLS))](**options)
    given = {"W_x": W_x, "W_h": W_h, "b": b, "b_h": b_h, "p": p}
    layers = _layers({name: one for name, one in given.items() if one is not None})
    places = _places(kind, order)
    turned = flag("transposed", transposed)
    made = [
        {name: _converted(name, one, places, turned) for name, one in layer.items()}
        for layer in layers
    ]
    one_of("update", update, UPDATES)
    if update == "replaces":
        _turn_round(kind, made)
    if finite_number("add_to_forget_bias", add_to_forget_bias):
        _add(kind, made, add_to_forget_bias)
    readout = _readout(W_y, b_y, turned, flag("softmax", softmax))
    dtype = common_type(array for layer in made for array in layer.values())
    parameters = tuple({name: one.astype(dtype) for name, one in layer.items()} for layer in made)
    sides = 1 + flag("bidirectional", bidirectional)
    hidden = made[0]["W_x"].shape[1] // len(kind.blocks)
    head = None if readout is None else Readout(
        readout.kind, {name: one.astype(dtype) for name, one in readout.parameters.items()}
    )  # fmt: skip
    return Model(
        kind, len(made[0]["W_x"]), hidden, parameters, max(1, len(made) // sides), sides == 2, head
    )


def _layers(given: Mapping[str, Any]) -> list[dict[str, Any]]:
    """One mapping for each layer and direction: of lists, or of the arrays themselves."""
    if not isinstance(given.get("W_x"), (list, tuple)) or np.ndim(given["W_x"][0]) < 2:
        return [dict(given)]
    count = len(given["W_x"])
    for name, one in given.items():
        if not isinstance(one, (list, tuple)) or len(one) != count:
            raise Refusal(
                "`{name}` must be a list of {n} arrays, as `W_x` is, got {got}.",
                name=name, n=count, got=shown(one),
            )  # fmt: skip
    return [{name: one[k] for name, one in given.items()} for k in range(count)]


def _places(kind: Cell, order: str | Sequence[str] | None) -> list[int]:
    """Where each of the cell's blocks stands in the arrays."""
    blocks = list(kind.blocks)
    named = blocks if order is None else order
    found = [one if one in blocks else OTHER_NAMES.get(one, one) for one in named]
    if sorted(found) != sorted(blocks):
        raise Refusal(
            "`order` must name each of the blocks {blocks} once, got {got}.",
            blocks=" ".join(blocks), got=shown(order),
        )  # fmt: skip
    return [found.index(one) for one in blocks]


def _converted(name: str, value: Any, places: list[int], transposed: bool) -> Array:
    array = weights(name, value, AXES[name])
    if name == "p":
        return array
    array = array.T if transposed else array
    if array.shape[-1] % len(places):
        raise Refusal(
            "`{name}` must have {n} blocks of equal width, got the shape {shape}.",
            name=name, n=len(places), shape=array.shape,
        )  # fmt: skip
    blocks = np.split(array, len(places), axis=-1)
    return np.concatenate([blocks[k] for k in places], axis=-1)


def _turn_round(kind: Cell, layers: list[dict[str, Array]]) -> None:
    """σ(−a) = 1 − σ(a): the block z with its signs turned."""
    if "z" not in kind.blocks:
        raise Refusal(
            "`update` must be 'keeps' for the cell {cell}, which has no gate z.",
            cell=repr(kind.name),
        )  # fmt: skip
    for layer in layers:
        for array in (one for name, one in layer.items() if name != "p"):
            kind.block("z", array)[...] *= -1


def _add(kind: Cell, layers: list[dict[str, Array]], value: float) -> None:
    if "f" not in kind.blocks or any("b" not in layer for layer in layers):
        raise Refusal(
            "`add_to_forget_bias` must be 0 without a gate f or without `b`, got {value}.",
            value=value,
        )  # fmt: skip
    for layer in layers:
        kind.block("f", layer["b"])[...] += value


def _readout(W_y: Any, b_y: Any, transposed: bool, softmax: bool) -> Readout | None:
    if W_y is None:
        return None
    W = weights("W_y", W_y, 2)
    W = W.T if transposed else W
    b = np.zeros(W.shape[1], W.dtype) if b_y is None else weights("b_y", b_y, 1)
    return Readout("softmax" if softmax else "identity", {"W_y": W, "b_y": b})
