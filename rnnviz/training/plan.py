"""How a net is trained: everything but the net itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from rnnviz.numerics.validation import float_type, one_of, positive_number, shown, whole_number
from rnnviz.tasks import PARTS, TASKS, Task
from rnnviz.training.optimisers import CLIPS, OPTIMISERS

SCHEDULES = ("constant", "cosine")
MOST_UPDATES = 100_000


@dataclass(frozen=True)
class Plan:
    """A training plan: plain values, compared and hashed by them.

    task, length, options   name in `rnnviz.tasks.TASKS`, T (0 for the task's default) and the
                            task's options that are not at their default, as sorted (name, value)
    updates                 U, how many steps the optimiser makes
    batch                   B sequences, new ones for every pass, the same for all nets
    optimiser, rate         a name in `rnnviz.training.OPTIMISERS`, and its learning rate η
    schedule                "constant", or "cosine": η_u = η (1 + cos(π u / U)) / 2, u = 0 … U − 1
    clip, clip_by           the limit, or None; for the norm of all gradients together ("norm") or
                            for every single entry ("value")
    window                  k for truncated backpropagation: windows of k steps, counted back from
                            the last step, so that the first may be shorter; states are handed on,
                            gradients are not, and each window with a loss makes an update. None:
                            through the whole sequence
    seed                    of the sequences, and of the weights of a net that is named only
    dtype                   "float32" or "float64", in which is trained

    Raises ValueError naming argument, rule and what arrived.

    >>> from rnnviz.training import Plan
    >>> Plan("adding", 30, updates=200) == Plan(task="adding", length=30, updates=200)
    True
    >>> Plan(rate=0)
    Traceback (most recent call last):
    ValueError: `rate` must be above zero, got 0.
    """

    task: str = "adding"
    length: int = 0
    options: tuple[tuple[str, str | int | float], ...] = ()
    updates: int = 300
    batch: int = 32
    optimiser: str = "adam"
    rate: float = 0.02
    schedule: str = "constant"
    clip: float | None = 1.0
    clip_by: str = "norm"
    window: int | None = None
    seed: int = 0
    dtype: str = "float32"

    def __post_init__(self) -> None:
        """Check what can be checked without the task; `fitted` checks the rest."""
        if not isinstance(self.task, str) or not self.task:
            raise ValueError(f"`task` must be a task's name, got {self.task!r}.")
        one_of("optimiser", self.optimiser, tuple(OPTIMISERS))
        one_of("schedule", self.schedule, SCHEDULES)
        one_of("clip_by", self.clip_by, CLIPS)
        plain: dict[str, Any] = {
            "length": whole_number("length", self.length, least=0),
            "updates": whole_number("updates", self.updates, most=MOST_UPDATES),
            "batch": whole_number("batch", self.batch, most=256),
            "seed": whole_number("seed", self.seed, least=0, most=2**53),
            "rate": positive_number("rate", self.rate),
            "dtype": float_type("dtype", self.dtype).name,
            "options": _pairs(self.options),
        }
        if self.clip is not None:
            plain["clip"] = positive_number("clip", self.clip)
        if self.window is not None:
            plain["window"] = whole_number("window", self.window)
        for name, value in plain.items():
            object.__setattr__(self, name, value)

    def fitted(self, task: Task) -> Plan:
        """The plan with this task's name, its default length where 0, and its options checked.

        Raises ValueError naming argument, rule and what arrived.
        """
        checked: dict[str, Any] = task.check_options(**dict(self.options))
        defaults = {option.name: option.default for option in task.options}
        given = tuple((name, value) for name, value in checked.items() if value != defaults[name])
        spans = [task.lengths(part=part, **checked) for part in PARTS[1:]]
        usual = min(task.default_length, *(span.maximum for span in spans))
        length = whole_number("length", self.length or usual, spans[0].minimum, spans[0].maximum)
        return replace(self, task=task.name, length=length, options=given)

    def rate_at(self, update: int) -> float:
        """η of an update, counted from 0."""
        if self.schedule == "constant":
            return self.rate
        return float(self.rate * (1 + np.cos(np.pi * update / self.updates)) / 2)

    def as_dict(self) -> dict[str, Any]:
        """The fields that are not at their default; `Plan(**…)` makes the plan again."""
        return {
            one.name: getattr(self, one.name)
            for one in fields(self) if getattr(self, one.name) != one.default
        }  # fmt: skip


def _pairs(options: Any) -> tuple[tuple[str, Any], ...]:
    """A task's options as sorted (name, value) pairs, from such pairs or a mapping."""
    given = options.items() if isinstance(options, Mapping) else options
    try:
        return tuple(sorted((str(name), value) for name, value in given))
    except (TypeError, ValueError):
        raise ValueError(
            f"`options` must be pairs of a name and a value, got {shown(options)}."
        ) from None


def task_of(task: str | Task) -> Task:
    """The task of a name; ValueError for what is none."""
    if isinstance(task, Task):
        return task
    return TASKS[one_of("task", task, tuple(TASKS))]
