"""The plain recurrent cell (Elman 1990).

    a = x_t W_x + h_{t−1} W_h + b
    h = φ(a),  φ in tanh, relu, sigmoid, identity

Block order [h]; x (B, D), h (B, H), W_x (D, H), W_h (H, H), b (H,).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy import add, dot, multiply, subtract, tanh

from rnnviz.cells._base import Array, Arrays, Cell, Line, Node, Signal, Wire, sigmoid, wires


def _relu(a: Array, zero: Array) -> None:
    np.maximum(a, zero, out=a)


def _identity(a: Array, out: Array) -> None:
    """Leave a as it is."""


SYMBOLS = {"tanh": "tanh", "relu": "relu", "sigmoid": "σ", "identity": ""}
IN_PLACE = {"relu": (_relu, 0), "sigmoid": (sigmoid, 1), "identity": (_identity, 0)}
"""Name → φ in place with its constant operand."""
SLOPES: dict[str, Callable[[Array, Array], object]] = {
    "tanh": lambda h, out: subtract(1, multiply(h, h, out), out),
    "relu": lambda h, out: np.heaviside(h, np.zeros((), h.dtype), out),
    "sigmoid": lambda h, out: multiply(subtract(1, h, out), h, out),
    "identity": lambda h, out: out.fill(1),
}
"""Name → φ′ in terms of h = φ(a), written into the second array."""


class RNN(Cell):
    """h_t = φ(x_t W_x + h_{t−1} W_h + b)."""

    name = "rnn"
    title = "RNN"
    source = "Elman 1990, Finding structure in time"
    road = "No road leads past the mill: every step goes through W_h and φ."
    blocks = ("h",)
    signals = (Signal("h", "state", "hidden state", "h_t = φ(x_t W_x + h_{t−1} W_h + b)"),)
    choices = {"nonlinearity": tuple(SYMBOLS)}

    @property
    def logistic(self) -> tuple[str, ...]:  # type: ignore[override]
        """The one block, if φ is the logistic function."""
        return ("h",) if self.options["nonlinearity"] == "sigmoid" else ()

    @property
    def steepest(self) -> float:
        """¼ for σ, 1 for the others."""
        return 0.25 if self.options["nonlinearity"] == "sigmoid" else 1.0

    @property
    def graph(self) -> tuple[Node, ...]:
        """No main road: every step goes through the mill W_h and through φ."""
        return (
            Node("h_prev", "past", at=(0, 2)),
            Node("x", "input", at=(0, 4)),
            Node("a", "affine", (Wire("h_prev", "W_h"), Wire("x", "W_x")), (2.2, 2), block="h"),
            Node("h", "phi", wires("a"), (3.8, 2), phi=self.options["nonlinearity"]),
            Node("h_out", "out", wires("h"), (5.6, 2)),
        )

    def forward(self, W: Arrays, spare: Callable[[int], Array]) -> Callable[..., None]:
        """One step forward."""
        W_h, ah = self.turned(W["W_h"]), spare(1)
        phi, constant = IN_PLACE.get(self.options["nonlinearity"], (tanh, 0))
        operand = np.full_like(ah, constant)

        def step_tanh(h: Array, h_prev: Array) -> None:
            tanh(add(h, dot(h_prev, W_h, ah), h), h)

        def step(h: Array, h_prev: Array) -> None:
            phi(add(h, dot(h_prev, W_h, ah), h), operand)

        return step_tanh if phi is tanh else step

    def slopes(self, r: Arrays, d: Arrays) -> dict[str, Array]:
        """φ′ at every timestep."""
        SLOPES[self.options["nonlinearity"]](r["h"], d["da"])
        return {}

    def backward(self, W: Arrays, spare: Callable[[int], Array]) -> Callable[..., None]:
        """One step back."""
        W_hT, dh_from_a = W["W_h"].T, spare(1)

        def back(dh: Array, da: Array, dh_prev: Array) -> None:
            multiply(da, dh, da)
            add(dh_prev, dot(da, W_hT, dh_from_a), dh_prev)

        return back

    def jacobians(self, W: Arrays, r: Arrays, d: Arrays) -> Array | None:
        """diag(φ′) W_hᵀ."""
        return np.einsum("tj,ji->tji", d["da"], np.ascontiguousarray(W["W_h"].T))

    def gate_gradients(self, r: Arrays, d: Arrays) -> dict[str, Array]:
        """This cell has no gate."""
        return {}

    def arithmetic(self, W: Arrays, r: Arrays) -> tuple[Line, ...]:
        """The one equation with its numbers."""
        symbol = SYMBOLS[self.options["nonlinearity"]]
        return (self.affine_line(W, r, "h", symbol),)
