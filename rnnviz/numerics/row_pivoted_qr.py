"""QR of a matrix whose rows, or columns, are many powers of ten apart.

Householder's reflections as LAPACK makes them write rounding of large entries into rows that are 0,
or far smaller, in the columns at hand. A later step may stretch such a row more than all others.
With the largest entry of a column first each row keeps digits of its own.
(Powell and Reid 1969; Cox and Higham 1998.)
"""

from __future__ import annotations

import numpy as np

from rnnviz.numerics.arrays import Array

EVEN = 1e-4
"""A triangle with no diagonal entry below this part of the largest one needs no pivots."""


def qr(matrix: Array) -> tuple[Array, Array]:
    """Q (m, k) and R (k, n), k the smaller of m and n; LAPACK's where that keeps small rows."""
    Q, R = np.linalg.qr(matrix)
    return (Q, R) if _kept(matrix, Q, R) else _reflected(matrix)


def _kept(matrix: Array, Q: Array, R: Array) -> bool:
    """Whether the columns are even and no entry of Q is above what |matrix| |R⁻¹| allows.

    The rounding of other rows is, where a row is too small.
    """
    size = np.abs(np.diagonal(R))
    if not size.size or not np.isfinite(R).all():
        return True
    if size.min() <= EVEN * size.max():
        return False
    inverse = np.linalg.inv(R[:, : len(R)])
    return bool((np.abs(Q) <= 2 * np.abs(matrix[:, : len(R)]) @ np.abs(inverse)).all())


def _reflected(matrix: Array) -> tuple[Array, Array]:
    """QR by reflections; before each the row with the column's largest entry comes first."""
    R, (rows, columns) = matrix.copy(), matrix.shape
    count, mirrors = min(rows, columns), []
    for k in range(count):
        first = k + int(np.argmax(np.abs(R[k:, k])))
        R[[k, first]] = R[[first, k]]
        across = np.zeros(rows - k) if R[k, k] == 0 else R[k:, k] / R[k, k]
        across[0] += np.sqrt(across @ across)
        scaled = across * (2 / max(across @ across, 1.0))
        R[k:, k:] -= np.outer(across, scaled @ R[k:, k:])
        R[k + 1 :, k] = 0
        mirrors.append((k, first, across, scaled))
    Q = np.eye(rows, count)
    for k, first, across, scaled in reversed(mirrors):
        Q[k:] -= np.outer(across, scaled @ Q[k:])
        Q[[k, first]] = Q[[first, k]]
    return Q, R[:count]
