"""How much of the gradient came along the kept state at step 1."""

from __future__ import annotations

import numpy as np

from rnnviz.analysis.gradient_paths import Roads
from rnnviz.words import say
from rnnviz.words.numbers import number


def finding(name: str, found: Roads, open_path: bool = False) -> str:
    """The share of the gradient at step 1 that came along the kept state alone."""
    share = float(found.share[1])
    if np.isnan(share):
        return say("No gradient reaches step 1 of the **{cell}** on either path.", cell=name)
    if found.gate is None and not open_path:
        return say(
            "The **{cell}** has no path along {state} alone: every step back passes through "
            "weights or a function.", cell=name, state=found.state,
        )  # fmt: skip
    main, rest = (10.0 ** float(part[1] - found.total[1]) for part in (found.main, found.rest))
    words = {"cell": name, "state": found.state, "factor": found.gate or "1",
             "main": number(main), "rest": number(rest)}  # fmt: skip
    if not np.isfinite([main, rest]).all():
        return say("At step 1 of the **{cell}** the two parts cancel, or lie beyond the range of "
                   "floats.", **words)  # fmt: skip
    return say(
        "At step 1 of the **{cell}**, the part of the gradient of {state} that came along {state} "
        "alone, multiplied by {factor} and nothing else, is {main} times as long as the whole; the "
        "part that went through the weights at least once is {rest} times as long. The two are "
        "vectors: where they oppose each other, the whole is shorter than its parts.", **words,
    )  # fmt: skip
