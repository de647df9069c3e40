"""What a change gives, in words: the share of the gradient at step 1, before and after it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rnnviz.cells import CELLS
from rnnviz.experiments.remedies import VANISHES, Left, Tried, best_first
from rnnviz.words import numbers, say
from rnnviz.words.numbers import GROWS, power


def share(one: Left) -> str:
    """A share left: 8.4 %, 2.4·10⁻¹⁶, 35.2."""
    if np.isnan(one.log10_share):
        return say("no finite share")
    return numbers.share(one.log10_share)


def gives(tried: Tried) -> str:
    """The shares before and after, as «8.4 % → 36 % of the gradient at step 50 reaches step 1»."""
    before, after = tried.before, tried.after
    words = {"before": share(before), "after": f"**{share(after)}**", "start": before.start,
             "then": after.start}  # fmt: skip
    if np.isnan(before.log10_share):
        words["after"] = f"**{power(after.log10_share)}**"
        return say("{after} times the gradient at step {then} reaches step 1; before, there is no "
                   "finite share", **words)  # fmt: skip
    if max(before.log10_share, after.log10_share) > GROWS:
        words |= {"before": power(before.log10_share), "after": f"**{power(after.log10_share)}**"}
        if before.start != after.start:
            return say("{before} times the gradient at step {start} → {after} times that at step "
                       "{then} reaches step 1", **words)  # fmt: skip
        return say("{before} → {after} times the gradient at step {start} reaches step 1", **words)
    if before.start != after.start:
        return say("{before} of the gradient at step {start} → {after} of that at step {then} "
                   "reaches step 1", **words)  # fmt: skip
    return say("{before} → {after} of the gradient at step {start} reaches step 1", **words)


def best(found: Sequence[Tried] | None, cell: str) -> str:
    """The change that helps most and what it gives; "" where nothing was tried or is to be mended.

    ``found`` is all that was tried on a cell, None where it would take too long.
    """
    if not found or abs(found[0].before.log10_share) <= -VANISHES / 2:
        return ""
    rows = best_first(found, cell)
    words = {"cell": say(CELLS[cell].title), "n": len(found)}
    if not rows:
        return say(
            "None of {n} changes tried on the {cell} brings the share that reaches step 1 nearer "
            "to 1 by a quarter.", **words,
        )  # fmt: skip
    return say("Of {n} changes tried on the {cell}, “{change}” helps most: {gives}.",
               change=say(rows[0].change.words), gives=gives(rows[0]), **words)  # fmt: skip
