"""The gated recurrent unit (Cho et al. 2014); z = 1 KEEPS the old state.

    r, z = σ(x_t W_x + h_{t−1} W_h + b)   each with its own block
    g = tanh(x_t W_xg + q W_hg + b_g),              q = r ⊙ h_{t−1}          (reset before)
    g = tanh(x_t W_xg + b_g + r ⊙ q),               q = h_{t−1} W_hg + b_hg  (reset after)
    h = z ⊙ h_{t−1} + (1 − z) ⊙ g

Block order [r z g]; x (B, D), h (B, H), W_x (D, 3H), W_h (H, 3H), b (3H,). With
``reset_after=True``, the form that PyTorch, cuDNN and Keras compute, the recurrent product has its
own bias b_h (3H,).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy import add, dot, multiply, subtract, tanh

from rnnviz.cells._base import (
    Array,
    Arrays,
    Cell,
    Contribution,
    Line,
    Node,
    Signal,
    Wire,
    sigmoid,
    wires,
)


class GRU(Cell):
    """h = z ⊙ h_{t−1} + (1 − z) ⊙ g."""

    name = "gru"
    title = "GRU"
    source = "Cho et al. 2014, Learning phrase representations using RNN encoder–decoder"
    road = "h runs straight through: z is the valve on its road, 1 − z lets the candidate in."
    blocks = ("r", "z", "g")
    own_rows = ("g", "q")
    own_gradients = ("dq",)
    logistic = ("r", "z")
    choices = {"reset_after": (False, True)}
    bias_blocks = {"update_bias": "z"}
    keeping_gate = "z"
    signals = (
        Signal("z", "gate", "update gate", "z_t = σ(x_t W_xz + h_{t−1} W_hz + b_z)",
               at_0="replaces", at_1="keeps"),
        Signal("r", "gate", "reset gate", "r_t = σ(x_t W_xr + h_{t−1} W_hr + b_r)",
               at_0="ignores the past", at_1="uses it"),
        Signal("g", "candidate", "candidate", "g_t = tanh(x_t W_xg + (r_t ⊙ h_{t−1}) W_hg + b_g)"),
        Signal("h", "state", "hidden state", "h_t = z_t ⊙ h_{t−1} + (1 − z_t) ⊙ g_t"),
    )  # fmt: skip

    @property
    def graph(self) -> tuple[Node, ...]:
        """The main road is h: z a valve on it, (1 − z) ⊙ g joins it; r on the way to the mill g."""
        past = Wire("h_prev", "W_h", via=(0.65, 3))
        at, inputs = (3.5, 2), Wire("x", "W_x")
        if self.options["reset_after"]:
            inner: tuple[Node, ...] = (
                Node("q", "affine", (past,), (3.5, 3), block="g", biases=("b_h",)),
                Node("rq", "times", wires("r", "q"), at),
                Node("g", "affine", (Wire("rq"), inputs), (4.5, 2), "tanh", biases=("b",)),
            )
        else:
            inner = (
                Node("q", "times", (Wire("r"), Wire("h_prev", via=(0.65, 3))), at),
                Node("g", "affine", (Wire("q", "W_h"), inputs), (4.5, 2), "tanh"),
            )
        return (
            Node("h_prev", "past", at=(0, 0)),
            Node("x", "input", at=(0, 4)),
            Node("z", "affine", (past, inputs), (1.2, 2), "sigmoid"),
            Node("r", "affine", (past, inputs), (2.3, 2), "sigmoid"),
            *inner,
            Node("zh", "times", wires("h_prev", "z"), (1.2, 0)),
            Node("rest", "rest", wires("z"), (2.3, 1)),
            Node("new", "times", wires("rest", "g"), (4.5, 1)),
            Node("h", "plus", wires("zh", "new"), (4.5, 0)),
            Node("h_out", "out", wires("h"), (5.6, 0)),
        )

    def shapes(self, input_size: int, hidden_size: int) -> dict[str, tuple[int, ...]]:
        """W_x, W_h, b, and b_h with reset after."""
        shapes = super().shapes(input_size, hidden_size)
        return shapes | ({"b_h": shapes["b"]} if self.options["reset_after"] else {})

    def affine(self, W: Arrays, x: Array, a: Array) -> None:
        """x W_x + b; with reset after, b_h goes with the recurrent product instead."""
        after = self.options["reset_after"]
        super().affine({name: W[name] for name in W if name != "b_h" or not after}, x, a)

    def forward(self, W: Arrays, spare: Callable[[int], Array]) -> Callable[..., None]:
        """One step forward."""
        return (_forward_after if self.options["reset_after"] else _forward_before)(
            {**W, "W_h": self.turned(W["W_h"])} | self._turned_bias(W), spare
        )

    def _turned_bias(self, W: Arrays) -> dict[str, Array]:
        return {"b_h": self.turned(W["b_h"])} if "b_h" in W else {}

    def slopes(self, r: Arrays, d: Arrays) -> dict[str, Array]:
        """∂h/∂a_z, ∂h/∂a_g, and ∂/∂a_r of a_g's inner product: r ⊙ h_prev or r ⊙ q."""
        reset, z, g, h_prev = (r[name] for name in ("r", "z", "g", "h_prev"))
        inner = r["q"] if self.options["reset_after"] else h_prev
        multiply((h_prev - g) * z, 1 - z, d["da_z"])
        multiply(1 - z, 1 - g * g, d["da_g"])
        multiply(inner * reset, 1 - reset, d["da_r"])
        return {}

    def backward(self, W: Arrays, spare: Callable[[int], Array]) -> Callable[..., None]:
        """One step back."""
        return (_backward_after if self.options["reset_after"] else _backward_before)(W, spare)

    def jacobians(self, W: Arrays, r: Arrays, d: Arrays) -> Array | None:
        """z on the diagonal, and the ways through the update gate, candidate and reset gate."""
        W_rT, W_zT, W_gT = np.ascontiguousarray(W["W_h"].T).reshape(3, -1, len(W["W_h"]))
        k = np.arange(len(W_rT))
        if self.options["reset_after"]:
            ways = np.stack([d["da_g"] * d["da_r"], d["da_z"], d["da_g"] * r["r"]], axis=-1)
            W_hT = np.stack([W_rT, W_zT, W_gT], axis=1)
            J = np.matmul(ways.swapaxes(0, 1), W_hT).swapaxes(0, 1)
        else:
            dq = d["da_g"][:, :, None] * W_gT
            part = dq * d["da_r"][:, None]
            J = np.matmul(part, W_rT)
            J += multiply(d["da_z"][:, :, None], W_zT, part)
            J += multiply(dq, r["r"][:, None], part)
        J[:, k, k] += r["z"]
        return J

    def gate_gradients(self, r: Arrays, d: Arrays) -> dict[str, Array]:
        """∂L/∂z and ∂L/∂g through h; ∂L/∂r through the candidate."""
        dh = d["dh"]
        dr = d["da_g"] * r["q"] if self.options["reset_after"] else d["dq"] * r["h_prev"]
        return {"r": dr, "z": dh * (r["h_prev"] - r["g"]), "g": dh * (1 - r["z"])}

    def contributions(self, W: Arrays, r: Arrays, d: Arrays) -> dict[str, Contribution]:
        """The recurrent matrix sees h_prev for r and z; q for g (before), or ∂L/∂q (after)."""
        found = super().contributions(W, r, d)
        size = d["da_g"].shape[-1]
        gates = d["da"][..., : 2 * size]
        if not self.options["reset_after"]:
            return found | {"W_h": ((r["h_prev"], gates), (r["q"], d["da_g"]))}
        da_h = np.concatenate([gates, d["dq"]], axis=-1)
        found["W_h"] = ((r["h_prev"], da_h),)
        return found | ({"b_h": da_h} if "b_h" in W else {})

    def arithmetic(self, W: Arrays, r: Arrays) -> tuple[Line, ...]:
        """Gates, candidate and state with their numbers."""
        z, reset = (self.affine_line(W, r, name, "σ") for name in ("z", "r"))
        h = Line("h", "{0} · {1} + (1 − {0}) · {2} = {3}", (r["z"], r["h_prev"], r["g"], r["h"]))
        return (z, reset, self._candidate_line(W, r), h)

    def _candidate_line(self, W: Arrays, r: Arrays) -> Line:
        x_part = r["x"] @ self.block("g", W["W_x"])
        bias = self.block("g", W["b"]) if "b" in W else np.zeros(x_part.shape[-1], x_part.dtype)
        b = np.broadcast_to(bias, x_part.shape)
        if self.options["reset_after"]:
            total = x_part + b + r["r"] * r["q"]
            text = "tanh({0} + {1} + {2} · {3}) = tanh({4}) = {5}"
            return Line("g", text, (x_part, b, r["r"], r["q"], total, r["g"]))
        past = r["q"] @ self.block("g", W["W_h"])
        if "b_h" in W:
            b = b + self.block("g", W["b_h"])
        text = "tanh({0} + {1} + {2}) = tanh({3}) = {4}"
        return Line("g", text, (x_part, past, b, x_part + past + b, r["g"]))


