"""The step Δw that a gradient g gives: plain descent, Adam, and clipping before either."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rnnviz.numerics.arrays import Array


class SGD:
    """Δw = η g."""

    def __init__(self, rate: float) -> None:
        self.rate = rate

    def __call__(self, gradient: Array) -> Array:
        """Δw, to be subtracted from the weights."""
        return self.rate * gradient


class Adam:
    """Δw = η m̂ / (√v̂ + ε), with the paper's β₁ = 0.9, β₂ = 0.999, ε = 10⁻⁸ (Kingma, Ba 2015)."""

    first, second, least = 0.9, 0.999, 1e-8

    def __init__(self, rate: float) -> None:
        self.rate, self.count = rate, 0
        self.m: Array | float = 0.0
        self.v: Array | float = 0.0

    def __call__(self, gradient: Array) -> Array:
        """Δw, to be subtracted from the weights."""
        self.count += 1
        self.m = self.first * self.m + (1 - self.first) * gradient
        self.v = self.second * self.v + (1 - self.second) * gradient * gradient
        mean = self.m / (1 - self.first**self.count)
        square = self.v / (1 - self.second**self.count)
        return np.asarray(self.rate * mean / (np.sqrt(square) + self.least))


OPTIMISERS: dict[str, Callable[[float], Callable[[Array], Array]]] = {"sgd": SGD, "adam": Adam}
"""Name → a function that makes the optimiser from its learning rate."""


def clipped(gradient: Array, norm: float, limit: float | None) -> Array:
    """The gradient shortened to the limit if its norm is above: the rule of `rnnviz.clip`."""
    return gradient if limit is None or not norm > limit else gradient * (limit / norm)
