"""The minimal GRU: its gate and its candidate see the input alone (Feng et al. 2024).

Block order [z g]; x (B, D), h (B, H), W_x (D, 2H), b (2H,). There is no W_h: ∂h_t/∂h_{t−1} is
exactly diag(z_t), and the candidate is linear. As in the GRU of these pages z = 1 KEEPS the old
state; the paper's z is 1 − ours. This is the paper's plain form; its other one, for logarithms,
makes the candidate positive.
"""

from __future__ import annotations

from rnnviz.cells._base import Cell, candidate, state
from rnnviz.cells.gru import UPDATE


class MinGRU(Cell):
    """h = z ⊙ h_{t−1} + (1 − z) ⊙ g, with z and g from x alone."""

    name = "mingru"
    title = "minGRU"
    source = "Feng et al. 2024, Were RNNs all we needed?"
    equations = """
        z = σ(x @ W_xz + b_z)
        g = x @ W_xg + b_g
        h = z * h_prev + (1 - z) * g
    """
    signals = (UPDATE, candidate("g"), state("h", "hidden state"))
    path = "h is multiplied by no matrix: z alone scales it, and z depends on the input alone."
    places = {
        "h_prev": (0, 0), "x": (0, 4), "z": (1.5, 2), "g": (3.8, 2), "zh": (1.5, 0),
        "rest": (2.65, 1), "restg": (3.8, 1), "h": (3.8, 0), "h_out": (5.2, 0),
    }  # fmt: skip