def _split(W_h: Array) -> tuple[Array, Array]:
    """The recurrent matrix of r and z (H, 2H) and that of g (H, H), each contiguous."""
    size = W_h.shape[0]
    return np.ascontiguousarray(W_h[:, : 2 * size]), np.ascontiguousarray(W_h[:, 2 * size :])


def _forward_before(W: Arrays, spare: Callable[[int], Array]) -> Callable[..., None]:
    (W_rz, W_g), a_rz_h, a_g_h, new = _split(W["W_h"]), spare(2), spare(1), spare(1)
    ones, one = np.ones_like(a_rz_h), np.ones_like(new)

    def step(
        a_rz: Array, a_g: Array, r: Array, z: Array, h_prev: Array, q: Array, g: Array, h: Array
    ) -> None:
        add(a_rz, dot(h_prev, W_rz, a_rz_h), a_rz)
        sigmoid(a_rz, ones)
        multiply(r, h_prev, q)
        add(a_g, dot(q, W_g, a_g_h), g)
        tanh(g, g)
        multiply(subtract(one, z, new), g, new)
        add(multiply(z, h_prev, h), new, h)

    return step


def _backward_before(W: Arrays, spare: Callable[[int], Array]) -> Callable[..., None]:
    (W_rz, W_g), part = _split(W["W_h"]), spare(1)
    W_rzT, W_gT = W_rz.T, W_g.T

    def back(
        dh: Array, z: Array, r: Array,
        da_rz: Array, da_r: Array, da_z: Array, da_g: Array, dq: Array, dh_prev: Array,
    ) -> None:  # fmt: skip
        multiply(da_z, dh, da_z)
        multiply(da_g, dh, da_g)
        dot(da_g, W_gT, dq)
        multiply(da_r, dq, da_r)
        add(dh_prev, multiply(dh, z, part), dh_prev)
        add(dh_prev, multiply(dq, r, part), dh_prev)
        add(dh_prev, dot(da_rz, W_rzT, part), dh_prev)

    return back


