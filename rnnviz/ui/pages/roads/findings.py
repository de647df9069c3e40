"""How much of the gradient came along the kept state at step 1."""

from __future__ import annotations

import numpy as np

from rnnviz.analysis.gradient_paths import Roads
from rnnviz.words import say


def finding(name: str, found: Roads, open_path: bool = False) -> str:
    """The share of the gradient at step 1 that came along the kept state alone."""
    share = float(found.share[1])
    if np.isnan(share):
        return say("No gradient reaches the first step of the **{cell}** by any road.", cell=name)
    if found.gate is None and open_path:
        return say(
            "At the first step of the **{cell}**, {share:.3g} % of the gradient of {state} (by "
            "norm) came along {state} alone, times 1 at every step; the rest went through the "
            "weights at least once.",
            cell=name, share=100 * share, state=found.state,
        )  # fmt: skip
    if found.gate is None:
        return say(
            "The **{cell}** has no road of its own for {state}: before the loss's own step, "
            "everything comes through W_h and φ, step after step.", cell=name, state=found.state,
        )  # fmt: skip
    return say(
        "At the first step of the **{cell}**, {share:.3g} % of the gradient of {state} (by norm) "
        "came along {state} alone, through {gate} and nothing else; the rest went through the "
        "weights at least once.",
        cell=name, share=100 * share, state=found.state, gate=found.gate,
    )  # fmt: skip
