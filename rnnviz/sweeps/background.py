"""Sweeps that go on while pages are drawn: asked for by many, computed once, in worker processes.
"""  # fmt: skip

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress

from rnnviz.sweeps.going import Going, Seen, Stage
from rnnviz.sweeps.processes import Processes
from rnnviz.sweeps.spec import Spec
from rnnviz.sweeps.stored import Found
from rnnviz.sweeps.sweeping import LOOK, completed
from rnnviz.sweeps.theory_lines import Line, lines_of

PROCESSES = 2
AT_ONCE = 4
"""So many sweeps share the processes; others wait for one of them to end."""
KEPT = 12
"""So many sweeps are remembered; of more, those that were not asked for longest are forgotten."""
SECONDS = 600.0
"""The most that a sweep may take, those that share the processes with it included; what is there
then is kept, and it goes on where it is asked for again."""


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
        self.going = 0
        self.threads = ThreadPoolExecutor(AT_ONCE, "sweeps")
        self.all: dict[Spec, Going] = {}
        self.lock = threading.RLock()

    def ask(self, who: str, name: str, spec: Spec) -> Seen:
        """Have a diagram computed in these sizes; do not wait.

        Who asks wants no other sweep any more. One that was stopped goes on from what is there.
        """
        with self.lock:
            for other in [one for one in self.all if one != spec]:
                self.cancel(who, other)
            one = self.all.pop(spec, None)
            if one is None or (one.stage != "finished" and (one.over or one.stop.is_set())):
                one = Going(name, spec, before=one)
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

    def _go(self, one: Going) -> None:
        """Compute a sweep and its lines, in a thread of its own."""
        try:
            one.take_over()
            if one.stop.is_set():
                one.stage = "cancelled"
                return
            one.stage, pool = "computing", self._enter()
            try:
                one.stage = self._compute(one, pool)
            finally:
                self._leave_pool()
        except Exception as error:  # the thread's end is nobody's to see
            one.stage, one.why = "failed", str(error)
        finally:
            one.ended.set()

    def _compute(self, one: Going, pool: Processes) -> Stage:
        """How a sweep ends that the processes compute, from what is there of it."""
        found = Found(one.spec)
        if one.record is not None:
            found.fill_from(one.record)
        lines: Future[tuple[Line, ...]] = pool.submit(lines_of, one.name, one.spec)
        end = threading.Timer(SECONDS, one.spend)
        end.daemon = True
        end.start()
        try:
            one.record = completed(found, None, pool, progress=one.tell, stop=one.stop,
                                   workers=self.processes)  # fmt: skip
            while not one.stop.is_set():
                with suppress(TimeoutError):
                    one.lines = lines.result(LOOK)
                    return "finished"
            return "spent" if one.spent else "cancelled"
        finally:
            pool.abandon(lines)
            end.cancel()

    def _enter(self) -> Processes:
        """The processes, for one sweep more."""
        with self.lock:
            self.going += 1
            if self.pool is None:
                self.pool = Processes(self.processes)
            return self.pool

    def _leave_pool(self) -> None:
        """End the processes with the last sweep, whatever they are at."""
        with self.lock:
            self.going -= 1
            if self.going or self.pool is None:
                return
            pool, self.pool = self.pool, None
        pool.shutdown(wait=False, cancel_futures=True)

    def _forget(self) -> None:
        """Forget the sweeps that were not asked for longest, where there are many."""
        for spec, one in list(self.all.items()):
            if len(self.all) < KEPT:
                return
            if one.over:
                del self.all[spec]
