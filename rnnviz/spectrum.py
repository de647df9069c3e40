"""Singular values of Jacobian products and Lyapunov exponents, without forming the product.

Every step's Jacobian is multiplied onto an orthonormal basis and split by QR again:
∂s_t/∂s_0 = Q_t U_t Q_0ᵀ, with U_t triangular and a power of two for each of its rows, so that
values 300 powers of ten apart stand side by side. Rows are sorted by size before each QR, which
keeps the small ones exact. (Benettin et al. 1980; Cox and Higham 1998; Stewart 1997.)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rnnviz import jacobian
from rnnviz.checks import frozen
from rnnviz.scaled import LOG10_2
from rnnviz.trace import Trace

Array = NDArray[Any]
NOTHING = -(2**30)
"""The power of two of a zero row."""
WINDOW, OVERLAP = 400, 100
"""Powers of two that one SVD may span, and those at its ends that are not used."""
EASY, MOST_TURNS = 5, 30
"""Powers of ten that an SVD takes as they are; QRs that bring the others into order."""
AGREED, NOISE = 1e-10, 1e-15
"""How near two log10 values must be; what is left out, relative to its row's diagonal."""
UNEVEN = 8
"""Powers of two by which columns may differ without being brought to one size."""
CERTAIN = 1e-11
"""A triangle with no diagonal entry below this is of full rank."""


class SingularValues(NamedTuple):
    """log10 of singular values, descending; −inf for an exact zero, nan after a value is lost.

    step        (T, n): row t − 1 those of ∂s_t/∂s_{t−1}
    cumulative  (T, n): row t − 1 those of ∂s_t/∂s_0
    """

    step: Array
    cumulative: Array


def singular_values(
    trace: Trace, *, layer: int = 0, direction: str = "forward", batch: int = 0
) -> SingularValues:
    """log10 singular values of each step's Jacobian and of their product from the start on.

    s, n, t are those of `rnnviz.jacobian.step_jacobians`: one
    layer's own recurrence, inputs held fixed, in the order of processing. Small values are as
    right, relative to themselves, as large ones, also where the product as floats would be 0 or
    inf. A direction counts as an exact zero (−inf) where a step's Jacobian, its rows and columns
    brought to one size, shrinks it below 4 n ε: floats cannot tell it from 0.

    What the steps' own rounding leaves undetermined is not recovered: a direction that grows
    10ᵃ-fold and shrinks back is known to about 10ᵃ ε.

    Raises ValueError naming argument, rule and what arrived, also where T n² exceeds
    `rnnviz.jacobian.MOST_AT_ONCE`.
    """
    jacobians = jacobian.recurrence(trace, layer, direction, batch, jacobian.MOST_AT_ONCE)
    step, cumulative = (np.full(jacobians.shape[:2], np.nan) for _ in range(2))
    with np.errstate(all="ignore"):
        good = jacobians[: _finite(jacobians)]
        if len(good):
            step[: len(good)] = log10_singular_values(_each(good))
            cumulative[: len(good)] = log10_singular_values(_product(good))
    return SingularValues(frozen(step), frozen(cumulative))


def lyapunov(trace: Trace, *, layer: int = 0, direction: str = "forward", batch: int = 0) -> Array:
    """All Lyapunov exponents over the trace, (n,), descending, in natural logarithms per step.

    λ = (1 / T) Σ_t ln |diag R_t|, where QR re-orthonormalises at every step: Q_t R_t = J_t Q_{t−1},
    starting from the unit vectors. −inf for each direction that an exact zero ends, nan where a
    Jacobian is not finite. s, n, t and what counts as an exact zero are those of `singular_values`.
    Source: Benettin et al. 1980.

    Raises ValueError naming argument, rule and what arrived, also where T n² exceeds
    `rnnviz.jacobian.MOST_NUMBERS`.
    """
    jacobians = jacobian.recurrence(trace, layer, direction, batch)
    steps, size = jacobians.shape[:2]
    if _finite(jacobians) < steps:
        return frozen(np.full(size, np.nan))
    with np.errstate(all="ignore"):
        basis = np.eye(size)
        logs, alive = np.zeros(size), np.arange(size)
        for J in jacobians:
            for factor in _step(J).factors:
                basis, R, exponent, kept = factor.onto(basis)
                alive = alive[kept]
                diagonal = np.abs(R[np.arange(len(kept)), kept])
                logs[alive] += np.log(diagonal) + exponent * np.log(2.0)
    found = np.full(size, -np.inf)
    found[alive] = logs[alive] / steps
    return frozen(np.sort(found)[::-1])


