"""The step Δw that a gradient g gives, for all weights as one vector; clipping before it.

Each optimiser's rule and its defaults are those of PyTorch's class of that name (version 2).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from rnnviz.numerics.arrays import Array
from rnnviz.words import word


class SGD:
    """Δw = η g, plain gradient descent.

    ``kept`` are the vectors that an optimiser carries from update to update, by name; ``count`` is
    how many updates it has made. Both together are all of its state.
    """

    names: tuple[str, ...] = ()

    def __init__(self, size: int, dtype: Any = np.float64) -> None:
        self.count = 0
        self.kept = {name: np.zeros(size, dtype) for name in self.names}
        self.step: Array = np.empty(size, dtype)
        self.part = np.empty_like(self.step)

    def __call__(self, gradient: Array, rate: float) -> Array:
        """Δw (P,), to be subtracted from the weights; the next call overwrites it."""
        self.count += 1
        return self._step(gradient, rate)

    def _step(self, gradient: Array, rate: float) -> Array:
        return np.multiply(gradient, rate, out=self.step)


class Momentum(SGD):
    """Δw = η v with v ← μ v + g, μ = 0.9, without dampening (PyTorch's SGD, momentum=0.9)."""

    names = ("velocity",)
    decay = 0.9

    def _step(self, gradient: Array, rate: float) -> Array:
        velocity = self.kept["velocity"]
        velocity *= self.decay
        velocity += gradient
        return np.multiply(velocity, rate, out=self.step)


class RMSprop(SGD):
    """Δw = η g / (√v + ε) with v ← α v + (1 − α) g², α = 0.99, ε = 10⁻⁸ (Tieleman, Hinton 2012)."""

    names = ("square",)
    decay, least = 0.99, 1e-8

    def _step(self, gradient: Array, rate: float) -> Array:
        square, part = self.kept["square"], self.part
        blend(square, np.multiply(gradient, gradient, out=self.step), self.decay)
        np.sqrt(square, out=part)
        part += self.least
        np.divide(gradient, part, out=self.step)
        self.step *= rate
        return self.step


class Adam(SGD):
    """Δw = η m̂ / (√v̂ + ε), β₁ = 0.9, β₂ = 0.999, ε = 10⁻⁸ (Kingma, Ba 2015)."""

    names = ("mean", "square")
    first, second, least = 0.9, 0.999, 1e-8

    def _step(self, gradient: Array, rate: float) -> Array:
        mean, square, part = self.kept["mean"], self.kept["square"], self.part
        blend(square, np.multiply(gradient, gradient, out=self.step), self.second)
        blend(mean, np.multiply(gradient, 1, out=self.step), self.first)
        np.sqrt(square, out=part)
        part *= float(1 / np.sqrt(1 - self.second**self.count))
        part += self.least
        np.divide(mean, part, out=self.step)
        self.step *= rate / (1 - self.first**self.count)
        return self.step


def blend(mean: Array, new: Array, decay: float) -> None:
    """mean ← decay · mean + (1 − decay) · new, in place; ``new`` is overwritten."""
    mean *= decay
    new *= 1 - decay
    mean += new


OPTIMISERS: dict[str, type[SGD]] = {
    "sgd": SGD, "momentum": Momentum, "rmsprop": RMSprop, "adam": Adam,
}  # fmt: skip
"""Name → optimiser."""
TITLES = {
    "sgd": word("plain gradient descent"), "momentum": word("momentum"),
    "rmsprop": word("RMSprop"), "adam": word("Adam"),
}  # fmt: skip
"""Name → what it is called on the screen."""

CLIPS = ("norm", "value")
"""What clipping limits: the norm of all gradients together, or every single entry."""


def clipped(gradient: Array, norm: float, limit: float | None, by: str = "norm") -> Array:
    """The gradient shortened to the limit if its norm is above (the rule of `rnnviz.clip`), or,
    ``by`` value, with every entry beyond ±limit set to that limit.
    """  # fmt: skip
    if limit is None:
        return gradient
    if by == "value":
        return np.clip(gradient, -limit, limit)
    return gradient if not norm > limit else gradient * (limit / norm)


def norm_of(gradient: Array) -> float:
    """‖g‖₂; of float32 also where the squares overflow float32."""
    norm = float(np.sqrt(np.add.reduce(gradient * gradient)))
    if np.isfinite(norm):
        return norm
    wide = gradient.astype(np.float64)
    return float(np.sqrt(np.add.reduce(wide * wide)))
