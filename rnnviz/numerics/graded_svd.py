"""Matrices whose rows are hundreds of powers of ten apart, and their singular values.

A power of two goes with every row. A product is held as L · diag(2^rows) U by elimination; its
singular values come from triangles that repeated QR brings close to diagonal. (Stewart 1997;
Demmel 1999.)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from rnnviz.numerics.arrays import Array
from rnnviz.numerics.extended_range import LOG10_2
from rnnviz.numerics.qr_growth import (
    NOTHING,
    factors_of,
    lost_below,
    powers,
    step_of,
    surely_full,
    times_powers,
)

WINDOW, OVERLAP = 400, 100
"""The powers of two that one SVD may span, and how many at either end are not used."""
EASY, MOST_TURNS = 5, 30
"""The powers of ten that a plain SVD may span; the most QRs for matrices that span more."""
TOGETHER = 16
"""Pivots after which the rows and columns of an elimination that are done are left out."""
AGREED, NOISE = 1e-10, 1e-15
"""How close two log10 values must be; entries below NOISE of their row's diagonal are dropped."""


@dataclass(frozen=True)
class Graded:
    """Matrices (m, n, n) with a power of two for each row (m, n), and their ranks (m,)."""

    matrices: Array
    rows: Array
    rank: Array

    def normal(self) -> Graded:
        """Every row brought to the order of 1."""
        own = powers(self.matrices)
        dead = (own == NOTHING) | (self.rows == NOTHING)
        matrices = times_powers(self.matrices, -np.where(dead, 0, own)[..., None])
        return Graded(matrices, np.where(dead, NOTHING, self.rows + own), self.rank)

    def at(self, which: Array) -> Graded:
        """Some of the matrices."""
        return Graded(self.matrices[which], self.rows[which], self.rank[which])

    def cleaned(self) -> Graded:
        """Normal triangles without what changes no singular value by more than ``NOISE``.

        LAPACK would turn such entries into rotations that mix large rows into small ones.
        """
        one = self.normal()
        size = np.abs(one.matrices)
        keep = size >= NOISE * np.diagonal(size, 0, 1, 2)[..., None]
        return Graded(np.where(keep, one.matrices, 0), one.rows, one.rank)

    def turned(self) -> Graded:
        """A triangle with the same singular values, nearer to diagonal: QR of the transpose.

        Rows by size, so that in diag(2^rows) · Lᵀ everything off the diagonal shrinks.
        """
        one = self.normal()
        order = np.argsort(-one.rows, axis=1, kind="stable")
        rows = np.take_along_axis(one.rows, order, 1)
        matrices = np.take_along_axis(one.matrices, order[..., None], 1)
        across = np.argsort(-np.abs(matrices).max(axis=1), axis=1, kind="stable")
        matrices = np.take_along_axis(matrices, across[:, None], 2)
        R = np.linalg.qr(matrices.transpose(0, 2, 1), mode="r")
        return Graded(np.ldexp(R, rows[:, None] - rows[:, :, None]), rows, self.rank)


def each(jacobians: Array) -> Graded:
    """The single steps (T, n, n), with the rank of each."""
    ranks = np.full(len(jacobians), jacobians.shape[1])
    for t in np.flatnonzero(~surely_full(jacobians)):
        ranks[t] = step_of(jacobians[t]).rank
    return Graded(jacobians, np.zeros(jacobians.shape[:2], np.int64), ranks)


def products(jacobians: Array) -> Graded:
    """`products_in` of steps (T, n, n) that are there all at once."""
    return next(products_in([jacobians]))


def products_in(parts: Iterable[Array]) -> Iterator[Graded]:
    """For every t a matrix with the singular values of ∂s_t/∂s_0 = L · diag(2^rows) U.

    The steps come in portions (m, n, n), and so do these. Elimination, unlike QR, leaves zeros and
    entries far below their neighbours as they are: units that saturate one after the other stay
    apart (Demmel 1999).
    """
    L: Array | None = None
    for jacobians in parts:
        steps, size = jacobians.shape[:2]
        if L is None:
            L, U, rows = np.eye(size), np.eye(size), np.zeros(size, np.int64)
        found = Graded(
            np.zeros((steps, size, size)), np.full((steps, size), NOTHING),
            np.zeros(steps, np.int64),
        )  # fmt: skip
        for t, J in enumerate(jacobians):
            for factor in factors_of(J):
                X, top = factor.times(L)
                L, R = _eliminated(X, rows)
                U, rows = _times(R, U, rows + top)
            rank = len(U)
            part = _times(np.asarray(np.linalg.qr(L, mode="r")), U, rows) if rank else (U, rows)
            found.matrices[t, :rank], found.rows[t, :rank] = part
            found.rank[t] = rank
        yield found


