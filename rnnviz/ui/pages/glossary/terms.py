"""The glossary's terms: words and symbols, what they mean here, and what others mean by them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from rnnviz.words import word


class Term(NamedTuple):
    """A term, its symbol, what it means, where others differ, and the page on which one sees it."""

    name: str
    symbol: str
    meaning: str
    elsewhere: str
    page: str

    @property
    def slug(self) -> str:
        """The term's name in a link: forget-gate."""
        kept = "".join(one if one.isalnum() else " " for one in self.name.lower())
        return "-".join(kept.split())

STEP, FLOW, WHOSE_GRADIENT = "pages/Step.py", "pages/Gradient_flow.py", "pages/Whose_gradient.py"
SPECTRUM, ROADS, CUTS = "pages/Spectrum.py", "pages/Roads.py", "pages/Cuts.py"
COMPARE = "app.py"

TERMS: Mapping[str, tuple[Term, ...]] = {
    word("Sequence and states"): (
        Term(
            word("timestep"), "t = 1 … T",
            word("The place of an input in the sequence. t = 0 is the initial state, before "
                 "the first input."),
            word("Code counts from 0; some papers call the last step T − 1 or n."),
            COMPARE,
        ),
        Term(
            word("input"), "x_t",
            word("What the cell reads at step t: D numbers."),
            word("Arrays here are (T, B, D), time first, as in PyTorch by default; Keras, and "
                 "PyTorch with batch_first, have (B, T, D)."),
            STEP,
        ),
        Term(
            word("hidden state"), "h_t",
            word("What the cell hands to the next step and to the layer above: H numbers."),
            word("Keras calls it the output; some papers call it the activation or write s_t."),
            STEP,
        ),
        Term(
            word("cell state"), "c_t",
            word("The LSTM's second state, changed only by the forget gate and by what the "
                 "input gate lets in."),
            word("Also called memory, memory cell or, in Keras, carry; Hochreiter and "
                 "Schmidhuber 1997 write s."),
            STEP,
        ),
        Term(
            word("state"), "s_t",
            word("All that goes on to the next step: h for an RNN and a GRU, h and c for an "
                 "LSTM."),
            word("Some texts mean h alone even for an LSTM; their Jacobians are then not "
                 "products of steps."),
            FLOW,
        ),
        Term(
            word("initial state"), "h_0, c_0",
            word("The state before the first input: zeros here."),
            word("It can be learned, or carried over from the sequence before (stateful in "
                 "Keras)."),
            FLOW,
        ),
        Term(
            word("hidden unit"), "H",
            word("One entry of the hidden state, with its own gates."),
            word("PyTorch says hidden_size, Keras units; «cell» sometimes means one unit."),
            STEP,
        ),
        Term(
            word("unrolling"), "",
            word("Drawing the same cell once per timestep. The weights are the same in every "
                 "copy."),
            word("Also called unfolding."),
            STEP,
        ),
    ),
    word("Cells and gates"): (
        Term(
            word("cell"), "",
            word("The equations of one step: from input and old state to new state."),
            word("In Hochreiter and Schmidhuber 1997 a memory cell is one unit, several of "
                 "them a block."),
            STEP,
        ),
        Term(
            word("gate"), "σ(a)",
            word("A number from 0 to 1 per unit that multiplies something: 0 closes, 1 opens."),
            "",
            STEP,
        ),
        Term(
            word("forget gate"), "f_t",
            word("How much of the cell state is kept: 1 remembers, 0 erases."),
            word("Missing in the LSTM of 1997; added by Gers, Schmidhuber and Cummins 2000. "
                 "Despite its name, 1 does not forget."),
            ROADS,
        ),
        Term(
            word("input gate"), "i_t",
            word("How much of the candidate is written to the cell state: 1 writes, 0 blocks."),
            "",
            STEP,
        ),
        Term(
            word("output gate"), "o_t",
            word("How much of tanh(c) is shown as h: 1 shows, 0 hides."),
            "",
            STEP,
        ),
        Term(
            word("update gate"), "z_t",
            word("The GRU's one valve: h = z ⊙ h_(t−1) + (1 − z) ⊙ g, so that z = 1 keeps the "
                 "old state."),
            word("Cho et al. 2014, PyTorch and Keras agree; Chung et al. 2014 and Bahdanau et "
                 "al. 2015 write 1 − z for our z: there 1 replaces."),
            ROADS,
        ),
        Term(
            word("reset gate"), "r_t",
            word("How much of the old state the GRU's candidate sees: 1 uses it, 0 ignores the "
                 "past."),
            "",
            STEP,
        ),
        Term(
            word("reset before, reset after"), "(r ⊙ h) W_h, r ⊙ (h W_h)",
            word("Whether the GRU's reset gate multiplies the state before the recurrent "
                 "product or the product after it."),
            word("The published version of Cho et al. 2014 resets before; PyTorch and cuDNN "
                 "reset after, and Keras does by default (reset_after=True). After needs a "
                 "second bias."),
            STEP,
        ),
        Term(
            word("candidate"), "g_t",
            word("The new content that a step offers, from −1 to 1, before a gate decides how "
                 "much enters."),
            word("Also written c̃, h̃ or, for PyTorch's GRU, n; PyTorch calls g the cell gate "
                 "and n the new gate, though neither lies in 0 … 1."),
            STEP,
        ),
        Term(
            word("pre-activation"), "a",
            word("What stands inside σ or tanh: x W_x + h W_h + b."),
            word("Also written z or net; here z is the update gate."),
            STEP,
        ),
        Term(
            word("sigmoid"), "σ",
            word("1 / (1 + e^−a): turns any number into one from 0 to 1; its slope is at most "
                 "¼."),
            word("Older Keras used a piecewise linear hard sigmoid in its gates. σ with an "
                 "index is a singular value."),
            STEP,
        ),
        Term(
            word("peephole"), "",
            word("A connection that lets the LSTM's gates see the cell state."),
            word("Gers and Schmidhuber 2000. Often one weight per unit (diagonal), sometimes a "
                 "full matrix; PyTorch and Keras have none."),
            STEP,
        ),
        Term(
            word("element-wise product"), "⊙",
            word("Multiplies two vectors entry by entry."),
            word("Also the Hadamard product, written ∘ or *."),
            STEP,
        ),
    ),
    word("Parameters"): (
        Term(
            word("input weights"), "W_x",
            word("The matrix (D, G·H) that the input is multiplied by: x W_x, with a row per "
                 "input."),
            word("PyTorch keeps the transpose, weight_ih (G·H, D), and most papers write W x "
                 "with W from the left."),
            STEP,
        ),
        Term(
            word("recurrent weights"), "W_h",
            word("The matrix (H, G·H) that the old hidden state is multiplied by: h W_h. The "
                 "gradient goes back through its transpose."),
            word("Written U or W_rec in papers; weight_hh, transposed, in PyTorch; "
                 "recurrent_kernel in Keras."),
            SPECTRUM,
        ),
        Term(
            word("block order"), "",
            word("Which gate's columns come first in W_x, W_h and b: i f g o in the LSTM, r z "
                 "g in the GRU."),
            word("PyTorch: i f g o and r z n, as here. Keras: i f c o and z r h. Weights "
                 "copied without reordering give another model."),
            STEP,
        ),
        Term(
            word("bias"), "b",
            word("What is added to every pre-activation, whatever the input."),
            word("PyTorch adds two, b_ih and b_hh; Keras keeps one, and two rows for a GRU "
                 "that resets after."),
            STEP,
        ),
        Term(
            word("forget bias"), "b_f",
            word("The bias of the forget gate. A large one makes the LSTM remember from the "
                 "start: σ(3) = 0.953."),
            word("Keras sets 1 (unit_forget_bias); PyTorch sets nothing. Old TensorFlow added "
                 "1 in the step instead of storing it."),
            COMPARE,
        ),
        Term(
            word("initialisation"), "",
            word("How the weights are drawn before training."),
            "",
            COMPARE,
        ),
        Term(
            word("Glorot initialisation"), "",
            word("Uniform with a bound of √(6 / (inputs + outputs)), so that variances stay "
                 "about equal from layer to layer."),
            word("Also called Xavier initialisation. It says nothing about products of many "
                 "steps."),
            COMPARE,
        ),
        Term(
            word("orthogonal initialisation"), "W_hᵀ W_h = I",
            word("W_h turns the state without stretching it: all its singular values are 1."),
            "",
            SPECTRUM,
        ),
        Term(
            word("chrono initialisation"), "b_f = ln U(1, T − 1)",
            word("Gate biases drawn so that units remember for many different times."),
            word("Tallec and Ollivier 2018, whose z is 1 − ours."),
            COMPARE,
        ),
        Term(
            word("seed"), "",
            word("The number that all random draws start from. The same seed gives the same "
                 "picture."),
            "",
            COMPARE,
        ),
    ),
    word("Gradients"): (
        Term(
            word("loss"), "L",
            word("The number that training would make small. Here it sits on one step, on "
                 "chosen steps, or on all of them."),
            word("Also cost, objective or error; some write E."),
            WHOSE_GRADIENT,
        ),
        Term(
            word("gradient"), "∂L/∂h_t",
            word("How much the loss changes when a state changes a little, everything after it "
                 "included."),
            word("Also the error signal, δ_t. Some write ∂ for the direct part alone and d for "
                 "the total."),
            FLOW,
        ),
        Term(
            word("gradient norm"), "‖∂L/∂h_t‖₂",
            word("The length of that vector over the hidden units: one number per timestep."),
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
            word("Gradients go back within windows of k steps only; states still go on."),
            word("Williams and Peng 1990 slide a window that overlaps (k₁, k₂); PyTorch cuts "
                 "with detach()."),
            CUTS,
        ),
        Term(
            word("vanishing gradient"), "γ < 1",
            word("The gradient of a far loss shrinks exponentially with the steps between. "
                 "This app says by how much: γ, or what is left at step 1."),
            word("For Pascanu et al. 2013 it is the norm going to 0 exponentially; others mean "
                 "any gradient that is small, or small layers of a deep net."),
            COMPARE,
        ),
        Term(
            word("exploding gradient"), "γ > 1",
            word("The gradient grows exponentially with the steps back."),
            word("Often only noticed as nan in training. Norms here are computed beyond the "
                 "range of floats, so that they stay numbers."),
            CUTS,
        ),
        Term(
            word("gradient clipping"), "θ",
            word("Shortening gradients before a step of training: by norm, which keeps the "
                 "direction, or number by number."),
            word("PyTorch's clip_grad_norm_ takes the norm of all parameters together; Keras's "
                 "clipnorm each weight's own, global_clipnorm that of all."),
            CUTS,
        ),
        Term(
            word("itemised gradient"), "∂L_τ/∂h_t",
            word("The part of a gradient that comes from the loss of step τ alone. The parts "
                 "add up as vectors, not as norms."),
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
            word("kept road"), "∏ f, ∏ z",
            word("The way back along the state itself, multiplied by the keeping gate alone "
                 "and by no weight."),
            word("Hochreiter and Schmidhuber 1997: constant error carousel, where the factor "
                 "is exactly 1. Compare skip connections."),
            ROADS,
        ),
    ),
    word("Figures of merit"): (
        Term(
            word("γ per step"), "γ",
            word("The factor by which the gradient norm changes per step back, fitted over all "
                 "steps that have a gradient."),
            word("In Pascanu et al. 2013, γ is the bound of |φ′|; in reinforcement learning, "
                 "the discount factor."),
            COMPARE,
        ),
        Term(
            word("half-life"), "ln 2 / −ln γ",
            word("How many steps back half of the gradient is lost."),
            word("A time constant, over which 1/e is left, is 1.44 half-lives."),
            COMPARE,
        ),
        Term(
            word("1 % horizon"), "",
            word("The fewest steps back after which less than 1 % of the gradient is left."),
            "",
            COMPARE,
        ),
        Term(
            word("first / last"), "‖∂L/∂h₁‖ / ‖∂L/∂h_S‖",
            word("How much of the gradient at the last step that has one comes back to the "
                 "first."),
            "",
            COMPARE,
        ),
        Term(
            word("time constant"), "τ = 1 / (1 − f)",
            word("How many steps a unit would remember if its gate stayed as it is."),
            word("−1 / ln f is the same to first order near f = 1; half-lives are shorter by "
                 "ln 2."),
            ROADS,
        ),
    ),
    word("Matrices"): (
        Term(
            word("Jacobian"), "∂s_t/∂s_(t−1)",
            word("The matrix of derivatives of a new state by the old one: what one step does "
                 "to small changes, and, transposed, to gradients."),
            word("Here row j belongs to entry j of the new state. Texts with the denominator "
                 "layout write the transpose."),
            FLOW,
        ),
        Term(
            word("singular value"), "σ₁ ≥ σ₂ ≥ …",
            word("By how much a matrix stretches each of a set of orthogonal directions. The "
                 "largest bounds what a step can do to a gradient."),
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
            word("A number by which the matrix multiplies some direction without turning it; "
                 "complex ones come in pairs and turn a plane."),
            "",
            SPECTRUM,
        ),
        Term(
            word("spectral radius"), "ρ(W_h)",
            word("The largest modulus of an eigenvalue: the rate at which powers of the matrix "
                 "grow in the long run."),
            word("«ρ < 1 means vanishing» holds for a linear net in the long run only: gates, "
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
            word("The mean logarithm of what a step does to a direction: e^λ is the factor a "
                 "step, and λ < 0 forgets."),
            word("In nats here; in bits (log₂) elsewhere. Over a finite sequence it is an "
                 "estimate."),
            SPECTRUM,
        ),
    ),
    word("Numbers"): (
        Term(
            word("saturation"), "",
            word("A gate or tanh so near its end that its slope is nearly 0: little gradient "
                 "passes through it."),
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
            word("verified"), "✓",
            word("The badge of every page: these very gradients were checked against "
                 "derivatives that were computed another way."),
            word("Framework tests check operations, not the numbers on your screen."),
            FLOW,
        ),
        Term(
            word("one-hot"), "",
            word("A vector that is 1 at one place and 0 elsewhere: one place per character."),
            "",
            STEP,
        ),
    ),
}  # fmt: skip
"""Group → its terms."""
