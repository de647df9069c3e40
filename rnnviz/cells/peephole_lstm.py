"""The LSTM whose gates also see the cell state (Gers, Schraudolph and Schmidhuber 2002).

i and f see c_{t−1}, o sees the new c_t. Block order [i f g o]; two forms: ``peephole="full"``, a
matrix a gate, W_c (H, 3H) with blocks i, f, o; ``peephole="diagonal"``, a vector a gate, p (3, H)
with rows i, f, o (Gers 2002; ONNX's P holds the same rows in the order i, o, f).
"""

from __future__ import annotations

from rnnviz.cells._base import Cell, candidate
from rnnviz.cells.lstm import CELL, FORGET, HIDDEN, INPUT, LSTM, OUTPUT

EQUATIONS = """
    i = σ(x @ W_xi + h_prev @ W_hi + b_i + c_prev @ W_ci)
    f = σ(x @ W_xf + h_prev @ W_hf + b_f + c_prev @ W_cf)
    g = tanh(x @ W_xg + h_prev @ W_hg + b_g)
    c = f * c_prev + i * g
    o = σ(x @ W_xo + h_prev @ W_ho + b_o + c @ W_co)
    m = tanh(c)
    h = o * m
"""


class PeepholeLSTM(Cell):
    """The LSTM in which i and f see c_{t−1}, and o sees c_t."""

    name = "peephole_lstm"
    title = "Peephole LSTM"
    source = "Gers, Schraudolph and Schmidhuber 2002, Learning precise timing with LSTM"
    choices = {"peephole": ("full", "diagonal")}
    states = ("h", "c")
    signals = (FORGET, INPUT, OUTPUT, candidate("g"), CELL, HIDDEN)
    path = "c is carried along the top, as in the LSTM; the gates read c, too."
    places = {**LSTM.places, "c_prev → i": (0.6, 1.2), "c_prev → f": (0.6, 1.2)}

    def stated(self) -> str:
        """With a matrix a gate, or with a vector."""
        if self.options["peephole"] == "full":
            return EQUATIONS
        return EQUATIONS.replace("c_prev @ W_c", "c_prev * p_").replace("c @ W_c", "c * p_")
