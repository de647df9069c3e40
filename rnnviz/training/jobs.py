"""What somebody wants trained, and how far it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from rnnviz.training.plan import Plan
from rnnviz.training.run import Run
from rnnviz.training.train_net import begin

Stage = Literal["waiting", "training", "paused", "finished", "failed"]


@dataclass(frozen=True)
class Job:
    """What is trained: a named cell, H, what `rnnviz.build` takes besides, and the plan."""

    cell: str
    plan: Plan
    hidden_size: int = 24
    build: tuple[tuple[str, Any], ...] = ()

    @classmethod
    def of(cls, cell: str, plan: Plan, hidden_size: int = 24, **build: Any) -> Job:
        """A job; a mapping among what `rnnviz.build` takes becomes a tuple of its sorted items."""
        plain = {k: tuple(sorted(v.items())) if isinstance(v, Mapping) else v
                 for k, v in build.items()}  # fmt: skip
        return cls(cell, plan, hidden_size, tuple(sorted(plain.items())))

    def begin(self) -> Run:
        """The run before its first update. Raises ValueError for what cannot be trained."""
        given: dict[str, Any] = {k: dict(v) if isinstance(v, tuple) else v for k, v in self.build}
        return begin(self.cell, plan=self.plan, hidden_size=self.hidden_size, **given)


@dataclass(frozen=True)
class Seen:
    """A job as one asker sees it.

    run      the run as it stands: loss, norms, checkpoints and what was measured at them
    shown    how many updates the asker has seen; the run may be further, for someone else
    stage    "waiting" for a worker, "training", "paused", "finished" or "failed"
    seconds  what its updates and measures have taken
    spent    whether it pauses because its budget of seconds is spent: `Workers.ask` gives it more
    deaths   how many workers have died over it
    beyond   whether it is trained further than the asker wants it, for someone else
    """

    job: Job
    run: Run
    shown: int
    stage: Stage
    seconds: float
    spent: bool
    deaths: int
    beyond: bool = False

    @property
    def rate(self) -> float | None:
        """Updates a second, measured; None before the first."""
        return self.run.done / self.seconds if self.seconds and self.run.done else None

    @property
    def left(self) -> float | None:
        """Seconds that the rest of the plan would take at this rate."""
        return None if self.rate is None else (self.run.plan.updates - self.run.done) / self.rate
