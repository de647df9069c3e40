"""Run a problem type, and backpropagate through the hand-over and through outputs fed back.

The backward loop goes once from T to 1. What leaves a model's first step arrives at the last step
of the model before it, in every state (h, and c where there is one). Where x_{t+1} = softmax(y_t),

    ∂L/∂y_t = ∂L_t/∂y_t + p ⊙ (v − Σ p v),  p = softmax(y_t),  v = ∂L/∂x_{t+1} = ∂L/∂a_{t+1} W_xᵀ

A power of two travels with every gradient, as in `rnnviz.core.backward_loop`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rnnviz.core.forward_run import forward
from rnnviz.core.gradients import LayerFlow
from rnnviz.core.losses import CrossEntropy
from rnnviz.core.model import Model
from rnnviz.core.trace import LayerTrace, Trace
from rnnviz.core.weight_gradients import parameter_gradients
from rnnviz.experiments.problem_types import Problem, Symbols
from rnnviz.numerics.arrays import Array, Arrays
from rnnviz.numerics.extended_range import Scaled, stacked
from rnnviz.numerics.records import Record, sealed
from rnnviz.numerics.validation import flag, instance

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


@dataclass(frozen=True)
class Unrolled:
    """A problem type run and carried back: one stretch, or an encoder's and a decoder's.

    >>> import rnnviz
    >>> problem = rnnviz.PROBLEMS["many_to_one"]
    >>> model = rnnviz.build("gru", 5, 4, output_size=5, readout="softmax")
    >>> rnnviz.unroll(problem, [model], problem.sequence(8, seed=0)).probabilities.shape
    (8, 1, 5)
    """

    problem: Problem
    sequence: Symbols
    fed: bool
    stretches: tuple[Stretch, ...]

    @property
    def steps(self) -> int:
        """T."""
        return len(self.sequence.x)

    @property
    def loss(self) -> float:
        """The sum over examples of the mean over answers of −ln p(target)."""
        return float(sum(one.terms.sum() for one in self.stretches))

    def log10(self, what: str) -> Array:
        """log10 norms along t = 1 … T, (T, B): "h", "c", "back", "down", "own", "fed", "inputs".

        −inf where there is none.
        """
        return np.concatenate([_log10(one, what) for one in self.stretches])

    @property
    def probabilities(self) -> Array:
        """softmax(y_t), (T, B, K); nan where there is no readout."""
        empty = np.full(self.sequence.x.shape, np.nan)
        found = self.stretches[-1].trace.predictions
        assert found is not None
        empty[len(empty) - len(found) :] = found
        return empty


def _log10(one: Stretch, what: str) -> Array:
    if what in one.flow.trace.cell.states:
        return one.flow.log10_norms(what)[1:]
    found = getattr(one, what)
    if found is None:
        return np.full(one.trace.x.shape[:2], -np.inf)
    return (found if isinstance(found, Scaled) else Scaled(found)).log10_norms()


def unroll(
    problem: Problem, models: Sequence[Model], sequence: Symbols, *, fed: bool | None = None
) -> Unrolled:
    """Run the type's models on a sequence and carry the gradient back through everything.

    ``models`` is (model,) or (encoder, decoder), one layer and direction each, the last with a
    softmax readout over the symbols. ``fed`` has the last model read its own softmax instead of
    what is given (an encoder's decoder is by default given the right answers before).

    Raises ValueError naming argument, rule and what arrived.

    >>> import rnnviz
    >>> problem = rnnviz.PROBLEMS["many_to_one"]
    >>> model = rnnviz.build("gru", 5, 4, output_size=5, readout="softmax")
    >>> rnnviz.unroll(problem, [model], problem.sequence(8, seed=0)).log10("h").shape
    (8, 1)
    """
    instance("problem", problem, Problem)
    fed = problem.fed_back if fed is None else flag("fed", fed)
    _check(problem, models, len(sequence.x[0, 0]))
    steps, n = len(sequence.x), problem.handed(len(sequence.x))
    places = [slice(0, n), slice(n, steps)] if n else [slice(0, steps)]
    batch, size = sequence.x.shape[1], models[0].hidden_size
    state = {name: np.zeros((1, batch, size)) for name in models[0].cell.states}
    traces = []
    for model, place in zip(models, places, strict=True):
        last = place.stop == steps
        traces.append(_forward(model, sequence.x[place], state, fed and last))
        state = traces[-1].final
    counted = problem.answers(steps)
    carry = {name: Scaled(np.zeros((batch, size))) for name in models[0].cell.states}
    found: list[Stretch] = []
    for trace, place in reversed(list(zip(traces, places, strict=True))):
        asked = trace.model.readout is not None and bool(counted[place].any())
        loss = CrossEntropy(sequence.targets[place], counted[place]) if asked else None
        one, carry = _backward(trace, loss, carry, fed and place.stop == steps)
        found.append(one)
    return Unrolled(problem, sequence, fed, tuple(reversed(found)))


def _check(problem: Problem, models: Sequence[Model], count: int) -> None:
    wanted = 1 + problem.encoder
    if len(models) != wanted:
        raise ValueError(f"`models` must be {wanted} for {problem.name!r}, got {len(models)}.")
    for one in models:
        instance("models", one, Model)
        if one.num_layers != 1 or one.bidirectional or one.input_size != count:
            raise ValueError(f"`models` must have one layer and direction and {count} inputs.")
        if one.dtype != np.float64:
            raise ValueError(f"`models` must be float64, got {one.dtype.name}.")
    if (models[0].cell.states, models[0].hidden_size) != (
        models[-1].cell.states, models[-1].hidden_size
    ):  # fmt: skip
        raise ValueError("`models` must have the same states, or there is nothing to hand over.")
    readout = models[-1].readout
    if readout is None or readout.kind != "softmax" or len(readout.parameters["b_y"]) != count:
        raise ValueError(f"the last of `models` must have a softmax readout over {count} symbols.")


def _forward(model: Model, x: Array, state: Arrays, fed: bool) -> Trace:
    """The model on x, or on x_1 and then on its own softmax."""
    if not fed:
        return forward(model, x, state)
    parts: list[Trace] = []
    for _ in range(len(x)):
        before = parts[-1].predictions if parts else x[:1]
        assert before is not None
        parts.append(forward(model, before, parts[-1].final if parts else state))
    first = parts[0].layers[0]
    record = {name: np.concatenate([one.layers[0].record[name] for one in parts])
              for name in first.record}  # fmt: skip
    at = LayerTrace(first.cell, first.parameters, 0, "forward", sealed(record))
    return Trace(model, record["x"], (at,), record["h"])


def _backward(
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
