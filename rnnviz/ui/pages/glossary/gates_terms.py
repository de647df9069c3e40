"""Terms of cells and gates."""

from __future__ import annotations

from rnnviz.ui.pages.glossary.term import ROADS, STEP, Term
from rnnviz.words import word

GROUP = word("Cells and gates")
TERMS = (
    Term(
        word("cell"), "",
        word("The equations of one step: from input and old state to new state."),
        word("In Hochreiter and Schmidhuber 1997 a memory cell is one unit, several of "
             "them a block."),
        STEP,
    ),
    Term(
        word("gate"), "σ(a)",
        word("A number from 0 to 1, one per unit, that multiplies another number: 0 lets nothing "
             "through, 1 everything."),
        "",
        STEP,
    ),
    Term(
        word("forget gate"), "f_t",
        word("The factor by which a step multiplies the cell state: 1 keeps it, 0 erases it."),
        word("Missing in the LSTM of 1997; added by Gers, Schmidhuber and Cummins 2000. "
             "Despite its name, 1 does not forget; some lecture notes define it the other way "
             "round, as the share that is forgotten, 1 − f."),
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
        word("The GRU's gate between old and new: h = z ⊙ h_(t−1) + (1 − z) ⊙ g, so that z = 1 "
             "keeps the old state."),
        word("Cho et al. 2014, PyTorch and Keras agree; Chung et al. 2014 and Bahdanau et "
             "al. 2015 write 1 − z for our z: there 1 replaces."),
        ROADS,
    ),
    Term(
        word("reset gate"), "r_t",
        word("The factor by which the GRU multiplies the old state for its candidate: 1 uses all "
             "of it, 0 none."),
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
        word("The new value that a step computes with tanh, between −1 and 1, before a gate "
             "decides how much of it enters the state."),
        word("Also written c̃, h̃ or, for PyTorch's GRU, n; PyTorch calls g the cell gate "
             "and n the new gate, though neither lies in 0 … 1."),
        STEP,
    ),
    Term(
        word("pre-activation"), "a",
        word("The number to which σ or tanh is applied: x W_x + h W_h + b."),
        word("Also written z or net; here z is the update gate."),
        STEP,
    ),
    Term(
        word("sigmoid"), "σ",
        word("1 / (1 + e^−a): turns any number into one between 0 and 1. Its derivative is at most "
             "¼."),
        word("Older Keras used a piecewise linear hard sigmoid in its gates. σ with an "
             "index is a singular value."),
        STEP,
    ),
    Term(
        word("peephole"), "",
        word("Weights from the cell state to the LSTM's gates: the gates then depend on c too."),
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
)  # fmt: skip
