"""The live checks of the page of problem types: its gradients against its loss."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np

from rnnviz.analysis.verification.live_checks import Check
from rnnviz.core.backward_run import backprop
from rnnviz.core.forward_run import run
from rnnviz.core.losses import CrossEntropy
from rnnviz.core.model import Model
from rnnviz.core.readout import Readout
from rnnviz.experiments.unrolling import Unrolled, unroll
from rnnviz.numerics.arrays import Array
from rnnviz.numerics.records import sealed
from rnnviz.words import word

STEP = 1e-6
STEEPEST = 1e7
"""The largest slope for which a difference of two losses in float64 gives a derivative."""
SLOPE, SUMS, SAME = (
    word("∂L/∂(all weights) along a random direction, against central differences"),
    word("the probabilities of every step add up to 1"),
    word("if no output is fed back, the backward pass of the other pages gives the same ∂L/∂x"),
)


def checks(found: Unrolled) -> tuple[Check, ...]:
    """The checks of the numbers shown: gradients against the loss."""
    with np.errstate(all="ignore"):
        return tuple(Check(name, float(error), bound, bool(error <= bound), words)
                     for name, error, bound, words in _found(found))  # fmt: skip


def _found(one: Unrolled) -> Iterator[tuple[str, float, float, str]]:
    rng = np.random.default_rng(20)
    models = [stretch.trace.model for stretch in one.stretches]
    ways = [_direction(model, rng) for model in models]
    gradients = [{**part.flow.parameters, **part.readout} for part in one.stretches]
    pairs = [(gradient[name], way[name]) for gradient, way in zip(gradients, ways, strict=True)
             for name in gradient]  # fmt: skip
    sent = sum(float((gradient * way).sum()) for gradient, way in pairs)
    # Two losses of order 1 differ in their sixteenth digit: divided by the step.
    size = max(sum(float(np.abs(gradient * way).sum()) for gradient, way in pairs),
               abs(one.loss) * 1e-4)  # fmt: skip
    if not size > STEEPEST:
        step = min(STEP, 1e-4 / size)
        up, down = (_loss(one, models, ways, way) for way in (step, -step))
        yield "slope", abs((up - down) / (2 * step) - sent) / size, 1e-4, SLOPE
    p = one.stretches[-1].trace.predictions
    assert p is not None
    yield "sums", float(np.abs(p.sum(axis=-1) - 1).max()), 1e-12, SUMS
    if not one.fed and len(one.stretches) == 1:
        trace = run(models[0], one.sequence.x)
        loss = CrossEntropy(one.sequence.targets, one.problem.answers(one.steps))
        wanted, ours = backprop(trace, loss).inputs, one.stretches[0].inputs.true()
        top = float(np.abs(wanted).max()) or 1.0
        yield "same", float(np.abs(ours - wanted).max()) / top, 1e-10, SAME


def _direction(model: Model, rng: np.random.Generator) -> dict[str, Array]:
    head = {} if model.readout is None else model.readout.parameters
    return {name: rng.standard_normal(one.shape)
            for name, one in {**model.parameters[0], **head}.items()}  # fmt: skip


def _loss(
    one: Unrolled, models: list[Model], ways: list[dict[str, Array]], step: float
) -> float:
    moved = [_moved(model, way, step) for model, way in zip(models, ways, strict=True)]
    return unroll(one.problem, moved, one.sequence, fed=one.fed).loss


def _moved(model: Model, way: Mapping[str, Array], step: float) -> Model:
    own = {name: value + step * way[name] for name, value in model.parameters[0].items()}
    head = model.readout
    if head is not None:
        new = {name: value + step * way[name] for name, value in head.parameters.items()}
        head = Readout(head.kind, sealed(new))
    return replace(model, parameters=(sealed(own),), readout=head)
