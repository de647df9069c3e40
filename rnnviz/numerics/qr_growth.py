"""A step's Jacobian as factors with a power of two for each row, multiplied onto a basis.

Q R 2ᵉ = (diag(2^rows) · matrix) · basis, with R triangular. Each QR keeps the digits of small rows
(`rnnviz.numerics.row_pivoted_qr`), and a direction that floats cannot tell from 0 is taken out.
(Benettin et al. 1980; Cox and Higham 1998; Stewart 1997.)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from rnnviz.numerics.arrays import Array
from rnnviz.numerics.row_pivoted_qr import EVEN, qr

NOTHING = -(2**30)
"""The power of two of a zero row."""
UNEVEN = 8
"""Powers of two by which columns may differ without being brought to one size."""
CERTAIN = 1e-11
"""A triangle with no diagonal entry below this is of full rank."""


@dataclass(frozen=True)
class Step:
    """A step's Jacobian: its rank and its factors, the first to be applied first."""

    rank: int
    factors: tuple[Factor, ...]


def step_of(J: Array) -> Step:
    """A step's rank, and its factors without the directions that it loses."""
    *columns, last = factors_of(J)
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


def surely_full(jacobians: Array) -> Array:
    """Which steps (T, n, n) are of full rank for sure, (T,): `step_of` takes no direction out."""
    sizes = np.abs(jacobians)
    rows = np.frexp(sizes.max(axis=2, initial=0.0))[1][..., None]
    matrices = times_powers(jacobians, -rows)
    largest = times_powers(sizes, -rows, sizes).max(axis=1, initial=0.0)
    columns = np.frexp(largest)[1]
    columns[np.ptp(columns, axis=1) <= UNEVEN] = 0
    matrices = times_powers(matrices, -columns[:, None], sizes)
    diagonal = np.abs(np.diagonal(np.linalg.qr(matrices, mode="r"), 0, 1, 2))
    return np.asarray(diagonal.min(axis=1) > CERTAIN)


def factors_of(J: Array) -> tuple[Factor, ...]:
    """Powers of two taken out of rows, and first out of columns where they differ by much."""
    sizes = np.abs(J)
    rows = _powers_of(sizes.max(axis=1, initial=0.0))
    down = -np.where(rows > NOTHING, rows, 0)[:, None]
    matrix = times_powers(J, down)
    columns = _powers_of(times_powers(sizes, down, sizes).max(axis=0, initial=0.0))
    if columns.max() - columns.min() <= UNEVEN:
        return (Factor(rows, matrix),)
    matrix = times_powers(matrix, -np.where(columns > NOTHING, columns, 0))
    return (Factor(columns), Factor(rows, matrix))


def times_powers(array: Array, power: Array, out: Array | None = None) -> Array:
    """array · 2^power: by products where the powers are floats: ldexp takes ten times as long."""
    if np.abs(power).max(initial=0) < 1000:
        return np.asarray(np.multiply(array, np.ldexp(1.0, power), out))
    return np.asarray(np.ldexp(array, power, out))


