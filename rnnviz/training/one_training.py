"""One job in training: its run so far, who wants how much of it, and what is to be done for it."""

from __future__ import annotations

from rnnviz.training.jobs import Job, Seen, Stage
from rnnviz.training.run import Run
from rnnviz.training.worker_process import Worker

BUDGET = 60.0
"""Seconds that a job may take before somebody has to ask for it again."""
TRIES = 3
"""So many workers may die over a job."""


class Training:
    """One job: its run so far, and up to which update each asker wants it.

    ``number`` is that under which its worker has it; a new one whenever it is given to a worker, so
    that a late report of an earlier time is not taken for one of now.
    """

    def __init__(self, job: Job, run: Run) -> None:
        self.job, self.run = job, run
        self.number = 0
        self.wanted: dict[str, int] = {}
        self.seconds, self.allowed, self.deaths = 0.0, BUDGET, 0
        self.worker: Worker | None = None
        self.written = 0.0

    @property
    def upto(self) -> int:
        """The update up to which somebody wants it."""
        return 0 if self.spent else max(self.wanted.values(), default=0)

    @property
    def spent(self) -> bool:
        """Whether it has taken all the seconds that it may."""
        return self.seconds >= self.allowed

    def allow_more(self) -> None:
        """Allow it `BUDGET` seconds from now on."""
        self.allowed = self.seconds + BUDGET

    @property
    def idle(self) -> bool:
        """Whether nothing is to be done for it."""
        failed = self.deaths >= TRIES
        return failed or self.run.finished or self.run.done >= self.upto

    def seen(self, who: str) -> Seen:
        """The job as one asker sees it."""
        wanted = self.wanted.get(who, 0)
        stopped = self.run.stopped is not None and wanted > self.run.done
        shown = min(self.run.done, wanted)
        stage: Stage = "training" if self.seconds else "waiting"
        if stopped or shown >= self.run.plan.updates:
            stage = "finished"
        elif self.deaths >= TRIES:
            stage = "failed"
        elif shown >= wanted or self.spent:
            stage = "paused"
        spent = self.spent and not self.run.finished
        beyond = not self.idle and self.run.done >= wanted
        return Seen(self.job, self.run, shown, stage, self.seconds, spent, self.deaths, beyond)

    @property
    def size(self) -> int:
        """Bytes of its checkpoints."""
        return sum(one.nbytes for one in self.run.vectors.values())
