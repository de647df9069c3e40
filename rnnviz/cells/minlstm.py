"""The minimal LSTM: gates and candidate see the input alone (Feng et al. 2024).

Block order [f i g]; x (B, D), h (B, H), W_x (D, 3H), b (3H,). k is the share that is kept,
1 − k = i / (f + i). There is no W_h, no output gate and no c: ∂h_t/∂h_{t−1} is exactly diag(k_t),
and the candidate is linear. This is the paper's form with normalised gates, so that the size of h
does not grow with time. With b_i = −b_f and no input k is σ(b_f); b_f alone never lifts k above
1 / (1 + i). k is not a number where both gates are exactly 0.
"""

from __future__ import annotations

from rnnviz.cells._base import Cell, candidate, gate, state
from rnnviz.cells.lstm import FORGET, INPUT


class MinLSTM(Cell):
    """h = k ⊙ h_{t−1} + (1 − k) ⊙ g with k = f / (f + i), all from x alone."""

    name = "minlstm"
    title = "minLSTM"
    source = "Feng et al. 2024, Were RNNs all we needed?"
    equations = """
        f = σ(x @ W_xf + b_f)
        i = σ(x @ W_xi + b_i)
        k = f / (f + i)
        g = x @ W_xg + b_g
        h = k * h_prev + (1 - k) * g
    """
    signals = (
        FORGET,
        INPUT,
        gate("k", "kept share", at_0="replaces", at_1="keeps"),
        candidate("g"),
        state("h", "hidden state"),
    )
    path = (
        "h is multiplied by no matrix: k = f / (f + i) alone scales it, and k depends on x alone."
    )
    places = {
        "h_prev": (0, 0), "x": (0, 4), "f": (1.2, 2), "i": (2.4, 2), "g": (4.4, 2),
        "k": (1.8, 1), "kh": (1.8, 0), "rest": (3.1, 1), "restg": (4.4, 1), "h": (4.4, 0),
        "h_out": (5.7, 0),
    }  # fmt: skip
