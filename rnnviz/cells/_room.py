"""How a step's arrays lie in memory: examples before units, or units before examples."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np

from rnnviz.cells._backward import CALLS as BACKWARD_CALLS
from rnnviz.cells._equations import KEPT
from rnnviz.cells._forward import CALLS as FORWARD_CALLS
from rnnviz.numerics.arrays import Array


def room(shape: tuple[int, ...], dtype: Any, *, units_first: bool = False) -> Array:
    """An array (…, B, n) to be filled; in memory with the n units before the B examples, if asked.

    Then the blocks of a gate lie in one piece, and a call on some of them is one loop, not B of
    them. Shapes, and so the steps' text, are the same.
    """
    if not units_first:
        return np.empty(shape, dtype)
    return np.empty((*shape[:-2], shape[-1], shape[-2]), dtype).swapaxes(-1, -2)


@lru_cache(maxsize=KEPT)
def for_units_first(text: str) -> Callable[..., Any]:
    """`make` of a step's text whose products can be written with the units first."""
    scope: dict[str, Any] = {**FORWARD_CALLS, **BACKWARD_CALLS, "dot": np.matmul}
    exec(compile(text, "<step>", "exec"), scope)
    make: Callable[..., Any] = scope["make"]
    return make


@lru_cache(maxsize=KEPT)
def for_complex(text: str) -> Callable[..., Any]:
    """`make` of a forward step's text for complex numbers, of which the real part decides.

    NumPy orders them by both parts, so that relu's slope at 0 would depend on the direction; and
    σ far in saturation would be not a number, by 1 / (∞ + ∞ i).
    """
    scope: dict[str, Any] = {**FORWARD_CALLS, "maximum": _above, "reciprocal": _reciprocal}
    exec(compile(text, "<step>", "exec"), scope)
    make: Callable[..., Any] = scope["make"]
    return make


def _above(of: Array, low: Array, out: Array) -> None:
    out[...] = np.where(of.real > low.real, of, low)


def _reciprocal(of: Array, to: Array) -> None:
    to[...] = np.where(np.isinf(of.real), 0, np.reciprocal(of))
