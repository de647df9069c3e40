"""Singular values of Jacobian products and Lyapunov exponents, without forming the product.

Every step's Jacobian is multiplied onto an orthonormal basis and split by QR again:
∂s_t/∂s_0 = Q_t U_t Q_0ᵀ, with U_t triangular and a power of two for each of its rows, so that
values 300 powers of ten apart stand side by side. The arithmetic is that of
`rnnviz.numerics.qr_growth` and `rnnviz.numerics.graded_svd`.
(Benettin et al. 1980; Cox and Higham 1998; Stewart 1997.)
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rnnviz.analysis import jacobian
from rnnviz.analysis.leading_directions import leading
from rnnviz.core.trace import Trace
from rnnviz.numerics.arrays import Array
from rnnviz.numerics.graded_svd import each, log10_singular_values, products
from rnnviz.numerics.qr_growth import finite_steps, growth, step_of
from rnnviz.numerics.records import brief
from rnnviz.numerics.validation import frozen


class SingularValues(NamedTuple):
    """log10 of singular values, descending; −inf for an exact zero, nan after a value is lost.

    step        (T, n): row t − 1 those of ∂s_t/∂s_{t−1}
    cumulative  (T, n): row t − 1 those of ∂s_t/∂s_0

    >>> import numpy as np, rnnviz
    >>> trace = rnnviz.run(rnnviz.build("lstm", 2, 4, seed=0), np.ones((6, 1, 2)))
    >>> rnnviz.singular_values(trace).cumulative.shape
    (6, 8)
    """

    step: Array
    cumulative: Array

    def __repr__(self) -> str:
        return brief(self)


def singular_values(
    trace: Trace, *, layer: int = 0, direction: str | None = None, batch: int = 0
) -> SingularValues:
    """log10 singular values of each step's Jacobian and of their product from the start on.

    s, n, t are those of `rnnviz.analysis.jacobian.step_jacobians`: one
    layer's own recurrence, inputs held fixed, in the order of processing. Small values are as
    right, relative to themselves, as large ones, also where the product as floats would be 0 or
    inf. A direction counts as an exact zero (−inf) where a step's Jacobian, its rows and columns
    brought to one size, shrinks it below 4 n ε: floats cannot tell it from 0.

    Rounding errors of the single steps remain: a direction that grows 10ᵃ-fold and shrinks back is
    known to about 10ᵃ ε.

    Raises ValueError naming argument, rule and what arrived, also where T n² exceeds
    `rnnviz.analysis.jacobian.MOST_AT_ONCE`.

    >>> import numpy as np, rnnviz
    >>> trace = rnnviz.run(rnnviz.build("lstm", 2, 4, seed=0), np.ones((6, 1, 2)))
    >>> rnnviz.singular_values(trace).step.shape
    (6, 8)
    """
    jacobians = jacobian.recurrence(trace, layer, direction, batch, jacobian.MOST_AT_ONCE)
    step, cumulative = (np.full(jacobians.shape[:2], np.nan) for _ in range(2))
    with np.errstate(all="ignore"):
        good = jacobians[: finite_steps(jacobians)]
        if len(good):
            step[: len(good)] = log10_singular_values(each(good))
            cumulative[: len(good)] = log10_singular_values(products(good))
    return SingularValues(frozen(step), frozen(cumulative))


def lyapunov(
    trace: Trace,
    *,
    count: int | None = None,
    layer: int = 0,
    direction: str | None = None,
    batch: int = 0,
) -> Array:
    """All Lyapunov exponents over the trace, (n,), descending, in natural logarithms per step.

    λ = (1 / T) Σ_t ln |diag R_t|, where QR re-orthonormalises at every step: Q_t R_t = J_t Q_{t−1},
    starting from the unit vectors. −inf for each direction that an exact zero ends, nan where a
    Jacobian is not finite. s, n, t and what counts as an exact zero are those of `singular_values`.
    Source: Benettin et al. 1980.

    With ``count`` only so many, (count,), with as many columns in Q: those of
    `rnnviz.leading`, which starts from the directions that all steps together stretch most
    (unit vectors may never meet them). The two starts differ by what T steps do not forget, in each
    exponent by the order of 1 / T.

    Raises ValueError naming argument, rule and what arrived, also where T n² exceeds
    `rnnviz.analysis.jacobian.MOST_NUMBERS`.

    >>> import numpy as np, rnnviz
    >>> trace = rnnviz.run(rnnviz.build("lstm", 2, 4, seed=0), np.ones((6, 1, 2)))
    >>> rnnviz.lyapunov(trace).shape
    (8,)
    """
    if count is not None:
        return leading(trace, count, layer=layer, direction=direction, batch=batch).exponents
    jacobians = jacobian.recurrence(trace, layer, direction, batch)
    steps, size = jacobians.shape[:2]
    if finite_steps(jacobians) < steps:
        return frozen(np.full(size, np.nan))
    with np.errstate(all="ignore"):
        logs = growth((step_of(J).factors for J in jacobians), np.eye(size))[0]
        return frozen(np.sort(logs.sum(axis=0) / steps)[::-1])
