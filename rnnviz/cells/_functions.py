"""The functions φ that equations may call: values and slopes.

Values take complex numbers, too; slopes are φ′ in terms of φ, which is what records hold. At a
corner the slope is the smaller one, but for relu's kin as in PyTorch.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from rnnviz.cells._function_names import NUMBERS, parts, spelled
from rnnviz.numerics.arrays import Array

SELU = 1.0507009873554805, 1.6732632423543772


@dataclass(frozen=True)
class Function:
    """φ with its numbers.

    value     φ(a), also of complex numbers
    slope     φ′ in terms of φ
    steepest  the largest |φ′|, or None where there is none
    """

    value: Callable[[Array], Array]
    slope: Callable[[Array], Array]
    steepest: float | None = 1.0

    def into(self, of: Array, to: Array) -> None:
        """Write φ(of) into ``to``."""
        to[...] = self.value(of)


@lru_cache(maxsize=4096)
def function(phi: str) -> Function:
    """The function of a spelling."""
    name, numbers, clip = parts(phi)
    own = _made(name, *(numbers or NUMBERS[name]))
    return own if clip is None else _clipped(own, clip)


def named() -> dict[str, Callable[..., Array]]:
    """Name → φ(a, numbers …), for what `called` has written."""

    def of(name: str) -> Callable[..., Array]:
        return lambda a, *numbers: function(spelled(name, numbers)).value(np.asarray(a))

    found = {name: of(name) for name in NUMBERS}
    return found | {"clip": lambda a, limit: _limited(np.asarray(a), -limit, limit)}


def _clipped(of: Function, clip: float) -> Function:
    """φ of a limited operand: where it is at a limit, the slope is 0."""

    def slope(y: Array) -> Array:
        with np.errstate(all="ignore"):
            ends = of.value(np.array([-clip, clip], y.dtype))
        low, high = ends.min(), ends.max()
        # The value at a limit may differ by a rounding from one computed elsewhere in an array.
        inside = (y - low > 4 * np.spacing(abs(low))) & (high - y > 4 * np.spacing(abs(high)))
        return np.where(inside, of.slope(y), y.dtype.type(0))

    return Function(lambda a: of.value(_limited(a, -clip, clip)), slope, of.steepest)


def _limited(a: Array, low: float, high: float) -> Array:
    """A limited to low … high; at a limit nothing of a's imaginary part is left."""
    if np.iscomplexobj(a):
        return np.where(a.real <= low, low, np.where(a.real >= high, high, a))
    return np.asarray(np.clip(a, low, high))


def _sigmoid(a: Array) -> Array:
    small = np.exp(np.where(a.real > 0, -a, a))
    return np.where(a.real > 0, 1, small) / (1 + small)


def _hard_sigmoid(alpha: float, beta: float) -> Function:
    def slope(y: Array) -> Array:
        return np.where((y > 0) & (y < 1), y.dtype.type(alpha), y.dtype.type(0))

    return Function(lambda a: _limited(alpha * a + beta, 0, 1), slope, alpha)


def _elu(scale: float, alpha: float) -> Function:
    def value(a: Array) -> Array:
        return scale * np.where(a.real > 0, a, alpha * np.expm1(np.where(a.real > 0, 0, a)))

    def slope(y: Array) -> Array:
        return np.where(y > 0, y.dtype.type(scale), y + scale * alpha)

    return Function(value, slope, scale * max(1.0, alpha))


def _kinked(alpha: float) -> Function:
    """a where it is above zero, else alpha · a."""
    return Function(
        lambda a: np.where(a.real > 0, a, alpha * a),
        lambda y: np.where(y > 0, y.dtype.type(1), y.dtype.type(alpha)), max(1.0, alpha),
    )  # fmt: skip


def _softsign(a: Array) -> Array:
    return np.asarray(a / (1 + np.where(a.real < 0, -a, a)))


def _softplus(a: Array) -> Array:
    return np.where(a.real > 0, a, 0) + _log1p(np.exp(np.where(a.real > 0, -a, a)))


def _log1p(a: Array) -> Array:
    """ln(1 + a); of complex numbers to first order in the imaginary part, where NumPy loses it."""
    if np.iscomplexobj(a):
        return np.asarray(np.log1p(a.real) + 1j * a.imag / (1 + a.real))
    return np.asarray(np.log1p(a))


def _made(name: str, alpha: float = 0.0, beta: float = 0.0) -> Function:
    match name:
        case "sigmoid":
            return Function(_sigmoid, lambda y: y * (1 - y), 0.25)
        case "tanh":
            return Function(lambda a: np.asarray(np.tanh(a)), lambda y: 1 - y * y)
        case "relu":
            return _kinked(0.0)
        case "leaky_relu":
            return _kinked(alpha)
        case "thresholded_relu":
            return Function(
                lambda a: np.where(a.real > alpha, a, 0 * a),
                lambda y: np.where(y > 0, y.dtype.type(1), y.dtype.type(0)),
            )
        case "hard_sigmoid":
            return _hard_sigmoid(alpha, beta)
        case "hard_sigmoid_6":
            return _hard_sigmoid(1 / 6, 0.5)
        case "elu":
            return _elu(1.0, alpha)
        case "selu":
            return _elu(*SELU)
        case "softsign":
            return Function(_softsign, lambda y: (1 - abs(y)) ** 2)
        case "softplus":
            return Function(_softplus, lambda y: -np.expm1(-y))
        case "scaled_tanh":
            return Function(
                lambda a: np.asarray(alpha * np.tanh(beta * a)),
                lambda y: beta * (alpha - y * y / alpha), alpha * beta,
            )  # fmt: skip
        case "affine":
            return Function(lambda a: np.asarray(alpha * a + beta),
                            lambda y: np.full_like(y, alpha), abs(alpha))  # fmt: skip
        case "exponential":
            return Function(lambda a: np.asarray(np.exp(a)), np.copy, None)
    return Function(np.asarray, np.ones_like)
