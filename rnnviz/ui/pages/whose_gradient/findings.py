"""How many steps back the losses reach, and what to try next."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rnnviz.cells import CELLS
from rnnviz.ui.advice import steps
from rnnviz.ui.shell.navigation import name_of
from rnnviz.words import say


def finding(logs: NDArray[np.float64], cell: str) -> str:
    """How many steps back a loss reaches; ``logs`` (T, T + 1), log10 ‖∂L_τ/∂h_t‖ of `itemised`."""
    reach = reaches(logs)
    name = say(CELLS[cell].title)
    if not reach.size:
        return say(
            "No loss of the **{cell}** sends any gradient. Put the loss on another step, or "
            "take another seed.",
            cell=name,
        )
    far = int(np.median(reach))
    words = {
        "cell": name,
        "far": steps(far),
        "most": steps(int(reach.max())),
        "k": max(far, 1),
        "n": reach.size,
    }
    if reach.size == 1:
        said = say(
            "The one loss of the **{cell}** reaches {far} back with at least 1 % of the gradient "
            "that it sends to its own step.",
            **words,
        )
    else:
        said = say(
            "A loss of the **{cell}** reaches {far} back (the median of {n} losses; at most "
            "{most}) with at least 1 % of the gradient that it sends to its own step.",
            **words,
        )
    if far >= 0.9 * (len(logs) - 1):
        return f"{said} " + say("That is nearly the whole sequence: raise T to see where it ends.")
    return f"{said} " + say(
        "On the page {page}, truncate after {k} steps and see what that removes.",
        page=name_of("pages/Cuts.py"),
        **words,
    )


def reaches(logs: NDArray[np.float64]) -> NDArray[np.int64]:
    """For every loss with a gradient: steps back to the earliest that receives 1 % of its own."""
    own = np.diagonal(logs[:, 1:])
    found = [
        tau - int(np.flatnonzero(logs[tau, 1 : tau + 2] >= own[tau] - 2)[0])
        for tau in np.flatnonzero(np.isfinite(own))
    ]
    return np.array(found, np.int64)
