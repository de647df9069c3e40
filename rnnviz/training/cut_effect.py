"""The gradient of one window cut and uncut, and the answers of a trained net on new streams."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rnnviz.core.forward_run import forward
from rnnviz.core.gradients import GradientFlow
from rnnviz.core.model import Model
from rnnviz.numerics.arrays import Array
from rnnviz.numerics.extended_range import LOG10_2
from rnnviz.numerics.records import brief
from rnnviz.numerics.validation import whole_number
from rnnviz.training.echo_stream import Echo
from rnnviz.training.truncated_bptt import Stretch, begin, flat_gradient, trainable


class Compared(NamedTuple):
    """The gradient of one window's losses, uncut and cut, at the same weights and states.

    full, cut     the flows: all m + k steps from the start of the stream; the k of the window
    before        m
    targets       (k, B, 1) of the window
    log10_full    (m + k + 1,) log10 ‖∂L/∂h_t‖ over all examples, from the initial state on
    log10_cut     (k + 1,) the same; its first entry is the state that was handed on
    log10_ratio   log10 of ‖cut‖ / ‖full‖, all weights
    cosine        between the two, all weights; nan where one of them is zero
    """

    full: GradientFlow
    cut: GradientFlow
    before: int
    targets: Array
    log10_full: Array
    log10_cut: Array
    log10_ratio: float
    cosine: float

    def __repr__(self) -> str:
        return brief(self)


def compared(model: Model, delay: int, window: int, *, before: int, batch: int = 16,
             seed: int = 0) -> Compared:  # fmt: skip
    """Take the gradient of the steps m + 1 … m + k of a new stream, cut at m + 1 and not at all.

    Both have the very same states: the stream is run once with the model, from zeros.

    Raises ValueError naming argument, rule and what arrived.
    """
    trainable(model)
    lead, width = whole_number("before", before), whole_number("window", window)
    x, y, _ = Echo.seeded(delay, batch, seed).after(lead + width)
    whole = Stretch(x, y, begin(model, batch), lead)
    full = whole.flow(model)
    record = full.trace.layers[0].record
    handed = {name: record[name][lead - 1][None] for name in model.cell.states}
    cut = Stretch(x[lead:], y[lead:], handed, 0).flow(model)
    with np.errstate(all="ignore"):
        one, other = flat_gradient(full), flat_gradient(cut)
        sizes = np.linalg.norm(one), np.linalg.norm(other)
        cosine = float((one / sizes[0]) @ (other / sizes[1]))
        ratio = float(np.log10(sizes[1] / sizes[0]))
    return Compared(
        full, cut, lead, y[lead:], log10_norms(full), log10_norms(cut), ratio, cosine
    )  # fmt: skip


def log10_norms(flow: GradientFlow) -> Array:
    """log10 ‖∂L/∂h_t‖₂ over all examples together, (T + 1,); −inf for an exact zero."""
    with np.errstate(all="ignore"):
        powers = 2 * flow.log10_norms("h") / LOG10_2
        return np.asarray(np.logaddexp2.reduce(powers, axis=1) * LOG10_2 / 2)


class Heard(NamedTuple):
    """The answers of a net on new streams, from zero states.

    loss         (T,) mean squared error at each timestep
    correlation  (lags + 1,) of the answer at t with x_{t−j}, j = 0 …, over the steps after the lags
    error        mean squared error over those steps
    best         the least that any a·answer + b could have there: variance · (1 − r²), r at lag d
    """

    loss: Array
    correlation: Array
    error: float
    best: float

    def __repr__(self) -> str:
        return brief(self)


def heard(model: Model, delay: int, steps: int, lags: int, *, batch: int = 256,
          seed: int = 0) -> Heard:  # fmt: skip
    """Run the model on ``batch`` new streams and compare its answers with every lag up to ``lags``.

    Raises ValueError naming argument, rule and what arrived.
    """
    trainable(model)
    most = whole_number("lags", lags, least=delay, most=whole_number("steps", steps) - 1)
    x, y, _ = Echo.seeded(delay, batch, seed).after(steps)
    scores = forward(model, x, begin(model, batch)).scores
    assert scores is not None
    with np.errstate(all="ignore"):
        squares = ((scores - y) ** 2)[..., 0]
        answers = scores[most:]
        found = np.array([_correlation(answers, x[most - j : steps - j]) for j in range(most + 1)])
        best = float(y[most:].var() * (1 - found[delay] ** 2))
        return Heard(squares.mean(axis=1), found, float(squares[most:].mean()), best)


def _correlation(one: Array, other: Array) -> float:
    """Pearson's, of all entries; nan where one of the two does not vary."""
    a, b = one - one.mean(), other - other.mean()
    return float((a * b).mean() / np.sqrt((a * a).mean() * (b * b).mean()))


def linear_answer(model: Model, delay: int, *, batch: int = 64, seed: int = 0) -> float:
    """The mean squared error of the best linear answer from the state h of a net as it stands.

    It is fitted by least squares on half of ``batch`` new streams and measured on the other half,
    so that it says how much of x_{t−d} the state carries whatever the net was trained for.
    """
    trainable(model)
    x, y, _ = Echo.seeded(delay, batch, seed).after(2 * delay + 20)
    h = forward(model, x, begin(model, batch))["h"][delay:]
    half = whole_number("batch", batch, least=2) // 2

    def rows(streams: slice) -> tuple[Array, Array]:
        states = h[:, streams].reshape(-1, h.shape[-1])
        return np.c_[states, np.ones(len(states))], y[delay:, streams].ravel()

    fitted = np.linalg.lstsq(*rows(slice(half)), rcond=None)[0]
    states, wanted = rows(slice(half, None))
    return float(((states @ fitted - wanted) ** 2).mean())
