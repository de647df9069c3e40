"""The plain recurrent cell (Elman 1990).

Block order [h]; x (B, D), h (B, H), W_x (D, H), W_h (H, H), b (H,); φ in tanh, relu, sigmoid,
identity.
"""

from __future__ import annotations

from rnnviz.cells._base import Cell, state


class RNN(Cell):
    """h = φ(x W_x + h_{t−1} W_h + b)."""

    name = "rnn"
    title = "RNN"
    source = "Elman 1990, Finding structure in time"
    equations = """
        a = x @ W_xh + h_prev @ W_hh + b_h
        h = φ(a)
    """
    choices = {"nonlinearity": ("tanh", "relu", "sigmoid", "identity")}
    phi_option = "nonlinearity"
    signals = (state("h", "hidden state"),)
    path = "There is no shortcut: every step passes through W_h and the function φ."
    places = {"h_prev": (0, 2), "x": (0, 4), "a": (2.2, 2), "h": (3.8, 2), "h_out": (5.6, 2)}
