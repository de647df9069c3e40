"""The minimal LSTM: gates and candidate see the input alone (Feng et al. 2024).

    f, i = σ(x_t W_x + b)                  each with its own block
    g = x_t W_xg + b_g                     linear, without a tanh
    k = f / (f + i)                        the share that is kept: 1 − k = i / (f + i)
    h = k ⊙ h_{t−1} + (1 − k) ⊙ g

Block order [f i g]; x (B, D), h (B, H), W_x (D, 3H), b (3H,). There is no W_h, no output gate and
no c: ∂h_t/∂h_{t−1} is exactly diag(k_t). This is the paper's form with normalised gates, so that
the size of h does not grow with time. With b_i = −b_f and no input k is σ(b_f); b_f alone never
lifts k above 1 / (1 + i). k is not a number where both gates are exactly 0.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy import add, divide, multiply, subtract

from rnnviz.cells._base import Array, Arrays, Cell, Line, Node, Signal, Wire, sigmoid, wires


class MinLSTM(Cell):
    """h = k ⊙ h_{t−1} + (1 − k) ⊙ g with k = f / (f + i), all from x alone."""

    name = "minlstm"
    title = "minLSTM"
    source = "Feng et al. 2024, Were RNNs all we needed?"
    road = "h meets no weight: k = f / (f + i) is the valve on its only road, and it sees x alone."
    blocks = ("f", "i", "g")
    own_rows = ("k",)
    logistic = ("f", "i")
    bias_blocks = {"forget_bias": "f"}
    keeping_gate = "k"
    keeping_block = "f"
    sees_past = False
    signals = (
        Signal("f", "gate", "forget gate", "f_t = σ(x_t W_xf + b_f)",
               at_0="erases", at_1="remembers"),
        Signal("i", "gate", "input gate", "i_t = σ(x_t W_xi + b_i)",
               at_0="blocks", at_1="writes"),
        Signal("k", "gate", "kept share", "k_t = f_t / (f_t + i_t)",
               at_0="replaces", at_1="keeps"),
        Signal("g", "candidate", "candidate", "g_t = x_t W_xg + b_g"),
        Signal("h", "state", "hidden state", "h_t = k_t ⊙ h_{t−1} + (1 − k_t) ⊙ g_t"),
    )  # fmt: skip

    @property
    def graph(self) -> tuple[Node, ...]:
        """The only road is h: k a valve on it, (1 − k) ⊙ g joins it; the mills see x alone."""
        inputs = (Wire("x", "W_x"),)
        return (
            Node("h_prev", "past", at=(0, 0)),
            Node("x", "input", at=(0, 4)),
            Node("f", "affine", inputs, (1.2, 2), "sigmoid"),
            Node("i", "affine", inputs, (2.4, 2), "sigmoid"),
            Node("g", "affine", inputs, (4.4, 2)),
            Node("k", "share", wires("f", "i"), (1.8, 1)),
            Node("kh", "times", wires("h_prev", "k"), (1.8, 0)),
            Node("rest", "rest", wires("k"), (3.1, 1)),
            Node("new", "times", wires("rest", "g"), (4.4, 1)),
            Node("h", "plus", wires("kh", "new"), (4.4, 0)),
            Node("h_out", "out", wires("h"), (5.7, 0)),
        )

    def forward(self, W: Arrays, spare: Callable[[int], Array]) -> Callable[..., None]:
        """One step forward; a_g is g already."""
        new, ones = spare(1), np.ones_like(spare(2))
        one = np.ones_like(new)

        def step(
            a_fi: Array, f: Array, i: Array, g: Array, k: Array, h_prev: Array, h: Array
        ) -> None:
            sigmoid(a_fi, ones)
            divide(f, add(f, i, new), k)
            multiply(subtract(one, k, new), g, new)
            add(multiply(k, h_prev, h), new, h)

        return step

    def slopes(self, r: Arrays, d: Arrays) -> dict[str, Array]:
        """∂h/∂a of f, i and g; ∂k/∂a_f = k (1 − k) (1 − f), ∂k/∂a_i = −k (1 − k) (1 − i)."""
        k = r["k"]
        by_k = (r["h_prev"] - r["g"]) * k * (1 - k)
        multiply(by_k, 1 - r["f"], d["da_f"])
        multiply(by_k, r["i"] - 1, d["da_i"])
        subtract(1, k, d["da_g"])
        return {}

    def backward(self, W: Arrays, spare: Callable[[int], Array]) -> Callable[..., None]:
        """One step back: unit by unit, through k alone."""
        part = spare(1)

        def back(
            dh: Array, k: Array, da_f: Array, da_i: Array, da_g: Array, dh_prev: Array
        ) -> None:
            multiply(da_f, dh, da_f)
            multiply(da_i, dh, da_i)
            multiply(da_g, dh, da_g)
            add(dh_prev, multiply(dh, k, part), dh_prev)

        return back

    def jacobians(self, W: Arrays, r: Arrays, d: Arrays) -> Array | None:
        """diag(k)."""
        return np.asarray(r["k"][:, :, None] * np.eye(r["k"].shape[1], dtype=r["k"].dtype))

    def gate_gradients(self, r: Arrays, d: Arrays) -> dict[str, Array]:
        """∂L/∂k and ∂L/∂g through h; ∂L/∂f and ∂L/∂i through k."""
        dh, k = d["dh"], r["k"]
        dk = dh * (r["h_prev"] - r["g"])
        one_part = dk / (r["f"] + r["i"])
        return {"k": dk, "f": one_part * (1 - k), "i": -one_part * k, "g": dh * (1 - k)}

    def arithmetic(self, W: Arrays, r: Arrays) -> tuple[Line, ...]:
        """Gates, the share they make, candidate and state with their numbers."""
        f, i = (self.affine_line(W, r, name, "σ") for name in ("f", "i"))
        k = Line("k", "{0} / ({0} + {1}) = {2}", (r["f"], r["i"], r["k"]))
        h = Line("h", "{0} · {1} + (1 − {0}) · {2} = {3}", (r["k"], r["h_prev"], r["g"], r["h"]))
        return (f, i, k, self.affine_line(W, r, "g", ""), h)
