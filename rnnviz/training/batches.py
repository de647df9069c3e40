"""The sequences of a plan: batch n for training, and batches that are never trained on."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from rnnviz.numerics.arrays import Array
from rnnviz.tasks import Example, Task
from rnnviz.training.plan import Plan

HELD_OUT, PROBE = range(2)
"""Which test sequences: part of their seed."""
HELD_OUT_BATCH, PROBE_BATCH = 256, 32
MANY = 64
"""If so many sequences are all the same, the task has only one."""


class Batch(NamedTuple):
    """One batch: x (T, B, D); targets (T, B, K), or classes (T, B); ``steps`` (n,) with a loss.

    Steps count from 0.
    """

    x: Array
    targets: Array
    steps: Array


class Batches:
    """The batches of a plan, made when they are asked for; the same for all nets.

    Training reads the task's part "train", everything else its part "test", where that has no
    sequence as long in shorter ones. ``only_one`` is True for tasks that have one sequence,
    whatever the seed (a given text): one example stands for all of a batch then.
    """

    def __init__(self, task: Task, plan: Plan) -> None:
        self.task, self.plan = task, plan
        self.options: dict[str, Any] = dict(plan.options)
        one, other = (self._training(n, MANY).targets for n in (0, 1))
        self.only_one = bool((one == other).all() and (one == one[:, :1]).all())
        self.example = self._training(0, 1)
        self._probe: Batch | None = None

    def training(self, n: int) -> Batch:
        """Batch n = 0, 1, …"""
        if self.only_one:
            return self.batch(self.example)
        return self.batch(self.sequences(n))

    def sequences(self, n: int) -> Example:
        """The sequences of batch n, as the task makes them."""
        return self._training(n, self.plan.batch)

    def held_out(self) -> Example:
        """Sequences that are not trained on, where the task has such."""
        return self._test(HELD_OUT, HELD_OUT_BATCH)

    def probe(self) -> Batch:
        """Sequences that are not trained on either, fewer, to look at gradients and gates."""
        if self._probe is None:
            self._probe = self.batch(self._test(PROBE, PROBE_BATCH))
        return self._probe

    def _training(self, n: int, size: int) -> Example:
        seed = (self.plan.seed << 48) + n
        return self.task.make(self.plan.length, seed=seed, batch=size, part="train", **self.options)

    def _test(self, which: int, size: int) -> Example:
        most = self.task.lengths(part="test", **self.options).maximum
        return self.task.make(
            min(self.plan.length, most), seed=(self.plan.seed << 48) + which,
            batch=1 if self.only_one else size, part="test", **self.options,
        )  # fmt: skip

    def batch(self, example: Example) -> Batch:
        """An example in the plan's float type."""
        dtype, targets = self.plan.dtype, example.targets
        if example.loss == "squared_error":
            targets = targets.astype(dtype)
        return Batch(example.x.astype(dtype), targets, np.flatnonzero(example.mask))
