"""What is looked at at a checkpoint: gradients by timestep, gates, and the score held out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Any, Generic, NamedTuple, TypeVar

import numpy as np

from rnnviz.core.backward_run import backward
from rnnviz.core.forward_run import forward
from rnnviz.core.model import Model
from rnnviz.core.trace import Trace
from rnnviz.numerics.arrays import Array, Arrays
from rnnviz.numerics.blas_threads import one_blas_thread
from rnnviz.numerics.extended_range import LOG10_2
from rnnviz.numerics.records import brief, sealed
from rnnviz.tasks import TASKS, Task
from rnnviz.training.batches import Batches
from rnnviz.training.objectives import OBJECTIVES, Score, scored
from rnnviz.training.plan import Plan
from rnnviz.training.weights import cast

LOW, HIGH = 0.1, 0.9
"""A gate's value below the one or above the other counts as saturated."""

Value = TypeVar("Value")


class GateUse(NamedTuple):
    """What a gate did, unit by unit, over all steps and sequences of the probe batch.

    mean  (H,) its mean value
    low   (H,) the share of its values below 0.1
    high  (H,) the share of its values above 0.9
    """

    mean: Array
    low: Array
    high: Array

    def __repr__(self) -> str:
        return brief(self)


class AtCheckpoints(Mapping[int, Value], Generic[Value]):
    """Update → a value that is computed when it is asked for first."""

    def __init__(
        self, models: Mapping[int, Model], found: dict[int, Any], make: Callable[[Model], Value]
    ) -> None:
        self.models, self.found, self.make = models, found, make

    def __getitem__(self, update: int) -> Value:
        model = self.models[update]
        if update not in self.found:
            with one_blas_thread():
                self.found[update] = self.make(model)
        value: Value = self.found[update]
        return value

    def __iter__(self) -> Iterator[int]:
        return iter(self.models)

    def __len__(self) -> int:
        return len(self.models)


class Measures:
    """The measures of one training, with what is known of them; shared by all runs of it."""

    def __init__(self, task: Task, plan: Plan) -> None:
        self.task, self.plan = task, plan
        self.known: dict[str, dict[int, Any]] = {"gradients": {}, "gates": {}, "scores": {}}

    def __getstate__(self) -> dict[str, Any]:
        """Tasks are named, not pickled, but for those that have no name here."""
        task = None if TASKS.get(self.plan.task) is self.task else self.task
        return {"task": task, "plan": self.plan, "known": self.known}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.plan, self.known = state["plan"], state["known"]
        self.task = state["task"] or TASKS[self.plan.task]

    @cached_property
    def batches(self) -> Batches:
        """The plan's sequences."""
        return Batches(self.task, self.plan)

    def of(self, what: str, models: Mapping[int, Model]) -> AtCheckpoints[Any]:
        """One of the measures for all checkpoints."""
        return AtCheckpoints(models, self.known[what], getattr(self, what))

    def _trace(self, model: Model, x: Array) -> Trace:
        # float64 holds every float32 exactly: what is measured is the net that was trained.
        wide = cast(model, np.float64)
        shape = (len(wide.parameters), x.shape[1], wide.hidden_size)
        start = {name: np.zeros(shape) for name in wide.cell.states}
        return forward(wide, x.astype(np.float64, copy=False), start)

    def gradients(self, model: Model) -> Array:
        """log10 ‖∂L_S/∂s_t‖ (T + 1,) for t = 0 … T, in float64, whatever their size.

        s is the memory state, ``cell.states[-1]``, of the top layer (forward direction); S the last
        step with a loss, whose loss alone is followed. The root of the mean square over the probe
        batch's examples, each with its own loss. −inf is an exact 0.
        """
        x, targets, steps = self.batches.probe()
        trace, last = self._trace(model, x), steps[-1:]
        readout = trace.model.readout
        assert readout is not None
        with np.errstate(all="ignore"):
            objective = OBJECTIVES[self.batches.example.loss]
            dy = objective(readout.scores(trace.outputs[last]), targets[last])[1] * x.shape[1]
            dh = np.zeros_like(trace.outputs)
            dh[last] = dy @ readout.parameters["W_y"].T
            flow = backward(trace, dh).layer(model.num_layers - 1)
            powers = 2 * flow.log10_norms(model.cell.states[-1]) / LOG10_2
            total = np.logaddexp2.reduce(powers, axis=1) - np.log2(x.shape[1])
            return np.asarray(total * LOG10_2 / 2)

    def gates(self, model: Model) -> Mapping[str, GateUse]:
        """Gate → its use on the probe batch, in the top layer (forward direction)."""
        layer = self._trace(model, self.batches.probe().x).layer(model.num_layers - 1)
        names = [signal.name for signal in model.cell.signals if signal.kind == "gate"]
        return {name: used(layer[name]) for name in names}

    def scores(self, model: Model) -> Score:
        """The score on held-out sequences."""
        example = self.batches.held_out()
        return scored(self.task, example, self._trace(model, example.x))


def used(values: Array) -> GateUse:
    """The use of a gate (T, B, H)."""
    found: Arrays = sealed({
        "mean": values.mean(axis=(0, 1)),
        "low": (values < LOW).mean(axis=(0, 1)),
        "high": (values > HIGH).mean(axis=(0, 1)),
    })  # fmt: skip
    return GateUse(**found)
