"""What happened to a gradient, and which of the changes tried helps, in sentences from the numbers.

`left` says how much of it reaches step 1, `why` what a step multiplies it by, `best` which change
of the settings helps most and what it gives: every number of an advice was measured on that net.
"""

from rnnviz.advice.affine_step import why
from rnnviz.advice.measured import best, gives
from rnnviz.advice.outcome import (
    gate_title,
    grows,
    horizon_in_words,
    left,
    share,
    state_title,
    steps,
    uneven,
    verdict,
)
from rnnviz.analysis.step_factors import Shares, shares
from rnnviz.words.numbers import percent

__all__ = [
    "Shares",
    "best",
    "gate_title",
    "gives",
    "grows",
    "horizon_in_words",
    "left",
    "percent",
    "share",
    "shares",
    "state_title",
    "steps",
    "uneven",
    "verdict",
    "why",
]
