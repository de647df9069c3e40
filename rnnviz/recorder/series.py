"""A recorded run as arrays: so many of its rows as a picture shows, and any of its columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rnnviz.numerics.arrays import Array
from rnnviz.recorder.reading import RecordedRun

ROWS = 256
"""At most so many rows, and at least half as many, are taken of a long run."""
LONGEST = 5000
"""The most numbers of one row that are taken of a list."""


class Series(NamedTuple):
    """Columns over the steps of training.

    rows, steps  (n,) rising
    columns      name → (n,) of a number, (n, m) of a list; nan where there is none, and behind the
                 end of a shorter list
    unreadable   names of files whose rows are left out
    given        name → (n,) whether the row has a value, which may be nan
    """

    rows: tuple[int, ...]
    steps: NDArray[np.float64]
    columns: dict[str, NDArray[np.float64]]
    unreadable: tuple[str, ...]
    given: dict[str, NDArray[np.bool_]]


def series(
    run: RecordedRun, columns: Sequence[str], steps: tuple[float, float] | None = None
) -> Series:
    """Columns of a run, of all of it or between two steps; a damaged file's rows are left out."""
    lost: set[str] = set()
    rows = run.spread(ROWS, steps)
    found = run.read(rows, ["step", *columns], lost=lost)
    there = [k for k, one in enumerate(found["step"]) if one is not None]
    at = np.array([found["step"][k] for k in there], np.float64)
    return Series(
        tuple(rows[k] for k in there), at,
        {name: _array([found[name][k] for k in there]) for name in columns},
        tuple(sorted(lost)),
        {name: np.array([found[name][k] is not None for k in there], bool) for name in columns},
    )  # fmt: skip


def largest(values: Array) -> Array:
    """(n,): the largest number of each list (n, m), nan where none is a number; numbers as they
    are."""
    return values if values.ndim == 1 else np.fmax.reduce(values, axis=1, initial=np.nan)


def single(values: Array) -> Array:
    """(n,): a number a log; nan where a foreign file has lists instead."""
    return values if values.ndim == 1 else np.full(len(values), np.nan)


def median(values: Array) -> float:
    """The median, also where the sum of the two in the middle is too large for float64."""
    return 2 * float(np.median(values / 2))


NORM = ("total_norm", "norm_of_examples")
"""The columns that `norm` takes."""


def norm(found: Series) -> tuple[Array, bool]:
    """The norm of the weights' gradients (n,), and whether it is the one that was given.

    Where no finite one was given it is that of the net's own weights over the recorded examples.
    """
    given, own = (single(found.columns[name]) for name in NORM)
    whole = bool(np.isfinite(given).any())
    return (given, True) if whole else (own, False)


def _array(listed: list[Any]) -> Array:
    lists = [one for one in listed if isinstance(one, np.ndarray)]
    if not lists:
        return np.array([np.nan if one is None else one for one in listed], np.float64)
    longest = min(LONGEST, max(map(len, lists)))
    found = np.full((len(listed), longest), np.nan)
    for row, one in zip(found, listed, strict=True):
        if isinstance(one, np.ndarray):
            row[: len(one)] = one[:longest]
    return found
