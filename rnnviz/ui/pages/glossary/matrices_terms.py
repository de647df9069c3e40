"""Terms of matrices."""

from __future__ import annotations

from rnnviz.ui.pages.glossary.term import FLOW, SPECTRUM, Term
from rnnviz.words import word

GROUP = word("Matrices")
TERMS = (
    Term(
        word("Jacobian"), "∂s_t/∂s_(t−1)",
        word("The matrix of the derivatives of the new state by the old one. It multiplies small "
             "changes going forward, its transpose multiplies gradients going back."),
        word("Here row j belongs to entry j of the new state. Texts with the denominator "
             "layout write the transpose."),
        FLOW,
    ),
    Term(
        word("singular value"), "σ₁ ≥ σ₂ ≥ …",
        word("The factors by which a matrix stretches a set of orthogonal directions. A step "
             "cannot multiply a gradient by more than the largest."),
        word("Not the sigmoid, which has no index."),
        SPECTRUM,
    ),
    Term(
        word("spectral norm"), "σ₁, ‖·‖₂",
        word("The largest singular value of a matrix."),
        word("Not the spectral radius, which is never larger."),
        SPECTRUM,
    ),
    Term(
        word("Frobenius norm"), "‖·‖_F",
        word("The root of the sum of the squares of all entries."),
        "",
        FLOW,
    ),
    Term(
        word("eigenvalue"), "λ",
        word("A number λ with W v = λ v for some vector v: that direction is multiplied by λ. "
             "Complex eigenvalues come in pairs, and turn a plane."),
        "",
        SPECTRUM,
    ),
    Term(
        word("spectral radius"), "ρ(W_h)",
        word("The largest modulus of an eigenvalue: the factor by which powers of the matrix grow "
             "per step in the long run."),
        word("“ρ < 1 means vanishing” holds for a linear net in the long run only: gates, "
             "φ and non-normal matrices change it."),
        SPECTRUM,
    ),
    Term(
        word("non-normal matrix"), "W Wᵀ ≠ Wᵀ W",
        word("A matrix whose eigenvectors are not orthogonal: its powers may grow for a "
             "while although ρ < 1."),
        "",
        SPECTRUM,
    ),
    Term(
        word("Lyapunov exponent"), "λ₁ ≥ λ₂ ≥ …",
        word("The mean logarithm of the factor by which a step stretches a direction: e^λ is the "
             "geometric mean of these factors, and a direction with λ < 0 is forgotten."),
        word("In nats here; in bits (log₂) elsewhere. Over a finite sequence it is an "
             "estimate."),
        SPECTRUM,
    ),
    Term(
        word("Mean field"), "χ",
        word("What a net of infinitely many units does, computed from the variances of its weights "
             "alone: χ is what one step multiplies the mean square of a small difference between "
             "two states by."),
        word("χ₁ elsewhere; settings with χ = 1 are also called the edge of chaos."),
        "pages/Phase_diagrams.py",
    ),
)  # fmt: skip
