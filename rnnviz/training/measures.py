"""What is looked at at a checkpoint: gradients by timestep, gates, and the score held out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from threading import Lock
from typing import Any, Generic, TypeVar

import numpy as np

from rnnviz.core.backward_loop import Sweep
from rnnviz.core.forward_run import first_states, forward
from rnnviz.core.gate_use import GateUse, used
from rnnviz.core.model import Model
from rnnviz.core.trace import Trace
from rnnviz.numerics.arrays import Array
from rnnviz.numerics.blas_threads import one_blas_thread
from rnnviz.numerics.extended_range import LOG10_2, Scaled
from rnnviz.tasks import TASKS, Example, Task
from rnnviz.training.batches import Batch, Batches
from rnnviz.training.net_pass import NetPass
from rnnviz.training.objectives import OBJECTIVES, Score, scored
from rnnviz.training.plan import Plan
from rnnviz.training.weights import cast, flat

Value = TypeVar("Value")


class AtCheckpoints(Mapping[int, Value], Generic[Value]):
    """Update → a value that is computed when it is asked for first."""

    def __init__(self, measures: Measures, what: str, models: Mapping[int, Model]) -> None:
        self.measures, self.what, self.models = measures, what, models

    def __getitem__(self, update: int) -> Value:
        model, found = self.models[update], self.measures.known[self.what]
        if update not in found:
            with self.measures.lock, one_blas_thread():
                found[update] = getattr(self.measures, self.what)(model)
        value: Value = found[update]
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
        self.lock = Lock()  # for the arrays that are used again
        self.seen: tuple[Model, Trace] | None = None
        self.net: NetPass | None = None

    def __getstate__(self) -> dict[str, Any]:
        """Tasks are named, not pickled, but for those that have no name here."""
        task = None if TASKS.get(self.plan.task) is self.task else self.task
        return {"task": task, "plan": self.plan, "known": self.known}

    def __setstate__(self, state: dict[str, Any]) -> None:
        plan = state["plan"]
        self.__init__(state["task"] or TASKS[plan.task], plan)  # type: ignore[misc]
        self.known = state["known"]

    @cached_property
    def batches(self) -> Batches:
        """The plan's sequences."""
        return Batches(self.task, self.plan)

    def of(self, what: str, models: Mapping[int, Model]) -> AtCheckpoints[Any]:
        """One of the measures for all checkpoints."""
        return AtCheckpoints(self, what, models)

    @cached_property
    def _probe(self) -> Batch:
        return self.batches.probe()

    @cached_property
    def _held_out(self) -> tuple[Example, Batch]:
        example = self.batches.held_out()
        return example, self.batches.batch(example)

    def _trace(self, model: Model) -> Trace:
        """The run of the probe batch; that of the last model is kept."""
        if self.seen is None or self.seen[0] is not model:
            # float64 holds every float32 exactly: what is measured is the net that was trained.
            wide, x = cast(model, np.float64), self._probe.x.astype(np.float64, copy=False)
            self.seen = model, forward(wide, x, first_states(wide, x.shape[1]))
        return self.seen[1]

    def gradients(self, model: Model) -> Array:
        """log10 ‖∂L_S/∂s_t‖ (T + 1,) for t = 0 … T, in float64, whatever their size.

        s is the memory state, ``cell.states[-1]``, of the top layer (forward direction); S the last
        step with a loss, whose loss alone is followed. The root of the mean square over the probe
        batch's examples, each with its own loss. −inf is an exact 0.
        """
        _, targets, steps = self._probe
        trace, last, kind = self._trace(model), steps[-1:], self.batches.example.loss
        readout, count = trace.model.readout, targets.shape[1]
        assert readout is not None
        with np.errstate(all="ignore"):
            dy = OBJECTIVES[kind](readout.scores(trace.outputs[last]), targets[last])[1] * count
            top = trace.layer(model.num_layers - 1)
            dh = np.zeros_like(top.record["h"])
            dh[last] = (dy @ readout.parameters["W_y"].T)[..., : model.hidden_size]
            sweep = Sweep(top.cell, top.parameters, top.record, Scaled(dh))
            sweep.run()
            memory = Scaled(sweep.states[top.cell.states[-1]], sweep.exponent).log10_norms()
            total = np.logaddexp2.reduce(2 * memory / LOG10_2, axis=1) - np.log2(count)
            return np.asarray(total * LOG10_2 / 2)

    def gates(self, model: Model) -> Mapping[str, GateUse]:
        """Gate → its use on the probe batch, in the top layer (forward direction)."""
        layer = self._trace(model).layer(model.num_layers - 1)
        names = [signal.name for signal in model.cell.signals if signal.kind == "gate"]
        return {name: used(layer[name]) for name in names}

    def scores(self, model: Model) -> Score:
        """The score on held-out sequences, in the plan's float type."""
        example, batch = self._held_out
        steps, count = batch.x.shape[:2]
        weights = flat(model).astype(self.plan.dtype, copy=False)
        if self.net is None:
            self.net = NetPass(model, np.empty_like(weights), weights.copy(), steps, count)
        self.net.weights[...] = weights
        with np.errstate(all="ignore"):
            outputs = self.net.forward(batch.x, first_states(model, count))
            return scored(self.task, example, self.net.scores(outputs))
