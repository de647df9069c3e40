"""One update after another: a batch or window, forward, loss, back, clipping, the optimiser."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from rnnviz.core.backward_run import backward
from rnnviz.core.forward_run import first_states, forward
from rnnviz.core.model import Model
from rnnviz.core.nonfinite import NonFinite
from rnnviz.numerics.arrays import Array, Arrays
from rnnviz.numerics.records import Record, sealed
from rnnviz.tasks import Task
from rnnviz.training.batches import Batch, Batches
from rnnviz.training.net_pass import NetPass
from rnnviz.training.objectives import OBJECTIVES
from rnnviz.training.optimisers import OPTIMISERS, clipped, norm_of
from rnnviz.training.plan import Plan
from rnnviz.training.weights import flat, refilled


@dataclass(frozen=True)
class State(Record):
    """All that the next update follows from, beside the plan: training goes on from it bit by bit.

    update     how many updates have been made
    batch      how many batches have been read to their end
    window     how many windows of the next one have been read
    weights    (P,) as `rnnviz.training.weights.flat` orders them
    optimiser  what the optimiser carries, each (P,)
    carried    state name → (layers·directions, B, H) at the end of the last window; empty at the
               start of a batch
    """

    update: int
    batch: int
    window: int
    weights: Array
    optimiser: Arrays
    carried: Arrays


class Stopped(NamedTuple):
    """Where a number was not finite, so that training ended.

    update  the update that could not be made, from 1
    what    what was not finite: "loss", "gradient" or "weights" (after the step)
    at      the first such value of a signal, or of ∂L/∂signal, with its timestep, from 1; None
            where all of them are finite
    """

    update: int
    what: str
    at: NonFinite | None


class Update(NamedTuple):
    """The loss and ‖∂L/∂(all weights)‖₂ before clipping, and where it stopped, if it did."""

    loss: float
    norm: float
    stopped: Stopped | None


class Trainer:
    """A net in training. ``state()`` is where it stands; another one goes on from it."""

    def __init__(self, model: Model, task: Task, plan: Plan, state: State | None = None) -> None:
        self.plan, self.model = plan, model
        self.batches = Batches(task, plan)
        self.objective = OBJECTIVES[self.batches.example.loss]
        self.weights = flat(model) if state is None else state.weights.copy()
        self.gradient, self.moved = np.empty_like(self.weights), np.empty_like(self.weights)
        self.optimiser = OPTIMISERS[plan.optimiser](len(self.weights), self.weights.dtype)
        self.update, self.batch, self.window = 0, 0, 0
        self.carried: Arrays = {}
        if state is not None:
            self.update, self.batch, self.window = state.update, state.batch, state.window
            self.carried, self.optimiser.count = state.carried, state.update
            for name, one in state.optimiser.items():
                self.optimiser.kept[name][...] = one
        self.current: Batch | None = None
        self.passes: dict[tuple[int, int], NetPass] = {}

    def state(self) -> State:
        """Copies of everything that the next update follows from."""
        kept = {name: one.copy() for name, one in self.optimiser.kept.items()}
        return State(
            self.update, self.batch, self.window, frozen_copy(self.weights), sealed(kept),
            sealed(dict(self.carried)),
        )  # fmt: skip

    def step(self) -> Update:
        """Make one update. Where a number is not finite the weights stay as they are."""
        with np.errstate(all="ignore"):
            x, targets, steps, low, start = self._next()
            net = self._pass(x)
            outputs = net.forward(x, start)[steps]
            loss, dy = self.objective(net.scores(outputs), targets[steps])
            net.backward(outputs, steps, dy)
            norm = norm_of(self.gradient)
            step = self.optimiser(
                clipped(self.gradient, norm, self.plan.clip, self.plan.clip_by),
                self.plan.rate_at(self.update),
            )
            np.subtract(self.weights, step, out=self.moved)
            wrong = self._not_finite(loss, norm)
            if wrong:
                at = self._where(x, targets, steps, low, start)
                return Update(loss, norm, Stopped(self.update + 1, wrong, at))
            self.weights[...] = self.moved
            self._read(net, low + len(x))
            self.update += 1
        return Update(loss, norm, None)

    def _not_finite(self, loss: float, norm: float) -> str:
        if not np.isfinite(loss):
            return "loss"
        if not np.isfinite(norm):
            return "gradient"
        return "" if np.isfinite(self.moved).all() else "weights"

    def _next(self) -> tuple[Array, Array, Array, int, Arrays]:
        """The next stretch that has a loss: x, targets, its steps with a loss, where it begins in
        its sequence, and the states before it.
        """  # fmt: skip
        while True:
            if self.current is None:
                self.current = self.batches.training(self.batch)
            x, targets, steps = self.current
            low, high = windows(len(x), self.plan.window)[self.window]
            here = steps[(steps >= low) & (steps < high)] - low
            start = self.carried or first_states(self.model, x.shape[1])
            if len(here):
                return x[low:high], targets[low:high], here, low, start
            net = self._pass(x[low:high])
            net.forward(x[low:high], start)
            self._read(net, high)

    def _read(self, net: NetPass, high: int) -> None:
        """Move on behind the window that ended at step ``high``."""
        assert self.current is not None
        if high < len(self.current.x):
            self.carried, self.window = net.final(), self.window + 1
        else:
            self.carried, self.window, self.current = {}, 0, None
            self.batch += 1

    def _pass(self, x: Array) -> NetPass:
        shape = x.shape[0], x.shape[1]
        if shape not in self.passes:
            self.passes[shape] = NetPass(self.model, self.weights, self.gradient, *shape)
        return self.passes[shape]

    def _where(
        self, x: Array, targets: Array, steps: Array, low: int, start: Arrays
    ) -> NonFinite | None:
        """The first value that is not finite, forward, or else on the way back."""
        model = refilled(self.model, self.weights.copy())
        trace = forward(model, x, start)
        found = trace.first_nonfinite
        if found is None and model.readout is not None:
            y = model.readout.scores(trace.outputs[steps])
            dh = np.zeros_like(trace.outputs)
            dh[steps] = self.objective(y, targets[steps])[1] @ model.readout.parameters["W_y"].T
            found = backward(trace, dh).first_nonfinite
        return None if found is None else replace(found, t=found.t + low)


def windows(steps: int, window: int | None) -> list[tuple[int, int]]:
    """From … to of windows of so many steps, counted back from the last step."""
    if window is None or window >= steps:
        return [(0, steps)]
    ends = list(range(steps, 0, -window))[::-1]
    return list(zip([0, *ends[:-1]], ends, strict=True))


def frozen_copy(array: Array) -> Array:
    """A read-only copy."""
    copy = array.copy()
    copy.flags.writeable = False
    return copy
