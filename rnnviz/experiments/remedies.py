"""What a change of settings gives: the share of the gradient that reaches step 1, before and after.

Every change is tried: model, run and backward pass are made anew on the same sequence and seed, and
the loss of the last step that has one is followed back along the memory state (`rnnviz.reach`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np

from rnnviz.analysis.clipping import clip
from rnnviz.analysis.reach import reach
from rnnviz.experiments import changes
from rnnviz.experiments.changes import Change
from rnnviz.experiments.settings import Settings

MARGIN = 0.1
"""By how many powers of ten a share must come nearer to 1 to be called a help: by a quarter."""
EXPLODES, VANISHES = 1.0, -2.0
"""log10 of the share above which a gradient explodes, tenfold, or below which it vanishes, 1 %."""


class Left(NamedTuple):
    """log10 of the share left at step 1 of one loss's gradient at its step S, S, and the state.

    Nan, and S = 0, where no step has a loss; nan also where values are not finite. ``state`` is
    the cell's memory state, which is measured.
    """

    log10_share: float
    start: int
    state: str

    @property
    def away(self) -> float:
        """How many powers of ten the share is from 1; ∞ where there is none."""
        return float("inf") if np.isnan(self.log10_share) else abs(self.log10_share)


class Tried(NamedTuple):
    """A change, and what is left before and after it."""

    change: Change
    before: Left
    after: Left

    @property
    def helps(self) -> bool:
        """Whether the share comes nearer to 1 by `MARGIN`, and does not explode in its place."""
        if not self.after.away < self.before.away - MARGIN:
            return False
        return not self.before.log10_share < 0 or self.after.log10_share <= EXPLODES


def left(settings: Settings, cell: str) -> Left:
    """What is left at step 1 of the gradient of the last loss, along the cell's memory state."""
    found = reach(settings.flow(cell))
    return Left(found.log10_share, found.start, found.signal)


def remedies(settings: Settings, cell: str) -> Iterator[Tried]:
    """Try the changes that may help, one at a time and in no order."""
    found = reach(settings.flow(cell))
    before = Left(found.log10_share, found.start, found.signal)
    yield from _tried(changes.helping(settings, cell, found.factor), before)


def best_first(found: Iterable[Tried], cell: str) -> list[Tried]:
    """Those that help, the nearest to 1 first; of those in favour of another cell only the best."""
    rows = sorted((one for one in found if one.helps), key=lambda one: one.after.away)
    others = [one for one in rows if one.change.cell != cell]
    return [one for one in rows if one not in others[1:]]


def without_help(found: Iterable[Tried]) -> list[Tried]:
    """Those that do not help, the least bad first."""
    return sorted((one for one in found if not one.helps), key=lambda one: one.after.away)


def breaks(settings: Settings, cell: str) -> Iterator[Tried]:
    """Changes that make it worse by `MARGIN`: close the gate that keeps, explode, saturate."""
    before = left(settings, cell)
    yield from _vanishing(_tried(changes.closing(settings, cell), before))
    yield from _growing(list(_tried(changes.exploding(settings, cell), before)))
    yield from _vanishing(_tried(changes.saturating(settings, cell), before))


def clipped(settings: Settings, cell: str, norm: float = 1.0) -> tuple[float, float]:
    """log10 of the norm of all parameters' gradients before and after clipping it to ``norm``."""
    found = clip(settings.flow(cell), norm=norm).whole
    return found.log10_before, found.log10_after


def _tried(found: Iterable[Change], before: Left) -> Iterator[Tried]:
    for change in found:
        try:
            after = left(change.settings, change.cell)
        except ValueError:  # the weights drawn have no spectral radius to set
            continue
        yield Tried(change, before, after)


def _vanishing(found: Iterable[Tried]) -> list[Tried]:
    """The first that makes the gradient vanish, or vanish more; none if no change does."""
    return [one for one in found
            if one.after.log10_share < min(one.before.log10_share, 0) - MARGIN][:1]  # fmt: skip


def _growing(found: list[Tried]) -> list[Tried]:
    """The first that makes the gradient explode, else the one that makes it grow most, if any."""
    grown = [one for one in found
             if one.after.log10_share > max(one.before.log10_share, 0) + MARGIN]  # fmt: skip
    exploding = [one for one in grown if one.after.log10_share > EXPLODES]
    return exploding[:1] or sorted(grown, key=lambda one: -one.after.log10_share)[:1]
