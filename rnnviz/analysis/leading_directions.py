"""The few directions that grow most, by QR at every step with k columns in place of n.

A pass back through the steps finds the directions at the start that all steps together stretch
most (randomized subspace iteration: Halko, Martinsson and Tropp 2011); a pass forward follows them.
(Benettin et al. 1980.)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np

from rnnviz.analysis.streamed import Streamed
from rnnviz.core.trace import Trace
from rnnviz.numerics.arrays import Array
from rnnviz.numerics.qr_growth import Factor, Whole, growth, step_of
from rnnviz.numerics.records import brief
from rnnviz.numerics.validation import frozen, whole_number

MORE, ROUNDS, SEED = 8, 2, 0
"""Columns beyond those asked for, passes back, and the seed of the first basis."""
ONE_ROUND = 5e7
"""Above this T n² there is one pass back: so many steps tell the leading directions by themselves.
"""
MOST = 4e9
"""The most that T n² may be for 8 directions, some 12 ns each: about a minute."""


class Leading(NamedTuple):
    """Growth along k orthogonal directions, the one that grew most in the end first.

    step        (T, k): row t − 1 is log10 |diag R_t|, by how much step t stretched each of them
    cumulative  (T, k): the sums of step over the timesteps so far
    exponents   (k,): the last row of cumulative, in natural logarithms per step

    >>> import numpy as np, rnnviz
    >>> trace = rnnviz.run(rnnviz.build("lstm", 2, 4, seed=0), np.ones((6, 1, 2)))
    >>> rnnviz.leading(trace, 3).cumulative.shape
    (6, 3)
    """

    step: Array
    cumulative: Array
    exponents: Array

    def __repr__(self) -> str:
        return brief(self)


def leading(
    trace: Trace,
    count: int = 8,
    *,
    layer: int = 0,
    direction: str | None = None,
    batch: int = 0,
) -> Leading:
    """The ``count`` leading Lyapunov exponents, and how they come about step by step.

    Q_t R_t = J_t Q_{t−1} with n × count matrices Q, each direction kept orthogonal to those before
    it. Q_0 is what a pass back from the last step makes of a random basis (of a fixed seed), the
    directions that ∂s_T/∂s_0 stretches most; so the last row of ``cumulative`` comes close to the
    log10 of its leading singular values, from below (the sum of the first j is never above theirs),
    and closely where they are well apart. At earlier timesteps it is the growth along those same
    directions, not along the ones that would have grown most until then.

    −inf from the step on at which a direction ends: it shrinks below 4 n ε of its terms, as in
    `rnnviz.analysis.spectrum.singular_values`. nan from the first Jacobian on that is not finite.
    Above T n² = 50 million there is one pass back in place of three.
    T, n, s are those of `rnnviz.analysis.jacobian.step_jacobians`; ``count`` above n gives n. The
    step Jacobians are made in portions of 32 MB where they do not all fit into 160 MB.

    Raises ValueError naming argument, rule and what arrived, also where it would take more than
    about a minute (``MOST``).

    >>> import numpy as np, rnnviz
    >>> trace = rnnviz.run(rnnviz.build("lstm", 2, 4, seed=0), np.ones((6, 1, 2)))
    >>> rnnviz.leading_directions(trace, 3).exponents.shape
    (3,)
    """
    jacobians, asked = streamed_for(trace, count, layer, direction, batch, "leading directions")
    steps, size = jacobians.steps, jacobians.size
    step = np.full((steps, asked), np.nan)
    with np.errstate(all="ignore"):
        good = jacobians.finite
        if good:
            start = start_of(jacobians, good, min(size, asked + MORE))
            step[:good] = _followed(jacobians, good, start)[:, :asked]
        cumulative = np.cumsum(step, axis=0)
    exponents = cumulative[-1] * np.log(10) / steps
    return Leading(*(frozen(one) for one in (step, cumulative, exponents)))


def streamed_for(
    trace: Any, count: Any, layer: Any, direction: Any, batch: Any, what: str
) -> tuple[Streamed, int]:
    """The step Jacobians, and how many directions of at most n are followed through them."""
    whole_number("count", count)
    jacobians = Streamed(trace, layer, direction, batch)
    asked = min(count, jacobians.size)
    jacobians.within(
        jacobians.steps * jacobians.size**2 * max(1, asked / 16), MOST, f"{asked} {what}",
        "run a shorter stretch, or follow one loss alone with rnnviz.reach",
    )  # fmt: skip
    return jacobians, asked


def start_of(jacobians: Streamed, count: int, width: int) -> Array:
    """Orthonormal columns (n, ≤ width): what all steps together stretch most, at the start."""
    drawn = np.random.default_rng(SEED).standard_normal((jacobians.size, width))
    basis = np.linalg.qr(drawn)[0]
    rounds = 1 if jacobians.steps * jacobians.size**2 > ONE_ROUND else ROUNDS
    for turn in range(2 * rounds - 1):
        steps = jacobians.forward(count) if turn % 2 else (J.T for J in jacobians.back(count))
        basis = growth(_factored(steps, basis), basis)[1]
    return basis


def _factored(
    jacobians: Iterable[Array], basis: Array
) -> Iterator[tuple[Factor, ...] | Whole]:
    """Steps; with a square basis as factors, where the directions that a step loses are found."""
    square = basis.shape[0] == basis.shape[1]
    return (step_of(J).factors if square else Whole(J) for J in jacobians)


def _followed(jacobians: Streamed, count: int, basis: Array) -> Array:
    """log10 |diag R_t| (T, n), those that grew most first; −inf for columns the basis lacks."""
    step = np.full((count, jacobians.size), -np.inf)
    found = growth(_factored(jacobians.forward(count), basis), basis)[0] / np.log(10)
    order = np.argsort(-found.sum(axis=0), kind="stable")
    step[:, : len(order)] = found[:, order]
    return step
