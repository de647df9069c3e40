"""The LSTM whose input and forget gates are coupled (Greff et al. 2017, «CIFG»).

Block order [f g o]; x (B, D), h and c (B, H), W_x (D, 3H), W_h (H, 3H), b (3H,). i has no weights
of its own: to hold it at v, hold f at 1 − v. (Greff et al. write f = 1 − i: the same cell.)

Nets from files may have more: ``coupled="f"`` gives the weights to i, and f = 1 − i (ONNX's
``input_forget``; another cell only where i's function is no σ), blocks [i g o]. ``peephole=
"diagonal"`` adds p (2, H), rows f (or i) and o, as in the peephole LSTM.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from rnnviz.cells._base import Cell, candidate
from rnnviz.cells._drawing import Place
from rnnviz.cells.lstm import CELL, FORGET, HIDDEN, INPUT, OUTPUT

PLAIN = """
    OWN = σ(x @ W_xOWN + h_prev @ W_hOWN + b_OWN)
    OTHER = 1 - OWN
    g = tanh(x @ W_xg + h_prev @ W_hg + b_g)
    o = σ(x @ W_xo + h_prev @ W_ho + b_o)
    c = f * c_prev + i * g
    m = tanh(c)
    h = o * m
"""
EQUATIONS = """
    OWN = σ(x @ W_xOWN + h_prev @ W_hOWN + b_OWN + c_prev * p_OWN)
    OTHER = 1 - OWN
    g = tanh(x @ W_xg + h_prev @ W_hg + b_g)
    c = f * c_prev + i * g
    o = σ(x @ W_xo + h_prev @ W_ho + b_o + c * p_o)
    m = tanh(c)
    h = o * m
"""


class CIFGLSTM(Cell):
    """c = f ⊙ c_{t−1} + (1 − f) ⊙ g; h = o ⊙ tanh c."""

    name = "cifg_lstm"
    title = "Coupled LSTM"
    source = "Greff et al. 2017, LSTM: a search space odyssey (CIFG)"
    more = {"coupled": ("i", "f"), "peephole": ("none", "diagonal")}
    states = ("h", "c")
    signals = (FORGET, INPUT, OUTPUT, candidate("g"), CELL, HIDDEN)
    path = "c is carried along the top: f scales it, and 1 − f scales the candidate that is added."
    PLACES: ClassVar[Mapping[str, Place]] = {
        "c_prev": (0, 0), "h_prev": (0, 3), "x": (0, 4), "f": (1.2, 2), "fc": (1.2, 0),
        "i": (2.3, 1), "g": (3.5, 2), "ig": (3.5, 1), "c": (3.5, 0), "o": (4.6, 2),
        "m": (5.6, 1), "h": (5.6, 2), "c_out": (6.6, 0), "h_out": (6.6, 3),
    }  # fmt: skip

    def stated(self) -> str:
        """With weights for f or for i, which may see c."""
        own, other = "if" if self.options.get("coupled") == "f" else "fi"
        text = EQUATIONS if self.options.get("peephole") == "diagonal" else PLAIN
        return text.replace("OWN", own).replace("OTHER", other)

    @property
    def places(self) -> Mapping[str, Place]:  # type: ignore[override]
        """Where its nodes are drawn."""
        if self.options.get("coupled") != "f":
            return self.PLACES
        moved: dict[str, Place] = {"i": (3.5, 2), "f": (2.3, 1), "g": (4.2, 2), "fc": (2.3, 0)}
        return {**self.PLACES, **moved}