def _forward_after(W: Arrays, spare: Callable[[int], Array]) -> Callable[..., None]:
    (W_rz, W_g), a_rz_h, rq, new = _split(W["W_h"]), spare(2), spare(1), spare(1)
    ones, one = np.ones_like(a_rz_h), np.ones_like(new)
    size = W_g.shape[0]
    b_h = W.get("b_h", np.zeros(3 * size, W_g.dtype))
    b_rz, b_g = b_h[: 2 * size], b_h[2 * size :]

    def step(
        a_rz: Array, a_g: Array, r: Array, z: Array, h_prev: Array, q: Array, g: Array, h: Array
    ) -> None:
        add(a_rz, add(dot(h_prev, W_rz, a_rz_h), b_rz, a_rz_h), a_rz)
        sigmoid(a_rz, ones)
        add(dot(h_prev, W_g, q), b_g, q)
        add(a_g, multiply(r, q, rq), g)
        tanh(g, g)
        multiply(subtract(one, z, new), g, new)
        add(multiply(z, h_prev, h), new, h)

    return step


def _backward_after(W: Arrays, spare: Callable[[int], Array]) -> Callable[..., None]:
    (W_rz, W_g), part = _split(W["W_h"]), spare(1)
    W_rzT, W_gT = W_rz.T, W_g.T

    def back(
        dh: Array, z: Array, r: Array,
        da_rz: Array, da_r: Array, da_z: Array, da_g: Array, dq: Array, dh_prev: Array,
    ) -> None:  # fmt: skip
        multiply(da_z, dh, da_z)
        multiply(da_g, dh, da_g)
        multiply(da_r, da_g, da_r)
        multiply(da_g, r, dq)
        add(dh_prev, multiply(dh, z, part), dh_prev)
        add(dh_prev, dot(dq, W_gT, part), dh_prev)
        add(dh_prev, dot(da_rz, W_rzT, part), dh_prev)

    return back
