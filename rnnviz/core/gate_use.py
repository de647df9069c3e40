"""How a gate was used over time: one definition for all pages and checks."""

from __future__ import annotations

from typing import NamedTuple

from rnnviz.numerics.arrays import Array, Arrays
from rnnviz.numerics.records import brief, sealed

LOW, HIGH = 0.1, 0.9
"""A gate's value below the one or above the other is saturated (Karpathy, Johnson and Li 2015)."""


class GateUse(NamedTuple):
    """What a gate did, unit by unit, over all steps and sequences.

    mean  (H,) its mean value
    low   (H,) the share of its values below 0.1
    high  (H,) the share of its values above 0.9
    """

    mean: Array
    low: Array
    high: Array

    def __repr__(self) -> str:
        return brief(self)


def used(values: Array, low: float = LOW, high: float = HIGH) -> GateUse:
    """The use of a gate (T, B, H)."""
    found: Arrays = sealed({
        "mean": values.mean(axis=(0, 1)),
        "low": (values < low).mean(axis=(0, 1)),
        "high": (values > high).mean(axis=(0, 1)),
    })  # fmt: skip
    return GateUse(**found)