@dataclass(frozen=True)
class Factor:
    """diag(2^rows) · matrix; the matrix None stands for the identity."""

    rows: Array
    matrix: Array | None = None

    def times(self, L: Array) -> tuple[Array, int]:
        """(X, e) with 2^e X the product; entries below the rounding error are set to 0."""
        X = L.copy() if self.matrix is None else self.matrix @ L
        if self.matrix is not None:
            X[np.abs(X) <= lost_below(len(X)) * (np.abs(self.matrix) @ np.abs(L))] = 0
        top = max(int(self.rows.max()), NOTHING // 2)
        return np.ldexp(X, np.maximum(self.rows - top, NOTHING // 2)[:, None]), top

    def onto(self, basis: Array, grown: Array) -> Split:
        """This factor times a basis (n, r), split again.

        Its columns have grown by ``grown`` (r,) so far, in natural logarithms.
        """
        # Rows of a basis are right relative to their own norms, the small ones too.
        X, terms = basis, np.linalg.norm(basis, axis=1)
        if self.matrix is not None:
            X, terms = self.matrix @ basis, np.linalg.norm(self.matrix * terms, axis=1)
            X[np.linalg.norm(X, axis=1) <= lost_below(len(basis)) * terms] = 0
        alive = X.any(axis=1) & (self.rows > NOTHING)
        power = np.where(alive, self.rows + powers(X), NOTHING)
        order = np.argsort(-power, kind="stable")[: alive.sum()]
        top = int(power.max(initial=NOTHING))
        # Of a square basis a step has lost its directions before; only zero rows are left to lose.
        lose = basis.shape[0] != basis.shape[1]
        most = float(terms[order].max(initial=0.0))
        parts = _independent(X[order], most) if lose and X.size and len(order) else None
        Q, R, kept = _split(X[order], self.rows[order] - top, parts, most, grown)
        found = np.zeros((len(X), len(kept)))
        found[order] = Q
        return Split(found, R, top, kept)


class Split(NamedTuple):
    """basis (p, k) · R (k, r) · 2^exponent; R is triangular in the k columns ``kept``."""

    basis: Array
    R: Array
    exponent: int
    kept: Array


def _split(
    X: Array, rows: Array, parts: tuple[Array, Array] | None, terms: float, grown: Array
) -> tuple[Array, Array, Array]:
    """QR of diag(2^rows) X (m, r), and the columns that stay; ``parts`` if X = left · right."""
    count, width = X.shape
    if parts is None and count >= width:
        return *qr(np.ldexp(X, rows[:, None])), np.arange(width)
    left, right = parts or (np.eye(count), X)
    kept = _pivots(right, terms, grown)
    columns = np.concatenate([kept, np.setdiff1d(np.arange(width), kept)])
    Q, R = qr(np.ldexp(left, rows[:, None]))
    turn, triangle = qr(R @ right[:, columns])
    R = np.empty((len(triangle), width))
    R[:, columns] = triangle
    return Q @ turn, R, kept


def _pivots(wide: Array, terms: float, grown: Array) -> Array:
    """As many columns of a (k, r) matrix as its rank k: each time the one that has grown most.

    That is by ``grown``, and by what is left of it beside the columns that are kept already; a rest
    that is rounding of ``terms`` comes last.
    """
    rest, kept = wide.copy(), list[int]()
    lost = lost_below(max(wide.shape, default=0)) * terms
    while len(kept) < len(wide):
        length = np.linalg.norm(rest, axis=0)
        length[kept] = 0
        sure = length > lost
        size = np.log(length) + (grown if sure.any() else 0)
        column = int(np.argmax(np.where(sure | ~sure.any(), size, -np.inf)))
        direction = rest[:, column] / length[column]
        rest -= np.outer(direction, direction @ rest)
        kept.append(column)
    return np.sort(np.array(kept, np.int64))


def _independent(M: Array, terms: float = 0.0) -> tuple[Array, Array] | None:
    """M = left · right through the directions that are not lost to rounding; None if none is.

    Lost is a direction that M shrinks to 4 n ε of the larger of its own norm and of ``terms``, the
    size of what was added up to M: nothing but rounding may be left of them.
    """
    if np.abs(np.diagonal(np.linalg.qr(M, mode="r"))).min() > CERTAIN:
        return None
    U, s, Vt = np.linalg.svd(M, full_matrices=False)
    rank = int((s > lost_below(max(M.shape)) * max(s[0], terms)).sum())
    return None if rank == len(s) else (U[:, :rank], s[:rank, None] * Vt[:rank])


@dataclass(frozen=True)
class Whole:
    """A step's Jacobian that is factored only where a plain QR would lose digits."""

    matrix: Array

    def onto(self, basis: Array) -> tuple[Array, Array] | None:
        """Q and R of the matrix times a basis; None where its columns are too uneven."""
        moved = self.matrix @ basis
        if moved.shape[0] < moved.shape[1]:
            return None
        Q, R = np.linalg.qr(moved)
        diagonal = np.abs(np.diagonal(R))
        even = diagonal.size and diagonal.min() > EVEN * diagonal.max()
        return (Q, R) if even and np.isfinite(diagonal).all() else None


def powers(array: Array) -> Array:
    """The power of two of each row's largest entry; NOTHING for a zero row."""
    return _powers_of(np.abs(array).max(axis=-1, initial=0.0))


def _powers_of(largest: Array) -> Array:
    """The power of two of each magnitude; NOTHING for 0."""
    return np.where(largest > 0, np.frexp(largest)[1].astype(np.int64), NOTHING)


def lost_below(size: int) -> float:
    """4 n ε: what is left of a sum of n terms, relative to them, is rounding below this."""
    return 4 * size * float(np.finfo(float).eps)


def growth(steps: Iterable[Sequence[Factor] | Whole], basis: Array) -> tuple[Array, Array]:
    """ln |diag R_t| of every column (T, r), and the basis at the end, after T steps by factors.

    basis (n, r) has orthonormal columns. −inf from the step on that ends a column.
    """
    found, count = list[Array](), basis.shape[1]
    alive, grown = np.arange(count), np.zeros(count)
    for step in steps:
        logs = np.full(count, -np.inf)
        plain = step.onto(basis) if isinstance(step, Whole) else None
        if plain is not None:
            basis = plain[0]
            logs[alive] = np.log(np.abs(np.diagonal(plain[1])))
            found.append(logs)
            grown += logs
            continue
        factors = factors_of(step.matrix) if isinstance(step, Whole) else step
        logs[alive] = 0
        for factor in factors:
            basis, R, exponent, kept = factor.onto(basis, (grown + logs)[alive])
            logs[np.delete(alive, kept)] = -np.inf
            alive = alive[kept]
            diagonal = np.abs(R[np.arange(len(kept)), kept])
            logs[alive] += np.log(diagonal) + exponent * np.log(2.0)
        found.append(logs)
        grown += logs
    return np.array(found), basis


def finite_steps(jacobians: Array) -> int:
    """How many steps there are before the first Jacobian with an entry that is not finite."""
    bad = ~np.isfinite(jacobians).all(axis=(1, 2))
    return int(bad.argmax()) if bad.any() else len(jacobians)
