"""Points in chunks of a few tenths of a second: what a worker is sent, and what it sends back."""

from __future__ import annotations

import sys
import time
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from rnnviz.numerics.arrays import Array
from rnnviz.sweeps.points import measured
from rnnviz.sweeps.spec import Spec

SECONDS = 0.3
"""What a chunk is to take."""
MOST = 5000
"""The most points of a chunk."""


class Rows(NamedTuple):
    """The figures of some points.

    numbers  (n,) which points, counted from 0
    values   (n, figures) in the order of the spec's
    reasons  why a point has no figures, or None, for each
    seconds  what they took in the worker
    """

    numbers: Array
    values: Array
    reasons: tuple[str | None, ...]
    seconds: float


def probe(nonce: int) -> tuple[str, str]:
    """What a worker has: the versions of rnnviz and NumPy."""
    return sys.modules["rnnviz"].__version__, np.__version__


def rows_of(text: str, numbers: list[int], nonce: int) -> Rows:
    """The rows of some points of a spec, given as JSON.

    ``nonce`` differs from one call to the next: some executors answer the same call by the same
    result, also where that is a failure.
    """
    spec, start = _spec(text), time.perf_counter()
    values, reasons = np.empty((len(numbers), len(spec.figures))), list[str | None]()
    for row, number in enumerate(numbers):
        found, reason = measured(spec.point(number), tuple(spec.figures))
        values[row] = [found[name] for name in spec.figures]
        reasons.append(reason)
    seconds = time.perf_counter() - start
    return Rows(np.array(numbers, np.int64), values, tuple(reasons), seconds)


@lru_cache(maxsize=4)
def _spec(text: str) -> Spec:
    return Spec.from_json(text)


class Sizes:
    """How many points a chunk is to have, by what the last ones took."""

    def __init__(self, seconds: float, workers: int) -> None:
        self.seconds, self.workers = seconds, workers
        self.of_one: float | None = None

    def next(self, left: int) -> int:
        """The size of the next chunk: one point first, and smaller ones towards the end."""
        if self.of_one is None:
            return 1
        usual = self.seconds / max(self.of_one, 1e-6)
        fair = max(left / (2 * self.workers), usual / 8)
        return int(max(1, min(usual, fair, MOST)))

    def heard(self, rows: Rows) -> None:
        """Take a chunk's time into account."""
        one = rows.seconds / len(rows.numbers)
        self.of_one = one if self.of_one is None else 0.7 * self.of_one + 0.3 * one
