"""The LSTM as it was first: no forget gate, the cell state is only ever added to.

Block order [i g o]; x (B, D), h and c (B, H), W_x (D, 3H), W_h (H, 3H), b (3H,). It is the LSTM
with f ≡ 1. The paper squashes its candidate to −2 … 2, which a tanh of twice the size would be, and
cuts the gradient where it leaves c; here g = tanh, as in every later LSTM, and the gradient is the
whole one (Graves and Schmidhuber 2005).
"""

from __future__ import annotations

from rnnviz.cells._base import Cell, candidate
from rnnviz.cells.lstm import CELL, HIDDEN, INPUT, OUTPUT


class LSTM1997(Cell):
    """c = c_{t−1} + i ⊙ g; h = o ⊙ tanh c."""

    name = "lstm_1997"
    title = "LSTM of 1997"
    source = "Hochreiter and Schmidhuber 1997, Long short-term memory"
    equations = """
        i = σ(x @ W_xi + h_prev @ W_hi + b_i)
        g = tanh(x @ W_xg + h_prev @ W_hg + b_g)
        o = σ(x @ W_xo + h_prev @ W_ho + b_o)
        c = c_prev + i * g
        m = tanh(c)
        h = o * m
    """
    states = ("h", "c")
    signals = (INPUT, OUTPUT, candidate("g"), CELL, HIDDEN)
    path = "c is carried along the top unscaled: no forget gate erases what was added."
    places = {
        "c_prev": (0, 0), "h_prev": (0, 3), "x": (0, 4), "i": (1.9, 2), "g": (3.2, 2),
        "ig": (3.2, 1), "c": (3.2, 0), "o": (4.6, 2), "m": (5.6, 1), "h": (5.6, 2),
        "c_out": (6.6, 0), "h_out": (6.6, 3),
    }  # fmt: skip
