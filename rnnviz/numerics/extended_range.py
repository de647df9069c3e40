"""Numbers beyond the range of floating point: a mantissa and a power of two per row."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np

from rnnviz.numerics.arrays import Array
from rnnviz.numerics.validation import frozen

LOG10_2 = float(np.log10(2.0))


def exponents(array: Array) -> Array:
    """The power of two of each row's largest magnitude, over the last axis; 0 for a zero row."""
    return np.frexp(np.abs(array).max(axis=-1, initial=0.0))[1].astype(np.int64)


@cache
def _safe_squares(dtype: np.dtype[Any]) -> tuple[float, float]:
    """The bounds between which a sum of squares has neither under- nor overflowed."""
    info = np.finfo(dtype)
    return float(info.tiny / info.eps), float(info.max)


def norms(array: Array) -> Array:
    """Euclidean norm over the last axis; squares neither under- nor overflow."""
    if array.size == 0:
        return np.zeros(array.shape[:-1], array.dtype)
    squares = np.einsum("...i,...i->...", array, array)
    if _are_safe(squares):
        return np.asarray(np.sqrt(squares))
    unit, rest = _in_units(array)
    return np.asarray(unit * rest)


def log10_norms(array: Array) -> Array:
    """log10 of the Euclidean norm over the last axis, float64; −inf for an exact zero.

    All digits are right also where the norm is so small that a float has few of its own.
    """
    with np.errstate(all="ignore"):
        squares = np.einsum("...i,...i->...", array, array)
        if array.size == 0 or _are_safe(squares):
            return np.log10(np.sqrt(squares).astype(np.float64))
        unit, rest = _in_units(array)
        return np.asarray(np.log10(unit.astype(np.float64)) + np.log10(rest.astype(np.float64)))


def _are_safe(squares: Array) -> bool:
    """Whether no sum of squares has under- or overflowed."""
    low, high = _safe_squares(squares.dtype)
    return bool(squares.min() > low and squares.max() < high)


def _in_units(array: Array) -> tuple[Array, Array]:
    """Each row's largest magnitude (1 for a zero row), and the row's norm in units of it."""
    largest = np.abs(array).max(axis=-1)
    unit = np.where((largest > 0) & np.isfinite(largest), largest, largest.dtype.type(1))
    parts = array / unit[..., None]
    return unit, np.sqrt((parts * parts).sum(axis=-1))


def times_power(array: Array, exponent: int) -> Array:
    """array · 2^exponent by products: ldexp is many times slower where results underflow."""
    reach = int(np.finfo(array.dtype).maxexp) - 2
    while exponent:
        part = max(-reach, min(reach, exponent))
        array = array * array.dtype.type(2.0) ** part
        exponent -= part
    return array


class Scaled:
    """mantissa · 2^exponent: mantissa (…, n), exponent (…) an integer array, zeros if left out.

    ``plain`` is True where it was left out: then methods skip the rescaling.
    """

    __slots__ = ("_exponent", "mantissa", "plain")

    def __init__(self, mantissa: Array, exponent: Array | None = None) -> None:
        self.mantissa, self._exponent, self.plain = mantissa, exponent, exponent is None

    def __repr__(self) -> str:
        return f"Scaled({self.mantissa.dtype}{list(self.mantissa.shape)})"

    @property
    def exponent(self) -> Array:
        """The power of two of every row, (…)."""
        if self._exponent is None:
            self._exponent = frozen(np.zeros(self.mantissa.shape[:-1], np.int64))
        return self._exponent

    def true(self) -> Array:
        """The values as floats: what is out of range becomes 0 or ±inf, as the format has it."""
        if self.plain:
            return self.mantissa
        with np.errstate(over="ignore", under="ignore"):
            return np.asarray(np.ldexp(self.mantissa, self.exponent[..., None]))

    def log10_norms(self) -> Array:
        """log10 of the Euclidean norms over the last axis, (…), float64; −inf for an exact zero."""
        logs = log10_norms(self.mantissa)
        return logs if self.plain else np.asarray(logs + self.exponent * LOG10_2)

    def log10_magnitudes(self) -> Array:
        """log10 of every number's magnitude, (…, n), float64; −inf for an exact zero."""
        with np.errstate(all="ignore"):
            logs = np.log10(np.abs(self.mantissa).astype(np.float64))
        return logs if self.plain else np.asarray(logs + self.exponent[..., None] * LOG10_2)

    def at(self, exponent: Array) -> Array:
        """The mantissas that go with the given exponents."""
        shift = -exponent if self.plain else self.exponent - exponent
        with np.errstate(over="ignore", under="ignore"):
            return np.asarray(np.ldexp(self.mantissa, shift[..., None]))

    def map(self, array: Array) -> Scaled:
        """Other mantissas with the same exponents."""
        return Scaled(array, self._exponent)

    def normalised(self) -> Scaled:
        """The same rows with mantissas between ½ and 1 at their largest; a zero row stays."""
        shift = exponents(self.mantissa)
        return Scaled(np.ldexp(self.mantissa, -shift[..., None]), self.exponent + shift)

    def __getitem__(self, rows: Any) -> Scaled:
        """Some of the rows: the index of the leading axes, on mantissas and exponents alike."""
        return Scaled(self.mantissa[rows], None if self.plain else self.exponent[rows])

    def columns(self, which: slice) -> Scaled:
        """Some of the numbers of every row, the index of the last axis."""
        return self.map(self.mantissa[..., which])

    def __neg__(self) -> Scaled:
        return self.map(-self.mantissa)

    def __add__(self, other: Scaled) -> Scaled:
        """The sum, at the larger scale of the two in each row."""
        if self.plain and other.plain:
            return Scaled(self.mantissa + other.mantissa)
        top = np.maximum(self.top(), other.top())
        return Scaled(self.at(top) + other.at(top), top)

    def __sub__(self, other: Scaled) -> Scaled:
        return self + -other

    def top(self) -> Array:
        """The power of two of each row's largest magnitude; very low for a zero row."""
        zero = ~np.asarray(self.mantissa).any(axis=-1)
        return np.where(zero, -(2**30), exponents(self.mantissa) + self.exponent)


def stacked(parts: Sequence[Scaled]) -> Scaled:
    """Rows (…, n) of equal shape as one (count, …, n)."""
    plain = all(one.plain for one in parts)
    exponent = None if plain else np.stack([one.exponent for one in parts])
    return Scaled(np.stack([one.mantissa for one in parts]), exponent)


def joined(parts: Sequence[Scaled]) -> Scaled:
    """Rows one after the other along the first axis."""
    plain = all(one.plain for one in parts)
    exponent = None if plain else np.concatenate([one.exponent for one in parts])
    return Scaled(np.concatenate([one.mantissa for one in parts]), exponent)
