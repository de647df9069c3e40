"""A gradient that reaches step 1 and a net that learns are two things, in a sentence from numbers.
"""  # fmt: skip

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from rnnviz.ui.pages.training.findings_learning import PART, even, part, reached, share_at_1, title
from rnnviz.ui.pages.training.watched import Shown
from rnnviz.words import say
from rnnviz.words.numbers import number, percent

LARGE = 0.1
"""A share of the gradient at the last loss that counts as large at step 1."""
TIMES = 2.0
"""So many times as much must the one change as the other to be called less steady."""


class Steadiness(NamedTuple):
    """The share that reaches step 1 at evenly spaced checkpoints.

    large   after how many of them it is above `LARGE`
    among   how many there are
    change  the median factor, at least 1, by which it differs from that of the one before
    least   log10 of the smallest, and its update
    most    log10 of the largest, and its update
    """

    large: int
    among: int
    change: float
    least: tuple[float, int]
    most: tuple[float, int]


def steadiness(one: Shown) -> Steadiness | None:
    """The steadiness of a run as far as it is shown; None with fewer than four checkpoints."""
    updates = even(one)
    shares = np.array([share_at_1(one.run, u) for u in updates])
    if len(shares) < 4 or not np.isfinite(shares).all():
        return None
    change = float(10 ** np.median(np.abs(np.diff(shares))))
    least, most = ((float(shares[k]), updates[k]) for k in (shares.argmin(), shares.argmax()))
    return Steadiness(int((shares > np.log10(LARGE)).sum()), len(shares), change, least, most)


def steady(shown: Mapping[str, Shown], naive: float) -> str:
    """The net that has not learnt although much of its gradient reached step 1 at times, beside one
    that has learnt with a smaller but steadier share; "" where there are no such two.
    """  # fmt: skip
    found = {cell: one for cell, net in shown.items() if (one := steadiness(net)) is not None}
    learnt = [cell for cell in found if reached(shown[cell], PART * naive) is not None]
    failed = [cell for cell in found if cell not in learnt and found[cell].large]
    if not learnt or not failed:
        return ""
    bad = max(failed, key=lambda cell: found[cell].large)
    good = min(learnt, key=lambda cell: found[cell].least)
    if found[bad].change < TIMES * found[good].change:
        return ""
    return say(
        "**A large gradient at step 1 does not make a net learn.** After {large} of {count} "
        "checkpoints more than {limit} of the {bad}'s gradient reached step 1, and it has not "
        "learnt the task. Its share does not stay: it was between {low} (u = {low_at}) and {high} "
        "(u = {high_at}), and from one checkpoint to the next it becomes {change} times as large "
        "or as small (median). The {good} has learnt it; its share was between {least} "
        "(u = {least_at}) and {most} (u = {most_at}).",
        bad=title(bad), good=title(good), large=found[bad].large, count=found[bad].among,
        limit=percent(LARGE), change=number(found[bad].change), low=part(found[bad].least[0]),
        low_at=found[bad].least[1], high=part(found[bad].most[0]), high_at=found[bad].most[1],
        least=part(found[good].least[0]), least_at=found[good].least[1],
        most=part(found[good].most[0]), most_at=found[good].most[1],
    )  # fmt: skip
