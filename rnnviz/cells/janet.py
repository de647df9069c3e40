"""JANET, «just another network»: the LSTM with its forget gate and nothing else.

Block order [f g]; x (B, D), h (B, H), W_x (D, 2H), W_h (H, 2H), b (2H,). The cell state is what is
shown. This is the GRU whose reset gate is held at 1, with f for z. The paper also lets in a little
more than 1 − f, 1 − σ(a_f − β) with β = 1; here β = 0.
"""

from __future__ import annotations

from rnnviz.cells._base import Cell, candidate, gate, state


class JANET(Cell):
    """h = f ⊙ h_{t−1} + (1 − f) ⊙ g."""

    name = "janet"
    title = "JANET"
    source = (
        "van der Westhuizen and Lasenby 2018, The unreasonable effectiveness of the forget gate"
    )
    equations = """
        f = σ(x @ W_xf + h_prev @ W_hf + b_f)
        g = tanh(x @ W_xg + h_prev @ W_hg + b_g)
        h = f * h_prev + (1 - f) * g
    """
    signals = (
        gate("f", "forget gate", at_0="replaces", at_1="keeps"),
        candidate("g"),
        state("h", "hidden state"),
    )
    path = "h is carried along the top: f scales the old h, and 1 − f the candidate that is added."
    places = {
        "h_prev": (0, 0), "x": (0, 4), "f": (1.5, 2), "g": (3.8, 2), "fh": (1.5, 0),
        "rest": (2.65, 1), "restg": (3.8, 1), "h": (3.8, 0), "h_out": (5.2, 0),
        "h_prev → f": (0.65, 3), "h_prev → g": (0.65, 3),
    }  # fmt: skip
