"""The LSTM as it was first: no forget gate, the cell state is only ever added to.

    i, o = σ(x_t W_x + h_{t−1} W_h + b)   each with its own block
    g = tanh(x_t W_x + h_{t−1} W_h + b)
    c = c_{t−1} + i ⊙ g,  which is the LSTM with f ≡ 1
    h = o ⊙ m,  m = tanh(c)

Block order [i g o]; x (B, D), h and c (B, H), W_x (D, 3H), W_h (H, 3H), b (3H,). The paper squashes
its candidate to −2 … 2, which a tanh of twice the size would be, and cuts the gradient where it
leaves c; here it is g = tanh, as in every later LSTM, and the gradient is the whole one (Graves and
Schmidhuber 2005).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

import numpy as np
from numpy import add, copyto, dot, multiply, tanh

from rnnviz.cells._base import Array, Arrays, Line, Node, Signal, sigmoid, wires
from rnnviz.cells.lstm import LSTM

_SUM = Signal("c", "state", "cell state", "c_t = c_{t−1} + i_t ⊙ g_t")


class LSTM1997(LSTM):
    """c = c_{t−1} + i ⊙ g; h = o ⊙ tanh c."""

    name = "lstm_1997"
    title = "LSTM of 1997"
    source = "Hochreiter and Schmidhuber 1997, Long short-term memory"
    road = "c runs straight through with no valve on its road: what i ⊙ g adds stays for good."
    blocks: ClassVar[tuple[str, ...]] = ("i", "g", "o")
    own_rows: ClassVar[tuple[str, ...]] = ("m", "g")
    logistic: tuple[str, ...] = ("i", "o")
    paired = ()
    bias_blocks = {}
    keeping_gate: ClassVar[str | None] = None
    open_road = True
    signals: ClassVar[tuple[Signal, ...]] = tuple(
        _SUM if signal.name == "c" else signal for signal in LSTM.signals if signal.name != "f"
    )

    @property
    def graph(self) -> tuple[Node, ...]:
        """The main road is c, without a valve: i ⊙ g joins it, o is the way out to h."""
        return (
            Node("c_prev", "past", at=(0, 0)),
            Node("h_prev", "past", at=(0, 3)),
            Node("x", "input", at=(0, 4)),
            self._mill("i", "sigmoid", 1.9),
            self._mill("g", "tanh", 3.2),
            Node("ig", "times", wires("i", "g"), (3.2, 1)),
            Node("c", "plus", wires("c_prev", "ig"), (3.2, 0)),
            self._mill("o", "sigmoid", 4.6),
            Node("m", "phi", wires("c"), (5.6, 1), phi="tanh"),
            Node("h", "times", wires("m", "o"), (5.6, 2)),
            Node("c_out", "out", wires("c"), (6.6, 0)),
            Node("h_out", "out", wires("h"), (6.6, 3)),
        )

    def forward(self, W: Arrays, spare: Callable[[int], Array]) -> Callable[..., None]:
        """One step forward; σ runs over the whole of a, whose block g has been read by then."""
        W_h, ah, one, ig = self.turned(W["W_h"]), spare(3), np.ones_like(spare(3)), spare(1)

        def step(
            a: Array, a_g: Array, i: Array, o: Array, h_prev: Array, c_prev: Array,
            g: Array, c: Array, m: Array, h: Array,
        ) -> None:  # fmt: skip
            add(a, dot(h_prev, W_h, ah), a)
            tanh(a_g, g)
            sigmoid(a, one)
            add(c_prev, multiply(i, g, ig), c)
            tanh(c, m)
            multiply(o, m, h)

        return step

    def slopes(self, r: Arrays, d: Arrays) -> dict[str, Array]:
        """∂c/∂a of i and g and ∂h/∂a_o into da; ∂h/∂c (T, B, H) for the step."""
        i, g, o, m = (r[name] for name in ("i", "g", "o", "m"))
        multiply(g * i, 1 - i, d["da_i"])
        multiply(i, 1 - g * g, d["da_g"])
        multiply(m * o, 1 - o, d["da_o"])
        # c has no bound here, and of 1 − m² nothing would be left: tanh′ = 4 e / (1 + e)².
        e = np.exp(-2 * np.abs(r["c"]))
        return {"h_c": o * (4 * e / ((1 + e) * (1 + e)))}

    def backward(self, W: Arrays, spare: Callable[[int], Array]) -> Callable[..., None]:
        """One step back: along c the gradient stays as it is."""
        W_hT, dh_from_a, dc_from_h = W["W_h"].T, spare(1), spare(1)

        def back(
            dh: Array, dc: Array, dc_wide: Array, h_c: Array,
            da: Array, da_into_c: Array, da_o: Array, dh_prev: Array, dc_prev: Array,
        ) -> None:  # fmt: skip
            add(dc, multiply(dh, h_c, dc_from_h), dc)
            multiply(da_into_c, dc_wide, da_into_c)
            multiply(da_o, dh, da_o)
            copyto(dc_prev, dc)
            add(dh_prev, dot(da, W_hT, dh_from_a), dh_prev)

        return back

    def jacobians(self, W: Arrays, r: Arrays, d: Arrays) -> Array | None:
        """As the LSTM's, with two blocks into c, and 1 where that has f."""
        return self._jacobians(W, d, np.ones_like(r["h"]))

    def _jacobians(self, W: Arrays, d: Arrays, kept: Array) -> Array:
        """Rows ∂h_t, ∂c_t; ``kept`` (T, H) is ∂c_t/∂c_{t−1}."""
        steps, size = kept.shape
        by_a, h_c, k = d["da"].reshape(steps, 3, size), d["h_c"], np.arange(size)
        W_hT = W["W_h"].reshape(size, 3, size).transpose(1, 2, 0)
        J = np.zeros((steps, 2 * size, 2 * size), by_a.dtype)
        c, h = J[:, size:], J[:, :size]
        for block in range(2):
            c[..., :size] += by_a[:, block, :, None] * W_hT[block]
        h[..., :size] = by_a[:, 2, :, None] * W_hT[2] + h_c[..., None] * c[..., :size]
        h[:, k, size + k] = kept * h_c
        c[:, k, size + k] = kept
        return J

    def views(self, d: Arrays) -> dict[str, Array]:
        """∂L/∂a of the two blocks into c as (T, B, 2, H), and ∂L/∂c to be multiplied into both."""
        blocks = d["da"].reshape(*d["dc"].shape[:2], 3, -1)
        return {"da_into_c": blocks[:, :, :2], "dc_wide": d["dc"][:, :, None]}

    def gate_gradients(self, r: Arrays, d: Arrays) -> dict[str, Array]:
        """∂L/∂o through h, ∂L/∂i and ∂L/∂g through c."""
        dh, dc = d["dh"], d["dc"]
        return {"i": dc * r["g"], "g": dc * r["i"], "o": dh * r["m"]}

    def arithmetic(self, W: Arrays, r: Arrays) -> tuple[Line, ...]:
        """Gates, candidate, then c and h with their numbers."""
        i, o = (self.affine_line(W, r, name, "σ") for name in ("i", "o"))
        c = Line("c", "{0} + {1} · {2} = {3}", (r["c_prev"], r["i"], r["g"], r["c"]))
        h = Line("h", "{0} · tanh({1}) = {0} · {2} = {3}", (r["o"], r["c"], r["m"], r["h"]))
        return (i, o, self.affine_line(W, r, "g", "tanh"), c, h)
