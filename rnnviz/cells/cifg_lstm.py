"""The LSTM whose input and forget gates are coupled (Greff et al. 2017, «CIFG»).

    f, o = σ(x_t W_x + h_{t−1} W_h + b)   each with its own block
    i = 1 − f
    g = tanh(x_t W_x + h_{t−1} W_h + b)
    c = f ⊙ c_{t−1} + i ⊙ g
    h = o ⊙ m,  m = tanh(c)

Block order [f g o]; x (B, D), h and c (B, H), W_x (D, 3H), W_h (H, 3H), b (3H,). i has no weights
of its own: to hold it at v, hold f at 1 − v. (Greff et al. write f = 1 − i: the same cell.)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import ClassVar

import numpy as np
from numpy import add, dot, multiply, subtract, tanh

from rnnviz.cells._base import Array, Arrays, Line, Node, Signal, sigmoid, wires
from rnnviz.cells.lstm import LSTM
from rnnviz.cells.lstm_1997 import LSTM1997


class CIFGLSTM(LSTM1997):
    """c = f ⊙ c_{t−1} + (1 − f) ⊙ g; h = o ⊙ tanh c."""

    name = "cifg_lstm"
    title = "Coupled LSTM"
    source = "Greff et al. 2017, LSTM: a search space odyssey (CIFG)"
    road = "c runs straight through: f is the valve on its road, and 1 − f lets the candidate in."
    blocks = ("f", "g", "o")
    own_rows = ("m", "g", "i")
    logistic = ("f", "o")
    bias_blocks = {"forget_bias": "f"}
    keeping_gate = "f"
    open_road = False
    signals: ClassVar[tuple[Signal, ...]] = tuple(
        replace(signal, equation="i_t = 1 − f_t") if signal.name == "i" else signal
        for signal in LSTM.signals
    )

    @property
    def graph(self) -> tuple[Node, ...]:
        """The main road is c: f a valve on it, (1 − f) ⊙ g joins it, o is the way out to h."""
        return (
            Node("c_prev", "past", at=(0, 0)),
            Node("h_prev", "past", at=(0, 3)),
            Node("x", "input", at=(0, 4)),
            self._mill("f", "sigmoid", 1.2),
            Node("fc", "times", wires("c_prev", "f"), (1.2, 0)),
            Node("i", "rest", wires("f"), (2.3, 1)),
            self._mill("g", "tanh", 3.5),
            Node("ig", "times", wires("i", "g"), (3.5, 1)),
            Node("c", "plus", wires("fc", "ig"), (3.5, 0)),
            self._mill("o", "sigmoid", 4.6),
            Node("m", "phi", wires("c"), (5.6, 1), phi="tanh"),
            Node("h", "times", wires("m", "o"), (5.6, 2)),
            Node("c_out", "out", wires("c"), (6.6, 0)),
            Node("h_out", "out", wires("h"), (6.6, 3)),
        )

    def forward(self, W: Arrays, spare: Callable[[int], Array]) -> Callable[..., None]:
        """One step forward; σ runs over the whole of a, whose block g has been read by then."""
        W_h, ah, ig = self.turned(W["W_h"]), spare(3), spare(1)
        ones, one = np.ones_like(ah), np.ones_like(ig)

        def step(
            a: Array, a_g: Array, f: Array, o: Array, i: Array, h_prev: Array, c_prev: Array,
            g: Array, c: Array, m: Array, h: Array,
        ) -> None:  # fmt: skip
            add(a, dot(h_prev, W_h, ah), a)
            tanh(a_g, g)
            sigmoid(a, ones)
            subtract(one, f, i)
            add(multiply(f, c_prev, c), multiply(i, g, ig), c)
            tanh(c, m)
            multiply(o, m, h)

        return step

    def slopes(self, r: Arrays, d: Arrays) -> dict[str, Array]:
        """∂c/∂a of f and g and ∂h/∂a_o into da; ∂h/∂c (T, B, H) for the step."""
        i, f, g, o, m, c_prev = (r[name] for name in ("i", "f", "g", "o", "m", "c_prev"))
        multiply((c_prev - g) * f, i, d["da_f"])
        multiply(i, 1 - g * g, d["da_g"])
        multiply(m * o, 1 - o, d["da_o"])
        return {"h_c": o * (1 - m * m)}

    def backward(self, W: Arrays, spare: Callable[[int], Array]) -> Callable[..., None]:
        """One step back."""
        W_hT, dh_from_a, dc_from_h = W["W_h"].T, spare(1), spare(1)

        def back(
            dh: Array, dc: Array, dc_wide: Array, h_c: Array, f: Array,
            da: Array, da_into_c: Array, da_o: Array, dh_prev: Array, dc_prev: Array,
        ) -> None:  # fmt: skip
            add(dc, multiply(dh, h_c, dc_from_h), dc)
            multiply(da_into_c, dc_wide, da_into_c)
            multiply(da_o, dh, da_o)
            multiply(dc, f, dc_prev)
            add(dh_prev, dot(da, W_hT, dh_from_a), dh_prev)

        return back

    def jacobians(self, W: Arrays, r: Arrays, d: Arrays) -> Array | None:
        """As the LSTM's, with two blocks into c: f and g."""
        return self._jacobians(W, d, r["f"])

    def gate_gradients(self, r: Arrays, d: Arrays) -> dict[str, Array]:
        """∂L/∂o through h; ∂L/∂f as the sum of what it keeps and what it shuts out."""
        dh, dc, g = d["dh"], d["dc"], r["g"]
        return {"i": dc * g, "f": dc * (r["c_prev"] - g), "g": dc * r["i"], "o": dh * r["m"]}

    def arithmetic(self, W: Arrays, r: Arrays) -> tuple[Line, ...]:
        """Gates, candidate, then c and h with their numbers."""
        f, o = (self.affine_line(W, r, name, "σ") for name in ("f", "o"))
        i = Line("i", "1 − {0} = {1}", (r["f"], r["i"]))
        c = Line("c", "{0} · {1} + {2} · {3} = {4}", (r["f"], r["c_prev"], r["i"], r["g"], r["c"]))
        h = Line("h", "{0} · tanh({1}) = {0} · {2} = {3}", (r["o"], r["c"], r["m"], r["h"]))
        return (f, i, o, self.affine_line(W, r, "g", "tanh"), c, h)
