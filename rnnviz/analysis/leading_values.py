"""The largest singular values of the product of all steps so far, between two bounds.

A basis Q of directions at the start is carried through the steps by QR, and the small triangles
multiplied. The values of ∂s_t/∂s_0 Q are never above those of ∂s_t/∂s_0; what Q leaves out is
bounded by what the steps make of random directions orthogonal to Q.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rnnviz.analysis.leading_directions import MORE, start_of, streamed_for
from rnnviz.analysis.streamed import Streamed
from rnnviz.core.trace import Trace
from rnnviz.numerics.arrays import Array
from rnnviz.numerics.extended_range import LOG10_2, log10_norms
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
MOST_EXACT, AT_ONCE = 1.2e10, 5_000_000
"""Up to this T n³ all values are computed where plain QR is not sure, with so many numbers at once.
"""
LOG10_SURE, MODERATE = -8.0, 140.0
"""log10 of how far below its norm a step may shrink a direction for plain QR to be sure of it, and
of how far from 1 the norm may be."""


class LeadingValues(NamedTuple):
    """log10 of the k largest singular values of ∂s_t/∂s_0, between bounds; nan after a value is
    lost.

    lower  (T, k): never above the singular values but for rounding
    upper  (T, k): not below them, at each t but for one case in 100

    In small nets, and where a step shrinks a direction 10⁸ times further than its norm, both are
    the values themselves. Where these would take too long (T n³ above ``MOST_EXACT``), the bounds
    are wide from that step on: lower −inf, upper by the norms of the steps.

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
        affordable = steps * size**3 <= MOST_EXACT
        if not good:
            pass
        elif affordable and size <= asked + MORE:
            lower[:good] = upper[:good] = _exact(jacobians, good, asked)
        else:
            basis = start_of(jacobians, good, min(size, asked + MORE))
            moved = _moved(jacobians, good, basis, whole=not affordable)
            if moved.sure < good and affordable:
                lower[:good] = upper[:good] = _exact(jacobians, good, asked)
            else:
                lower[:good], upper[:good] = _between(moved, asked)
    return LeadingValues(frozen(lower), frozen(upper))


def _exact(jacobians: Streamed, good: int, asked: int) -> Array:
    """log10 of the largest values of the products (good, asked), row by row in powers of two."""
    if jacobians.steps * jacobians.size**2 > AT_ONCE:
        jacobians.portion = max(1, AT_ONCE // jacobians.size**2)
    found = [log10_singular_values(one) for one in products_in(jacobians.parts(good))]
    return np.concatenate(found)[:, :asked]


class _Moved(NamedTuple):
    """What the steps make of a basis.

    triangles  (m, r, r): of the QR of each step that is sure
    beyond     (m,): log10 of a bound of what the basis leaves out
    norms      (m,): log10 of each step's Frobenius norm; −inf for steps that were not looked at
    sure       how many steps there are before the first one that plain QR may get wrong
    """

    triangles: Array
    beyond: Array
    norms: Array
    sure: int


def _moved(jacobians: Streamed, good: int, basis: Array, *, whole: bool) -> _Moved:
    """A basis with orthonormal columns (n, r), and random directions orthogonal to it.

    After the first step that is not sure, the norms of the further ones are taken if ``whole``.
    """
    width = basis.shape[1]
    left_out = width < jacobians.size
    probes = np.random.default_rng(SEED).standard_normal((jacobians.size, PROBES * left_out))
    probes -= basis @ (basis.T @ probes)
    power, beyond = np.zeros(probes.shape[1], np.int64), np.full(good, -np.inf)
    triangles, norms, sure = np.empty((good, width, width)), np.full(good, -np.inf), good
    for t, J in enumerate(jacobians.forward(good)):
        norms[t] = log10_norms(J.ravel())
        if t >= sure:
            continue
        before = np.linalg.norm(probes, axis=0)
        moved = J @ np.hstack([basis, probes])
        basis, triangles[t] = np.linalg.qr(moved[:, :width])
        probes = moved[:, width:]
        sizes = np.linalg.norm(probes, axis=0)
        least = [np.abs(np.diagonal(triangles[t])), sizes / before]
        kept = np.log10(np.concatenate(least).min()) - norms[t]
        if not (width and kept > LOG10_SURE and abs(norms[t]) < MODERATE):
            sure = t
            if not whole:
                break
            continue
        if left_out:
            shift = np.frexp(np.abs(probes).max(axis=0))[1].astype(np.int64)
            probes, power = np.ldexp(probes, -shift), power + shift
            sizes = np.log10(np.linalg.norm(probes, axis=0)) + power * LOG10_2
            beyond[t] = sizes.max() + np.log10(AT_MOST)
    return _Moved(triangles, beyond, norms, sure)


def _between(moved: _Moved, asked: int) -> tuple[Array, Array]:
    """Both bounds (m, asked): from the first step on that is not sure, −inf and by norms."""
    good, sure = len(moved.norms), moved.sure
    lower = np.full((good, asked), -np.inf)
    upper, done = np.zeros((good, asked)), 0
    parts = (moved.triangles[start : min(start + PORTION, sure)]
             for start in range(0, sure, PORTION))  # fmt: skip
    for graded in products_in(parts):
        values = log10_singular_values(graded)
        rows = slice(done, done + len(values))
        done += len(values)
        kept, beyond = lower[rows], moved.beyond[rows, None]
        kept[:, : values.shape[1]] = values[:, :asked]
        top = np.maximum(kept, beyond)
        squares = 10.0 ** (2 * (kept - top)) + 10.0 ** (2 * (beyond - top))
        upper[rows] = np.where(np.isneginf(top), top, top + np.log10(squares) / 2)
    before = upper[sure - 1, 0] if sure else 0.0
    upper[sure:] = (before + np.cumsum(moved.norms[sure:]))[:, None]
    return lower, upper
