"""Terms of parameters and how they are drawn."""

from __future__ import annotations

from rnnviz.ui.pages.glossary.term import COMPARE, SPECTRUM, STEP, Term
from rnnviz.words import word

GROUP = word("Parameters")
TERMS = (
    Term(
        word("input weights"), "W_x",
        word("The matrix (D, G·H) that the input is multiplied by: x W_x, with a row per "
             "input."),
        word("Written W_xh or U in papers, most of which write W x with W from the left. PyTorch "
             "keeps the transpose, weight_ih (G·H, D)."),
        STEP,
    ),
    Term(
        word("recurrent weights"), "W_h",
        word("The matrix (H, G·H) that the old hidden state is multiplied by: h W_h. The "
             "gradient goes back through its transpose."),
        word("Written W_hh, W_rec, W or U in papers; weight_hh, transposed, in PyTorch; "
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
        word("The numbers that are added to the pre-activations at every step."),
        word("PyTorch adds two, b_ih and b_hh; Keras keeps one, and two rows for a GRU "
             "that resets after."),
        STEP,
    ),
    Term(
        word("forget bias"), "b_f",
        word("The bias of the forget gate. A large one keeps the gate near 1 before any "
             "training: σ(3) = 0.953."),
        word("Keras sets 1 (unit_forget_bias); PyTorch sets nothing. Old TensorFlow added "
             "1 in the step instead of storing it."),
        COMPARE,
    ),
    Term(
        word("initialisation"), "",
        word("The rule by which weights and biases are drawn before training."),
        "",
        COMPARE,
    ),
    Term(
        word("Glorot initialisation"), "",
        word("Weights from U(−s, s) with s = √(6 / (inputs + outputs)), so that variances stay "
             "about equal from layer to layer. Biases are 0."),
        word("Also called Xavier initialisation. It says nothing about products of many "
             "steps."),
        COMPARE,
    ),
    Term(
        word("orthogonal initialisation"), "W_hᵀ W_h = I",
        word("W_h is a rotation or reflection: it keeps the length of every vector, and all its "
             "singular values are 1."),
        "",
        SPECTRUM,
    ),
    Term(
        word("chrono initialisation"), "b_f = ln U(1, T − 1)",
        word("The bias of the gate that keeps (f, z) is drawn for each unit such that its time "
             "constant, by the bias alone, lies between 2 and T steps; b_i is its negative."),
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
)  # fmt: skip
