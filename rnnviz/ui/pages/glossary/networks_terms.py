"""Terms of what stands around a cell: outputs, layers, directions, two models in a row."""

from __future__ import annotations

from rnnviz.ui.pages.glossary.term import DEPTH, PROBLEM_TYPES, STEP, SYSTEMS, Term
from rnnviz.words import word

GROUP = word("Networks and outputs")
TERMS = (
    Term(
        word("output layer"), "y_t = h_t W_y + b_y",
        word("The layer that turns the hidden state of a step into its prediction y. The loss "
             "compares y, or the softmax of y, with the target."),
        word("Also called readout, head or dense layer; many texts write W_hy or V for W_y. In "
             "Keras a recurrent layer's “output” is h itself."),
        PROBLEM_TYPES,
    ),
    Term(
        word("softmax"), "p = e^y / Σ e^y",
        word("Turns the K numbers of y into K probabilities that add up to 1. The loss of a step "
             "is then −ln p of the right answer; an even guess has the loss ln K."),
        word("PyTorch's CrossEntropyLoss takes y, the logits, and applies the softmax itself."),
        PROBLEM_TYPES,
    ),
    Term(
        word("one-hot"), "",
        word("A vector that is 1 at one place and 0 elsewhere: one place per character."),
        "",
        STEP,
    ),
    Term(
        word("stacked layers"), "",
        word("Several recurrent layers: at each step, a layer reads the hidden state of the layer "
             "below as its input. The top layer has the output layer."),
        word("Also called a deep RNN; num_layers in PyTorch. A gradient then fades through time "
             "and from layer to layer."),
        DEPTH,
    ),
    Term(
        word("bidirectional"), "→ ←",
        word("Two sets of weights read the sequence, one from the start and one from the end. "
             "At each step their hidden states are concatenated: 2H numbers."),
        word("Keras can also add, average or multiply the two. It needs the whole sequence, so "
             "it cannot predict what comes next while it reads."),
        DEPTH,
    ),
    Term(
        word("sequence-to-sequence"), "",
        word("An encoder reads all inputs, and its last state is the first state of a second "
             "model, the decoder, which gives the answers."),
        word("Also seq2seq or encoder–decoder; Sutskever et al. 2014, Cho et al. 2014. With "
             "attention the decoder sees all states of the encoder; there is none here."),
        PROBLEM_TYPES,
    ),
    Term(
        word("state-space model"), "x_t = φ(W x_(t−1) + U u_t + b), y_t = C x_t + D u_t",
        word("A system with a state x, an input u and an output y. The app runs it with one or "
             "two units, φ = tanh or none, and column vectors. An RNN is such a system."),
        word("Control theory writes A and B for W and U, and counts x one step later. S4 and "
             "Mamba are linear ones (φ = identity), with a large state."),
        SYSTEMS,
    ),
)  # fmt: skip
