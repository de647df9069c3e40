"""How a step's arrays lie in memory: examples before units, or units before examples."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np

from rnnviz.cells._backward import CALLS as BACKWARD_CALLS
from rnnviz.cells._equations import KEPT
from rnnviz.cells._forward import CALLS as FORWARD_CALLS
from rnnviz.cells._made import maker
from rnnviz.numerics.arrays import Array


def room(shape: tuple[int, ...], dtype: Any, *, units_first: bool = False) -> Array:
    """An array (…, B, n) to be filled; in memory with the n units before the B examples, if asked.

    Then the blocks of a gate lie in one piece, and a call on some of them is one loop, not B of
    them. Shapes, and so the steps' text, are the same.
    """
    if not units_first:
        return np.empty(shape, dtype)
    return np.empty((*shape[:-2], shape[-1], shape[-2]), dtype).swapaxes(-1, -2)


UNITS_FIRST = (
    (r"\ball_dot\((\w+), (\w+), ", r"all_dot(\2, \1, "),
    (r"\b(\w+)\.dot\((\w+), ", r"\2.dot(\1, "),
    (r"\[\.\.\., (\d+ \* size : \d+ \* size)\]", r"[..., \1, :]"),
    (r"\[\.\.\., None, :\]", "[..., None, :, :]"),
    (r"\[:, None\]", ""),
    (r"reciprocal\(grown_(\d+), (\w+)\)", r"divide(ones_\1, grown_\1, \2)"),
)
"""What is another text for rows (n, B): matrices stand left of them, blocks are their first axis.

A division gives the bits of ``reciprocal``, faster for so many numbers, slower for few.
"""


@lru_cache(maxsize=KEPT)
def for_units_first(text: str) -> Callable[..., Any]:
    """`make` of a step's text for rows (n·H, B) in place of (B, n·H), without gaps.

    Its matrices are those of the text, transposed; its vectors (n, H) are (n, H, 1).
    """
    for old, new in UNITS_FIRST:
        text = re.sub(old, new, text)
    return maker(
        text, {**FORWARD_CALLS, **BACKWARD_CALLS}, all_dot=np.matmul, turned=np.asarray,
        apart=lambda of, count, size: of.reshape(*of.shape[:-2], count, size, of.shape[-1]),
    )  # fmt: skip


@lru_cache(maxsize=KEPT)
def for_changing_weights(text: str) -> Callable[..., Any]:
    """`make` of a backward step's text that reads the weights where they are, in every pass anew.

    Otherwise it may bind copies of them, which are faster, once.
    """
    return maker(text, BACKWARD_CALLS, turned=np.transpose)


PART_OF_A_ROW = re.compile(
    r"exp\(p_(base_\d+)_0_(\d+), grown_\2\)"
    r"(\s+)add\(grown_\2, ones_\2, grown_\2\)\s+reciprocal\(grown_\2, (?!n_[hc]\b)\w+\)"
)
"""σ of the first blocks of a row of sums, which takes their place; that of a state does not."""


@lru_cache(maxsize=KEPT)
def for_batch(text: str) -> Callable[..., Any]:
    """`make` of a forward step's text for several examples: σ of whole rows, without gaps.

    Its values for the other blocks are written over, or not read: σ comes first in a row.
    """
    for key in {found[1] for found in PART_OF_A_ROW.finditer(text)}:
        room = re.search(rf"\n    p_{key} = new\((\d+)\)", text)
        assert room is not None
        made = f"\n    grown_{key}, ones_{key} = new({room[1]}), ones({room[1]})"
        text = text.replace(room[0], room[0] + made)
    text = PART_OF_A_ROW.sub(
        r"exp(p_\1, grown_\1)\3add(grown_\1, ones_\1, grown_\1)\3reciprocal(grown_\1, n_\1)", text
    )
    return maker(text, FORWARD_CALLS)


def with_units_first(series: Array) -> Array:
    """(T, …, n, B) of an array (T, B, …, n), as `for_units_first` takes its rows; no copy."""
    return np.moveaxis(series, 1, -1)


class Room:
    """Arrays to be filled, (T, B, n), the same ones from each `restart` on in the same order."""

    def __init__(self, dtype: Any, *, units_first: bool) -> None:
        self.dtype, self.units_first = dtype, units_first
        self.arrays: list[Array] = []
        self.restart()

    def restart(self) -> None:
        """Give the first array again; what it holds is needed no more."""
        self.next = 0

    def __call__(self, shape: tuple[int, ...]) -> Array:
        """The next array, or its first rows; of what has no time, such as a weight, a new one."""
        if len(shape) < 3:
            return np.empty(shape, self.dtype)
        if self.next == len(self.arrays):
            self.arrays.append(room(shape, self.dtype, units_first=self.units_first))
        one = self.arrays[self.next][: shape[0]]
        if one.shape != shape:
            one = self.arrays[self.next] = room(shape, self.dtype, units_first=self.units_first)
        self.next += 1
        return one


@lru_cache(maxsize=KEPT)
def for_complex(text: str) -> Callable[..., Any]:
    """`make` of a forward step's text for complex numbers, of which the real part decides.

    NumPy orders them by both parts, so that relu's slope at 0 would depend on the direction; and
    σ far in saturation would be not a number, by 1 / (∞ + ∞ i).
    """
    return maker(text, FORWARD_CALLS, maximum=_above, reciprocal=_reciprocal)


def _above(of: Array, low: Array, out: Array) -> None:
    out[...] = np.where(of.real > low.real, of, low)


def _reciprocal(of: Array, to: Array) -> None:
    to[...] = np.where(np.isinf(of.real), 0, np.reciprocal(of))
