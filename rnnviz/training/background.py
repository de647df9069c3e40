"""Training in worker processes: asked for by many, trained once, watched while it goes on.

The same job gives the same bits whoever asks and in whatever slices it is trained. A worker that
dies costs what it learnt since its last report; another one goes on from there.
"""

from __future__ import annotations

import io
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from rnnviz.numerics.array_files import unpacked
from rnnviz.training.jobs import Job, Seen
from rnnviz.training.one_training import Training
from rnnviz.training.reports import grown
from rnnviz.training.run import Run
from rnnviz.training.run_folder import RunFolder
from rnnviz.training.stored import save
from rnnviz.training.train_net import longer
from rnnviz.training.worker import Message
from rnnviz.training.worker_process import Worker

PROCESSES = 2
KEPT = 96
"""So many jobs are remembered; of more, those that nobody asked for longest are forgotten."""
BYTES = 200_000_000
"""The most that the checkpoints of all remembered jobs may take."""
WRITE_EVERY = 2.0
"""Seconds from one time that a run is written to the next."""


class Workers:
    """The worker processes, and all jobs that they were asked for. Safe to use from any thread.

    With a ``folder`` runs are found there again by another process, at most `WRITE_EVERY` seconds
    behind.

    >>> from rnnviz.training import Plan
    >>> from rnnviz.training.background import Job, Workers
    >>> workers = Workers(processes=1)
    >>> seen = workers.ask("me", Job.of("gru", Plan("adding", 8, updates=20), 4))
    >>> while workers.see("me", seen.job).stage in ("waiting", "training"):
    ...     workers.wait(1.0)
    >>> workers.see("me", seen.job).run.done
    20
    >>> workers.close()
    """

    def __init__(self, processes: int = PROCESSES, folder: RunFolder | None = None) -> None:
        self.processes, self.folder = processes, folder
        self.trainings: dict[Job, Training] = {}
        self.numbered: dict[int, Training] = {}
        self.pool: list[Worker] = []
        self.count = 0
        self.news = threading.Condition(threading.RLock())
        self.writer = ThreadPoolExecutor(1, "runs")

    def ask(self, who: str, job: Job, upto: int | None = None) -> Seen:
        """Have a job trained up to an update, by default all that its plan has; do not wait.

        A smaller number than before pauses it for ``who``. It may take `BUDGET` seconds, then it
        pauses until somebody asks again. Raises ValueError for what cannot be trained.
        """
        with self.news:
            if job not in self.trainings:
                self._forget()
                self.trainings[job] = self._begun(job)
            one = self.trainings[job]
            self.trainings[job] = self.trainings.pop(job)  # the last asked for is the last
            plan = one.run.plan
            one.wanted[who] = plan.updates if upto is None else min(upto, plan.updates)
            if one.spent and one.wanted[who] > one.run.done:
                one.allow_more()
            self._place(one)
            return one.seen(who)

    def start(self) -> None:
        """Start all processes, so that the first job need not wait for them."""
        with self.news:
            while len(self.pool) < self.processes:
                self.pool.append(Worker(self.heard, self.lost))

    def see(self, who: str, job: Job) -> Seen | None:
        """A job as it stands; None for one that ``who`` did not ask for, or that was forgotten."""
        with self.news:
            one = self.trainings.get(job)
            return None if one is None or who not in one.wanted else one.seen(who)

    def cancel(self, who: str, job: Job) -> None:
        """Want no more of a job; it ends unless somebody else wants it. What it learnt is kept."""
        with self.news:
            if (one := self.trainings.get(job)) is not None:
                one.wanted.pop(who, None)
                self._place(one)

    def askers(self) -> frozenset[str]:
        """All who want something of any job."""
        with self.news:
            return frozenset(who for one in self.trainings.values() for who in one.wanted)

    def leave(self, who: str) -> None:
        """Cancel all that somebody has asked for."""
        with self.news:
            for job, one in self.trainings.items():
                if who in one.wanted:
                    self.cancel(who, job)

    def retry(self, job: Job) -> None:
        """Try a job again over which workers have died too often."""
        with self.news:
            if (one := self.trainings.get(job)) is not None:
                one.deaths = 0
                self._place(one)

    def wait(self, seconds: float) -> None:
        """Wait for news of any job, at most so long."""
        with self.news:
            self.news.wait(seconds)

    def close(self) -> None:
        """End all processes, once what is to be written is written."""
        with self.news:
            pool, self.pool = self.pool, []
            for one in self.numbered.values():
                one.worker, one.wanted = None, {}
        for worker in pool:
            worker.end()
        self.writer.shutdown()

    def heard(self, worker: Worker, message: Message) -> None:
        """Take in what a worker reports."""
        head, body = message
        with self.news:
            one = self.numbered.get(head["job"])
            if one is not None and one.worker is worker:
                one.run = grown(one.run, head, unpacked(body))
                one.seconds += head["seconds"]
                self._keep(one)
                if one.idle:
                    self._place(one)
                self.news.notify_all()

    def lost(self, worker: Worker) -> None:
        """A worker has ended: others take over what it had to do."""
        with self.news:
            if worker in self.pool:
                self.pool.remove(worker)
            for number in list(worker.jobs):
                if (one := self.numbered.pop(number, None)) is not None:
                    one.worker = None
                    one.deaths += not one.idle
                    self._place(one)
            self.news.notify_all()

    def _place(self, one: Training) -> None:
        """Give a job to a worker, tell it how far it is wanted, or take it away again.

        A worker holds nothing of jobs for which there is nothing to do.
        """
        if one.idle:
            self._take(one)
        elif one.worker is not None:
            one.worker.send({"job": one.number, "upto": one.upto})
        else:
            self.count += 1
            one.number, one.worker = self.count, self._free()
            self.numbered[one.number] = one
            one.worker.jobs.add(one.number)
            save(one.run, file := io.BytesIO())
            one.worker.send({"job": one.number, "upto": one.upto}, file.getvalue())

    def _take(self, one: Training) -> None:
        """Take a job away from its worker."""
        self.numbered.pop(one.number, None)
        if one.worker is not None:
            one.worker.jobs.discard(one.number)
            one.worker.send({"job": one.number, "upto": None})
            one.worker = None

    def _free(self) -> Worker:
        """The worker with least to do; a new one while there are fewer than there may be."""
        least = min(self.pool, key=lambda one: len(one.jobs), default=None)
        if least is not None and (not least.jobs or len(self.pool) >= self.processes):
            return least
        self.pool.append(worker := Worker(self.heard, self.lost))
        return worker

    def _begun(self, job: Job) -> Training:
        """A job with the run that it starts from: from the folder, if it has one that is further.
        """  # fmt: skip
        one = Training(job, self._start(job))
        found = None if self.folder is None else self.folder.find(job)
        if found is not None and found[0].done > one.run.done:
            one.run, one.seconds = found
            one.allow_more()
        return one

    def _keep(self, one: Training) -> None:
        """Write a run that has come to its end or a pause, or was not written for a while."""
        now = time.monotonic()
        if self.folder is not None and (one.idle or now - one.written >= WRITE_EVERY):
            one.written = now
            self.writer.submit(self.folder.keep, one.job, one.run, one.seconds)

    def _start(self, job: Job) -> Run:
        """The run that a job starts from: that of the same job with fewer updates, if there is one
        that any plan can be a part of, or a new one.
        """  # fmt: skip
        if job.plan.schedule == "constant":
            for other, one in reversed(self.trainings.items()):
                same = replace(other, plan=replace(other.plan, updates=job.plan.updates)) == job
                if same and one.run.done <= job.plan.updates and one.run.stopped is None:
                    return longer(one.run, job.plan.updates)
        return job.begin()

    def _forget(self) -> None:
        """Forget idle jobs, those first that were not asked for longest, where there are many."""
        size = sum(one.size for one in self.trainings.values())
        for job, one in list(self.trainings.items()):
            if len(self.trainings) < KEPT and size < BYTES:
                return
            if one.idle:
                size -= one.size
                self._take(one)
                del self.trainings[job]
