"""The LSTM whose input and forget gates are coupled (Greff et al. 2017, «CIFG»).

Block order [f g o]; x (B, D), h and c (B, H), W_x (D, 3H), W_h (H, 3H), b (3H,). i has no weights
of its own: to hold it at v, hold f at 1 − v. (Greff et al. write f = 1 − i: the same cell.)
"""

from __future__ import annotations

from rnnviz.cells._base import Cell, candidate
from rnnviz.cells.lstm import CELL, FORGET, HIDDEN, INPUT, OUTPUT


class CIFGLSTM(Cell):
    """c = f ⊙ c_{t−1} + (1 − f) ⊙ g; h = o ⊙ tanh c."""

    name = "cifg_lstm"
    title = "Coupled LSTM"
    source = "Greff et al. 2017, LSTM: a search space odyssey (CIFG)"
    equations = """
        f = σ(x @ W_xf + h_prev @ W_hf + b_f)
        i = 1 - f
        g = tanh(x @ W_xg + h_prev @ W_hg + b_g)
        o = σ(x @ W_xo + h_prev @ W_ho + b_o)
        c = f * c_prev + i * g
        m = tanh(c)
        h = o * m
    """
    states = ("h", "c")
    signals = (FORGET, INPUT, OUTPUT, candidate("g"), CELL, HIDDEN)
    path = "c is carried along the top: f scales it, and 1 − f scales the candidate that is added."
    places = {
        "c_prev": (0, 0), "h_prev": (0, 3), "x": (0, 4), "f": (1.2, 2), "fc": (1.2, 0),
        "i": (2.3, 1), "g": (3.5, 2), "ig": (3.5, 1), "c": (3.5, 0), "o": (4.6, 2),
        "m": (5.6, 1), "h": (5.6, 2), "c_out": (6.6, 0), "h_out": (6.6, 3),
    }  # fmt: skip
