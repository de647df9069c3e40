"""Training by truncated backpropagation through time, on a stream that never ends.

The stream is read in windows of k timesteps. Each window: forward from the state that the last one
left, mean squared error over its steps, gradient back to the window's first step and no further,
one step of the optimiser, the state handed on without its gradient. (Williams and Peng 1990.)

With ``back`` m > 0 the gradient goes on into the windows of the m steps before: they are run again
with the present weights, from the state at which they began. Where that reaches the start of the
stream it is full backpropagation of the same losses.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np

from rnnviz.core.backward_run import backprop
from rnnviz.core.forward_run import first_states, forward
from rnnviz.core.gradients import GradientFlow
from rnnviz.core.losses import SquaredError
from rnnviz.core.model import Model
from rnnviz.core.trace import Trace
from rnnviz.numerics.arrays import Array, Arrays
from rnnviz.numerics.blas_threads import one_blas_thread
from rnnviz.numerics.records import brief
from rnnviz.numerics.validation import one_of, positive_number, whole_number
from rnnviz.training.echo_stream import Echo
from rnnviz.training.net_pass import NetPass
from rnnviz.training.objectives import mean_squared
from rnnviz.training.optimisers import OPTIMISERS, clipped, norm_of
from rnnviz.training.weights import flat, refilled

States = Arrays


class Stream(Protocol):
    """A source of windows."""

    def after(self, steps: int) -> tuple[Array, Array, Stream]:
        """The next x and y, (steps, B, 1), and the stream behind them."""


class MeanSquared(SquaredError):
    """Mean squared error over the counted steps, the examples and the outputs: (y − target)²."""

    def _terms(self, trace: Trace) -> Array:
        error = self._error(trace)
        with np.errstate(all="ignore"):
            return np.asarray((error * error).sum(axis=-1) / (error.shape[1] * error.shape[2]))

    def _slope(self, trace: Trace) -> Array:
        error = self._error(trace)
        return np.asarray(2 * error / (error.shape[1] * error.shape[2]))


@dataclass(frozen=True)
class Plan:
    """How a net is trained: everything but the net itself.

    delay, batch, seed   of the stream, `rnnviz.training.echo_stream.Echo`
    window, back         k and m; of m steps, whole windows are run again, as many as there were
    updates              how many windows are read, one step of the optimiser after each
    optimiser, rate      a name in `OPTIMISERS`, and its learning rate
    clip                 the norm to which all gradients together are shortened, or None
    """

    delay: int = 10
    window: int = 10
    back: int = 0
    updates: int = 300
    batch: int = 16
    seed: int = 0
    optimiser: str = "adam"
    rate: float = 0.01
    clip: float | None = 1.0

    def check(self) -> None:
        """Raise ValueError naming argument, rule and what arrived."""
        for name in ("delay", "window", "updates", "batch"):
            whole_number(name, getattr(self, name))
        whole_number("back", self.back, least=0)
        whole_number("seed", self.seed, least=0)
        one_of("optimiser", self.optimiser, tuple(OPTIMISERS))
        positive_number("rate", self.rate)
        if self.clip is not None:
            positive_number("clip", self.clip)

    @property
    def steps(self) -> int:
        """How many timesteps are run forward and back in all."""
        return self.updates * (self.window + self.back)


class Stretch(NamedTuple):
    """What one update is computed from: some steps run again, then the window's own k steps.

    x, y     (m + k, B, 1)
    start    state name → (1, B, H) before the first of them
    before   m, how many of the steps belong to earlier windows
    """

    x: Array
    y: Array
    start: States
    before: int

    def __repr__(self) -> str:
        return brief(self)

    def loss(self) -> MeanSquared:
        """The loss of the window's own steps."""
        return MeanSquared(self.y, np.arange(len(self.x)) >= self.before)

    def flow(self, model: Model) -> GradientFlow:
        """The gradient flow of all of the stretch's steps."""
        return backprop(forward(model, self.x, self.start), self.loss())


