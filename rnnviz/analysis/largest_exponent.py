"""λ₁ alone, several times as fast as all exponents by `rnnviz.lyapunov`, and the same number.

Between two QR factorisations eight steps are multiplied onto the basis: the diagonal of R is the
same product. Where a step may end a direction, or where floats may lose one on the way, all
exponents are computed as always.
"""

from __future__ import annotations

import numpy as np

from rnnviz.analysis.jacobian import MOST_NUMBERS, recurrence
from rnnviz.analysis.spectrum import lyapunov
from rnnviz.core.trace import Trace
from rnnviz.numerics.arrays import Array
from rnnviz.numerics.validation import instance

STEPS = 8
"""Steps from one QR to the next."""
EVEN, SURE = 1e-8, 1e-12
"""Rows or columns of a step that are further apart, or directions that eight steps shrink further
below their norms, may be lost on the way."""


def largest_exponent(trace: Trace) -> float:
    """λ₁ of a net of one layer and direction, batch of 1: the first of `rnnviz.lyapunov`.

    In natural logarithms per step, over all T steps of the trace; −inf where all directions end,
    nan where a Jacobian is not finite. Steps whose rows or columns differ 10⁸-fold and more go
    through `rnnviz.lyapunov` itself, as slow as that. Source: Benettin et al. 1980.

    Raises ValueError naming argument, rule and what arrived.

    >>> import numpy as np, rnnviz
    >>> from rnnviz.analysis.largest_exponent import largest_exponent
    >>> trace = rnnviz.run(rnnviz.build("gru", 2, 4, seed=0), np.ones((20, 1, 2)))
    >>> bool(np.isclose(largest_exponent(trace), rnnviz.lyapunov(trace)[0], rtol=1e-12))
    True
    """
    instance("trace", trace, Trace)
    size = len(trace.model.cell.states) * trace.model.hidden_size
    if len(trace.x) * size**2 > MOST_NUMBERS:
        return float(lyapunov(trace)[0])
    jacobians = recurrence(trace, 0, None, 0)
    if not np.isfinite(jacobians).all():
        return float("nan")
    with np.errstate(all="ignore"):
        sums = ("tij,tij->ti", "tij,tij->tj")
        squares = [np.einsum(which, jacobians, jacobians) for which in sums]
        if any(_uneven(one) for one in squares):
            return float(lyapunov(trace)[0])
        found = _grown(jacobians, np.sqrt(squares[0].sum(axis=1)))
    return found if np.isfinite(found) else float(lyapunov(trace)[0])


def _uneven(squares: Array) -> bool:
    """Whether a step has a row or column of zeros, or one far smaller than another.

    From their sums of squares (T, n); also where these leave the range of floats.
    """
    return bool((squares.min(axis=1) <= EVEN**2 * squares.max(axis=1)).any())


def _grown(jacobians: Array, norms: Array) -> float:
    """The largest mean ln |diag R_t| of a column, from the unit vectors on; nan where not sure.

    norms (T,): the steps' Frobenius norms
    """
    steps, size = jacobians.shape[:2]
    basis, logs, least = np.eye(size), np.zeros(size), np.full(size, np.inf)
    for start in range(0, steps, STEPS):
        part = slice(start, start + STEPS)
        for J in jacobians[part]:
            basis = J @ basis
        basis, R = np.linalg.qr(basis)
        diagonal = np.abs(np.diagonal(R))
        logs += np.log(diagonal)
        least = np.minimum(least, diagonal / norms[part].prod())
    top = int(logs.argmax())
    return float(logs[top] / steps) if (least[: top + 1] > SURE).all() else float("nan")
