"""One model's stretch of an unrolled problem type, carried back step by step.

Where x_{t+1} = softmax(y_t),

    ∂L/∂y_t = ∂L_t/∂y_t + p ⊙ (v − Σ p v),  p = softmax(y_t),  v = ∂L/∂x_{t+1} = ∂L/∂a_{t+1} W_xᵀ

A power of two travels with every gradient, as in `rnnviz.core.backward_loop`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rnnviz.core.gradients import LayerFlow
from rnnviz.core.losses import CrossEntropy
from rnnviz.core.trace import Trace
from rnnviz.core.weight_gradients import parameter_gradients
from rnnviz.numerics.arrays import Array, Arrays
from rnnviz.numerics.extended_range import Scaled, stacked
from rnnviz.numerics.records import Record, sealed

FAR = 128
"""How many powers of two a gradient may be away from its carried one before that follows."""


@dataclass(frozen=True, repr=False)
class Stretch(Record):
    """One model's part of the time axis, forwards and back.

    back     what comes back to s_{t−1} from step t, (T, B, states·H), h first
    own      ∂L_t/∂y_t of the step's own loss, (T, B, K); None without a readout
    fed      ∂L/∂y_t by way of x_{t+1}, (T, B, K); None where nothing is fed back
    scores   ∂L/∂y_t in all; down, the same at h_t: what the readout sends to it, (T, B, H)
    inputs   ∂L/∂x_t (T, B, D)
    """

    trace: Trace
    flow: LayerFlow
    terms: Array
    back: Scaled
    inputs: Scaled
    down: Scaled
    own: Array | None = None
    fed: Scaled | None = None
    scores: Scaled | None = None

    @property
    def readout(self) -> Arrays:
        """∂L/∂W_y and ∂L/∂b_y; empty without a readout."""
        if self.scores is None:
            return {}
        with np.errstate(all="ignore"):
            dy = self.scores.true()
            W_y = np.tensordot(self.trace.outputs, dy, axes=([0, 1], [0, 1]))
            return {"W_y": W_y, "b_y": dy.sum(axis=(0, 1))}


def backward(
    trace: Trace, loss: CrossEntropy | None, carry: dict[str, Scaled], fed: bool
) -> tuple[Stretch, dict[str, Scaled]]:
    """From what arrives at the last state to what leaves the first: the stretch, and that."""
    return _Back(trace, loss, carry, fed).run()


class _Back:
    """One model's backward loop: its records, and the carry that comes in and goes out."""

    def __init__(
        self, trace: Trace, loss: CrossEntropy | None, carry: dict[str, Scaled], fed: bool
    ) -> None:
        self.trace, self.at, self.carry, self.fed_back = trace, trace.layers[0], carry, fed
        self.steps, self.batch, size = self.at.record["h"].shape
        cell, shape = self.at.cell, (self.steps, self.batch, size)
        self.terms = np.zeros(shape[:2]) if loss is None else loss.terms(trace)
        self.own = None if loss is None else loss.gradient(trace)
        self.d = cell.gradient_records(shape, np.float64)
        for name in cell.states:
            self.d |= {f"d{name}": np.zeros(shape), f"d{name}_prev": np.zeros(shape)}
        self.scale = np.zeros(self.batch, np.int64)
        self.exponent = np.zeros((self.steps, self.batch), np.int64)

    def run(self) -> tuple[Stretch, dict[str, Scaled]]:
        """From the last step to the first."""
        with np.errstate(all="ignore"):
            return self._run()

    def _run(self) -> tuple[Stretch, dict[str, Scaled]]:
        cell, W, d, record = self.at.cell, self.at.parameters, self.d, self.at.record
        size = record["h"].shape[-1]
        back = cell.backward_loop(W, self.batch, size, np.float64).bound(record, d)
        W_xT = W["W_x"].T
        dx: Scaled | None = None
        fed, scores, down = [], [], []
        for t in reversed(range(self.steps)):
            fed.append(self._through_softmax(t, dx))
            scores.append(self._scores(t, fed[-1]))
            down.append(self._down(scores[-1]))
            self._enter(t, down[-1])
            back(t)
            self.carry = {
                name: Scaled(d[f"d{name}_prev"][t].copy(), self.scale) for name in cell.states
            }
            dx = Scaled(d["da"][t] @ W_xT, self.scale)
        series = (stacked(one[::-1]) for one in (fed, scores, down))
        return self._stretch(*series), self.carry

    def _through_softmax(self, t: int, dx: Scaled | None) -> Scaled:
        """∂L/∂y_t by way of x_{t+1}."""
        if not self.fed_back or dx is None:
            return self._nothing(self.trace.model.input_size)
        p = self.trace.x[t + 1]
        return dx.map(p * (dx.mantissa - (p * dx.mantissa).sum(axis=-1, keepdims=True)))

    def _nothing(self, size: int) -> Scaled:
        return Scaled(np.zeros((self.batch, size)), np.zeros(self.batch, np.int64))

    def _scores(self, t: int, fed: Scaled) -> Scaled:
        return fed if self.own is None else fed + Scaled(self.own[t])

    def _down(self, scores: Scaled) -> Scaled:
        """∂L/∂h_t by way of y_t."""
        readout = self.trace.model.readout
        if readout is None:
            return self._nothing(self.trace.model.hidden_size)
        return scores.map(scores.mantissa @ readout.parameters["W_y"].T)

    def _enter(self, t: int, down: Scaled) -> None:
        """Write the states' gradients of step t, at a power of two near their own."""
        arriving = self.carry | {"h": self.carry["h"] + down}
        top = np.max([one.top() for one in arriving.values()], axis=0)
        moves = (top > -(2**29)) & (np.abs(top - self.scale) > FAR)
        self.scale = np.where(moves, top, self.scale)
        self.exponent[t] = self.scale
        for name, one in arriving.items():
            self.d[f"d{name}"][t] = one.at(self.scale)

    def _stretch(self, fed: Scaled, scores: Scaled, down: Scaled) -> Stretch:
        d, cell = self.d, self.at.cell
        states = [np.concatenate([d[f"d{name}_prev"][:1], d[f"d{name}"]]) for name in cell.states]
        d |= {f"d{name}_all": series for name, series in zip(cell.states, states, strict=True)}
        exponent = np.concatenate([self.exponent[:1], self.exponent])
        gradients = sealed(parameter_gradients(self.at, d, self.exponent))
        back = np.concatenate([d[f"d{name}_prev"] for name in cell.states], axis=-1)
        inputs = Scaled(d["da"] @ self.at.parameters["W_x"].T, self.exponent)
        asked = self.trace.model.readout is not None
        return Stretch(
            self.trace, LayerFlow(self.at, sealed(d), exponent, gradients), self.terms,
            Scaled(back, self.exponent), inputs, down, self.own,
            fed if self.fed_back else None, scores if asked else None,
        )  # fmt: skip
