"""The gated recurrent unit (Cho et al. 2014); z = 1 KEEPS the old state.

Block order [r z g]; x (B, D), h (B, H), W_x (D, 3H), W_h (H, 3H), b (3H,). With
``reset_after=True``, the form that PyTorch, cuDNN and Keras compute, r acts on the recurrent
product, which has its own bias b_h (3H,).
"""

from __future__ import annotations

from collections.abc import Mapping

from rnnviz.cells._base import Cell, candidate, gate, state
from rnnviz.cells._drawing import Place

UPDATE = gate("z", "update gate", at_0="replaces", at_1="keeps")
BEFORE = """
    r = σ(x @ W_xr + h_prev @ W_hr + b_r)
    z = σ(x @ W_xz + h_prev @ W_hz + b_z)
    q = r * h_prev
    g = tanh(x @ W_xg + q @ W_hg + b_g)
    h = z * h_prev + (1 - z) * g
"""
AFTER = """
    r = σ(x @ W_xr + h_prev @ W_hr + b_r + b_hr)
    z = σ(x @ W_xz + h_prev @ W_hz + b_z + b_hz)
    q = h_prev @ W_hg + b_hg
    g = tanh(x @ W_xg + b_g + r * q)
    h = z * h_prev + (1 - z) * g
"""


class GRU(Cell):
    """h = z ⊙ h_{t−1} + (1 − z) ⊙ g."""

    name = "gru"
    title = "GRU"
    source = "Cho et al. 2014, Learning phrase representations using RNN encoder–decoder"
    choices = {"reset_after": (False, True)}
    signals = (
        UPDATE,
        gate("r", "reset gate", at_0="ignores the past", at_1="uses it"),
        candidate("g"),
        state("h", "hidden state"),
    )
    path = "h is carried along the top: z scales the old h, and 1 − z the candidate that is added."

    def stated(self) -> str:
        """With the reset gate after the recurrent product, or before it."""
        return AFTER if self.options["reset_after"] else BEFORE

    @property
    def places(self) -> Mapping[str, Place]:  # type: ignore[override]
        """Where its nodes are drawn."""
        detour = (0.65, 3)
        found: dict[str, Place] = {
            "h_prev": (0, 0), "x": (0, 4), "z": (1.2, 2), "r": (2.3, 2), "zh": (1.2, 0),
            "rest": (2.3, 1), "restg": (4.5, 1), "g": (4.5, 2), "h": (4.5, 0), "h_out": (5.6, 0),
            "q": (3.5, 2), "h_prev → z": detour, "h_prev → r": detour, "h_prev → q": detour,
        }  # fmt: skip
        after: dict[str, Place] = {"q": (3.5, 3), "rq": (3.5, 2)}
        return found | after if self.options["reset_after"] else found
