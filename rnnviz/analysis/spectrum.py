"""Singular values of Jacobian products and Lyapunov exponents, without forming the product.

Every step's Jacobian is multiplied onto an orthonormal basis and split by QR again:
∂s_t/∂s_0 = Q_t U_t Q_0ᵀ, with U_t triangular and a power of two for each of its rows, so that
values 300 powers of ten apart stand side by side. The arithmetic is that of
`rnnviz.numerics.qr_growth` and `rnnviz.numerics.graded_svd`.
(Benettin et al. 1980; Cox and Higham 1998; Stewart 1997.)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple, overload

import numpy as np

from rnnviz.analysis.leading_directions import leading
from rnnviz.analysis.leading_values import LeadingValues, leading_values
from rnnviz.analysis.streamed import PORTION, Streamed
from rnnviz.core.trace import Trace
from rnnviz.numerics.arrays import Array
from rnnviz.numerics.graded_svd import each, log10_singular_values, products_in
from rnnviz.numerics.qr_growth import factors_of, growth, step_of
from rnnviz.numerics.records import brief
from rnnviz.numerics.validation import frozen

VALUES, EXPONENTS = 1.2e10, 1.5e11
"""The most that T n³ may be for singular values, some 5 ns each, and for all exponents, 0.4 ns."""
MOST_AT_ONCE = 5_000_000
"""Up to so many numbers of step Jacobians all are held at once, and ten times as many made of them.
"""


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


@overload
def singular_values(
    trace: Trace, *, count: None = None, layer: int = 0, direction: str | None = None,
    batch: int = 0,
) -> SingularValues: ...


@overload
def singular_values(
    trace: Trace, *, count: int, layer: int = 0, direction: str | None = None, batch: int = 0
) -> LeadingValues: ...


def singular_values(
    trace: Trace, *, count: int | None = None, layer: int = 0, direction: str | None = None,
    batch: int = 0,
) -> SingularValues | LeadingValues:
    """log10 singular values of each step's Jacobian and of their product from the start on.

    s, n, t are those of `rnnviz.analysis.jacobian.step_jacobians`: one
    layer's own recurrence, inputs held fixed, in the order of processing. Small values are as
    right, relative to themselves, as large ones, also where the product as floats would be 0 or
    inf. A direction counts as an exact zero (−inf) where a step's Jacobian, its rows and columns
    brought to one size, shrinks it below 4 n ε: floats cannot tell it from 0.

    Rounding errors of the single steps remain: a direction that grows 10ᵃ-fold and shrinks back is
    known to about 10ᵃ ε. Of the matrices no more than a portion of the timesteps is in memory.

    With ``count`` the largest singular values of the products alone, between two bounds
    (`LeadingValues`), at T n² operations each in place of T n³: those of ∂s_t/∂s_0 Q, Q the
    directions that all steps together stretch most, and with them what random directions outside
    Q say that Q leaves out. The bounds are close together where Q holds what t steps stretch most:
    at the later timesteps, and for values that are not below 10⁻¹³ of the largest.

    Raises ValueError naming argument, rule and what arrived, also where it would take more than
    about a minute (T n³ above ``VALUES``; with ``count`` that of `rnnviz.leading`).

    >>> import numpy as np, rnnviz
    >>> trace = rnnviz.run(rnnviz.build("lstm", 2, 4, seed=0), np.ones((6, 1, 2)))
    >>> rnnviz.singular_values(trace).step.shape
    (6, 8)
    """
    if count is not None:
        return leading_values(trace, count, layer=layer, direction=direction, batch=batch)
    jacobians = Streamed(trace, layer, direction, batch)
    steps, size = jacobians.steps, jacobians.size
    jacobians.within(steps * size**3, VALUES, "the singular values",
                     "`count=8` gives bounds of the largest ones")  # fmt: skip
    if steps * size**2 > MOST_AT_ONCE:
        jacobians.portion = max(1, PORTION // size**2)
    step, cumulative = (np.full((steps, size), np.nan) for _ in range(2))
    with np.errstate(all="ignore"):
        good, done = jacobians.finite, 0
        for part in jacobians.parts(good):
            step[done : done + len(part)] = log10_singular_values(each(part))
            done += len(part)
        done = 0
        for graded in products_in(jacobians.parts(good)):
            count = len(graded.matrices)
            cumulative[done : done + count] = log10_singular_values(graded)
            done += count
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
    starting from the unit vectors. −inf for each direction that a step ends: an exact zero, or
    what a Jacobian with rows and columns brought to one size shrinks below 4 n ε of the terms that
    it adds up. Dead ReLU units and projections leave no other numbers, unless rounding of earlier
    steps has grown above that. Where directions end, Q starts from those that do not, so that T
    times the sum of the finite exponents is ln of the product of all singular values of ∂s_T/∂s_0
    but the zeros. nan where a Jacobian is not finite. s, n, t are those of `singular_values`.
    Source: Benettin et al. 1980.

    With ``count`` only so many, (count,), with as many columns in Q: those of
    `rnnviz.leading`, which starts from the directions that all steps together stretch most
    (unit vectors may never meet them). The two starts differ by what T steps do not forget, in each
    exponent by the order of 1 / T.

    Raises ValueError naming argument, rule and what arrived, also where it would take more than
    about a minute (T n³ above ``EXPONENTS``).

    >>> import numpy as np, rnnviz
    >>> trace = rnnviz.run(rnnviz.build("lstm", 2, 4, seed=0), np.ones((6, 1, 2)))
    >>> rnnviz.lyapunov(trace).shape
    (8,)
    """
    if count is not None:
        return leading(trace, count, layer=layer, direction=direction, batch=batch).exponents
    jacobians = Streamed(trace, layer, direction, batch)
    steps, size = jacobians.steps, jacobians.size
    jacobians.within(steps * size**3, EXPONENTS, "all Lyapunov exponents",
                     "`count=8` gives the leading ones")  # fmt: skip
    if jacobians.finite < steps:
        return frozen(np.full(size, np.nan))
    with np.errstate(all="ignore"):
        found = stretched(jacobians.forward, jacobians.back, size)
    return frozen(np.sort(found / steps)[::-1])


def stretched(
    forward: Callable[[], Iterable[Array]], back: Callable[[], Iterable[Array]], size: int
) -> Array:
    """ln of how much all steps stretch each of ``size`` orthogonal directions; −inf for an end.

    The steps (n, n) come in order and from the last one back, as often as they are asked for.
    """
    unit, last = growth((step_of(J).factors for J in forward()), np.eye(size))
    found = unit.sum(axis=0)
    if 0 < last.shape[1] < size:
        found = np.full(size, -np.inf)
        start = growth((step_of(J.T).factors for J in back()), np.eye(size))[1]
        kept = growth((factors_of(J) for J in forward()), start)[0].sum(axis=0)
        found[: len(kept)] = kept
    return found
