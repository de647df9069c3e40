"""Terms of numbers and checks."""

from __future__ import annotations

from rnnviz.ui.pages.glossary.term import COMPARE, FLOW, STEP, Term
from rnnviz.words import word

GROUP = word("Numbers")
TERMS = (
    Term(
        word("saturation"), "",
        word("A gate near 0 or 1, or tanh near −1 or 1. Its derivative is then near 0, and little "
             "gradient passes through it."),
        "",
        STEP,
    ),
    Term(
        word("underflow"), "10⁻³⁰⁸",
        word("A number too small for a float64 becomes 0. Norms here carry a power of two "
             "along and stay right; the pictures mark where a float would have lost them."),
        word("A float32, as in most training, already loses numbers below 10⁻³⁸."),
        COMPARE,
    ),
    Term(
        word("checks passed"), "✓",
        word("The badge of every page: the gradients on the screen were compared with derivatives "
             "that were computed another way, and each error is below its bound."),
        word("The tests of a framework check its operations, not the numbers on your screen."),
        FLOW,
    ),
)  # fmt: skip
