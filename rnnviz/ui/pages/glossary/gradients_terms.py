"""Terms of gradients."""

from __future__ import annotations

from rnnviz.ui.pages.glossary.term import COMPARE, CUTS, FLOW, ROADS, WHOSE_GRADIENT, Term
from rnnviz.words import word

GROUP = word("Gradients")
TERMS = (
    Term(
        word("loss"), "L",
        word("The number that training makes small: the mean of the losses of those steps that "
             "have one. A step's loss is the squared error, or −ln p of the right answer."),
        word("Also cost, objective or error; some write E."),
        WHOSE_GRADIENT,
    ),
    Term(
        word("gradient"), "∂L/∂h_t",
        word("By how much the loss changes per small change of a state, including all later steps "
             "that the change affects."),
        word("Also the error signal, δ_t. Some write ∂ for the direct part alone and d for "
             "the total."),
        FLOW,
    ),
    Term(
        word("gradient norm"), "‖∂L/∂h_t‖₂",
        word("The length of the gradient as a vector over the units: one number per timestep."),
        word("Averages over units or the norm of a weight's gradient are other quantities "
             "and cannot be compared with it."),
        COMPARE,
    ),
    Term(
        word("backpropagation through time"), "BPTT",
        word("The chain rule on the unrolled network, from the last step back to the "
             "first."),
        word("Werbos 1990. Exact here; in practice often truncated under the same name. "
             "RTRL computes the same gradient forward."),
        FLOW,
    ),
    Term(
        word("truncated backpropagation"), "k",
        word("The sequence is cut into windows of k steps. States pass from window to window, "
             "gradients do not."),
        word("Williams and Peng 1990 slide a window that overlaps (k₁, k₂); PyTorch cuts "
             "with detach()."),
        CUTS,
    ),
    Term(
        word("vanishing gradient"), "γ̄ < 1",
        word("The gradient of a loss shrinks about exponentially with the number of steps back. "
             "The app says by how much: the share left at step 1, and the mean factor a step."),
        word("For Pascanu et al. 2013 it is the norm going to 0 exponentially; others mean "
             "any gradient that is small, or small layers of a deep net."),
        COMPARE,
    ),
    Term(
        word("exploding gradient"), "γ̄ > 1",
        word("The gradient of a loss grows about exponentially with the number of steps back."),
        word("In training it shows as a sudden jump of the loss, or as nan. Norms here are "
             "computed beyond the range of floats."),
        CUTS,
    ),
    Term(
        word("gradient clipping"), "θ",
        word("Making a gradient smaller before an update. By norm: all of it is multiplied by "
             "min(1, θ / norm), and the direction stays. By value: each number is cut at ±θ."),
        word("PyTorch's clip_grad_norm_ takes the norm of all parameters together; Keras's "
             "clipnorm each weight's own, global_clipnorm that of all."),
        CUTS,
    ),
    Term(
        word("itemised gradient"), "∂L_τ/∂h_t",
        word("The part of a gradient that comes from the loss of step τ alone. Added as vectors, "
             "the parts give the whole gradient; their norms do not add up to its norm."),
        "",
        WHOSE_GRADIENT,
    ),
    Term(
        word("contribution of a timestep"), "∂L/∂W at t",
        word("What step t adds to a weight's gradient. Training sees only the sum over all "
             "steps."),
        "",
        FLOW,
    ),
    Term(
        word("path along the memory state"), "∏ f, ∏ z",
        word("The part of the gradient that goes back along the memory state itself. Each step "
             "multiplies it by the gate that keeps (f or z) and by no weight."),
        word("Hochreiter and Schmidhuber 1997: constant error carousel, where the factor "
             "is exactly 1. A skip connection of a deep net is alike."),
        ROADS,
    ),
)  # fmt: skip
