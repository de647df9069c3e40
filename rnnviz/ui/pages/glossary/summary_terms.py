"""Terms of the few figures that sum a gradient up."""

from __future__ import annotations

from rnnviz.ui.pages.glossary.term import COMPARE, ROADS, Term
from rnnviz.words import word

GROUP = word("Summary of a gradient")
TERMS = (
    Term(
        word("share left"), "‖∂L_S/∂s₁‖ / ‖∂L_S/∂s_S‖",
        word("The app follows the loss of one step S alone, the last step that has one, and "
             "divides the norm of its gradient on the memory state at step 1 by the norm at "
             "step S."),
        word("If the losses of several steps are added, or h is used in an LSTM, the number is "
             "another one."),
        COMPARE,
    ),
    Term(
        word("mean factor a step"), "γ̄ = share^(1 / (S − 1))",
        word("The geometric mean of the factors by which the gradient norm changes per step back, "
             "from step S to step 1; so the share left is γ̄^(S − 1)."),
        word("In Pascanu et al. 2013, γ is the bound of |φ′|; in reinforcement learning, the "
             "discount factor. A half-life is ln 2 / −ln γ̄, and says something only where all "
             "steps have about the same factor."),
        COMPARE,
    ),
    Term(
        word("1 % horizon"), "",
        word("The fewest steps back from step S from which on less than 1 % of the gradient on the "
             "memory state is left, at every earlier step. “Not reached” if 1 % or more is left at "
             "step 1."),
        "",
        COMPARE,
    ),
    Term(
        word("time constant"), "τ = 1 / (1 − f)",
        word("How many steps a unit would remember if its gate stayed as it is: after τ steps "
             "about 1/e is left."),
        word("−1 / ln f is the same to first order near f = 1. A half-life is shorter by the "
             "factor ln 2 = 0.693."),
        ROADS,
    ),
)  # fmt: skip
