"""JANET, «just another network»: the LSTM with its forget gate and nothing else.

    f = σ(x_t W_xf + h_{t−1} W_hf + b_f)
    g = tanh(x_t W_xg + h_{t−1} W_hg + b_g)
    h = f ⊙ h_{t−1} + (1 − f) ⊙ g,   the cell state is what is shown

Block order [f g]; x (B, D), h (B, H), W_x (D, 2H), W_h (H, 2H), b (2H,). This is the GRU whose
reset gate is held at 1, with f for z. The paper also lets in a little more than that,
1 − σ(a_f − β) with β = 1; here β = 0.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy import add, dot, multiply, subtract, tanh

from rnnviz.cells._base import Array, Arrays, Cell, Line, Node, Signal, Wire, sigmoid, wires


class JANET(Cell):
    """h = f ⊙ h_{t−1} + (1 − f) ⊙ g."""

    name = "janet"
    title = "JANET"
    source = (
        "van der Westhuizen and Lasenby 2018, The unreasonable effectiveness of the forget gate"
    )
    road = "h runs straight through: f is the valve on its road, 1 − f lets the candidate in."
    blocks = ("f", "g")
    own_rows = ("g",)
    logistic = ("f",)
    bias_blocks = {"forget_bias": "f"}
    keeping_gate = "f"
    signals = (
        Signal("f", "gate", "forget gate", "f_t = σ(x_t W_xf + h_{t−1} W_hf + b_f)",
               at_0="replaces", at_1="keeps"),
        Signal("g", "candidate", "candidate", "g_t = tanh(x_t W_xg + h_{t−1} W_hg + b_g)"),
        Signal("h", "state", "hidden state", "h_t = f_t ⊙ h_{t−1} + (1 − f_t) ⊙ g_t"),
    )  # fmt: skip

    @property
    def graph(self) -> tuple[Node, ...]:
        """The main road is h: f a valve on it, (1 − f) ⊙ g joins it."""
        past, inputs = Wire("h_prev", "W_h", via=(0.65, 3)), Wire("x", "W_x")
        return (
            Node("h_prev", "past", at=(0, 0)),
            Node("x", "input", at=(0, 4)),
            Node("f", "affine", (past, inputs), (1.5, 2), "sigmoid"),
            Node("g", "affine", (past, inputs), (3.8, 2), "tanh"),
            Node("fh", "times", wires("h_prev", "f"), (1.5, 0)),
            Node("rest", "rest", wires("f"), (2.65, 1)),
            Node("new", "times", wires("rest", "g"), (3.8, 1)),
            Node("h", "plus", wires("fh", "new"), (3.8, 0)),
            Node("h_out", "out", wires("h"), (5.2, 0)),
        )

    def forward(self, W: Arrays, spare: Callable[[int], Array]) -> Callable[..., None]:
        """One step forward; σ runs over the whole of a, whose block g has been read by then."""
        W_h, ah, new = self.turned(W["W_h"]), spare(2), spare(1)
        ones, one = np.ones_like(ah), np.ones_like(new)

        def step(a: Array, a_g: Array, f: Array, h_prev: Array, g: Array, h: Array) -> None:
            add(a, dot(h_prev, W_h, ah), a)
            tanh(a_g, g)
            sigmoid(a, ones)
            multiply(subtract(one, f, new), g, new)
            add(multiply(f, h_prev, h), new, h)

        return step

    def slopes(self, r: Arrays, d: Arrays) -> dict[str, Array]:
        """∂h/∂a_f and ∂h/∂a_g."""
        f, g = r["f"], r["g"]
        multiply((r["h_prev"] - g) * f, 1 - f, d["da_f"])
        multiply(1 - f, 1 - g * g, d["da_g"])
        return {}

    def backward(self, W: Arrays, spare: Callable[[int], Array]) -> Callable[..., None]:
        """One step back."""
        W_hT, part = W["W_h"].T, spare(1)

        def back(dh: Array, f: Array, da: Array, da_f: Array, da_g: Array, dh_prev: Array) -> None:
            multiply(da_f, dh, da_f)
            multiply(da_g, dh, da_g)
            add(dh_prev, multiply(dh, f, part), dh_prev)
            add(dh_prev, dot(da, W_hT, part), dh_prev)

        return back

    def jacobians(self, W: Arrays, r: Arrays, d: Arrays) -> Array | None:
        """f on the diagonal, and the ways through the forget gate and the candidate."""
        W_fT, W_gT = np.ascontiguousarray(W["W_h"].T).reshape(2, -1, len(W["W_h"]))
        k = np.arange(len(W_fT))
        J = d["da_f"][:, :, None] * W_fT
        J += d["da_g"][:, :, None] * W_gT
        J[:, k, k] += r["f"]
        return np.asarray(J)

    def gate_gradients(self, r: Arrays, d: Arrays) -> dict[str, Array]:
        """∂L/∂f and ∂L/∂g through h."""
        dh = d["dh"]
        return {"f": dh * (r["h_prev"] - r["g"]), "g": dh * (1 - r["f"])}

    def arithmetic(self, W: Arrays, r: Arrays) -> tuple[Line, ...]:
        """Gate, candidate and state with their numbers."""
        f, g = self.affine_line(W, r, "f", "σ"), self.affine_line(W, r, "g", "tanh")
        h = Line("h", "{0} · {1} + (1 − {0}) · {2} = {3}", (r["f"], r["h_prev"], r["g"], r["h"]))
        return (f, g, h)
