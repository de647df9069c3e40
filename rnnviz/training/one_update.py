"""Updates taken apart: every number of the step W ← W − Δw, for one weight at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from rnnviz.core.backward_run import backward
from rnnviz.core.forward_run import first_states, forward
from rnnviz.core.gradients import LayerFlow
from rnnviz.core.model import Model
from rnnviz.core.weight_gradients import shifted
from rnnviz.numerics.arrays import Array, Arrays
from rnnviz.numerics.blas_threads import one_blas_thread
from rnnviz.numerics.records import Record, brief, sealed
from rnnviz.numerics.validation import one_of, whole_number
from rnnviz.tasks import TASKS
from rnnviz.training.batches import Batches
from rnnviz.training.objectives import OBJECTIVES
from rnnviz.training.optimisers import Adam, clipped
from rnnviz.training.plan import Plan
from rnnviz.training.train_net import begin
from rnnviz.training.trainer import Trainer
from rnnviz.training.weights import cast, groups, refilled

MOST = 4_000_000
"""The most that updates × weights may be: 80 MB with Adam in float32."""


@dataclass(frozen=True, repr=False)
class Recorded(Record):
    """All weights and all that their optimiser had in hand, at each of U updates.

    plan, first    what was trained, before the first update
    loss, norm     (U,) of each update's batch, and ‖∂L/∂(all weights)‖₂ before clipping
    weights        (U + 1, P) before the first update and after each
    gradient       (U, P) ∂L/∂w, before clipping
    step           (U, P) Δw, what the optimiser subtracted
    kept           what the optimiser carries ("mean" and "square" for Adam), (U + 1, P): 0 at first

    >>> from rnnviz.training.one_update import recorded
    >>> found = recorded("rnn", "adding", length=6, hidden_size=4, updates=5)
    >>> found.weights.shape, list(found.kept)
    ((6, 33), ['mean', 'square'])
    """

    plan: Plan
    first: Model
    loss: Array
    norm: Array
    weights: Array
    gradient: Array
    step: Array
    kept: Arrays

    @property
    def updates(self) -> int:
        """U."""
        return len(self.loss)


def recorded(
    model: str | Model, task: str | None = None, *, most: int | None = None, **settings: Any
) -> Recorded:
    """Train as `rnnviz.train` does, with the same bits, and record every update.

    Updates × weights may be four millions, and updates ``most``: of a longer plan the first ones
    are recorded. Where a number is not finite the record ends before it. Raises ValueError as
    `rnnviz.train` does.
    """
    run = begin(model, task, checkpoints=(), **settings)
    trainer = Trainer(run.first, run.task, run.plan)
    count = min(run.plan.updates, max(1, MOST // len(trainer.weights)), most or MOST)
    shape = count, len(trainer.weights)
    weights = np.empty((count + 1, shape[1]), trainer.weights.dtype)
    gradient, step = np.empty(shape, weights.dtype), np.empty(shape, weights.dtype)
    kept = {name: np.zeros_like(weights) for name in trainer.optimiser.kept}
    loss, norm, done = np.empty(count), np.empty(count), 0
    weights[0] = trainer.weights
    with one_blas_thread():
        while done < count:
            loss[done], norm[done], stopped = trainer.step()
            if stopped is not None:
                break
            gradient[done], step[done] = trainer.gradient, trainer.optimiser.step
            done += 1
            weights[done] = trainer.weights
            for name, one in kept.items():
                one[done] = trainer.optimiser.kept[name]
    by_update = {"loss": loss, "norm": norm, "gradient": gradient, "step": step}
    cut: Arrays = sealed({name: one[:done] for name, one in by_update.items()})
    carried: Arrays = sealed({name: one[: done + 1] for name, one in kept.items()})
    return Recorded(
        plan=run.plan, first=run.first, weights=sealed({"w": weights[: done + 1]})["w"],
        kept=carried, **cut,
    )  # fmt: skip


class Weight(NamedTuple):
    """One weight of a net: the parameter's name, its row (0 for a bias) and column, from 0."""

    name: str
    row: int
    column: int

    def __str__(self) -> str:
        return self.name


def shapes(model: Model) -> Mapping[str, tuple[int, int]]:
    """Parameter → (rows, columns) of a net of one layer and direction; a bias has one row."""
    return {
        name: (1, one.size) if one.ndim == 1 else (one.shape[0], one.shape[1])
        for group in groups(model) for name, one in group.items()
    }  # fmt: skip


def place(model: Model, weight: Weight) -> int:
    """Where a weight stands among all weights. Raises ValueError for one that is not there."""
    known, before = shapes(model), 0
    one_of("name", weight.name, tuple(known))
    for name, (rows, columns) in known.items():
        if name == weight.name:
            row = whole_number("row", weight.row, 0, rows - 1)
            return before + row * columns + whole_number("column", weight.column, 0, columns - 1)
        before += rows * columns
    raise AssertionError


