"""Terms of sequence and states."""

from __future__ import annotations

from rnnviz.ui.pages.glossary.term import COMPARE, FLOW, STEP, Term
from rnnviz.words import word

GROUP = word("Sequence and states")
TERMS = (
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
        word("What the cell passes on to its next step, to the layer above and to the output "
             "layer: H numbers."),
        word("Keras calls it the output; some papers call it the activation or write s_t."),
        STEP,
    ),
    Term(
        word("cell state"), "c_t",
        word("The second state of an LSTM. Each step multiplies it by the forget gate and adds "
             "the candidate times the input gate."),
        word("Also called memory, memory cell or, in Keras, carry; Hochreiter and "
             "Schmidhuber 1997 write s."),
        STEP,
    ),
    Term(
        word("state"), "s_t",
        word("All that goes on to the next step: h for an RNN and a GRU, h and c for an "
             "LSTM."),
        word("Some texts mean h alone even for an LSTM. The derivative of h_t by an earlier h is "
             "then not the product of the derivatives of the single steps."),
        FLOW,
    ),
    Term(
        word("memory state"), "c_t, h_t",
        word("The state along which a cell keeps what it has read: c where the cell has a cell "
             "state, as in an LSTM; h in a GRU and an RNN. How far back a gradient reaches is "
             "measured on it."),
        word("Not a common name. Texts that follow h in an LSTM miss most of what c keeps."),
        COMPARE,
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
        word("PyTorch says hidden_size, Keras units; “cell” sometimes means one unit."),
        STEP,
    ),
    Term(
        word("unrolling"), "",
        word("Drawing the same cell once per timestep. The weights are the same in every "
             "copy."),
        word("Also called unfolding."),
        STEP,
    ),
)  # fmt: skip