def _eliminated(X: Array, weights: Array) -> tuple[Array, Array]:
    """X (n, r) = L (n, k) · R (k, r), by elimination; |L| ≤ 1.

    The pivot is the largest entry of X · diag(2^weights).
    """
    most, lost, count = min(X.shape), lost_below(len(X)), 0
    lefts, rights = np.zeros((most, X.shape[0])), np.zeros((most, X.shape[1]))
    rows, columns = np.arange(X.shape[0]), np.arange(X.shape[1])
    while count < most:
        part = slice(count, min(count + TOGETHER, most))
        L, R, pivots = _some_eliminated(X, weights[columns], part.stop - count, lost)
        lefts[part, rows], rights[part, columns] = L, R
        count += len(pivots)
        if count < part.stop:
            break
        left = [np.delete(one, which) for one, which in
                zip(map(np.arange, X.shape), np.transpose(pivots), strict=True)]  # fmt: skip
        X, rows, columns = X[np.ix_(*left)], rows[left[0]], columns[left[1]]
    return lefts[:count].T, rights[:count]


def _some_eliminated(
    X: Array, weights: Array, most: int, lost: float
) -> tuple[Array, Array, list[tuple[int, int]]]:
    """The first steps of `_eliminated`: rows Lᵀ, R and the pivots' places; X is what is left."""
    lefts, rights, pivots = np.zeros((most, len(X))), np.zeros((most, X.shape[1])), []
    update, small, largest = np.empty_like(X), np.empty(X.shape, bool), np.empty(X.shape[1])
    size = np.abs(X)
    for left, right in zip(lefts, rights, strict=True):
        np.maximum.reduce(size, 0, out=largest)
        column = int((np.log2(largest) + weights).argmax())
        if not largest[column]:
            break
        row = int(size[:, column].argmax())
        np.divide(X[:, column], X[row, column], left)
        right[:] = X[row]
        np.multiply(left[:, None], right, update)
        np.subtract(X, update, X)
        np.multiply(size, lost, update)
        np.less_equal(np.abs(X, size), update, small)
        for one in (X, size):
            np.copyto(one, 0, where=small)
            one[row], one[:, column] = 0, 0
        pivots.append((row, column))
    return lefts, rights, pivots


def _times(R: Array, U: Array, rows: Array) -> tuple[Array, Array]:
    """R · diag(2^rows) · U, again with a power of two taken out of each row."""
    size = np.where(R != 0, np.frexp(R)[1] + rows, NOTHING)
    top = size.max(axis=1, initial=NOTHING)
    product = np.ldexp(R, rows - top[:, None]) @ U
    own = powers(product)
    alive = own > NOTHING
    product = times_powers(product, -np.where(alive, own, 0)[:, None])
    return product, np.where(alive, top + own, NOTHING)


def log10_singular_values(one: Graded) -> Array:
    """(m, n), descending, the rank's zeros as −inf.

    Where they span EASY powers of ten at most, LAPACK's SVD has them as they are. Where they span
    more, it is exact for a matrix that is nearly diagonal and ordered by size: triangles are turned
    until the SVDs of it and of its transpose, whose roundings differ, agree on every value.
    """
    one = one.normal()
    found = _logs(one.matrices, one.rows)
    open_ = np.flatnonzero(~(found[:, -1] > found[:, 0] - EASY))
    for turn in range(1, MOST_TURNS + 1):
        if not open_.size:
            break
        one = (one if turn > 1 else one.at(open_)).turned()
        if turn < 4 or turn % 2:
            continue
        values, other = (_values(one.cleaned(), across) for across in (False, True))
        beyond = np.arange(values.shape[1]) >= one.rank[:, None]
        values[beyond], other[beyond] = -np.inf, -np.inf
        found[open_] = values
        wrong = ~((np.abs(values - other) < AGREED) | beyond).all(axis=1)
        open_, one = open_[wrong], one.at(np.flatnonzero(wrong))
    return -np.sort(-found, axis=1)


def _values(one: Graded, across: bool) -> Array:
    """log10 singular values of triangles, or by their transposes."""
    last = np.where(one.rows > NOTHING, one.rows, one.rows.max(axis=1, keepdims=True)).min(axis=1)
    narrow = one.rows.max(axis=1) - last <= WINDOW
    found = np.full(one.rows.shape, -np.inf)
    found[narrow] = _logs(one.matrices[narrow], one.rows[narrow], across)
    for k in np.flatnonzero(~narrow):
        found[k] = _windows(one.matrices[k], one.rows[k], across)
    return found


def _logs(matrices: Array, rows: Array, across: bool = False) -> Array:
    top = rows.max(axis=1, keepdims=True)
    scaled = np.ldexp(matrices, (rows - top)[..., None])
    values = np.linalg.svd(scaled.transpose(0, 2, 1) if across else scaled, compute_uv=False)
    return np.log10(values) + np.where(top > NOTHING, top, 0) * LOG10_2


def _windows(U: Array, rows: Array, across: bool) -> Array:
    """Singular values of one triangle, from windows along the diagonal that overlap."""
    size = int((rows > NOTHING).sum())
    level = np.maximum.accumulate(rows[:size][::-1])[::-1]
    found, done = np.full(len(rows), -np.inf), 0
    while done < size:
        start = int(np.searchsorted(-level, -(level[done] + OVERLAP)))
        end = int(np.searchsorted(-level, WINDOW - level[start], side="right"))
        good = int(np.searchsorted(-level, WINDOW - OVERLAP - level[start], side="right"))
        good = size if end == size else max(good, done + 1)
        part = slice(start, end)
        values = _logs(U[None, part, part], rows[None, part], across)[0]
        found[done:good] = values[done - start : good - start]
        done = good
    return found
