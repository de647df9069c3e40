"""How much of the gradient came along the kept state at step 1."""

from __future__ import annotations

import numpy as np

from rnnviz.analysis.gradient_paths import Roads
from rnnviz.words import say


def finding(name: str, found: Roads, open_path: bool = False) -> str:
    """The share of the gradient at step 1 that came along the kept state alone."""
    share = float(found.share[1])
    if np.isnan(share):
        return say("No gradient reaches step 1 of the **{cell}** on either path.", cell=name)
    if found.gate is None and open_path:
        return say(
            "At step 1 of the **{cell}**, {share:.3g} % of the gradient of {state} came along "
            "{state} alone, multiplied by 1 at every step; the rest went through the weights at "
            "least once.",
            cell=name, share=100 * share, state=found.state,
        )  # fmt: skip
    if found.gate is None:
        return say(
            "The **{cell}** has no path along {state} alone: every step back passes through W_h "
            "and φ.", cell=name, state=found.state,
        )  # fmt: skip
    return say(
        "At step 1 of the **{cell}**, {share:.3g} % of the gradient of {state} came along {state} "
        "alone, multiplied by {gate} and nothing else; the rest went through the weights at least "
        "once.",
        cell=name, share=100 * share, state=found.state, gate=found.gate,
    )  # fmt: skip
