"""The long short-term memory with a forget gate (Gers, Schmidhuber and Cummins 2000).

    i, f, o = σ(x_t W_x + h_{t−1} W_h + b)   each with its own block
    g = tanh(x_t W_x + h_{t−1} W_h + b)
    c = f ⊙ c_{t−1} + i ⊙ g
    h = o ⊙ m,  m = tanh(c)

Block order [i f g o]; x (B, D), h and c (B, H), W_x (D, 4H), W_h (H, 4H), b (4H,).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

import numpy as np
from numpy import add, dot, multiply, tanh

from rnnviz.cells._base import Array, Arrays, Cell, Line, Node, Signal, Wire, sigmoid, wires


class LSTM(Cell):
    """c = f ⊙ c_{t−1} + i ⊙ g; h = o ⊙ tanh c."""

    name = "lstm"
    title = "LSTM"
    source = "Hochreiter and Schmidhuber 1997; Gers, Schmidhuber and Cummins 2000"
    road = "c runs straight through: f is the valve on its road, i ⊙ g joins it, o lets h out."
    blocks: ClassVar[tuple[str, ...]] = ("i", "f", "g", "o")
    states = ("h", "c")
    own_rows: ClassVar[tuple[str, ...]] = ("m",)
    logistic: tuple[str, ...] = ("i", "f", "o")
    paired: ClassVar[tuple[str, ...]] = ("g", "c")
    bias_blocks = {"forget_bias": "f"}
    keeping_gate: ClassVar[str | None] = "f"
    signals: ClassVar[tuple[Signal, ...]] = (
        Signal("f", "gate", "forget gate", "f_t = σ(x_t W_xf + h_{t−1} W_hf + b_f)",
               at_0="erases", at_1="remembers"),
        Signal("i", "gate", "input gate", "i_t = σ(x_t W_xi + h_{t−1} W_hi + b_i)",
               at_0="blocks", at_1="writes"),
        Signal("o", "gate", "output gate", "o_t = σ(x_t W_xo + h_{t−1} W_ho + b_o)",
               at_0="hides", at_1="shows"),
        Signal("g", "candidate", "candidate", "g_t = tanh(x_t W_xg + h_{t−1} W_hg + b_g)"),
        Signal("c", "state", "cell state", "c_t = f_t ⊙ c_{t−1} + i_t ⊙ g_t"),
        Signal("h", "state", "hidden state", "h_t = o_t ⊙ tanh(c_t)"),
    )  # fmt: skip

    @property
    def graph(self) -> tuple[Node, ...]:
        """The main road is c: f a valve on it, i ⊙ g joins it, o is the way out to h."""
        return (
            Node("c_prev", "past", at=(0, 0)),
            Node("h_prev", "past", at=(0, 3)),
            Node("x", "input", at=(0, 4)),
            self._mill("f", "sigmoid", 1.2),
            self._mill("i", "sigmoid", 2.45),
            self._mill("g", "tanh", 3.5),
            Node("fc", "times", wires("c_prev", "f"), (1.2, 0)),
            Node("ig", "times", wires("i", "g"), (3.5, 1)),
            Node("c", "plus", wires("fc", "ig"), (3.5, 0)),
            self._mill("o", "sigmoid", 4.6),
            Node("m", "phi", wires("c"), (5.6, 1), phi="tanh"),
            Node("h", "times", wires("m", "o"), (5.6, 2)),
            Node("c_out", "out", wires("c"), (6.6, 0)),
            Node("h_out", "out", wires("h"), (6.6, 3)),
        )

    def _mill(self, name: str, phi: str, column: float) -> Node:
        operands = (Wire("h_prev", "W_h"), Wire("x", "W_x"), *self._peeps(name))
        return Node(name, "affine", operands, (column, 2), phi=phi)

    def _peeps(self, name: str) -> tuple[Wire, ...]:
        """What else a gate sees."""
        return ()

    def forward(self, W: Arrays, spare: Callable[[int], Array]) -> Callable[..., None]:
        """One step forward; σ runs over the whole of a, whose block g has been read by then."""
        W_h, ah, one, both = self.turned(W["W_h"]), spare(4), np.ones_like(spare(4)), spare(2)
        ig, fc = np.split(both, 2, axis=1)

        def step(
            a: Array, a_g: Array, a_if: Array, o: Array, h_prev: Array, g: Array, g_c_prev: Array,
            c: Array, m: Array, h: Array,
        ) -> None:  # fmt: skip
            add(a, dot(h_prev, W_h, ah), a)
            tanh(a_g, g)
            sigmoid(a, one)
            multiply(a_if, g_c_prev, both)
            add(ig, fc, c)
            tanh(c, m)
            multiply(o, m, h)

        return step

    def slopes(self, r: Arrays, d: Arrays) -> dict[str, Array]:
        """∂c/∂a of i, f, g and ∂h/∂a_o into da; ∂h/∂c (T, B, H) for the step."""
        i, f, g, o, m, c_prev = (r[name] for name in ("i", "f", "g", "o", "m", "c_prev"))
        multiply(g * i, 1 - i, d["da_i"])
        multiply(c_prev * f, 1 - f, d["da_f"])
        multiply(i, 1 - g * g, d["da_g"])
        multiply(m * o, 1 - o, d["da_o"])
        return {"h_c": o * (1 - m * m)}

    def backward(self, W: Arrays, spare: Callable[[int], Array]) -> Callable[..., None]:
        """One step back."""
        W_hT, dh_from_a, dc_from_h = W["W_h"].T, spare(1), spare(1)

        def back(
            dh: Array, dc: Array, dc_wide: Array, h_c: Array, f: Array,
            da: Array, da_ifg: Array, da_o: Array, dh_prev: Array, dc_prev: Array,
        ) -> None:  # fmt: skip
            add(dc, multiply(dh, h_c, dc_from_h), dc)
            multiply(da_ifg, dc_wide, da_ifg)
            multiply(da_o, dh, da_o)
            multiply(dc, f, dc_prev)
            add(dh_prev, dot(da, W_hT, dh_from_a), dh_prev)

        return back

    def jacobians(self, W: Arrays, r: Arrays, d: Arrays) -> Array | None:
        """Rows ∂h_t, ∂c_t; h_{t−1} is reached through i, f and g from c, and also o from h."""
        steps, size = r["h"].shape
        by_a = d["da"].reshape(steps, 4, size).transpose(2, 0, 1)
        h_c, keep, k = d["h_c"].T, r["f"].T, np.arange(size)
        through = np.zeros((2, size, steps, 4), by_a.dtype)
        through[1, :, :, :3] = by_a[..., :3]
        multiply(by_a[..., :3], h_c[:, :, None], through[0, :, :, :3])
        through[0, :, :, 3] = by_a[..., 3]
        J = np.zeros((steps, 2 * size, 2 * size), by_a.dtype)
        W_hT = W["W_h"].reshape(size, 4, size).transpose(2, 1, 0)
        for part, out in zip(through, np.split(J.swapaxes(0, 1), 2), strict=True):
            np.matmul(part, W_hT, out=out[..., :size])
        J[:, k, size + k] = (keep * h_c).T
        J[:, size + k, size + k] = keep.T
        return J

    def views(self, d: Arrays) -> dict[str, Array]:
        """∂L/∂a of i, f, g as (T, B, 3, H), and ∂L/∂c to be multiplied into all three."""
        blocks = d["da"].reshape(*d["dc"].shape[:2], 4, -1)
        return {"da_ifg": blocks[:, :, :3], "dc_wide": d["dc"][:, :, None]}

    def gate_gradients(self, r: Arrays, d: Arrays) -> dict[str, Array]:
        """∂L/∂o through h, ∂L/∂i, f, g through c."""
        dh, dc = d["dh"], d["dc"]
        return {"i": dc * r["g"], "f": dc * r["c_prev"], "g": dc * r["i"], "o": dh * r["m"]}

    def arithmetic(self, W: Arrays, r: Arrays) -> tuple[Line, ...]:
        """Gates, candidate, then c and h with their numbers."""
        gates = [self.affine_line(W, r, name, "σ") for name in ("f", "i", "o")]
        c = Line("c", "{0} · {1} + {2} · {3} = {4}", (r["f"], r["c_prev"], r["i"], r["g"], r["c"]))
        h = Line("h", "{0} · tanh({1}) = {0} · {2} = {3}", (r["o"], r["c"], r["m"], r["h"]))
        return (*gates, self.affine_line(W, r, "g", "tanh"), c, h)
