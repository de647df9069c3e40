"""One tanh unit as a memory of one bit: the input that flips it, and how its gradient decays.

x_t = tanh(w x_{t−1} + b) has two stable states exactly where |b| < w s − artanh s, s = √(1 − 1/w):
the fold. At a stable state with slope σ the gradient through t steps is σᵗ: the more robust the
latch, the smaller σ. Sources: Hochreiter 1991; Bengio, Simard and Frasconi 1994,
Learning long-term dependencies with gradient descent is difficult.
"""

from __future__ import annotations

from decimal import Decimal, localcontext
from typing import NamedTuple

import numpy as np

from rnnviz.analysis.systems.fixed_point_search import CONTEXT, FixedPoint, fixed_points, turning
from rnnviz.analysis.systems.state_space import system
from rnnviz.numerics.arrays import Array
from rnnviz.numerics.records import brief
from rnnviz.numerics.validation import finite_number, frozen, whole_number


def fold(w: float) -> float:
    """The |b| below which tanh(w x + b) has two stable fixed points; 0 where no b has. Raises.

    >>> import rnnviz
    >>> round(rnnviz.fold(2.0), 4), rnnviz.fold(0.5)
    (0.5328, 0.0)
    """
    weight = finite_number("w", w)
    if weight <= 1:
        return 0.0
    with localcontext(CONTEXT):
        return float(turning(Decimal(weight))[1])


class Latch(NamedTuple):
    """One tanh unit as a memory of one bit.

    fold      the |b| at which one of the two states disappears; 0 for w ≤ 1
    bistable  whether |b| < fold
    margin    fold − |b|: the lasting input at which the weaker state is lost
    points    all fixed points, ascending
    steps     through how many steps the gradient is followed
    through   log10 |slope|^steps at each point: what is left of ∂x_t/∂x_0 there
    """

    w: float
    b: float
    fold: float
    bistable: bool
    margin: float
    points: tuple[FixedPoint, ...]
    steps: int
    through: tuple[float, ...]

    def __repr__(self) -> str:
        return brief(self)


def latch(w: float, b: float, *, steps: int = 20) -> Latch:
    """The latch x_t = tanh(w x_{t−1} + b) of one unit, and its gradient after ``steps`` steps.

    Source: Bengio, Simard and Frasconi 1994. Raises ValueError naming argument, rule and what
    arrived.

    >>> import rnnviz
    >>> found = rnnviz.latch(2.0, 0.1)
    >>> found.bistable, len(found.points)
    (True, 3)
    """
    weight, bias = finite_number("w", w), finite_number("b", b)
    count, limit = whole_number("steps", steps), fold(weight)
    points = fixed_points(system([[weight]], b=[bias], nonlinearity="tanh"))
    with np.errstate(divide="ignore"):
        through = tuple(count * float(np.log10(one.modulus)) for one in points)
    two = sum(one.stable for one in points) == 2
    return Latch(weight, bias, limit, two, limit - abs(bias), points, count, through)


class Branches(NamedTuple):
    """Every fixed point x (n,) of one w, the b (n,) that has it, and its slope (n,)."""

    x: Array
    b: Array
    slope: Array

    def __repr__(self) -> str:
        return brief(self)


def branches(w: float, *, reach: float = 4.0, count: int = 1001) -> Branches:
    """The bifurcation picture over b: x = tanh(w x + b) exactly where b = artanh x − w x.

    Ascending in x, evenly in artanh x from −reach to reach. Raises ValueError.
    """
    weight, far = finite_number("w", w), finite_number("reach", reach)
    a = np.linspace(-far, far, whole_number("count", count, 2))
    x = np.tanh(a)
    return Branches(*map(frozen, (x, a - weight * x, weight / np.cosh(a) ** 2)))


class Price(NamedTuple):
    """Robustness against gradient at b = 0: w (n,), fold (n,), log10 of slope^steps (n,)."""

    w: Array
    fold: Array
    through: Array

    def __repr__(self) -> str:
        return brief(self)


def price(*, steps: int = 20, most: float = 4.0, count: int = 121) -> Price:
    """The price of a latch for w = 1 … ``most``, in the state h > 0 at b = 0. Raises ValueError.

    Without solving: h = tanh a is that state of w = a / tanh a, and its slope is w sech² a.
    """
    top, number = finite_number("most", most), whole_number("steps", steps)
    end = float(np.arctanh(latch(top, 0.0).points[-1].x[0])) if top > 1 else 0.0
    a = np.linspace(0.0, end, whole_number("count", count, 2))[1:]
    w = np.concatenate([[1.0], a / np.tanh(a)])
    slopes = np.concatenate([[1.0], w[1:] / np.cosh(a) ** 2])
    folds = np.array([fold(float(one)) for one in w])
    return Price(frozen(w), frozen(folds), frozen(number * np.log10(slopes)))
