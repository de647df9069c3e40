"""One live check: a statement about the numbers, its error, and its bound."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from rnnviz.numerics.relative_error import nan_first
from rnnviz.words import sentence


class Check(NamedTuple):
    """One statement about the numbers: its error, the bound it must keep, and words.

    ``skipped`` is empty for a check that was made. Otherwise it is the reason why this one was not
    made; then ``error`` is nan and ``ok`` is True, for nothing was found wrong.

    >>> import numpy as np, rnnviz
    >>> trace = rnnviz.run(rnnviz.build("lstm", 2, 4, seed=0), np.ones((6, 1, 2)))
    >>> check = rnnviz.verify(trace, np.ones((6, 1, 4)))[0]
    >>> check.error <= check.bound
    True
    """

    name: str
    error: float
    bound: float
    ok: bool
    words: str
    skipped: str = ""


def made(name: str, error: float, bound: float, words: str) -> Check:
    """A check that was made; an error that is not a number fails."""
    return Check(name, float(error), float(bound), bool(error <= bound), words)


def skipped(name: str, bound: float, words: str, reason: str) -> Check:
    """A check that was not made, and the reason."""
    return Check(name, np.nan, float(bound), True, words, reason)


def closest(checks: Iterable[Check]) -> Check:
    """The check with the largest error relative to its bound, of those that were made."""
    done = (one for one in checks if not one.skipped)
    return max(done, key=lambda one: nan_first(one.error / one.bound if one.bound else one.error))


def too_long(seconds: float, most: float) -> str:
    """Why a check was not made: the time that it would take."""
    return sentence(
        "it would take about {seconds:,.0f} s, above the limit of {most:,.0f} s", seconds=seconds,
        most=most,
    )  # fmt: skip


def too_many(needed: int, most: int) -> str:
    """Why a check was not made: the numbers that it would have to hold."""
    return sentence(
        "it would take {needed:,} numbers, above the limit of {most:,}", needed=needed, most=most
    )