@dataclass(frozen=True)
class Factor:
    """diag(2^rows) · matrix; the matrix None stands for the identity."""

    rows: Array
    matrix: Array | None = None

    def times(self, L: Array) -> tuple[Array, int]:
        """(X, e) with 2^e X the product; entries that are nothing but rounding are 0."""
        X = L.copy() if self.matrix is None else self.matrix @ L
        if self.matrix is not None:
            X[np.abs(X) <= _lost(len(X)) * (np.abs(self.matrix) @ np.abs(L))] = 0
        top = max(int(self.rows.max()), NOTHING // 2)
        return np.ldexp(X, np.maximum(self.rows - top, NOTHING // 2)[:, None]), top

    def onto(self, basis: Array) -> Split:
        """This factor times a basis (n, r), split again."""
        X = basis if self.matrix is None else self.matrix @ basis
        alive = X.any(axis=1) & (self.rows > NOTHING)
        power = np.where(alive, self.rows + _powers(X), NOTHING)
        order = np.argsort(-power, kind="stable")[: alive.sum()]
        top = int(power.max(initial=NOTHING))
        Q, R, kept = _split(X[order], self.rows[order] - top, basis.shape[0] == basis.shape[1])
        found = np.zeros((len(X), len(kept)))
        found[order] = Q
        return Split(found, R, top, kept)


class Split(NamedTuple):
    """basis (p, k) · R (k, r) · 2^exponent; R is triangular in the k columns ``kept``."""

    basis: Array
    R: Array
    exponent: int
    kept: Array


def _split(X: Array, rows: Array, whole: bool) -> tuple[Array, Array, Array]:
    """QR of diag(2^rows) X, in whose columns no direction is lost that X (m, r) has.

    Onto a ``whole`` basis a factor loses nothing but its zero rows.
    """
    count, width = X.shape
    parts = None if whole or count == 0 or width == 0 else _independent(X)
    if parts is None and count >= width:
        return *np.linalg.qr(np.ldexp(X, rows[:, None])), np.arange(width)
    left, right = parts or (np.eye(count), X)
    kept = _pivots(right)
    columns = np.concatenate([kept, np.setdiff1d(np.arange(width), kept)])
    Q, R = np.linalg.qr(np.ldexp(left, rows[:, None]))
    turn, triangle = np.linalg.qr(R @ right[:, columns])
    R = np.empty((len(triangle), width))
    R[:, columns] = triangle
    return Q @ turn, R, kept


def _pivots(wide: Array) -> Array:
    """The columns of a (k, r) matrix of rank k that are not in the span of those before them."""
    rest, kept = wide.copy(), list[int]()
    threshold = 1e-11
    while len(kept) < len(wide):
        for column in range(wide.shape[1]):
            length = np.linalg.norm(rest[:, column])
            own = np.linalg.norm(wide[:, column])
            if column not in kept and length > threshold * own and len(kept) < len(wide):
                direction = rest[:, column] / length
                rest -= np.outer(direction, direction @ rest)
                kept.append(column)
        threshold /= 1e3
    return np.sort(np.array(kept, np.int64))


@dataclass(frozen=True)
class Step:
    """A step's Jacobian: its rank and its factors, the first to be applied first."""

    rank: int
    factors: tuple[Factor, ...]


def _powers(array: Array) -> Array:
    """The power of two of each row's largest entry; NOTHING for a zero row."""
    largest = np.abs(array).max(axis=-1, initial=0.0)
    return np.where(largest > 0, np.frexp(largest)[1].astype(np.int64), NOTHING)


def _independent(M: Array) -> tuple[Array, Array] | None:
    """M = left · right through the directions that are not lost to rounding; None if none is."""
    if np.abs(np.diagonal(np.linalg.qr(M, mode="r"))).min() > CERTAIN:
        return None
    U, s, Vt = np.linalg.svd(M, full_matrices=False)
    rank = int((s > 4 * max(M.shape) * np.finfo(float).eps * s[0]).sum())
    return None if rank == len(s) else (U[:, :rank], s[:rank, None] * Vt[:rank])


def _factors(J: Array) -> tuple[Factor, ...]:
    """Powers of two taken out of rows, and first out of columns where they differ by much."""
    rows = _powers(J)
    matrix = np.ldexp(J, -np.where(rows > NOTHING, rows, 0)[:, None])
    columns = _powers(matrix.T)
    if columns.max() - columns.min() <= UNEVEN:
        return (Factor(rows, matrix),)
    matrix = np.ldexp(matrix, -np.where(columns > NOTHING, columns, 0))
    return (Factor(columns), Factor(rows, matrix))


def _step(J: Array) -> Step:
    """A step's rank, and its factors without the directions that it loses."""
    *columns, last = _factors(J)
    assert last.matrix is not None
    live = np.ix_(last.rows > NOTHING, last.matrix.any(axis=0))
    rank = min(int(live[0].size), int(live[1].size))
    parts = _independent(last.matrix[live]) if rank else None
    if parts is None:
        return Step(rank, (*columns, last))
    left, right = np.zeros((len(J), parts[0].shape[1])), np.zeros((parts[1].shape[0], len(J)))
    left[live[0].ravel()], right[:, live[1].ravel()] = parts
    wide = Factor(np.zeros(len(right), np.int64), right)
    return Step(len(right), (*columns, wide, Factor(last.rows, left)))


@dataclass(frozen=True)
class Graded:
    """Matrices (m, n, n) with a power of two for each row (m, n), and their ranks (m,)."""

    matrices: Array
    rows: Array
    rank: Array

    def normal(self) -> Graded:
        """Every row brought to the order of 1."""
        own = _powers(self.matrices)
        dead = (own == NOTHING) | (self.rows == NOTHING)
        matrices = np.ldexp(self.matrices, -np.where(dead, 0, own)[..., None])
        return Graded(matrices, np.where(dead, NOTHING, self.rows + own), self.rank)

    def at(self, which: Array) -> Graded:
        """Some of the matrices."""
        return Graded(self.matrices[which], self.rows[which], self.rank[which])

    def cleaned(self) -> Graded:
        """Normal triangles without what changes no singular value by more than ``NOISE``.

        Of such remnants LAPACK makes rotations that mix large rows into small ones.
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


def _each(jacobians: Array) -> Graded:
    """The steps themselves."""
    ranks = np.array([_step(J).rank for J in jacobians])
    return Graded(jacobians, np.zeros(jacobians.shape[:2], np.int64), ranks)


def _product(jacobians: Array) -> Graded:
    """For every t a matrix with the singular values of ∂s_t/∂s_0 = L · diag(2^rows) U.

    Elimination, unlike QR, leaves zeros and entries far below their neighbours as they are: units
    that saturate one after the other stay apart (Demmel 1999).
    """
    steps, size = jacobians.shape[:2]
    found = Graded(
        np.zeros((steps, size, size)), np.full((steps, size), NOTHING), np.zeros(steps, np.int64)
    )
    L, U, rows = np.eye(size), np.eye(size), np.zeros(size, np.int64)
    for t, J in enumerate(jacobians):
        for factor in _factors(J):
            X, top = factor.times(L)
            L, R = _eliminated(X, rows)
            U, rows = _times(R, U, rows + top)
        rank = len(U)
        part = _times(np.asarray(np.linalg.qr(L, mode="r")), U, rows) if rank else (U, rows)
        found.matrices[t, :rank], found.rows[t, :rank] = part
        found.rank[t] = rank
    return found


def _lost(size: int) -> float:
    """What is left of a sum, relative to its terms, is rounding below this."""
    return 4 * size * float(np.finfo(float).eps)


def _eliminated(X: Array, weights: Array) -> tuple[Array, Array]:
    """X (n, r) = L (n, k) · R (k, r), by elimination; |L| ≤ 1.

    The pivot is the largest entry of X · diag(2^weights).
    """
    lefts, rights, lost = [], [], _lost(len(X))
    update = np.empty_like(X)
    for _ in range(min(X.shape)):
        size = np.abs(X)
        largest = size.max(axis=0)
        column = int(np.argmax(np.log2(largest) + weights))
        if largest[column] == 0:
            break
        row = int(np.argmax(size[:, column]))
        left, right = X[:, column] / X[row, column], X[row].copy()
        np.multiply(left[:, None], right, update)
        np.subtract(X, update, X)
        np.multiply(size, lost, size)
        X[np.abs(X, update) <= size] = 0
        X[row], X[:, column] = 0, 0
        lefts.append(left)
        rights.append(right)
    count = len(lefts)
    L = np.array(lefts).reshape(count, len(X)).T
    return L, np.array(rights).reshape(count, X.shape[1])


def _times(R: Array, U: Array, rows: Array) -> tuple[Array, Array]:
    """R · diag(2^rows) · U, again with a power of two taken out of each row."""
    size = np.where(R != 0, np.frexp(R)[1] + rows, NOTHING)
    top = size.max(axis=1, initial=NOTHING)
    product = np.ldexp(R, rows - top[:, None]) @ U
    own = _powers(product)
    alive = own > NOTHING
    product = np.ldexp(product, -np.where(alive, own, 0)[:, None])
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


def _finite(jacobians: Array) -> int:
    """How many steps there are before the first Jacobian with an entry that is not finite."""
    bad = ~np.isfinite(jacobians).all(axis=(1, 2))
    return int(bad.argmax()) if bad.any() else len(jacobians)
