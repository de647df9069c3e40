"""The minimal GRU: its gate and its candidate see the input alone (Feng et al. 2024).

    z = σ(x_t W_xz + b_z)
    g = x_t W_xg + b_g                     linear, without a tanh
    h = z ⊙ h_{t−1} + (1 − z) ⊙ g

Block order [z g]; x (B, D), h (B, H), W_x (D, 2H), b (2H,). There is no W_h: ∂h_t/∂h_{t−1} is
exactly diag(z_t). As in the GRU of these pages z = 1 KEEPS the old state; the paper's z is
1 − ours. This is the paper's plain form; its other one, for logarithms, makes the candidate
positive.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy import add, multiply, subtract

from rnnviz.cells._base import Array, Arrays, Cell, Line, Node, Signal, Wire, sigmoid, wires


class MinGRU(Cell):
    """h = z ⊙ h_{t−1} + (1 − z) ⊙ g, with z and g from x alone."""

    name = "mingru"
    title = "minGRU"
    source = "Feng et al. 2024, Were RNNs all we needed?"
    road = "h meets no weight: z is the valve on its only road, and z sees the input alone."
    blocks = ("z", "g")
    logistic = ("z",)
    bias_blocks = {"update_bias": "z"}
    keeping_gate = "z"
    sees_past = False
    signals = (
        Signal("z", "gate", "update gate", "z_t = σ(x_t W_xz + b_z)",
               at_0="replaces", at_1="keeps"),
        Signal("g", "candidate", "candidate", "g_t = x_t W_xg + b_g"),
        Signal("h", "state", "hidden state", "h_t = z_t ⊙ h_{t−1} + (1 − z_t) ⊙ g_t"),
    )  # fmt: skip

    @property
    def graph(self) -> tuple[Node, ...]:
        """The only road is h: z a valve on it, (1 − z) ⊙ g joins it; the mills see x alone."""
        inputs = (Wire("x", "W_x"),)
        return (
            Node("h_prev", "past", at=(0, 0)),
            Node("x", "input", at=(0, 4)),
            Node("z", "affine", inputs, (1.5, 2), "sigmoid"),
            Node("g", "affine", inputs, (3.8, 2)),
            Node("zh", "times", wires("h_prev", "z"), (1.5, 0)),
            Node("rest", "rest", wires("z"), (2.65, 1)),
            Node("new", "times", wires("rest", "g"), (3.8, 1)),
            Node("h", "plus", wires("zh", "new"), (3.8, 0)),
            Node("h_out", "out", wires("h"), (5.2, 0)),
        )

    def forward(self, W: Arrays, spare: Callable[[int], Array]) -> Callable[..., None]:
        """One step forward; a_g is g already."""
        new = spare(1)
        one = np.ones_like(new)

        def step(z: Array, g: Array, h_prev: Array, h: Array) -> None:
            sigmoid(z, one)
            multiply(subtract(one, z, new), g, new)
            add(multiply(z, h_prev, h), new, h)

        return step

    def slopes(self, r: Arrays, d: Arrays) -> dict[str, Array]:
        """∂h/∂a_z and ∂h/∂a_g."""
        z = r["z"]
        multiply((r["h_prev"] - r["g"]) * z, 1 - z, d["da_z"])
        subtract(1, z, d["da_g"])
        return {}

    def backward(self, W: Arrays, spare: Callable[[int], Array]) -> Callable[..., None]:
        """One step back: unit by unit, through z alone."""
        part = spare(1)

        def back(dh: Array, z: Array, da_z: Array, da_g: Array, dh_prev: Array) -> None:
            multiply(da_z, dh, da_z)
            multiply(da_g, dh, da_g)
            add(dh_prev, multiply(dh, z, part), dh_prev)

        return back

    def jacobians(self, W: Arrays, r: Arrays, d: Arrays) -> Array | None:
        """diag(z)."""
        return np.asarray(r["z"][:, :, None] * np.eye(r["z"].shape[1], dtype=r["z"].dtype))

    def gate_gradients(self, r: Arrays, d: Arrays) -> dict[str, Array]:
        """∂L/∂z and ∂L/∂g through h."""
        dh = d["dh"]
        return {"z": dh * (r["h_prev"] - r["g"]), "g": dh * (1 - r["z"])}

    def arithmetic(self, W: Arrays, r: Arrays) -> tuple[Line, ...]:
        """Gate, candidate and state with their numbers."""
        z, g = self.affine_line(W, r, "z", "σ"), self.affine_line(W, r, "g", "")
        h = Line("h", "{0} · {1} + (1 − {0}) · {2} = {3}", (r["z"], r["h_prev"], r["g"], r["h"]))
        return (z, g, h)
