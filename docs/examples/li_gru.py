"""The light GRU (Ravanelli, Brakel, Omologo and Bengio 2018): no reset gate, a ReLU candidate.

Block order [z g]; x (B, D), h (B, H), W_x (D, 2H), W_h (H, 2H), b (2H,). z = 1 keeps the old state,
as in the GRU of these pages. The paper also normalises x W_x over the batch; this cell does not.
"""

from __future__ import annotations

from rnnviz.cells._base import Cell, candidate, gate, state


class LiGRU(Cell):
    """h = z ⊙ h_{t−1} + (1 − z) ⊙ g, with g = relu(x W_x + h_{t−1} W_h + b)."""

    name = "li_gru"
    title = "Li-GRU"
    source = "Ravanelli et al. 2018, Light gated recurrent units for speech recognition"
    equations = """
        z = σ(x @ W_xz + h_prev @ W_hz + b_z)
        g = relu(x @ W_xg + h_prev @ W_hg + b_g)
        h = z * h_prev + (1 - z) * g
    """
    signals = (
        gate("z", "update gate", at_0="replaces", at_1="keeps"),
        candidate("g"),
        state("h", "hidden state"),
    )
    path = "h goes straight on: z multiplies it on its way, 1 − z lets the candidate in."
    places = {
        "h_prev": (0, 0), "x": (0, 4), "z": (1.5, 2), "g": (3.8, 2), "zh": (1.5, 0),
        "rest": (2.65, 1), "restg": (3.8, 1), "h": (3.8, 0), "h_out": (5.2, 0),
        "h_prev → z": (0.65, 3), "h_prev → g": (0.65, 3),
    }  # fmt: skip
