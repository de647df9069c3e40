"""The output layer of one example: y_t = h_t W_y + b_y, its answer, target, cost and gradient."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from rnnviz.core.losses import CrossEntropy, Loss
from rnnviz.core.trace import Trace
from rnnviz.numerics.arrays import Array
from rnnviz.numerics.records import Record
from rnnviz.numerics.validation import frozen, instance, whole_number


@dataclass(frozen=True, repr=False)
class OutputLayer(Record):
    """What the output layer computes at t = 1 … T, and what its loss is worth.

    ``outputs`` h_t (T, H); ``W_y`` (H, K), ``b_y`` (K,)
    ``scores``  y_t (T, K)
    ``answers`` y_t, or with a softmax readout its probabilities (T, K)
    ``targets`` (T, K), or (T,) classes where the loss is a cross-entropy
    ``costs``   L_t (T,) of every step, whether it counts or not; inf where it overflows
    ``weights`` (T,): 1 / (number of steps that count), or 0
    ``slope``   ∂L/∂y_t (T, K), with the weight in it

    >>> import numpy as np, rnnviz
    >>> trace = rnnviz.run(rnnviz.build("gru", 1, 4, output_size=1), np.ones((6, 1)))
    >>> found = rnnviz.output_layer(trace, rnnviz.SquaredError(np.zeros((6, 1, 1)), at="every"))
    >>> bool(np.isclose(found.loss, found.costs.mean()))
    True
    """

    outputs: Array
    W_y: Array
    b_y: Array
    scores: Array
    answers: Array
    targets: Array
    costs: Array
    weights: Array
    slope: Array

    @property
    def classes(self) -> bool:
        """Whether the targets are classes."""
        return self.targets.ndim == 1

    @property
    def loss(self) -> float:
        """The mean of the costs that count."""
        return float(self.costs[self.weights > 0] @ self.weights[self.weights > 0])

    @cached_property
    def of_target(self) -> Array:
        """The probability of the target (T,); a ValueError where targets are no classes."""
        if not self.classes:
            raise ValueError("`of_target` needs targets that are classes.")
        return frozen(np.take_along_axis(self.answers, self.targets[:, None], axis=-1)[:, 0])

    def to_hidden(self, unit: int) -> Array:
        """∂L/∂y_t[k] · ∂y_t[k]/∂h_t[unit] (T, K); over k they sum to what L_t sends to the unit."""
        whole_number("unit", unit, 0, len(self.W_y) - 1)
        with np.errstate(all="ignore"):
            return np.asarray(self.slope * self.W_y[unit])


def output_layer(trace: Trace, loss: Loss, example: int = 0) -> OutputLayer:
    """The output layer of a trace with a readout, under a loss.

    Raises ValueError naming argument, rule and what arrived.

    >>> import numpy as np, rnnviz
    >>> trace = rnnviz.run(rnnviz.build("gru", 1, 4, output_size=1), np.ones((6, 1)))
    >>> rnnviz.output_layer(trace, rnnviz.SquaredError(np.zeros((6, 1, 1)))).scores.shape
    (6, 1)
    """
    instance("trace", trace, Trace)
    instance("loss", loss, Loss)
    readout, y, p = trace.model.readout, trace.scores, trace.predictions
    if readout is None or y is None or p is None:
        raise ValueError("`trace` must be of a model with a readout, got one without.")
    whole_number("example", example, 0, y.shape[1] - 1)
    rows = [y, p, np.asarray(loss.targets), loss.costs(trace), loss.gradient(trace)]
    scores, answers, targets, costs, slope = (frozen(one[:, example]) for one in rows)
    if not isinstance(loss, CrossEntropy):
        targets = frozen(np.asarray(targets, scores.dtype))
    W = readout.parameters
    weights = frozen(loss.weights_of(trace)[:, example])
    return OutputLayer(
        frozen(trace.outputs[:, example]), W["W_y"], W["b_y"], scores, answers, targets, costs,
        weights, slope,
    )  # fmt: skip
