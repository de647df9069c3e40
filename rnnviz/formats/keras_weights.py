"""Keras's arrays as ours, and where they stand in its files.

Keras keeps kernel (D, G·H), recurrent_kernel (H, G·H) and bias, its blocks in the order [i f c o]
and [z r h]. A GRU's bias (2, 3H) has the input's row and the recurrent one. CuDNNLSTM and CuDNNGRU
of Keras 2 store every block transposed, the input's in columns, and two biases end to end.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from rnnviz.formats.float_arrays import weights
from rnnviz.numerics.arrays import Array, Arrays
from rnnviz.words import Refusal

CELLS_BY_BLOCKS = {1: "rnn", 3: "gru", 4: "lstm"}
STORED = {"kernel": "kernel", "recurrent_kernel": "recurrent", "bias": "bias"}
"""The names in a legacy file."""
IN_ORDER = ("kernel", "recurrent", "bias")
"""The names of vars/0, vars/1, vars/2 in a file of Keras 3."""


class CellWeights(NamedTuple):
    """The arrays of one cell as Keras stores them, and where they stand."""

    path: str
    kernel: Array
    recurrent: Array
    bias: Array | None = None

    @property
    def hidden(self) -> int:
        """H."""
        return len(self.recurrent)

    @property
    def cell(self) -> str:
        """rnn, gru or lstm, by the number of blocks. Raises `Refusal`."""
        blocks = self.recurrent.shape[1] // self.hidden if self.recurrent.ndim == 2 else 0
        if self.recurrent.shape != (self.hidden, blocks * self.hidden) or blocks not in (1, 3, 4):
            raise Refusal(
                "The recurrent kernel of `{path}` must have the shape (H, H), (H, 3H) or (H, 4H), "
                "of a simple RNN, a GRU or an LSTM; got {shape}.",
                path=self.path, shape=str(self.recurrent.shape),
            )  # fmt: skip
        return CELLS_BY_BLOCKS[blocks]

    @property
    def two_biases(self) -> bool:
        """Whether the bias has an input's and a recurrent part."""
        return self.bias is not None and self.bias.size == 2 * self.recurrent.shape[1]

    @property
    def cudnn(self) -> bool:
        """Whether two biases stand end to end, as in Keras 2's CuDNN layers alone."""
        return self.bias is not None and self.bias.ndim == 1 and self.two_biases

    def ours(self) -> Arrays:
        """W_x, W_h, and b, b_h where there are biases; blocks in our order. Raises `Refusal`."""
        cell, G = self.cell, self.recurrent.shape[1]
        kernel = weights(f"{self.path}: kernel", self.kernel, 2)
        recurrent = weights(f"{self.path}: recurrent_kernel", self.recurrent, 2)
        if kernel.shape[1] != G:
            raise Refusal(
                "The kernel of `{path}` must have {columns} columns as the recurrent kernel "
                "{recurrent} has, got the shape {shape}.", path=self.path, columns=G,
                recurrent=str(recurrent.shape), shape=str(kernel.shape),
            )  # fmt: skip
        biases = {} if self.bias is None else self._biases(self.bias, cell, G)
        if self.cudnn:
            kernel, recurrent = _from_cudnn(kernel, recurrent, G // self.hidden)
        found = {"W_x": kernel, "W_h": recurrent, **biases}
        return {name: in_our_order(one, cell) for name, one in found.items()}

    def _biases(self, bias: Array, cell: str, G: int) -> dict[str, Array]:
        allowed = {(G,)} | ({(2, G), (2 * G,)} if cell == "gru" else set())
        allowed |= {(2 * G,)} if cell == "lstm" else set()
        if bias.shape not in allowed:
            shapes = ", ".join(map(str, sorted(allowed)))
            raise Refusal(
                "The bias of `{path}` must have one of the shapes {shapes}, got {shape}.",
                path=self.path, shapes=shapes, shape=str(bias.shape),
            )  # fmt: skip
        bias = weights(f"{self.path}: bias", bias, bias.ndim)
        return dict(zip(("b", "b_h"), bias.reshape(-1, G), strict=False))


def in_our_order(array: Array, cell: str) -> Array:
    """Keras's blocks of a GRU, [z r h], as ours, [r z g], and the other way round."""
    if cell != "gru":
        return array
    first, second, third = np.split(array, 3, axis=-1)
    return np.concatenate([second, first, third], axis=-1)


def _from_cudnn(kernel: Array, recurrent: Array, blocks: int) -> tuple[Array, Array]:
    kernels = [one.T.reshape(one.shape, order="F") for one in np.split(kernel, blocks, axis=1)]
    turned = [one.T for one in np.split(recurrent, blocks, axis=1)]
    return np.concatenate(kernels, axis=1), np.concatenate(turned, axis=1)


class Group(NamedTuple):
    """The cells of one recurrent layer: one, or several stacked ones, in one or two directions."""

    place: str
    forward: list[CellWeights]
    backward: list[CellWeights]


def groups(arrays: Arrays, attributes: Mapping[str, Any]) -> list[Group]:
    """The recurrent layers in a file, by the places where their arrays stand."""
    found: dict[str, Group] = {}
    for path, one in _cells(arrays, attributes).items():
        place, backward = _layer_of(path)
        group = found.setdefault(place, Group(place, [], []))
        (group.backward if backward else group.forward).append(one)
    return [found[place] for place in sorted(found, key=natural)]


def _cells(arrays: Arrays, attributes: Mapping[str, Any]) -> dict[str, CellWeights]:
    """Path of a cell → its arrays, in the order in which a stack's cells come."""
    by: dict[str, dict[str, Array]] = {}
    for path in _in_order(arrays, attributes):
        parent, _, name = path.rpartition("/")
        name = name.removesuffix(":0")
        if parent.endswith("/vars") and name in ("0", "1", "2"):
            by.setdefault(parent.removesuffix("/vars"), {})[IN_ORDER[int(name)]] = arrays[path]
        elif name in STORED:
            by.setdefault(parent, {})[STORED[name]] = arrays[path]
    return {
        path: CellWeights(path, **found) for path, found in by.items() if _recurrent(path, found)
    }


def _recurrent(path: str, found: Mapping[str, Array]) -> bool:
    """Whether these arrays are a recurrent cell's: they are named so, or a dense layer's bias is
    none of them."""
    if not {"kernel", "recurrent"} <= set(found):
        return False
    named = not path.startswith("layers/") or re.search(r"cell(_\d+)?$", path)
    kernel, recurrent = found["kernel"], found["recurrent"]
    two = kernel.ndim == recurrent.ndim == 2 and min(*kernel.shape, *recurrent.shape) > 0
    return bool(two and (named or kernel.shape[1] == recurrent.shape[1]))


def _in_order(arrays: Arrays, attributes: Mapping[str, Any]) -> list[str]:
    """A legacy file says the order of the weights of a layer; elsewhere numbers in names do."""
    place: dict[str, int] = {}
    for path, found in attributes.items():
        names = [one for key in sorted(found, key=natural) if key.startswith("weight_names")
                 for one in found[key] if isinstance(found[key], list)]  # fmt: skip
        place |= {f"{path}/{name}".lstrip("/"): k for k, name in enumerate(names)}
    return sorted(arrays, key=lambda path: (place.get(path, 0), natural(path)))


def _layer_of(path: str) -> tuple[str, bool]:
    """The place of the layer that a cell belongs to, and whether the cell reads from the end."""
    parts = path.split("/")
    while len(parts) > 2 and re.fullmatch(r"cells?|.*_cells?(_\d+)?", parts[-1]):
        parts.pop()
    side = re.fullmatch(r"(forward|backward)_.*", parts[-1])
    if side and len(parts) > 2:
        parts.pop()
    return "/".join(parts), bool(side) and side[1] == "backward"  # type: ignore[index]


def natural(name: str) -> list[tuple[int, str]]:
    """A key that sorts lstm_2 before lstm_10."""
    parts = re.split(r"(\d+)", name)
    return [(int(one) if one.isdecimal() and len(one) < 10 else -1, one) for one in parts]
