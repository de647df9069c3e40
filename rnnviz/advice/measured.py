"""What a change gives, in words: the share of the gradient at step 1, before and after it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rnnviz.cells import CELLS
from rnnviz.experiments.remedies import VANISHES, Left, Tried, best_first
from rnnviz.words import numbers, say, word
from rnnviz.words.numbers import GROWS, power

_APART = {
    (False, False): word("{before} of the gradient on {state} at step {start} → {after} of that at "
                         "step {then} reaches step 1"),
    (False, True): word("{before} of the gradient on {state} at step {start} → {after} times that "
                        "at step {then} reaches step 1"),
    (True, False): word("{before} times the gradient on {state} at step {start} → {after} of that "
                        "at step {then} reaches step 1"),
    (True, True): word("{before} times the gradient on {state} at step {start} → {after} times "
                       "that at step {then} reaches step 1"),
}
"""What a change gives, by whether more than all arrives before it, and after it."""


def share(one: Left) -> str:
    """A share left: 8.4 %, 2.4·10⁻¹⁶, 35.2."""
    if np.isnan(one.log10_share):
        return say("no finite share")
    return numbers.share(one.log10_share)


def gives(tried: Tried) -> str:
    """The shares before and after, as «8.4 % → 36 % of the gradient on c at step 50 …»."""
    before, after = tried.before, tried.after
    words = {"before": share(before), "after": f"**{share(after)}**", "start": before.start,
             "then": after.start,
             "state": before.state if before.state == after.state else say("the memory state"),
             }  # fmt: skip
    grown = before.log10_share > GROWS, after.log10_share > GROWS
    if np.isnan(before.log10_share):
        words["after"] = f"**{power(after.log10_share)}**"
        return say("{after} times the gradient on {state} at step {then} reaches step 1; before, "
                   "there is no finite share", **words)  # fmt: skip
    if before.start == after.start and not any(grown):
        return say("{before} → {after} of the gradient on {state} at step {start} reaches step 1",
                   **words)  # fmt: skip
    if before.start == after.start and all(grown):
        return say("{before} → {after} times the gradient on {state} at step {start} reaches "
                   "step 1", **words)  # fmt: skip
    return say(_APART[grown], **words)


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
