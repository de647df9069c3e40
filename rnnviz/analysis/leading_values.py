"""The largest singular values of the product of all steps so far, between two bounds.

A basis Q of directions at the start is carried through the steps by QR, and the small triangles
multiplied. The values of ∂s_t/∂s_0 Q are never above those of ∂s_t/∂s_0; what Q leaves out is
bounded by what the steps make of random directions orthogonal to Q.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from rnnviz.analysis.leading_directions import MORE, start_of, streamed_for
from rnnviz.analysis.streamed import Streamed
from rnnviz.core.trace import Trace
from rnnviz.numerics.arrays import Array
from rnnviz.numerics.extended_range import LOG10_2
from rnnviz.numerics.graded_svd import log10_singular_values, products_in
from rnnviz.numerics.records import brief
from rnnviz.numerics.validation import frozen

PROBES, SEED = 4, 1
"""Random directions, and their seed."""
AT_MOST = 10**0.5 * (2 / np.pi) ** 0.5
"""‖A‖₂ is at most this times the largest of ‖A ω‖ for PROBES normal vectors ω, but for one case in
100 (Halko, Martinsson and Tropp 2011, lemma 4.1, with α = √10)."""
PORTION = 250
"""Timesteps whose small products are split together."""


class LeadingValues(NamedTuple):
    """log10 of the k largest singular values of ∂s_t/∂s_0, between bounds; nan after a value is
    lost.

    lower  (T, k): never above the singular values but for rounding
    upper  (T, k): not below them, at each t but for one case in 100

    >>> import numpy as np, rnnviz
    >>> trace = rnnviz.run(rnnviz.build("lstm", 2, 4, seed=0), np.ones((6, 1, 2)))
    >>> rnnviz.singular_values(trace, count=3).lower.shape
    (6, 3)
    """

    lower: Array
    upper: Array

    def __repr__(self) -> str:
        return brief(self)


def leading_values(
    trace: Trace, count: int, *, layer: int = 0, direction: str | None = None, batch: int = 0
) -> LeadingValues:
    """`rnnviz.singular_values` with a ``count``. Raises ValueError as it does."""
    what = "leading singular values"
    jacobians, asked = streamed_for(trace, count, layer, direction, batch, what)
    steps, size = jacobians.steps, jacobians.size
    lower, upper = np.full((2, steps, asked), np.nan)
    with np.errstate(all="ignore"):
        good = jacobians.finite
        if good:
            basis = start_of(jacobians, good, min(size, asked + MORE))
            done = 0
            for values, beyond in _carried(jacobians, good, basis):
                rows = slice(done, done + len(values))
                done += len(values)
                kept = np.full((len(values), asked), -np.inf)
                kept[:, : values.shape[1]] = values[:, :asked]
                top = np.maximum(kept, beyond[:, None])
                squares = 10.0 ** (2 * (kept - top)) + 10.0 ** (2 * (beyond[:, None] - top))
                lower[rows] = kept
                upper[rows] = np.where(np.isneginf(top), top, top + np.log10(squares) / 2)
    return LeadingValues(frozen(lower), frozen(upper))


def _carried(
    jacobians: Streamed, good: int, basis: Array
) -> Iterator[tuple[Array, Array]]:
    """log10 of the values of the products times the basis (m, r), and a bound of the rest (m,)."""
    left_out = basis.shape[1] < jacobians.size
    probes = np.random.default_rng(SEED).standard_normal((jacobians.size, PROBES * left_out))
    probes -= basis @ (basis.T @ probes)
    power, beyond = np.zeros(probes.shape[1], np.int64), np.full(good, -np.inf)
    triangles, done = np.empty((good, basis.shape[1], basis.shape[1])), 0
    for t, J in enumerate(jacobians.forward(good)):
        moved = J @ np.hstack([basis, probes])
        basis, triangles[t] = np.linalg.qr(moved[:, : basis.shape[1]])
        probes = moved[:, basis.shape[1] :]
        if left_out:
            shift = np.frexp(np.abs(probes).max(axis=0))[1].astype(np.int64)
            probes, power = np.ldexp(probes, -shift), power + shift
            sizes = np.log10(np.linalg.norm(probes, axis=0)) + power * LOG10_2
            beyond[t] = sizes.max() + np.log10(AT_MOST)
    parts = (triangles[start : start + PORTION] for start in range(0, good, PORTION))
    for graded in products_in(parts):
        values = log10_singular_values(graded)
        yield values, beyond[done : done + len(values)]
        done += len(values)
