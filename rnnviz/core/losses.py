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
from rnnviz.numerics.validation import as_array, fitting, real_array, shown, whole_number


def _counted(weights: Array, values: Array) -> Array:
    """weights · values, and 0 where the weight is 0, also for values that are not finite."""
    with np.errstate(all="ignore"):
        return np.where(weights > 0, weights * values, weights)


@dataclass(frozen=True, repr=False)
class Loss(Record):
    """Targets and the timesteps at which they count: "last", "every" or a mask of bools.

    A mask is (T,), or (T, B) with a column for each example. Of sequences of several lengths
    "last" is each example's last step, and no step after it counts.

    >>> import numpy as np, rnnviz
    >>> trace = rnnviz.run(rnnviz.build("rnn", 1, 1), np.ones((4, 2, 1)), lengths=[4, 2])
    >>> rnnviz.SquaredError(np.zeros((4, 2, 1)), at="every").weights_of(trace).T.tolist()
    [[0.25, 0.25, 0.25, 0.25], [0.5, 0.5, 0.0, 0.0]]
    """

    targets: Any
    at: Any = "last"

    def weights_of(self, trace: Trace) -> Array:
        """The weight of each timestep of each example, (T, B).

        1 / (the number of the example's steps that count) or 0. Raises ValueError where none does.
        """
        steps, batch = trace.x.shape[:2]
        t, ends = np.arange(steps)[:, None], np.full(batch, steps)
        if trace.lengths is not None:
            ends = trace.lengths
        if isinstance(self.at, str) and self.at in ("last", "every"):
            mask = t == ends - 1 if self.at == "last" else t < ends
        else:
            mask = self._own_mask(steps, batch).reshape(steps, -1) & (t < ends)
        mask = mask & self._there(trace)
        if not mask.any():
            raise ValueError("`loss` must count at one timestep at least, got none that counts.")
        return mask / np.maximum(mask.sum(axis=0), 1)

    def _own_mask(self, steps: int, batch: int) -> Array:
        mask = as_array("at", self.at)
        shapes = (steps,), (steps, batch)
        if mask.dtype != bool or mask.shape not in shapes or not mask.any():
            raise ValueError(
                f'`at` must be "last", "every" or {steps} bools (or {steps} × {batch}, one column '
                f"an example) of which one at least is True, got {shown(self.at)}."
            )
        return mask

    def _there(self, trace: Trace) -> Any:
        """Which targets (T, B) there are."""
        return True

    def costs(self, trace: Trace) -> Array:
        """L_t (T, B) of every step, whether it counts or not."""
        return self._terms(trace)

    def terms(self, trace: Trace) -> Array:
        """Each timestep's share of the loss, (T, B): they sum to `value`."""
        return _counted(self.weights_of(trace), self._terms(trace))

    def value(self, trace: Trace) -> float:
        """The loss, summed over examples."""
        return float(self.terms(trace).sum())

    def gradient(self, trace: Trace) -> Array:
        """∂L/∂y (T, B, K) for a readout y (before its softmax), else ∂L/∂outputs."""
        weights = self.weights_of(trace).astype(trace.outputs.dtype)
        return _counted(weights[..., None], self._slope(trace))

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


@dataclass(frozen=True, repr=False)
class CrossEntropy(Loss):
    """L_t = −ln softmax(y_t)[target_t], targets (T, B) whole numbers 0 … K − 1, softmax readout.

    A target ``ignore_index`` (PyTorch's usual one is −100) says that there is none: its step counts
    for nothing, and its cost is not a number.

    >>> import numpy as np, rnnviz
    >>> model = rnnviz.build("gru", 2, 4, output_size=3, readout="softmax")
    >>> trace = rnnviz.run(model, np.ones((6, 1, 2)))
    >>> rnnviz.CrossEntropy(np.zeros((6, 1), int)).gradient(trace).shape
    (6, 1, 3)
    """

    ignore_index: int | None = None

    def _there(self, trace: Trace) -> Any:
        if self.ignore_index is None:
            return True
        whole_number("ignore_index", self.ignore_index, -(2**63))
        return self._classes(trace)[1]

    def _classes(self, trace: Trace) -> tuple[Array, Array]:
        """The targets (T, B, 1), 0 where there is none, and which of them there are (T, B)."""
        if trace.model.readout is None or trace.model.readout.kind != "softmax":
            raise ValueError("`loss` CrossEntropy needs a model with a softmax readout.")
        targets = as_array("targets", self.targets)
        shape, classes = trace.outputs.shape[:2], len(trace.model.readout.parameters["b_y"])
        if targets.dtype.kind not in "iu" or targets.shape != shape:
            raise ValueError(f"`targets` must be integers of shape {shape}, got {shown(targets)}.")
        there = np.ones(shape, bool)
        if self.ignore_index is not None:
            there = targets != self.ignore_index
            targets = np.where(there, targets, 0)
        if targets.min() < 0 or targets.max() >= classes:
            wrong = targets.min() if targets.min() < 0 else targets.max()
            raise ValueError(f"`targets` must lie in 0 … {classes - 1}, got {wrong}.")
        return targets[..., None], there

    def _terms(self, trace: Trace) -> Array:
        (classes, there), y = self._classes(trace), trace.scores
        assert y is not None
        top = y.max(axis=-1)
        with np.errstate(all="ignore"):
            total = top + np.log(np.exp(y - top[..., None]).sum(axis=-1))
            found = np.asarray(total - np.take_along_axis(y, classes, axis=-1)[..., 0])
        return found if self.ignore_index is None else np.where(there, found, np.nan)

    def _slope(self, trace: Trace) -> Array:
        (classes, _), p = self._classes(trace), trace.predictions
        assert p is not None
        slope = p.copy()
        here = np.take_along_axis(slope, classes, axis=-1)
        np.put_along_axis(slope, classes, here - 1, axis=-1)
        return slope


class Linear(Loss):
    """L_t = Σ targets_t · outputs_t, whose gradient ∂L/∂outputs is ``targets`` (T, B, ·) itself.

    Steps that count are summed, not averaged.

    >>> import numpy as np, rnnviz
    >>> from rnnviz.core.losses import Linear
    >>> trace = rnnviz.run(rnnviz.build("gru", 2, 4), np.ones((6, 1, 2)))
    >>> dh = np.random.default_rng(0).standard_normal((6, 1, 4))
    >>> bool((rnnviz.backprop(trace, Linear(dh, at="every")).outputs == dh).all())
    True
    """

    def weights_of(self, trace: Trace) -> Array:
        """1 for each timestep that counts, (T, B), else 0."""
        return np.sign(super().weights_of(trace))

    def _slope(self, trace: Trace) -> Array:
        if trace.model.readout is not None:
            raise ValueError("`loss` Linear needs a model without a readout.")
        slope = real_array("targets", self.targets)
        if slope.shape != trace.outputs.shape:
            raise ValueError(
                f"`targets` must have shape {trace.outputs.shape}, got {slope.shape}."
            )
        return np.asarray(fitting("targets", slope, trace.outputs.dtype))

    def _terms(self, trace: Trace) -> Array:
        with np.errstate(all="ignore"):
            return np.asarray((self._slope(trace) * trace.outputs).sum(axis=-1))
