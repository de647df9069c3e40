"""Losses as means over batch and counted steps, their gradients; scores on held-out sequences.

As PyTorch's MSELoss and CrossEntropyLoss: the squared error is also a mean over the outputs,
without ½; the cross entropy is in nats.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rnnviz.numerics.arrays import Array
from rnnviz.tasks import Example, Task


def mean_squared(y: Array, targets: Array) -> tuple[float, Array]:
    """mean (y − target)² of y (n, B, K), and ∂/∂y (n, B, K)."""
    error = y - targets
    loss = float(np.add.reduce((error * error).ravel())) / error.size
    error *= 2 / error.size
    return loss, error


def cross_entropy(y: Array, targets: Array) -> tuple[float, Array]:
    """mean −ln softmax(y)[target] of y (n, B, K), classes (n, B), and ∂/∂y (n, B, K)."""
    rows, classes = y.reshape(-1, y.shape[-1]), targets.ravel()
    shifted = rows - rows.max(axis=1, keepdims=True)
    p = np.exp(shifted)
    total = p.sum(axis=1, keepdims=True)
    every = np.arange(len(rows))
    loss = float((np.log(total[:, 0]) - shifted[every, classes]).mean(dtype=np.float64))
    p /= total * len(rows)
    p[every, classes] -= 1 / len(rows)
    return loss, p.reshape(y.shape)


OBJECTIVES = {"squared_error": mean_squared, "cross_entropy": cross_entropy}
"""A task's loss → (y, targets) → (loss, ∂loss/∂y), both at the counted steps alone."""


class Score(NamedTuple):
    """How well a net does on sequences that it was not trained on.

    loss    the plan's loss
    name    the task's own measure, a name in `rnnviz.tasks.SCORES`
    figure  that measure
    naive   the loss of the task's naive answers (``task.naive`` says which they are)
    """

    loss: float
    name: str
    figure: float
    naive: float


def scored(task: Task, example: Example, y: Array) -> Score:
    """The score of answers y (T, B, K), the softmax of classes not yet taken."""
    kind, mask = example.loss, example.mask
    loss = OBJECTIVES[kind](y[mask], example.targets[mask])[0]
    usual = "correlation"
    if kind == "cross_entropy":
        usual, y = "accuracy", np.exp(y - y.max(axis=-1, keepdims=True))
        y /= y.sum(axis=-1, keepdims=True)
    return Score(loss, task.score or usual, task.scored(example, y), example.baseline)
