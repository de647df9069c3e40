"""The long short-term memory with a forget gate (Gers, Schmidhuber and Cummins 2000).

Block order [i f g o]; x (B, D), h and c (B, H), W_x (D, 4H), W_h (H, 4H), b (4H,).
"""

from __future__ import annotations

from rnnviz.cells._base import Cell, candidate, gate, state

FORGET = gate("f", "forget gate", at_0="erases", at_1="remembers")
INPUT = gate("i", "input gate", at_0="blocks", at_1="writes")
OUTPUT = gate("o", "output gate", at_0="hides", at_1="shows")
CELL, HIDDEN = state("c", "cell state"), state("h", "hidden state")


class LSTM(Cell):
    """c = f ⊙ c_{t−1} + i ⊙ g; h = o ⊙ tanh c."""

    name = "lstm"
    title = "LSTM"
    source = "Hochreiter and Schmidhuber 1997; Gers, Schmidhuber and Cummins 2000"
    equations = """
        i = σ(x @ W_xi + h_prev @ W_hi + b_i)
        f = σ(x @ W_xf + h_prev @ W_hf + b_f)
        g = tanh(x @ W_xg + h_prev @ W_hg + b_g)
        o = σ(x @ W_xo + h_prev @ W_ho + b_o)
        c = f * c_prev + i * g
        m = tanh(c)
        h = o * m
    """
    states = ("h", "c")
    signals = (FORGET, INPUT, OUTPUT, candidate("g"), CELL, HIDDEN)
    path = (
        "c is carried along the top: f scales it, i ⊙ g is added, and o scales what h shows of it."
    )
    places = {
        "c_prev": (0, 0), "h_prev": (0, 3), "x": (0, 4), "f": (1.2, 2), "i": (2.45, 2),
        "g": (3.5, 2), "fc": (1.2, 0), "ig": (3.5, 1), "c": (3.5, 0), "o": (4.6, 2),
        "m": (5.6, 1), "h": (5.6, 2), "c_out": (6.6, 0), "h_out": (6.6, 3),
    }  # fmt: skip
