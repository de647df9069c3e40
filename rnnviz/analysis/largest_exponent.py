"""λ₁ alone, several times as fast as all exponents by `rnnviz.lyapunov`, and the same number.

Between two QR factorisations eight steps are multiplied onto the basis: the diagonal of R is the
same product. Only where a step may end a direction are all exponents computed as always.
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


def largest_exponent(trace: Trace) -> float:
    """λ₁ of a net of one layer and direction, batch of 1: the first of `rnnviz.lyapunov`.

    In natural logarithms per step, over all T steps of the trace; −inf where all directions end,
    nan where a Jacobian is not finite. Source: Benettin et al. 1980.

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
    if _may_end(jacobians):
        return float(lyapunov(trace)[0])
    with np.errstate(all="ignore"):
        found = _grown(jacobians)
    return found if np.isfinite(found) else float(lyapunov(trace)[0])


def _may_end(jacobians: Array) -> bool:
    """Whether a step has a row or a column of zeros."""
    return not bool(jacobians.any(axis=2).all() and jacobians.any(axis=1).all())


def _grown(jacobians: Array) -> float:
    """The largest mean ln |diag R_t| of a column, from the unit vectors on."""
    steps, size = jacobians.shape[:2]
    basis, logs = np.eye(size), np.zeros(size)
    for start in range(0, steps, STEPS):
        for J in jacobians[start : start + STEPS]:
            basis = J @ basis
        basis, R = np.linalg.qr(basis)
        logs += np.log(np.abs(np.diagonal(R)))
    return float(logs.max() / steps)
