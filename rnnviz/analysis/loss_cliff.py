"""The loss cliff of a one-unit network: its loss is steep where the state leaves 0.

Source: Pascanu, Mikolov and Bengio 2013, figure 6.
"""

from __future__ import annotations

from math import hypot, ldexp, log10
from typing import Any, NamedTuple

import numpy as np

from rnnviz.numerics.arrays import Array
from rnnviz.numerics.extended_range import LOG10_2
from rnnviz.numerics.records import brief
from rnnviz.numerics.validation import (
    finite_number,
    frozen,
    positive_number,
    real_array,
    shown,
    whole_number,
)

FAR = 2.0**500
"""Slopes above this are divided by it, and a counter keeps the power of two."""


class Cliff(NamedTuple):
    """The one-unit network at one (w, b): states, loss and gradient.

    x            (T + 1,): x_0 = 0 … x_T
    loss         (x_T − target)²
    slopes       (∂x_T/∂w, ∂x_T/∂b), inf where no float can hold them
    gradient     (∂loss/∂w, ∂loss/∂b), likewise
    direction    the gradient's unit vector, (0, 0) where it is zero
    log10_norm   log10 of the gradient's norm, right at any size; −inf where it is zero
    clipped      the gradient after clipping to the norm; the gradient itself without one
    closed_form  ∂x_T/∂b = ((w/4)^T − 1) / (w/4 − 1) where b = −w/2, else nan
    """

    x: Array
    loss: float
    slopes: Array
    gradient: Array
    direction: Array
    log10_norm: float
    clipped: Array
    closed_form: float

    def __repr__(self) -> str:
        return brief(self)


def cliff(
    w: float, b: float, steps: int, *, target: float = 0.0, norm: float | None = None
) -> Cliff:
    """x_t = w σ(x_{t−1}) + b from x_0 = 0, for ``steps`` timesteps T.

    The loss is (x_T − target)², and ``norm`` is where its gradient by (w, b) is clipped. At
    b = −w/2 the state stays at 0, where each step's slope is w/4: beyond w = 4 it is a cliff.
    Source: Pascanu, Mikolov and Bengio 2013, figure 6.

    Raises ValueError naming argument, rule and what arrived.

    >>> import rnnviz
    >>> found = rnnviz.cliff(5.0, -2.45, 50, target=0.5, norm=0.5)
    >>> found.x.shape, found.gradient.shape
    ((51,), (2,))
    """
    w, b, aim = finite_number("w", w), finite_number("b", b), finite_number("target", target)
    steps = whole_number("steps", steps)
    x = np.zeros(steps + 1)
    by_w, by_b, power = 0.0, 0.0, 0
    for t in range(steps):
        s = _sigmoid(float(x[t]))
        x[t + 1], slope = w * s + b, w * s * (1 - s)
        by_w, by_b = ldexp(s, -power) + slope * by_w, ldexp(1.0, -power) + slope * by_b
        if max(abs(by_w), abs(by_b)) > FAR:
            by_w, by_b, power = by_w / FAR, by_b / FAR, power + 500
    return _cliff(x, aim, norm, (by_w, by_b, power), _closed_form(w, b, steps))


def _cliff(
    x: Array, target: float, norm: float | None, by: tuple[float, float, int], closed: float
) -> Cliff:
    with np.errstate(all="ignore"):
        error = float(x[-1]) - target
        size = hypot(by[0], by[1])
        slopes = np.ldexp(np.array(by[:2]), by[2])
        sign = np.sign(error)
        direction = sign * np.array(by[:2]) / size if error and size else np.zeros(2)
        length = abs(2 * error) * size
        gradient = np.ldexp(length * direction, by[2])
        logs = log10(length) + by[2] * LOG10_2 if length else -np.inf
        clipped = gradient
        if norm is not None and logs > log10(limit := positive_number("norm", norm)):
            clipped = limit * direction
    slopes, gradient, direction, clipped = map(
        frozen, (slopes, gradient, direction, clipped.copy())
    )
    return Cliff(frozen(x), error * error, slopes, gradient, direction, logs, clipped, closed)


def _closed_form(w: float, b: float, steps: int) -> float:
    if b != -w / 2:
        return float("nan")
    with np.errstate(over="ignore"):
        return float(steps if w == 4 else (np.float64(w / 4) ** steps - 1) / (w / 4 - 1))


def _sigmoid(a: Any) -> Any:
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-a))


def cliff_surface(w: Any, b: Any, steps: int, *, target: float = 0.0) -> Array:
    """The loss (x_T − target)² of `cliff` over a grid: w (m,), b (n,) → (n, m), row b, column w.

    Raises ValueError naming argument, rule and what arrived.
    """
    grid = []
    for name, values in (("w", w), ("b", b)):
        array = real_array(name, values)
        if array.ndim != 1 or not array.size:
            raise ValueError(f"`{name}` must be one row of numbers, got {shown(array)}.")
        grid.append(array.astype(np.float64))
    aim, count = finite_number("target", target), whole_number("steps", steps)
    across, down = grid[0][None], grid[1][:, None]
    x = np.zeros((len(grid[1]), len(grid[0])))
    with np.errstate(all="ignore"):
        for _ in range(count):
            x = across * _sigmoid(x) + down
        return frozen((x - aim) ** 2)
