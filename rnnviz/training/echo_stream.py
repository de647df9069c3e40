"""An endless stream with one dependency of known length: the answer is the input d steps ago.

Inputs are ±1 with independent signs, so that y_t depends on x_{t−d} alone: a net that does not know
x_{t−d} does best by answering 0, with the variance of y as its mean squared error, `FLOOR`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rnnviz.numerics.arrays import Array
from rnnviz.numerics.validation import whole_number

FLOOR = 1.0
"""E (y_t − 0)²: the least mean squared error without x_{t−d}."""


@dataclass(frozen=True)
class Echo:
    """B streams side by side of y_t = x_{t−d}, given out in stretches, each of them once.

    The d inputs before the first step are drawn too but never given out: no net can know the first
    d answers.
    """

    delay: int
    batch: int
    rng: np.random.Generator
    past: Array

    @classmethod
    def seeded(cls, delay: int, batch: int, seed: int) -> Echo:
        """The same seed gives the same stream, in whatever stretches it is asked for.

        Raises ValueError naming argument, rule and what arrived.
        """
        rng = np.random.default_rng([whole_number("seed", seed, least=0), 1989])
        width = whole_number("batch", batch)
        return cls(whole_number("delay", delay), width, rng, signs(rng, delay, width))

    def after(self, steps: int) -> tuple[Array, Array, Echo]:
        """The next stretch's x and y, (steps, B, 1), and the stream that goes on behind it."""
        x = signs(self.rng, whole_number("steps", steps), self.batch)
        both = np.concatenate([self.past, x])
        return x, both[:steps], Echo(self.delay, self.batch, self.rng, both[steps:])


def signs(rng: np.random.Generator, steps: int, batch: int) -> Array:
    """±1 with equal chances, (steps, B, 1)."""
    return np.where(rng.random((steps, batch, 1)) < 0.5, -1.0, 1.0)


def reached(steps: int, delay: int, window: int, back: int = 0) -> NDArray[np.bool_]:
    """Which losses of the steps 1 … T send a gradient to their cause x_{t−d}, (T,).

    Windows of ``window`` steps are counted from step 1; a gradient goes ``back`` steps further.
    """
    t = np.arange(1, steps + 1)
    start = (t - 1) // window * window + 1
    return np.asarray((t - delay >= start - back) & (t - delay >= 1))


def share(delay: int, window: int, back: int = 0) -> float:
    """The share of a long stream's losses whose cause the gradient reaches, in closed form.

    max(0, k − max(0, d − m)) / k for windows of k steps and m steps more.
    """
    return max(0, window - max(0, delay - back)) / window
