"""Sums and rows with a power of two, and their differences relative to their terms."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from rnnviz.numerics.arrays import Array
from rnnviz.numerics.extended_range import Scaled, exponents


class Sum(NamedTuple):
    """A sum, the sum of the magnitudes of its terms, and a power of two for both."""

    value: float
    size: float
    power: int


def product(one: Scaled, other: Array) -> Sum:
    """Σ one · other."""
    terms, powers = one.mantissa.astype(float, copy=False) * other, one.exponent
    if not powers.any():
        sizes = np.abs(terms)
        largest = float(sizes.max(initial=0.0))
        if 1e-200 < largest < 1e200:
            top = math.frexp(largest)[1]
            unit = math.ldexp(1.0, -top)
            return Sum(float(terms.sum()) * unit, float(sizes.sum()) * unit, top)
    present = terms.any(axis=-1)
    top = int((exponents(terms) + powers)[present].max()) if present.any() else 0
    aligned = np.ldexp(terms, (powers - top)[..., None])
    return Sum(float(aligned.sum()), float(np.abs(aligned).sum()), top)


def total(parts: list[Sum]) -> Sum:
    """Σ parts."""
    top = max((each.power for each in parts if each.size), default=0)
    value, size = (
        float(sum(np.ldexp(each[k], each.power - top) for each in parts)) for k in (0, 1)
    )
    return Sum(value, size, top)


def difference(one: Sum, parts: list[Sum]) -> float:
    """|one − Σ parts|, relative to the size of the terms."""
    other = total(parts)
    top = max((each.power for each in (one, other) if each.size), default=0)
    mine, theirs = (np.ldexp([each.value, each.size], each.power - top) for each in (one, other))
    size = max(mine[1], theirs[1])
    return float(abs(mine[0] - theirs[0]) / size) if size != 0 else 0.0


def gap(one: Scaled, other: Scaled, size: Array) -> float:
    """The largest ‖one − other‖ of all rows, relative to ``size``, which goes with one's powers."""
    missing = (one - other).log10_norms()
    logs = missing - Scaled(size[..., None], one.exponent).log10_norms()
    logs = np.where(np.isneginf(missing), -np.inf, logs)
    return np.nan if np.isnan(logs).any() else float((10.0**logs).max())


def largest_gap(one: Array, other: Array, size: Any = 1.0) -> float:
    """The largest of `gaps`."""
    return float(gaps(one, other, size).max(initial=0.0))


def gaps(one: Array, other: Array, size: Any = 1.0) -> Array:
    """|one − other| / size, elementwise.

    Equal infinities, and nan in both, are no difference; nan in one of the two is an infinite one.
    """
    same = (one == other) | (np.isnan(one) & np.isnan(other))
    apart = np.where(same, 0.0, np.abs(np.asarray(one, float) - other) / size)
    return np.where(np.isnan(apart), np.inf, apart)


def nan_first(error: float) -> float:
    """A key for `max` by which an error that is not a number is the largest."""
    return np.inf if np.isnan(error) else error


def smallest_size(array: Array, bound: float) -> float:
    """The size from which on a sum of so many numbers is right to ``bound``, relatively.

    Each may be wrong by the smallest float of its type that has all its digits.
    """
    return float(array.size * np.finfo(array.dtype).tiny / bound)