@dataclass(frozen=True)
class Run:
    """One training run.

    loss             (U,) mean squared error of each window before its update; nan from the update
                     on at which a number was not finite: there the run ends
    log10_gradient   (U,) log10 ‖∂L/∂(all weights)‖₂ before clipping
    models           update → the model after it: 0, half of them and all, or up to the end
    stopped          the update, from 1, that was not finite; None if none
    """

    plan: Plan
    loss: Array
    log10_gradient: Array
    models: Mapping[int, Model]
    stopped: int | None

    @property
    def model(self) -> Model:
        """The model at the end, or before the update that was not finite."""
        return self.models[max(self.models)]

    def end(self, count: int) -> float:
        """The mean loss of the last updates; nan if the run was not finite to its end."""
        return float(self.loss[-min(count, len(self.loss)) :].mean())


def train(model: Model, plan: Plan, stream: Stream | None = None) -> Run:
    """Train a model of one layer and direction, one input and one output, as planned.

    ``stream`` takes the place of the plan's own echo, of which delay, batch and seed are.

    Raises ValueError naming argument, rule and what arrived.
    """
    plan.check()
    trainable(model)
    loss, size = np.full(plan.updates, np.nan), np.full(plan.updates, np.nan)
    weights, passes = flat(model), dict[int, NetPass]()
    gradient, step = np.empty_like(weights), OPTIMISERS[plan.optimiser](weights.size)
    models, stopped = {0: model}, None
    echo = Echo.seeded(plan.delay, plan.batch, plan.seed) if stream is None else stream
    state = begin(model, plan.batch)
    kept: deque[tuple[Array, Array, States]] = deque(maxlen=-(-plan.back // plan.window) + 1)
    with np.errstate(all="ignore"), one_blas_thread():
        for update in range(plan.updates):
            x, y, echo = echo.after(plan.window)
            kept.append((x, y, state))
            x, y, start, before = _stretch(kept)
            if len(x) not in passes:
                passes[len(x)] = NetPass(model, weights, gradient, len(x), plan.batch)
            net, steps = passes[len(x)], np.arange(before, len(x))
            outputs = net.forward(x, start)[steps]
            value, slope = mean_squared(net.scores(outputs), y[steps])
            net.backward(outputs, steps, slope)
            norm = norm_of(gradient)
            moved = weights - step(clipped(gradient, norm, plan.clip), plan.rate)
            if not (np.isfinite(value) and np.isfinite(moved).all()):
                models[update], stopped = refilled(model, weights), update + 1
                break
            loss[update], size[update] = value, np.log10(norm)
            weights[...], state = moved, net.final()
            if update + 1 in (plan.updates // 2, plan.updates):
                models[update + 1] = refilled(model, moved)
    return Run(plan, loss, size, models, stopped)


def begin(model: Model, batch: int) -> States:
    """State name → the model's initial states (1, B, H), zeros where it has none."""
    return first_states(model, batch)


def _stretch(kept: Sequence[tuple[Array, Array, States]]) -> Stretch:
    """The windows that are still kept as one stretch; the last of them has the loss."""
    x, y = (np.concatenate([one[side] for one in kept]) for side in (0, 1))
    return Stretch(x, y, kept[0][2], len(x) - len(kept[-1][0]))


def trainable(model: Model) -> None:
    """Raise ValueError for a model that the stream does not fit."""
    shape = (model.input_size, model.num_layers, model.bidirectional)
    forward_only = shape == (1, 1, False) and model.direction == "forward"
    if not forward_only or model.readout is None or model.readout.kind != "identity":
        raise ValueError(
            "`model` must have one input, one layer, one direction, forward, and an identity "
            "readout, got "
            f"{shape[0]} inputs, {shape[1]} layers, bidirectional = {shape[2]}."
        )
    if len(model.readout.parameters["b_y"]) != 1:
        raise ValueError(
            f"`model` must have one output, got {len(model.readout.parameters['b_y'])}."
        )


def flat_gradient(flow: GradientFlow) -> Array:
    """Their gradient, in the same order."""
    model = flow.trace.model
    assert model.readout is not None
    cell = [flow.parameters[0][name].ravel() for name in model.parameters[0]]
    head = [flow.readout[name].ravel() for name in model.readout.parameters]
    return np.concatenate(cell + head)
