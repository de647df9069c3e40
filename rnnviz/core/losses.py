"""Losses on the readout: timesteps, values and gradients.

A loss is the sum over examples of the mean over its timesteps of the terms L_t, so that an
example's gradient depends neither on its neighbours nor on how many steps are counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from rnnviz.core.trace import Trace
from rnnviz.numerics.arrays import Array
from rnnviz.numerics.records import Record
from rnnviz.numerics.validation import as_array, fitting, real_array, shown


def _counted(weights: Array, values: Array) -> Array:
    """weights · values, and 0 where the weight is 0, also for values that are not finite."""
    with np.errstate(all="ignore"):
        return np.where(weights > 0, weights * values, weights)


@dataclass(frozen=True, repr=False)
class Loss(Record):
    """Targets and the timesteps at which they count: "last", "every" or a (T,) mask of bools.

    >>> import numpy as np, rnnviz
    >>> rnnviz.SquaredError(np.zeros((4, 1, 1)), at="last").weights(4).tolist()
    [0.0, 0.0, 0.0, 1.0]
    """

    targets: Any
    at: Any = "last"

    def weights(self, steps: int) -> Array:
        """The weight of each timestep, (T,): 1 / (number of counted timesteps) or 0."""
        if isinstance(self.at, str) and self.at in ("last", "every"):
            mask = np.arange(steps) >= (steps - 1 if self.at == "last" else 0)
        else:
            mask = as_array("at", self.at)
            if mask.dtype != bool or mask.shape != (steps,) or not mask.any():
                raise ValueError(
                    f'`at` must be "last", "every" or {steps} bools of which one at least is '
                    f"True, got {shown(self.at)}."
                )
        return mask / mask.sum()

    def costs(self, trace: Trace) -> Array:
        """L_t (T, B) of every step, whether it counts or not."""
        return self._terms(trace)

    def terms(self, trace: Trace) -> Array:
        """Each timestep's share of the loss, (T, B): they sum to `value`."""
        return _counted(self.weights(len(trace.x))[:, None], self._terms(trace))

    def value(self, trace: Trace) -> float:
        """The loss, summed over examples."""
        return float(self.terms(trace).sum())

    def gradient(self, trace: Trace) -> Array:
        """∂L/∂y (T, B, K) for a readout y (before its softmax), else ∂L/∂outputs."""
        weights = self.weights(len(trace.x)).astype(trace.outputs.dtype)
        return _counted(weights[:, None, None], self._slope(trace))

    def _terms(self, trace: Trace) -> Array:
        raise NotImplementedError

    def _slope(self, trace: Trace) -> Array:
        raise NotImplementedError


class SquaredError(Loss):
    """L_t = ½ ‖y_t − target_t‖², targets (T, B, K), on an identity readout or on the outputs.

    >>> import numpy as np, rnnviz
    >>> trace = rnnviz.run(rnnviz.build("gru", 2, 4, output_size=1), np.ones((6, 1, 2)))
    >>> loss = rnnviz.SquaredError(np.zeros((6, 1, 1)), at="every")
    >>> loss.value(trace) > 0, rnnviz.backprop(trace, loss).loss.shape
    (True, (6, 1))
    """

    def _error(self, trace: Trace) -> Array:
        if trace.model.readout is not None and trace.model.readout.kind != "identity":
            raise ValueError("`loss` SquaredError needs an identity readout, got a softmax one.")
        y = trace.outputs if trace.scores is None else trace.scores
        targets = real_array("targets", self.targets)
        if targets.shape != y.shape:
            raise ValueError(f"`targets` must have shape {y.shape}, got {targets.shape}.")
        with np.errstate(all="ignore"):
            return np.asarray(y - fitting("targets", targets, y.dtype))

    def _terms(self, trace: Trace) -> Array:
        error = self._error(trace)
        with np.errstate(all="ignore"):
            return np.asarray((error * error).sum(axis=-1) / 2)

    def _slope(self, trace: Trace) -> Array:
        return self._error(trace)


class CrossEntropy(Loss):
    """L_t = −ln softmax(y_t)[target_t], targets (T, B) whole numbers 0 … K − 1, softmax readout.

    >>> import numpy as np, rnnviz
    >>> model = rnnviz.build("gru", 2, 4, output_size=3, readout="softmax")
    >>> trace = rnnviz.run(model, np.ones((6, 1, 2)))
    >>> rnnviz.CrossEntropy(np.zeros((6, 1), int)).gradient(trace).shape
    (6, 1, 3)
    """

    def _classes(self, trace: Trace) -> Array:
        if trace.model.readout is None or trace.model.readout.kind != "softmax":
            raise ValueError("`loss` CrossEntropy needs a model with a softmax readout.")
        targets = as_array("targets", self.targets)
        shape, classes = trace.outputs.shape[:2], len(trace.model.readout.parameters["b_y"])
        if targets.dtype.kind not in "iu" or targets.shape != shape:
            raise ValueError(f"`targets` must be integers of shape {shape}, got {shown(targets)}.")
        if targets.min() < 0 or targets.max() >= classes:
            wrong = targets.min() if targets.min() < 0 else targets.max()
            raise ValueError(f"`targets` must lie in 0 … {classes - 1}, got {wrong}.")
        return targets[..., None]

    def _terms(self, trace: Trace) -> Array:
        classes, y = self._classes(trace), trace.scores
        assert y is not None
        top = y.max(axis=-1)
        with np.errstate(all="ignore"):
            total = top + np.log(np.exp(y - top[..., None]).sum(axis=-1))
            return np.asarray(total - np.take_along_axis(y, classes, axis=-1)[..., 0])

    def _slope(self, trace: Trace) -> Array:
        classes, p = self._classes(trace), trace.predictions
        assert p is not None
        slope = p.copy()
        here = np.take_along_axis(slope, classes, axis=-1)
        np.put_along_axis(slope, classes, here - 1, axis=-1)
        return slope
