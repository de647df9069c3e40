"""The sequences of a plan: batch n for training, and batches that are never trained on."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rnnviz.numerics.arrays import Array
from rnnviz.tasks import Example, Task
from rnnviz.training.plan import Plan

TRAINING, HELD_OUT, PROBE = range(3)
"""What a sequence is for: part of its seed."""
MANY = 64
"""So many sequences that are all the same are no accident."""
HELD_OUT_BATCH, PROBE_BATCH = 256, 32


class Batch(NamedTuple):
    """One batch: x (T, B, D); targets (T, B, K), or classes (T, B); ``steps`` (n,) with a loss.

    Steps count from 0.
    """

    x: Array
    targets: Array
    steps: Array


class Batches:
    """The batches of a plan, made when they are asked for; the same for all nets.

    ``only_one`` is True for tasks that have one sequence, whatever the seed (a given text, the
    stock prices): then all examples of a batch would be the same, so that one is enough, and what
    is held out is that sequence as well.
    """

    def __init__(self, task: Task, plan: Plan) -> None:
        self.task, self.plan = task, plan
        self.options = dict(plan.options)
        one, other = (self._make(TRAINING, n, MANY).targets for n in (0, 1))
        self.only_one = bool((one == other).all() and (one == one[:, :1]).all())
        self.example = self._make(TRAINING, 0, 1)
        if self.only_one:
            self.example = task.make(plan.length, seed=plan.seed, batch=1, **self.options)
            self.single = self._batch(self.example)

    def training(self, n: int) -> Batch:
        """Batch n = 0, 1, …"""
        return self._at(TRAINING, n, self.plan.batch)

    def held_out(self) -> Batch:
        """Sequences that are not trained on."""
        return self._at(HELD_OUT, 0, HELD_OUT_BATCH)

    def probe(self) -> Batch:
        """Sequences that are not trained on either, fewer, to look at gradients and gates."""
        return self._at(PROBE, 0, PROBE_BATCH)

    def _at(self, purpose: int, n: int, size: int) -> Batch:
        return self.single if self.only_one else self._batch(self._make(purpose, n, size))

    def _make(self, purpose: int, n: int, size: int) -> Example:
        seed = (self.plan.seed << 48) + (n << 8) + purpose + 1
        return self.task.make(self.plan.length, seed=seed, batch=size, **self.options)

    def _batch(self, example: Example) -> Batch:
        dtype, targets = self.plan.dtype, example.targets
        if example.loss == "squared_error":
            targets = targets.astype(dtype)
        return Batch(example.x.astype(dtype), targets, np.flatnonzero(example.mask))
