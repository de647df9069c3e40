"""Losses as means over the batch and the counted steps, their gradients, and a task's own figure.

As PyTorch's MSELoss and CrossEntropyLoss: the squared error is a mean over the outputs as well,
without ½; the cross entropy is in nats.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rnnviz.numerics.arrays import Array


def mean_squared(y: Array, targets: Array) -> tuple[float, Array]:
    """mean (y − target)² of y (n, B, K), and ∂/∂y (n, B, K)."""
    error = y - targets
    every = error.ravel()
    loss = float(np.dot(every, every)) / error.size
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

    loss      the plan's loss
    name      "correlation" of answers and targets, "accuracy", the share of right classes, or
              "bits", the cross entropy per step in bits
    figure    that number
    constant  the loss of the best answer that is the same for every input and step
    """

    loss: float
    name: str
    figure: float
    constant: float


def score(kind: str, y: Array, targets: Array, *, every_step: bool) -> Score:
    """The score of answers y (n, B, K) at the counted steps; softmax is not yet applied to y.

    Classes are scored by bits where every step counts (a text's characters), else by accuracy.
    """
    with np.errstate(all="ignore"):
        loss = OBJECTIVES[kind](y, targets)[0]
        if kind == "squared_error":
            wide = targets.reshape(-1, targets.shape[-1]).astype(np.float64)
            constant = float(wide.var(axis=0).mean())
            return Score(loss, "correlation", correlation(y, targets), constant)
        shares = np.unique(targets, return_counts=True)[1] / targets.size
        constant = float(-(shares * np.log(shares)).sum())
        if every_step:
            return Score(loss, "bits", loss / float(np.log(2)), constant)
        return Score(loss, "accuracy", float((y.argmax(axis=-1) == targets).mean()), constant)


def correlation(one: Array, other: Array) -> float:
    """Pearson's, of all entries; nan where one of the two does not vary."""
    a, b = (np.asarray(side, np.float64) for side in (one, other))
    a, b = a - a.mean(), b - b.mean()
    return float((a * b).mean() / np.sqrt((a * a).mean() * (b * b).mean()))
