"""The fixed points of a system: every x with x = φ(W x + b), stable or not.

One unit: a = W x + b satisfies g(a) = a − w tanh a − b = 0, and g rises or falls all the way
between its two turning points ±arcosh √w, so that each interval has one root or none. It is found
in 60 decimal digits: near the fold, two roots are only as far apart as the square root of what is
left to it, and float64 would lose half of its digits there.
Two units: the first equation gives x_2 for every x_1, so that the second is one of one variable.
"""

from __future__ import annotations

from decimal import Context, Decimal, localcontext
from typing import NamedTuple

import numpy as np

from rnnviz.analysis.systems.kinds import eigenvalues
from rnnviz.analysis.systems.state_space import System
from rnnviz.numerics.arrays import Array
from rnnviz.numerics.records import brief
from rnnviz.numerics.validation import frozen, instance

DIGITS = 60
POINTS = 8001
"""Places at which two units are searched: fixed points closer than a few thousandths may hide."""
_CLOSE, _SATURATED = Decimal("1e-45"), Decimal(80)
CONTEXT = Context(prec=DIGITS, Emin=-999_999, Emax=999_999)


class FixedPoint(NamedTuple):
    """x (n,), and slopes (n,): eigenvalues of the step's Jacobian there, largest modulus first."""

    x: Array
    slopes: Array

    def __repr__(self) -> str:
        return brief(self)

    @property
    def modulus(self) -> float:
        """The factor per step of a small deviation, in the long run."""
        return float(np.abs(self.slopes[0]))

    @property
    def stable(self) -> bool:
        """Whether nearby states return to it."""
        return self.modulus < 1


def fixed_points(of: System) -> tuple[FixedPoint, ...]:
    """All fixed points without input, in ascending order; () if there is none or a line of them.

    tanh and one unit: to 1e-14, near the fold too; so also two units of which one does not see the
    other. Two units that see each other: to 1e-14, but see POINTS.
    Raises ValueError naming argument, rule and what arrived.

    >>> import rnnviz
    >>> len(rnnviz.fixed_points(rnnviz.system([[2.0]], nonlinearity="tanh")))
    3
    """
    instance("of", of, System)
    if of.nonlinearity == "identity":
        return _linear(of)
    if of.size == 1:
        return tuple(
            FixedPoint(frozen(np.array([x])), frozen(np.array([slope + 0j])))
            for x, slope in scalar(float(of.W[0, 0]), float(of.b[0]))
        )
    return tuple(_with_slopes(of, x) for x in sorted(_plane(of.W, of.b)))


def _linear(of: System) -> tuple[FixedPoint, ...]:
    rest = np.eye(of.size) - of.W
    if np.linalg.matrix_rank(rest) < of.size:
        return ()
    slopes = eigenvalues(of.W)[0]
    return (FixedPoint(frozen(np.linalg.solve(rest, of.b)), frozen(slopes)),)


def _with_slopes(of: System, x: tuple[float, float]) -> FixedPoint:
    at = np.array(x)
    jacobian = (1 - at**2)[:, None] * of.W
    return FixedPoint(frozen(at), frozen(eigenvalues(jacobian)[0]))


def scalar(w: float, b: float) -> list[tuple[float, float]]:
    """Every x = tanh(w x + b), ascending, with its slope w (1 − x²)."""
    with localcontext(CONTEXT):
        weight, bias = Decimal(w), Decimal(b)
        found = [_root(weight, bias, low, high) for low, high in _intervals(weight, bias)]
        return [(float(_tanh(a)), float(weight * _sech2(a))) for a in found]


def turning(w: Decimal) -> tuple[Decimal, Decimal]:
    """For w ≥ 1 in the context: a with w sech² a = 1, and the fold w s − artanh s, s = tanh a."""
    a = (w.sqrt() + (w - 1).sqrt()).ln()
    return a, (w * (w - 1)).sqrt() - a


def _intervals(w: Decimal, b: Decimal) -> list[tuple[Decimal, Decimal]]:
    """Where a lies, one root each."""
    low, high = b - abs(w) - 1, b + abs(w) + 1
    if w <= 1:
        return [(low, high)]
    a, limit = turning(w)
    found = [(low, -a)] if b <= limit else []
    if abs(b) < limit:
        found.append((-a, a))
    return [*found, (a, high)] if b >= -limit else found


def _root(w: Decimal, b: Decimal, low: Decimal, high: Decimal) -> Decimal:
    """Newton's steps, and halves where they leave the interval."""

    def g(a: Decimal) -> Decimal:
        return a - w * _tanh(a) - b

    rising = g(high) > g(low)
    a = (low + high) / 2
    for _ in range(600):
        value = g(a)
        if (value < 0) == rising:
            low = a
        else:
            high = a
        slope = 1 - w * _sech2(a)
        after = a - value / slope if slope else low - 1
        if not low < after < high:
            after = (low + high) / 2
        if abs(after - a) < _CLOSE * max(Decimal(1), abs(a)):
            return after
        a = after
    return a


def _tanh(a: Decimal) -> Decimal:
    if abs(a) > _SATURATED:
        return Decimal(1).copy_sign(a)
    e = (-2 * abs(a)).exp()
    return ((1 - e) / (1 + e)).copy_sign(a)


def _sech2(a: Decimal) -> Decimal:
    e = (-2 * min(abs(a), Decimal(10**5))).exp()
    return 4 * e / (1 + e) ** 2


def _plane(W: Array, b: Array) -> list[tuple[float, float]]:
    (w11, w12), (w21, w22) = W.tolist()
    b1, b2 = b.tolist()
    if w12 == 0:
        return [(x1, x2) for x1, _ in scalar(w11, b1) for x2, _ in scalar(w22, w21 * x1 + b2)]
    if w21 == 0:
        return [(x1, x2) for x2, _ in scalar(w22, b2) for x1, _ in scalar(w11, w12 * x2 + b1)]

    def second(a: Array) -> Array:
        x1 = np.tanh(a)
        x2 = (a - w11 * x1 - b1) / w12
        return np.asarray(x2 - np.tanh(w21 * x1 + w22 * x2 + b2))

    reach = abs(w11) + abs(w12) + 1e-9
    a = np.linspace(b1 - reach, b1 + reach, POINTS)
    values = second(a)
    rises = np.flatnonzero((values[:-1] < 0) != (values[1:] < 0))
    low, high = a[rises], a[rises + 1]
    below = values[rises] < 0
    for _ in range(60):
        middle = (low + high) / 2
        same = (second(middle) < 0) == below
        low, high = np.where(same, middle, low), np.where(same, high, middle)
    x1 = np.tanh(low)
    starts = np.stack([x1, (low - w11 * x1 - b1) / w12], axis=1)
    return [_polished(W, b, x) for x in starts]


def _polished(W: Array, b: Array, x: Array) -> tuple[float, float]:
    """Two of Newton's steps on x − tanh(W x + b)."""
    for _ in range(2):
        h = np.tanh(W @ x + b)
        slope = np.eye(2) - (1 - h**2)[:, None] * W
        with np.errstate(all="ignore"):
            if abs(np.linalg.det(slope)) < 1e-8:
                break
            x = x - np.linalg.solve(slope, x - h)
    return float(x[0]), float(x[1])
