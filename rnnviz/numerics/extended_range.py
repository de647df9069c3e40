"""Numbers beyond the range of floating point: a mantissa and a power of two per row."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
LOG10_2 = float(np.log10(2.0))


def exponents(array: Array) -> Array:
    """The power of two of each row's largest magnitude, over the last axis; 0 for a zero row."""
    return np.frexp(np.abs(array).max(axis=-1, initial=0.0))[1].astype(np.int64)


@cache
def _safe_squares(dtype: np.dtype[Any]) -> tuple[float, float]:
    """Between these, a sum of squares has lost nothing to under- or overflow."""
    info = np.finfo(dtype)
    return float(info.tiny / info.eps), float(info.max)


def norms(array: Array) -> Array:
    """Euclidean norm over the last axis; squares neither under- nor overflow."""
    if array.size == 0:
        return np.zeros(array.shape[:-1], array.dtype)
    low, high = _safe_squares(array.dtype)
    squares = np.einsum("...i,...i->...", array, array)
    if squares.min() > low and squares.max() < high:
        return np.asarray(np.sqrt(squares))
    largest = np.abs(array).max(axis=-1)
    unit = np.where((largest > 0) & np.isfinite(largest), largest, 1)
    parts = array / unit[..., None]
    return np.asarray(unit * np.sqrt((parts * parts).sum(axis=-1)))


def times_power(array: Array, exponent: int) -> Array:
    """array · 2^exponent by products: on what underflows, ldexp takes many times as long."""
    reach = int(np.finfo(array.dtype).maxexp) - 2
    while exponent:
        part = max(-reach, min(reach, exponent))
        array = array * array.dtype.type(2.0) ** part
        exponent -= part
    return array


@dataclass(frozen=True)
class Scaled:
    """mantissa · 2^exponent: mantissa (…, n), exponent (…) an integer array, or None for 2⁰."""

    mantissa: Array
    exponent: Array | None = None

    def true(self) -> Array:
        """The values as floats: what is out of range becomes 0 or ±inf, as the format has it."""
        if self.exponent is None:
            return self.mantissa
        with np.errstate(over="ignore", under="ignore"):
            return np.asarray(np.ldexp(self.mantissa, self.exponent[..., None]))

    def log10_norms(self) -> Array:
        """log10 of the Euclidean norms over the last axis: −inf for an exact zero, float64."""
        with np.errstate(all="ignore"):
            logs = np.log10(norms(self.mantissa).astype(np.float64))
        return logs if self.exponent is None else np.asarray(logs + self.exponent * LOG10_2)

    def at(self, exponent: Array) -> Array:
        """The mantissas that go with the given exponents."""
        own = 0 if self.exponent is None else self.exponent
        shift = own - exponent
        with np.errstate(over="ignore", under="ignore"):
            return np.asarray(np.ldexp(self.mantissa, shift[..., None]))

    def map(self, array: Array) -> Scaled:
        """Other mantissas with the same exponents."""
        return Scaled(array, self.exponent)

    def __add__(self, other: Scaled) -> Scaled:
        """The sum, at the larger scale of the two in each row."""
        if self.exponent is None and other.exponent is None:
            return Scaled(self.mantissa + other.mantissa)
        top = np.maximum(self.top(), other.top())
        return Scaled(self.at(top) + other.at(top), top)

    def top(self) -> Array:
        """The power of two of each row's largest magnitude; very low for a zero row."""
        own = 0 if self.exponent is None else self.exponent
        zero = ~np.asarray(self.mantissa).any(axis=-1)
        return np.where(zero, -(2**30), exponents(self.mantissa) + own)
