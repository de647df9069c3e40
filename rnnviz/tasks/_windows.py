"""Windows of data that are divided in time: the first values to learn from, the rest to test."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ._base import Part


class Split(NamedTuple):
    """How many values there are, and how many of them, the first, are to learn from."""

    values: int
    training: int

    def ends(self, part: Part) -> tuple[int, int]:
        """The first value of a part and the one after its last."""
        return {
            "all": (0, self.values),
            "train": (0, self.training),
            "test": (self.training, self.values),
        }[part]

    def count(self, part: Part) -> int:
        """How many values a part has."""
        first, end = self.ends(part)
        return end - first


def windows(
    split: Split, part: Part, length: int, batch: int, rng: np.random.Generator
) -> NDArray[np.intp]:
    """Indices (T + 1, B) of consecutive values, the last of them a target only.

    Windows of "train" and "test" start anywhere in their part and end in it; those of "all" start
    at the first value.
    """
    first, end = split.ends(part)
    starts = np.zeros(batch, np.intp)
    if part != "all":
        starts = rng.integers(first, end - length, size=batch)
    return np.asarray(starts + np.arange(length + 1)[:, np.newaxis])
