"""The LSTM whose gates also see the cell state (Gers, Schraudolph and Schmidhuber 2002).

    i, f = σ(x_t W_x + h_{t−1} W_h + b + see(c_{t−1}))
    o    = σ(x_t W_x + h_{t−1} W_h + b + see(c_t)),  the NEW cell state
    g, c, h as in the LSTM

Block order [i f g o]. Two forms of ``see``: ``peephole="full"``, a matrix per gate, c W_c with
W_c (H, 3H) and blocks i, f, o; ``peephole="diagonal"``, a vector per gate, c ⊙ p with p (3, H) and
rows i, f, o (Gers 2002, ONNX's P holds the same rows in the order i, o, f).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import ClassVar

import numpy as np
from numpy import add, dot, matmul, multiply, tanh

from rnnviz.cells._base import Array, Arrays, Contribution, Line, Signal, Wire, sigmoid
from rnnviz.cells.lstm import LSTM

_SEEN = {"f": " + see(c_{t−1})", "i": " + see(c_{t−1})", "o": " + see(c_t)"}


class PeepholeLSTM(LSTM):
    """The LSTM in which i and f see c_{t−1}, and o sees c_t."""

    name = "peephole_lstm"
    title = "Peephole LSTM"
    source = "Gers, Schraudolph and Schmidhuber 2002, Learning precise timing with LSTM"
    road = "c runs straight through, as in the LSTM; its gates look at c as well."
    choices = {"peephole": ("full", "diagonal")}
    signals: ClassVar[tuple[Signal, ...]] = tuple(
        replace(s, equation=s.equation.replace(")", _SEEN[s.name] + ")")) if s.name in _SEEN else s
        for s in LSTM.signals
    )

    def shapes(self, input_size: int, hidden_size: int) -> dict[str, tuple[int, ...]]:
        """W_x, W_h, b and the peepholes: W_c (H, 3H) or p (3, H)."""
        full = self.options["peephole"] == "full"
        own = {"W_c": (hidden_size, 3 * hidden_size)} if full else {"p": (3, hidden_size)}
        return super().shapes(input_size, hidden_size) | own

    def _peeps(self, name: str) -> tuple[Wire, ...]:
        weight = "W_c" if self.options["peephole"] == "full" else "p"
        if name == "g":
            return ()
        return (Wire("c", weight) if name == "o" else Wire("c_prev", weight, via=(0.6, 1.2)),)

    def part(self, W: Arrays, parameter: str, block: str) -> Array:
        """W_c (H, 3H) and p (3, H) have the blocks i, f, o."""
        if parameter == "W_c":
            return np.split(W["W_c"], 3, axis=1)["ifo".index(block)]
        if parameter == "p":
            return W["p"]["ifo".index(block)]
        return super().part(W, parameter, block)

    def forward(self, W: Arrays, spare: Callable[[int], Array]) -> Callable[..., None]:
        """One step forward; o waits for c."""
        W_h, (see, peepholes) = self.turned(W["W_h"]), self._peepholes(W)
        P_i, P_f, P_o = (-P for P in peepholes)
        ah, ig, seen = spare(4), spare(1), spare(1)
        one = np.ones_like(ig)

        def step(
            a: Array, a_g: Array, i: Array, f: Array, o: Array,
            h_prev: Array, c_prev: Array, g: Array, c: Array, m: Array, h: Array,
        ) -> None:  # fmt: skip
            add(a, dot(h_prev, W_h, ah), a)
            add(i, see(c_prev, P_i, seen), i)
            add(f, see(c_prev, P_f, seen), f)
            sigmoid(i, one)
            sigmoid(f, one)
            tanh(a_g, g)
            add(multiply(f, c_prev, c), multiply(i, g, ig), c)
            add(o, see(c, P_o, seen), o)
            sigmoid(o, one)
            tanh(c, m)
            multiply(o, m, h)

        return step

    def backward(self, W: Arrays, spare: Callable[[int], Array]) -> Callable[..., None]:
        """One step back; c also receives what o saw of it, and c_prev what i and f saw."""
        W_hT, (see, (P_i, P_f, P_o)) = W["W_h"].T, self._peepholes(W)
        P_iT, P_fT, P_oT = P_i.T, P_f.T, P_o.T
        part, dh_from_a = spare(1), spare(1)

        def back(
            dh: Array, dc: Array, dc_wide: Array, h_c: Array, f: Array,
            da: Array, da_ifg: Array, da_i: Array, da_f: Array, da_o: Array,
            dh_prev: Array, dc_prev: Array,
        ) -> None:  # fmt: skip
            multiply(da_o, dh, da_o)
            add(dc, multiply(dh, h_c, part), dc)
            add(dc, see(da_o, P_oT, part), dc)
            multiply(da_ifg, dc_wide, da_ifg)
            multiply(dc, f, dc_prev)
            add(dc_prev, see(da_i, P_iT, part), dc_prev)
            add(dc_prev, see(da_f, P_fT, part), dc_prev)
            add(dh_prev, dot(da, W_hT, dh_from_a), dh_prev)

        return back

    def jacobians(self, W: Arrays, r: Arrays, d: Arrays) -> Array | None:
        """As the LSTM, and what i and f saw of c_{t−1}; o saw c_t, so h_t also goes through it."""
        J, size = super().jacobians(W, r, d), r["h"].shape[1]
        assert J is not None
        _, peepholes = self._peepholes(W)
        P_iT, P_fT, P_oT = (P.T.copy() if P.ndim == 2 else np.diag(P) for P in peepholes)
        da_i, da_f, da_o, h_c = (d[name][:, :, None] for name in ("da_i", "da_f", "da_o", "h_c"))
        h, c = J[:, :size], J[:, size:]
        seen = da_i * P_iT
        seen += da_f * P_fT
        c[:, :, size:] += seen
        h[:, :, size:] += multiply(h_c, seen, seen)
        h += matmul(multiply(da_o, P_oT, seen), c)
        return J

    def contributions(self, W: Arrays, r: Arrays, d: Arrays) -> dict[str, Contribution]:
        """As the LSTM, and the peepholes: c_prev with ∂L/∂a_i and ∂L/∂a_f, c with ∂L/∂a_o."""
        found = super().contributions(W, r, d)
        pairs = ((r["c_prev"], d["da_i"]), (r["c_prev"], d["da_f"]), (r["c"], d["da_o"]))
        if self.options["peephole"] == "full":
            return found | {"W_c": pairs}
        return found | {"p": np.stack([c * da for c, da in pairs], axis=2)}

    def arithmetic(self, W: Arrays, r: Arrays) -> tuple[Line, ...]:
        """As the LSTM, with what each gate sees of the cell state as a term of its own."""
        see, peepholes = self._peepholes(W)
        cells = (r["c_prev"], r["c_prev"], r["c"])
        scenes = dict(zip("ifo", zip(cells, peepholes, strict=True), strict=True))
        lines = []
        for line in super().arithmetic(W, r):
            if line.signal in scenes:
                line = self.affine_line(W, r, line.signal, "σ", see(*scenes[line.signal]))
            lines.append(line)
        return tuple(lines)

    def _peepholes(self, W: Arrays) -> tuple[Callable[..., Array], tuple[Array, ...]]:
        if self.options["peephole"] == "diagonal":
            return multiply, tuple(W["p"])
        return matmul, tuple(np.ascontiguousarray(P) for P in np.split(W["W_c"], 3, axis=1))
