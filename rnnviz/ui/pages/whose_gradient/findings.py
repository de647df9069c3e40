"""How far back the losses reach, and what to try next."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rnnviz.advice import steps
from rnnviz.analysis.reach import figures
from rnnviz.cells import CELLS
from rnnviz.ui.shell.navigation import name_of
from rnnviz.words import say
from rnnviz.words.numbers import GROWS, share

Values = NDArray[np.float64]


def finding(logs: Values, cell: str) -> str:
    """How far the last loss reaches, and how many reach step 1.

    ``logs`` (T, T + 1) is log10 ‖∂L_τ/∂s_t‖ of `itemised`, s the cell's memory state.
    """
    name, senders = say(CELLS[cell].title), np.flatnonzero(np.isfinite(np.diagonal(logs[:, 1:])))
    if not senders.size:
        return say(
            "No loss of the **{cell}** sends any gradient. Put the loss on another step, or "
            "take another seed.",
            cell=name,
        )
    last = int(senders[-1]) + 1
    lines = [f"**{name}**: {one_loss(logs, last)}"]
    if senders.size > 1:
        lines.append(_reaching(logs, senders))
    if (horizon := figures(logs[last - 1], last)[2]) is not None:
        lines.append(say("On the page {page}, truncate after {steps} and see what that removes.",
                         page=name_of("pages/Cuts.py"), steps=steps(horizon)))  # fmt: skip
    return " ".join(lines)


def one_loss(logs: Values, sender: int) -> str:
    """A sentence: what of one loss's gradient reaches step 1, and its 1 % horizon."""
    kept, _, horizon, _ = figures(logs[sender - 1], sender)
    if np.isnan(kept):
        return say("the loss on step {sender} sends no gradient.", sender=sender)
    words = {"sender": sender, "left": share(kept)}
    if kept > GROWS:
        return say("step 1 receives {left} times the gradient that the loss on step {sender} sends "
                   "to its own step.", **words)  # fmt: skip
    if horizon is None:
        return say("of the gradient that the loss on step {sender} sends to its own step, {left} "
                   "reaches step 1; the 1 % horizon is not reached.", **words)  # fmt: skip
    return say("of the gradient that the loss on step {sender} sends to its own step, {left} "
               "reaches step 1; the 1 % horizon is {steps}.", steps=steps(horizon),
               **words)  # fmt: skip


def _reaching(logs: Values, senders: NDArray[np.int64]) -> str:
    """How many losses reach step 1 with 1 % or more, and which of them is the last."""
    there = [k + 1 for k in senders if logs[k, 1] >= logs[k, k + 1] - 2]
    if not there:
        return say("None of the {n} losses reaches step 1 with 1 % or more.", n=senders.size)
    return say("Of {n} losses, {m} reach step 1 with 1 % or more, the last of them from step "
               "{latest}.", n=senders.size, m=len(there), latest=int(there[-1]))  # fmt: skip
