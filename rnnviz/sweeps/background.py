"""Sweeps that go on while pages are drawn: asked for by many, computed once, in worker processes.
"""  # fmt: skip

from __future__ import annotations

import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Literal, NamedTuple

from rnnviz.sweeps.processes import Processes
from rnnviz.sweeps.record import Sweep
from rnnviz.sweeps.spec import Spec
from rnnviz.sweeps.sweeping import Progress, sweep
from rnnviz.sweeps.theory_lines import Line, lines_of

PROCESSES = 2
AT_ONCE = 4
"""So many sweeps share the processes; others wait for one of them to end."""
KEPT = 12
"""So many sweeps are remembered; of more, those that were not asked for longest are forgotten."""
SNAPSHOT = 0.4
"""Seconds from one record of what is there to the next."""
Stage = Literal["waiting", "computing", "finished", "cancelled", "failed"]


class Seen(NamedTuple):
    """A sweep as it stands.

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


class _Going:
    """One sweep: who wants it, and what is there."""

    def __init__(self, name: str, spec: Spec) -> None:
        self.name, self.spec = name, spec
        self.wanted = set[str]()
        self.stop = threading.Event()
        self.stage: Stage = "waiting"
        self.record: Sweep | None = None
        self.told: Progress | None = None
        self.taken = 0.0
        self.lines: tuple[Line, ...] = ()
        self.why = ""

    @property
    def over(self) -> bool:
        return self.stage in ("finished", "cancelled", "failed")

    def tell(self, now: Progress) -> None:
        """Take a chunk's progress in; the record from time to time, for copying takes time too."""
        self.told = now
        if now.done == now.points or time.monotonic() - self.taken > SNAPSHOT:
            self.record, self.taken = now.record(), time.monotonic()

    def seen(self) -> Seen:
        done, seconds, left = 0, 0.0, float("nan")
        if self.told is not None:
            done, seconds, left = self.told.done, self.told.seconds, self.told.left
        return Seen(self.stage, self.record, done, len(self.spec), seconds, left, self.lines,
                    self.why)  # fmt: skip


class Sweeps:
    """Worker processes and the sweeps of classic diagrams that they were asked for.

    Safe to use from any thread.

    >>> import time
    >>> from rnnviz.sweeps.background import Sweeps
    >>> from rnnviz.sweeps.diagrams import resized
    >>> sweeps, spec = Sweeps(1), resized("lstm_forget_length", points=2, seeds=1, hidden_size=4)
    >>> seen = sweeps.ask("me", "lstm_forget_length", spec)
    >>> while sweeps.see("me", spec).stage in ("waiting", "computing"):
    ...     time.sleep(0.05)
    >>> sweeps.see("me", spec).record.done.all()
    True
    >>> sweeps.close()
    """

    def __init__(self, processes: int = PROCESSES) -> None:
        self.processes = processes
        self.pool: Processes | None = None
        self.threads = ThreadPoolExecutor(AT_ONCE, "sweeps")
        self.all: dict[Spec, _Going] = {}
        self.lock = threading.RLock()

    def ask(self, who: str, name: str, spec: Spec) -> Seen:
        """Have a diagram computed in these sizes; do not wait. One that was cancelled begins anew.
        """  # fmt: skip
        with self.lock:
            one = self.all.pop(spec, None)
            if one is None or one.stage in ("cancelled", "failed"):
                one = _Going(name, spec)
                self._forget()
                self.threads.submit(self._go, one)
            self.all[spec] = one  # the last asked for is the last
            one.wanted.add(who)
            return one.seen()

    def see(self, who: str, spec: Spec) -> Seen | None:
        """A sweep as it stands; None for one that was not asked for, or was forgotten.

        Who has cancelled it sees it cancelled, also where it goes on for others.
        """
        with self.lock:
            one = self.all.get(spec)
            if one is None:
                return None
            left = who not in one.wanted and not one.over
            return one.seen()._replace(stage="cancelled") if left else one.seen()

    def cancel(self, who: str, spec: Spec) -> None:
        """Want no more of a sweep; it ends unless somebody else wants it. What is there is kept."""
        with self.lock:
            if (one := self.all.get(spec)) is not None:
                one.wanted.discard(who)
                if not one.wanted:
                    one.stop.set()

    def askers(self) -> set[str]:
        """Who wants a sweep that is not over."""
        with self.lock:
            return set().union(*(one.wanted for one in self.all.values() if not one.over))

    def leave(self, who: str) -> None:
        """Want nothing any more."""
        for spec in list(self.all):
            self.cancel(who, spec)

    def close(self) -> None:
        """End everything."""
        with self.lock:
            for one in self.all.values():
                one.stop.set()
            pool, self.pool = self.pool, None
        self.threads.shutdown(wait=False, cancel_futures=True)
        if pool is not None:
            pool.shutdown(wait=False, cancel_futures=True)

    def _go(self, one: _Going) -> None:
        """Compute a sweep and its lines, in a thread of its own."""
        try:
            if one.stop.is_set():
                one.stage = "cancelled"
                return
            one.stage, pool = "computing", self._processes()
            lines: Future[tuple[Line, ...]] = pool.submit(lines_of, one.name, one.spec)
            found = sweep(one.spec, pool, progress=one.tell, stop=one.stop, workers=self.processes)
            one.record = found
            if found.complete:
                one.lines = lines.result()
            one.stage = "finished" if found.complete else "cancelled"
        except Exception as error:  # the thread's end is nobody's to see
            one.stage, one.why = "failed", str(error)

    def _processes(self) -> Processes:
        with self.lock:
            if self.pool is None:
                self.pool = Processes(self.processes)
            return self.pool

    def _forget(self) -> None:
        """Forget the sweeps that were not asked for longest, where there are many."""
        for spec, one in list(self.all.items()):
            if len(self.all) < KEPT:
                return
            if one.over:
                del self.all[spec]
