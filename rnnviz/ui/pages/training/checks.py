"""The live checks of the page of training: its windows, gradients and answers."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from rnnviz.analysis.verification.live_checks import Check
from rnnviz.core.forward_run import forward
from rnnviz.core.model import Model
from rnnviz.training.cut_effect import Compared, Heard
from rnnviz.training.echo_stream import FLOOR, Echo, reached, share
from rnnviz.training.truncated_bptt import Plan, Run, Stretch, flat_gradient
from rnnviz.training.weights import flat, refilled
from rnnviz.words import word

STEP = 1e-6
SLOPE, INSIDE, SHARE, LEAST, NOTHING = (
    word("the window's gradient along a random direction, against central differences, with the "
         "window's first state held fixed"),
    word("cut and uncut ∂L/∂h_t are the same at every step of the window"),
    word("the share of losses that reach their cause, counted on the stream, against "
         "max(0, k − d) / k"),
    word("on new streams the mean squared error is not below variance · (1 − r²)"),
    word("a net that always answers 0 has an error of exactly 1 on this stream"),
)  # fmt: skip


def checks(run: Run, found: Compared, answers: Heard) -> tuple[Check, ...]:
    """The checks of one trained net's numbers."""
    with np.errstate(all="ignore"):
        return tuple(Check(name, float(error), bound, bool(error <= bound), words)
                     for name, error, bound, words in _found(run, found, answers))  # fmt: skip


def _found(run: Run, found: Compared, answers: Heard) -> Iterator[tuple[str, float, float, str]]:
    yield "slope", _slope(found), 1e-4, SLOPE
    inside = found.log10_full[found.before + 1 :] - found.log10_cut[1:]
    known = np.isfinite(inside)
    same = np.array_equal(known, np.isfinite(found.log10_cut[1:]))
    yield "inside", float(np.abs(inside[known]).max(initial=0)) if same else np.inf, 1e-9, INSIDE
    yield "share", abs(_counted(run.plan) - share(run.plan.delay, run.plan.window)), 1e-12, SHARE
    least = 1.0 if np.isnan(answers.best) else answers.best
    yield "least", max(0.0, least - answers.error), 1e-9, LEAST
    _, y, _ = Echo.seeded(run.plan.delay, run.plan.batch, run.plan.seed).after(run.plan.window)
    yield "nothing", abs(float((y * y).mean()) - FLOOR), 1e-15, NOTHING


def _slope(found: Compared) -> float:
    """The error of ⟨gradient, direction⟩ relative to Σ |gradient · direction|."""
    trace = found.cut.trace
    model, loss = trace.model, found.cut.loss
    assert loss is not None
    before = found.full.trace.layers[0]
    start = {name: before.record[name][found.before - 1][None]
             for name in model.cell.states}  # fmt: skip
    stretch = Stretch(trace.x, found.targets, start, 0)
    way = np.random.default_rng(20).standard_normal(flat(model).shape)
    gradient = flat_gradient(found.cut)
    up, down = (_loss(stretch, refilled(model, flat(model) + step * way)) for step in (STEP, -STEP))
    size = max(float(np.abs(gradient * way).sum()), float(loss.sum()) * 1e-4)
    return abs((up - down) / (2 * STEP) - float(gradient @ way)) / size


def _loss(stretch: Stretch, model: Model) -> float:
    return stretch.loss().value(forward(model, stretch.x, stretch.start))


def _counted(plan: Plan) -> float:
    """The share of losses that reach their cause, counted in windows late enough to have one."""
    count = 2 * (1 + plan.delay // plan.window)
    found = reached(count * plan.window, plan.delay, plan.window)
    return float(found[-plan.window :].mean())