class WeightUpdate(NamedTuple):
    """The numbers of one weight in one update.

    update     u, from 1
    before     w
    gradient   g = ∂L/∂w
    clipped    g after clipping
    rate       η of this update
    kept       what the optimiser carried before and after, by name
    corrected  Adam's m̂ = m / (1 − β₁ᵘ) and v̂ = v / (1 − β₂ᵘ); empty for others
    step       Δw
    after      w − Δw
    """

    update: int
    before: float
    gradient: float
    clipped: float
    rate: float
    kept: Mapping[str, tuple[float, float]]
    corrected: Mapping[str, float]
    step: float
    after: float


def weight_update(found: Recorded, update: int, weight: Weight) -> WeightUpdate:
    """One weight in update u = 1 … U. Raises ValueError naming argument, rule and what arrived.

    >>> from rnnviz.training.one_update import Weight, recorded, weight_update
    >>> found = recorded("rnn", "adding", length=6, hidden_size=4, updates=5, optimiser="sgd")
    >>> one = weight_update(found, 5, Weight("W_h", 0, 1))
    >>> bool(abs(one.before - one.rate * one.clipped - one.after) < 1e-7)
    True
    """
    u = whole_number("update", update, 1, found.updates) - 1
    p, plan = place(found.first, weight), found.plan
    short = clipped(found.gradient[u], float(found.norm[u]), plan.clip, plan.clip_by)
    kept = {name: (float(one[u, p]), float(one[u + 1, p])) for name, one in found.kept.items()}
    corrected = {}
    if plan.optimiser == "adam":
        for name, decay in (("mean", Adam.first), ("square", Adam.second)):
            corrected[name] = kept[name][1] / (1 - decay**update)
    return WeightUpdate(
        update, float(found.weights[u, p]), float(found.gradient[u, p]), float(short[p]),
        plan.rate_at(u), kept, corrected, float(found.step[u, p]), float(found.weights[u + 1, p]),
    )  # fmt: skip


class Passed(NamedTuple):
    """The batch of one update, forward and back.

    kind     "squared_error" or "cross_entropy"
    y        (n, B, K) the net's answers at the n steps with a loss; scores before any softmax
    targets  (n, B, K) or classes (n, B), and ``steps`` (n,), from 0
    loss     their cost
    terms    (T,) what each timestep adds to ∂L/∂w of the weight; their sum is ∂L/∂w
    """

    kind: str
    y: Array
    targets: Array
    steps: Array
    loss: float
    terms: Array

    def __repr__(self) -> str:
        return brief(self)


def passed(found: Recorded, update: int, weight: Weight) -> Passed:
    """Update u's batch through the net as it was before that update, recorded in float64.

    For nets of one layer and direction, trained through whole sequences. Raises ValueError.
    """
    u = whole_number("update", update, 1, found.updates) - 1
    place(found.first, weight)
    if found.plan.window is not None:
        raise ValueError(f"`window` must be None, got {found.plan.window}.")
    x, targets, steps = Batches(TASKS[found.plan.task], found.plan).training(u)
    model = cast(refilled(found.first, found.weights[u]), np.float64)
    readout = model.readout
    assert readout is not None
    with np.errstate(all="ignore"):
        trace = forward(model, x.astype(np.float64), first_states(model, x.shape[1]))
        outputs = trace.outputs[steps]
        y = readout.scores(outputs)
        loss, dy = OBJECTIVES[_loss(found)](y, targets[steps])
        if weight.name in readout.parameters:
            terms = np.zeros(len(x))
            left = outputs[:, :, weight.row] if weight.name == "W_y" else 1
            terms[steps] = (left * dy[:, :, weight.column]).sum(axis=1)
        else:
            dh = np.zeros_like(trace.outputs)
            dh[steps] = dy @ readout.parameters["W_y"].T
            terms = _terms(backward(trace, dh).layer(0), weight)
    return Passed(_loss(found), y, targets[steps], steps, loss, terms)


def _loss(found: Recorded) -> str:
    readout = found.first.readout
    return "cross_entropy" if readout and readout.kind == "softmax" else "squared_error"


def _terms(flow: LayerFlow, weight: Weight) -> Array:
    """(T,): what each timestep adds to the gradient of one weight, all sequences together."""
    name, row, column = weight
    at = flow.trace
    share = at.cell.contributions(at.parameters, at.record, flow.d)[name]
    share = shifted(share, flow.exponent[1:])
    if not isinstance(share, tuple):
        flat = share.reshape(*share.shape[:2], -1)
        return np.asarray(flat[:, :, row * at.parameters[name].shape[-1] + column].sum(axis=1))
    for left, right in share:
        if column < right.shape[-1]:
            return np.asarray((left[:, :, row] * right[:, :, column]).sum(axis=1))
        column -= right.shape[-1]
    raise AssertionError
