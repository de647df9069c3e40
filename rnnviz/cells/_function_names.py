"""How functions φ are written: their names, their numbers, their one spelling.

A function is named as in the equations, with its numbers where they are not the usual ones:
"tanh", "hard_sigmoid", "elu(1.5)", "hard_sigmoid(0.25, 0.5)". "σ∘clip(3.0)" limits what σ is given
to −3 … 3 (ONNX's ``clip``).
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from math import isfinite

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
