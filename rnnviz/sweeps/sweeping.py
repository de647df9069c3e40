"""Sweep a spec: points in chunks on an executor, rows kept as they come, resumed, cancelled."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, wait
from contextlib import ExitStack, closing
from pathlib import Path
from threading import Event
from typing import Any, NamedTuple

import numpy as np

from rnnviz.numerics.validation import positive_number
from rnnviz.sweeps.chunks import SECONDS, Rows, Sizes
from rnnviz.sweeps.diagrams import DIAGRAMS
from rnnviz.sweeps.executors import PATIENCE, TRIES, Given, Pool, SweepFailed
from rnnviz.sweeps.record import Sweep
from rnnviz.sweeps.spec import Spec
from rnnviz.sweeps.stored import LOST, Found
from rnnviz.sweeps.texts import spec_of
from rnnviz.sweeps.writing import Store

AHEAD = 2
"""Chunks that are sent out for each worker, so that none waits for the next one."""
LOOK = 0.1
"""Seconds from one look at whether to stop to the next."""


class Progress(NamedTuple):
    """How far a sweep has come.

    done, points   points tried, and all of them
    failed         points that have a reason in the place of figures
    seconds, left  since it began, and about how many more; nan before there is a measure
    record         makes the `Sweep` so far
    """

    done: int
    points: int
    failed: int
    seconds: float
    left: float
    record: Callable[[], Sweep]


class Chunk(NamedTuple):
    """Points that are sent out together, and how often their worker has died."""

    numbers: list[int]
    losses: int = 0


def sweep(
    spec: Spec | Mapping[str, Any] | str | Path,
    executor: Given = None,
    *,
    out: str | Path | None = None,
    progress: Callable[[Progress], object] | None = None,
    stop: Event | None = None,
    workers: int | None = None,
    chunk_seconds: float = SECONDS,
    patience: float = PATIENCE,
) -> Sweep:
    """Compute the figures of every point of a spec.

    spec           a `Spec`, a mapping as it takes, a .toml or .json file, or a name in
                   `rnnviz.sweeps.DIAGRAMS`
    executor       any `concurrent.futures.Executor`, such as dask.distributed's
                   `client.get_executor()`; or a function that makes one, called again where it
                   breaks; by default worker processes of this machine
    out            a .parquet file: rows are kept beside it as they come, and a sweep that was
                   interrupted goes on from them. The same file comes out, byte for byte
    progress       is told a `Progress` after every chunk, in this thread
    stop           an event: once it is set, what there is is returned
    workers        how many calls the executor runs at a time; by default what it says itself, or
                   the number of processors
    chunk_seconds  what a chunk of points is to take
    patience       seconds that the first worker has to answer

    A point that is refused, or whose numbers are not finite, has a reason in the place of figures.
    Where a worker dies, its chunk is tried again, twice at most and in halves; what then still
    fails has a reason, too.

    Raises ValueError naming argument, rule and what arrived; `SweepFailed`, a RuntimeError, where
    no worker answers, where a call fails for another reason than its worker's end, and where an
    executor that was given takes no calls any more (what was computed is kept).

    >>> import rnnviz
    >>> from concurrent.futures import ThreadPoolExecutor
    >>> with ThreadPoolExecutor(1) as pool:
    ...     found = rnnviz.sweep({"axes": {"forget_bias": [0.0, 2.0, 4.0]},
    ...                           "base": {"cell": "lstm", "T": 20, "H": 8}}, pool)
    >>> bool((found["factor"][1:] > found["factor"][:-1]).all())
    True
    """
    found = Found(spec_of(spec, DIAGRAMS))
    with ExitStack() as ends:
        store = None
        if out is not None:
            store = ends.enter_context(closing(Store(Path(out), found.spec)))
            store.begin(found)
        return completed(
            found, store, executor, progress=progress, stop=stop, workers=workers,
            chunk_seconds=chunk_seconds, patience=patience,
        )  # fmt: skip


def completed(
    found: Found,
    store: Store | None = None,
    executor: Given = None,
    *,
    progress: Callable[[Progress], object] | None = None, stop: Event | None = None,
    workers: int | None = None, chunk_seconds: float = SECONDS, patience: float = PATIENCE,
) -> Sweep:  # fmt: skip
    """`sweep` of the points that are missing, into a store that has begun.

    The arguments and what is raised are those of `sweep`.
    """
    positive_number("chunk_seconds", chunk_seconds)
    if not found.done.all():
        with closing(Pool(executor, workers, patience)) as pool:
            pool.check()
            _Sweeping(found, pool, store, progress, stop or Event(), chunk_seconds).go()
    if store is not None and found.done.all():
        store.finish(found)
    return found.record()


class _Sweeping:
    """The chunks of one sweep: those that wait, and those that are out."""

    def __init__(
        self, found: Found, pool: Pool, store: Store | None,
        progress: Callable[[Progress], object] | None, stop: Event, seconds: float,
    ) -> None:  # fmt: skip
        self.found, self.pool, self.store, self.progress = found, pool, store, progress
        self.stop, self.begun = stop, time.monotonic()
        self.missing = deque(np.flatnonzero(~found.done).tolist())
        self.first = len(self.missing)
        self.suspects: deque[Chunk] = deque()
        self.out: dict[Future[Rows], Chunk] = {}
        self.sizes = Sizes(seconds, pool.workers)

    def go(self) -> None:
        """Send chunks out and take rows in until nothing is missing, or until `stop`."""
        try:
            while (self.missing or self.suspects or self.out) and not self.stop.is_set():
                self._send()
                wait(self.out, timeout=LOOK, return_when=FIRST_COMPLETED)
                # Of a call that was cancelled, not every executor tells who waits.
                for future in [one for one in self.out if one.done()]:
                    self._take(future, self.out.pop(future))
        finally:
            for future in self.out:
                if future.cancel() or not future.done():
                    continue
                if future.exception() is None:
                    self._keep(future.result())

    def _send(self) -> None:
        """Send out as many chunks as are wanted; alone, those over which a worker has died."""
        while self.suspects and not self.out:
            self._submit(self.suspects.popleft())
        while self.missing and not self.suspects and len(self.out) < AHEAD * self.pool.workers:
            if any(chunk.losses for chunk in self.out.values()):
                return
            size = min(self.sizes.next(len(self.missing)), len(self.missing))
            self._submit(Chunk([self.missing.popleft() for _ in range(size)]))

    def _submit(self, chunk: Chunk) -> None:
        try:
            self.out[self.pool.submit(self.found.spec.text, chunk.numbers)] = chunk
        except (BrokenExecutor, RuntimeError) as error:
            self.suspects.appendleft(chunk)
            self._mend(error)

    def _take(self, future: Future[Rows], chunk: Chunk) -> None:
        error = CANCELLED if future.cancelled() else future.exception()
        if error is None:
            rows = future.result()
            self.sizes.heard(rows)
            self._keep(rows)
            self._tell()
        elif self.pool.lost(error):
            self._lost(chunk, error)
        else:
            first, last = chunk.numbers[0], chunk.numbers[-1]
            raise SweepFailed(
                f"The call of the executor for the points {first} to {last} has failed "
                f"({type(error).__name__}: {error})."
            ) from error

    def _keep(self, rows: Rows) -> None:
        self.found.take(rows.numbers, rows.values, rows.reasons)
        if self.store is not None:
            self.store.add(rows)

    def _lost(self, chunk: Chunk, error: BaseException) -> None:
        """Try a chunk again in halves, or give its points a reason."""
        numbers, losses = chunk.numbers, chunk.losses + 1
        if losses >= TRIES:
            nothing = np.full((len(numbers), len(self.found.spec.figures)), np.nan)
            reason = f"{LOST}{TRIES} times, {error or type(error).__name__}"
            self.found.take(np.array(numbers), nothing, [reason] * len(numbers))
            self._tell()
        else:
            middle = (len(numbers) + 1) // 2
            self.suspects.extend(Chunk(part, losses) for part in
                                 (numbers[:middle], numbers[middle:]) if part)  # fmt: skip
        self._mend(error)

    def _mend(self, error: BaseException) -> None:
        if not self.pool.mend():
            raise SweepFailed(
                f"The executor takes no calls any more ({type(error).__name__}: {error}), with "
                f"{int(self.found.done.sum()):,} of {len(self.found.done):,} points computed; with "
                "`out` they are kept. A function that makes an executor is called again."
            ) from error

    def _tell(self) -> None:
        if self.progress is None:
            return
        done = int(self.found.done.sum())
        seconds, now = time.monotonic() - self.begun, done - (len(self.found.done) - self.first)
        left = seconds / now * (len(self.found.done) - done) if now else float("nan")
        reasons = len(self.found.reasons)
        self.progress(
            Progress(done, len(self.found.done), reasons, seconds, left, self.found.record)
        )


CANCELLED = BrokenExecutor("the call was cancelled")
