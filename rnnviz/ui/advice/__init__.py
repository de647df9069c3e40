"""What happened to a gradient, and what to do about it, in sentences made from the numbers.

`left` says how much of it comes back, `advice` what to change: in a cell with a gate that keeps its
state (`keeping_gate`) that gate decides, in a cell whose step is one φ of a matrix product
(`affine_step`) φ and W_h share the blame.
"""

from rnnviz.ui.advice.affine_step import Shares, shares, why
from rnnviz.ui.advice.keeping_gate import lifted, raise_bias, wanted_bias
from rnnviz.ui.advice.outcome import (
    EXPLODES,
    FINE,
    VANISHES,
    gate_title,
    grows,
    horizon_in_words,
    left,
    percent,
    share,
    state_title,
    steps,
    uneven,
    verdict,
)
from rnnviz.ui.advice.to_do import advice

__all__ = [
    "EXPLODES",
    "FINE",
    "VANISHES",
    "Shares",
    "advice",
    "gate_title",
    "grows",
    "horizon_in_words",
    "left",
    "lifted",
    "percent",
    "raise_bias",
    "share",
    "shares",
    "state_title",
    "steps",
    "uneven",
    "verdict",
    "wanted_bias",
    "why",
]
