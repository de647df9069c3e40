"""The functions φ that equations may call: values, slopes, and how they are written.

A function is named as in the equations, with its numbers where they are not the usual ones:
"tanh", "hard_sigmoid", "elu(1.5)", "hard_sigmoid(0.25, 0.5)". "σ∘clip(3.0)" limits what σ is given
to −3 … 3 (ONNX's ``clip``). Values take complex numbers, too; slopes are φ′ in terms of φ, which is
what records hold. At a corner the slope is the smaller one, but for relu's kin as in PyTorch.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import isfinite

import numpy as np

from rnnviz.numerics.arrays import Array

NUMBERS: dict[str, tuple[float, ...]] = {
    "sigmoid": (), "tanh": (), "relu": (), "identity": (), "hard_sigmoid": (0.2, 0.5),
    "hard_sigmoid_6": (), "elu": (1.0,), "selu": (), "softsign": (), "softplus": (),
    "leaky_relu": (0.01,), "thresholded_relu": (1.0,), "scaled_tanh": (1.0, 1.0),
    "affine": (1.0, 0.0), "exponential": (), "clip": (1.0,),
}  # fmt: skip
"""Function → its usual numbers: α, or α and β, as ONNX names them.

hard_sigmoid is min(1, max(0, α a + β)) with 0.2 and 0.5, as in ONNX, Theano and Keras 2;
hard_sigmoid_6 is the one with 1/6 and 0.5, as in Keras 3 and PyTorch.
"""
ABOVE_ZERO = ("hard_sigmoid", "elu", "leaky_relu", "scaled_tanh", "clip")
"""Functions whose α must be above zero: φ would not rise, and φ would not tell its slope."""
SYMBOLS = {"sigmoid": "σ", "identity": ""}
OF = "∘"
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


def spelled(name: str, numbers: Sequence[float] = ()) -> str:
    """A function's one spelling; usual numbers are left out. Raises ValueError."""
    usual = NUMBERS.get(name)
    if usual is None:
        raise ValueError(f"must be one of {', '.join(NUMBERS)}, got {name!r}.")
    if len(numbers) not in (0, len(usual)):
        raise ValueError(f"must have {len(usual)} numbers for {name}, got {len(numbers)}.")
    own = tuple(map(float, numbers)) or usual
    if not all(map(isfinite, own)):
        raise ValueError(f"must have finite numbers, got {name}{own}.")
    if name in ABOVE_ZERO and min(own[0], *own[1 : 1 + (name == "scaled_tanh")], 1.0) <= 0:
        raise ValueError(f"must have a number above zero for {name}, got {own[0]:g}.")
    if name == "thresholded_relu" and own[0] < 0:
        raise ValueError(f"must have a number of at least zero for {name}, got {own[0]:g}.")
    plain = own == usual and name != "clip"
    return name if plain else f"{name}({', '.join(map(repr, own))})"


def limited(phi: str, clip: float) -> str:
    """φ of what is limited to −clip … clip."""
    return f"{phi}{OF}{spelled('clip', (clip,))}"


def parsed(text: object) -> str:
    """The one spelling of a function that a caller wrote, such as "elu(1.5)". Raises ValueError."""
    try:
        at = ast.parse(str(text).strip().replace("σ", "sigmoid"), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        at = ast.Constant(None)
    numbers: list[float] = []
    if isinstance(at, ast.Call) and not at.keywords:
        for one in at.args:
            number = number_of(one)
            if number is None:
                raise ValueError(f"must have numbers in its brackets, got {ast.unparse(one)!r}.")
            numbers.append(number)
        at = at.func
    name = at.id if isinstance(text, str) and isinstance(at, ast.Name) else None
    if name is None or name == "clip":
        listed = ", ".join(one for one in NUMBERS if one != "clip")
        raise ValueError(f"must be one of {listed}, got {str(text)[:60]!r}.")
    return spelled(name, numbers)


def number_of(at: ast.expr) -> float | None:
    """A number that stands in an expression, with a sign or without."""
    sign = 1.0
    if isinstance(at, ast.UnaryOp) and isinstance(at.op, ast.USub):
        sign, at = -1.0, at.operand
    if isinstance(at, ast.Constant) and isinstance(at.value, int | float):
        try:
            return sign * float(at.value)
        except OverflowError:
            return sign * float("inf")
    return None


def parts(phi: str) -> tuple[str, tuple[float, ...], float | None]:
    """Name, numbers, and the limit of what it is given, of a spelling."""
    own, _, clip = phi.partition(OF)
    name, _, numbers = own.partition("(")
    found = tuple(float(one) for one in numbers.rstrip(")").split(",")) if numbers else ()
    return name, found, float(clip[5:-1]) if clip else None


def plain(number: float) -> str:
    """A number with all its digits: 3, 0.25."""
    return repr(number).removesuffix(".0")


def called(phi: str, inner: str) -> str:
    """φ(inner), as it is printed."""
    name, numbers, clip = parts(phi)
    if clip is not None:
        inner = f"clip({inner}, {plain(clip)})"
    more = "".join(f", {plain(one)}" for one in numbers)
    return f"{SYMBOLS.get(name, name)}({inner}{more})"


def symbol(phi: str) -> str:
    """φ alone, as it is printed: σ, tanh, σ∘clip; empty for the identity."""
    name, numbers, clip = parts(phi)
    face = SYMBOLS.get(name, name)
    if name == "affine" and numbers:
        face = _scaling(*numbers)
    return face if clip is None else f"{face}{OF}clip" if face else "clip"


def _scaling(alpha: float, beta: float) -> str:
    """What alpha · a + beta does to a: ·2 −1, −, +0.5."""
    scale = "" if alpha == 1 else "−" if alpha == -1 else f"·{plain(alpha)}"
    shift = "" if beta == 0 else f"+{plain(beta)}"
    return f"{scale} {shift}".strip().replace("-", "−").replace("+−", "−")


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
