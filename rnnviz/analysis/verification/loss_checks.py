"""A loss object, its slope and the readout's gradients, against the loss stated here once more.

y = outputs W_y + b_y, and per timestep and example ½ ‖y − target‖², or −ln softmax(y)[target],
divided by the number of timesteps that count. Its derivative along random directions in the
outputs, W_y and b_y is a complex step through these equations.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from rnnviz.analysis.verification.check import Check, made, skipped
from rnnviz.core.gradients import GradientFlow
from rnnviz.core.losses import CrossEntropy, Linear, Loss, SquaredError
from rnnviz.core.trace import Trace
from rnnviz.numerics.arrays import Array, Arrays
from rnnviz.numerics.relative_error import largest_gap
from rnnviz.words import sentence

STEP = 2.0**-100
VALUE = sentence("the loss of every timestep, against its equation")
SLOPE = sentence("∂L/∂outputs of every timestep along a random direction, against complex steps "
                 "through the readout and the loss")  # fmt: skip
READOUT = sentence("∂L/∂{symbol} of the readout along a random direction, against complex steps")


def loss_checks(
    flow: GradientFlow, loss: Loss | None, bound: float, rng: np.random.Generator
) -> Iterator[Check]:
    """The loss's terms, its slope with the readout's backward step, and the readout's gradients."""
    if loss is None and flow.loss is None:
        return
    wrong = loss is None or not isinstance(loss, (SquaredError, CrossEntropy, Linear))
    if loss is None or flow.loss is None or wrong:
        reason = sentence("only the gradient of the loss is known here, not the loss itself")
        yield skipped("loss", bound, VALUE, reason)
        yield skipped("loss slope", bound, SLOPE, reason)
        return
    trace, W = flow.trace, _readout(flow.trace)
    outputs = trace.outputs.astype(float)
    terms = _terms(trace, loss, outputs, W).real
    yield made("loss", largest_gap(flow.loss, terms, np.abs(terms).max() or 1.0), bound, VALUE)
    direction = rng.standard_normal(outputs.shape)
    moved = _terms(trace, loss, outputs + 1j * STEP * direction, W).imag / STEP
    sent = (flow.outputs * direction).sum(axis=-1)
    size = np.abs(flow.outputs * direction).sum(axis=-1).max()
    yield made("loss slope", largest_gap(sent, moved, size or 1.0), bound, SLOPE)
    for name, one in W.items():
        direction = rng.standard_normal(one.shape)
        nudged = {**W, name: one + 1j * STEP * direction}
        parts = _terms(trace, loss, outputs.astype(complex), nudged).imag / STEP
        pairs = flow.readout[name] * direction
        size = max(np.abs(parts).sum(), np.abs(pairs).sum())
        words = sentence(READOUT.template, symbol=name)
        yield made(f"readout {name}", largest_gap(parts.sum(), pairs.sum(), size or 1.0), bound,
                   words)  # fmt: skip


def _readout(trace: Trace) -> dict[str, Array]:
    readout = trace.model.readout
    given = {} if readout is None else readout.parameters
    return {name: one.astype(float) for name, one in given.items()}


def _terms(trace: Trace, loss: Loss, outputs: Array, W: Arrays) -> Array:
    """Each timestep's and example's part of the loss, (T, B), complex."""
    y = outputs @ W["W_y"] + W["b_y"] if W else outputs
    targets = np.asarray(loss.targets)
    counts = _counts(loss, trace)
    if isinstance(loss, CrossEntropy):
        counts = counts & (targets != loss.ignore_index)
        targets = np.where(targets == loss.ignore_index, 0, targets)
    with np.errstate(all="ignore"):
        if isinstance(loss, SquaredError):
            each = ((y - targets) ** 2).sum(axis=-1) / 2
        elif isinstance(loss, Linear):
            return np.where(counts, (y * targets).sum(axis=-1), 0)
        else:
            shifted = y - y.real.max(axis=-1, keepdims=True)
            right = np.take_along_axis(shifted, targets[..., None], axis=-1)[..., 0]
            each = np.log(np.exp(shifted).sum(axis=-1)) - right
        return np.where(counts, each / counts.sum(axis=0), 0)


def _counts(loss: Loss, trace: Trace) -> Array:
    """(T, B): on which timesteps of which example the loss sits."""
    steps, batch = trace.x.shape[:2]
    found = np.zeros((steps, batch), bool)
    for k in range(batch):
        end = steps if trace.lengths is None else int(trace.lengths[k])
        if not isinstance(loss.at, str):
            mask = np.asarray(loss.at)
            found[:end, k] = (mask[:, k] if mask.ndim > 1 else mask)[:end]
        elif end:
            found[0 if loss.at == "every" else end - 1 : end, k] = True
    return found
