"""One sweep that goes on in the background: who wants it, and how it stands."""

from __future__ import annotations

import threading
import time
from typing import Literal, NamedTuple

from rnnviz.sweeps.record import Sweep
from rnnviz.sweeps.spec import Spec
from rnnviz.sweeps.sweeping import Progress
from rnnviz.sweeps.theory_lines import Line

SNAPSHOT = 0.4
"""Seconds from one record of what is there to the next."""
Stage = Literal["waiting", "computing", "finished", "cancelled", "spent", "failed"]


class Seen(NamedTuple):
    """A sweep as it stands: "cancelled" where nobody wants it, "spent" where its time is up.

    record         what is there, None before the first points
    done, points   how many points, and of how many
    seconds, left  since it began, and about how many more; nan before there is a measure
    lines          of theory, once they are computed
    why            in one sentence, where it failed
    """

    stage: Stage
    record: Sweep | None
    done: int
    points: int
    seconds: float
    left: float
    lines: tuple[Line, ...]
    why: str


class Going:
    """One sweep: who wants it, and what is there."""

    def __init__(self, name: str, spec: Spec, before: Going | None = None) -> None:
        self.name, self.spec, self.before = name, spec, before
        self.wanted = set[str]()
        self.stop, self.ended = threading.Event(), threading.Event()
        self.spent = False
        self.stage: Stage = "waiting"
        self.record: Sweep | None = None
        self.told: Progress | None = None
        self.taken = 0.0
        self.lines: tuple[Line, ...] = ()
        self.why = ""

    @property
    def over(self) -> bool:
        """Whether nothing of it is computed any more."""
        return self.stage in ("finished", "cancelled", "spent", "failed")

    def take_over(self) -> None:
        """Take in what this sweep's last attempt has found, once that one has come to its end."""
        if self.before is not None:
            self.before.ended.wait()
            self.record, self.before = self.before.record, None

    def spend(self) -> None:
        """Its time is up."""
        self.spent = True
        self.stop.set()

    def tell(self, now: Progress) -> None:
        """Take a chunk's progress in; the record from time to time, for copying takes time too."""
        self.told = now
        if now.done == now.points or time.monotonic() - self.taken > SNAPSHOT:
            self.record, self.taken = now.record(), time.monotonic()

    def seen(self) -> Seen:
        """How it stands now."""
        done, seconds, left = 0, 0.0, float("nan")
        if self.record is not None:
            done = int(self.record.done.sum())
        if self.told is not None:
            done, seconds, left = self.told.done, self.told.seconds, self.told.left
        return Seen(self.stage, self.record, done, len(self.spec), seconds, left, self.lines,
                    self.why)  # fmt: skip
