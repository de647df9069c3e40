"""The executor that a sweep runs on: the one that is given, or worker processes of its own."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future, TimeoutError
from contextlib import suppress
from typing import Any

from rnnviz.numerics.validation import positive_number, shown, whole_number
from rnnviz.sweeps.chunks import Rows, probe, rows_of
from rnnviz.sweeps.processes import Processes

PATIENCE = 60.0
"""Seconds that the first worker has to answer."""
TRIES = 3
"""So often a point is tried whose worker dies."""
LOSSES = ("KilledWorker", "CommClosedError", "WorkerStartTimeoutError")
"""What executors of clusters raise, by the name of its class, where a worker has died."""
Given = Executor | Callable[[], Executor] | None


class SweepFailed(RuntimeError):
    """A sweep that cannot go on, in a sentence that says what its executor did."""


class Pool:
    """An executor, how many workers it has, and how to have another one where it breaks.

    Raises ValueError for what is no executor.
    """

    def __init__(self, given: Given, workers: int | None, patience: float) -> None:
        self.patience = positive_number("patience", patience)
        self.make: Callable[[], Executor] | None = None
        self.nonce = 0
        self.executor: Executor
        self.default = given is None
        if given is None:
            count = min(whole_number("workers", workers or _processors()), 256)
            self.make, self.own = lambda: Processes(count), True
        elif isinstance(given, Executor):
            self.executor, self.own = given, False
        elif callable(given):
            self.make, self.own = given, True
        else:
            raise ValueError("`executor` must be a concurrent.futures.Executor, or a function that "
                             f"makes one, got {shown(given)}.")  # fmt: skip
        if self.make is not None:
            self.executor = self.make()
        self.workers = whole_number("workers", workers or _count(self.executor))

    def check(self) -> None:
        """Have a first call answered. Raises SweepFailed where it is not."""
        here = probe(0)
        there = self._probed(here)
        if tuple(there) != here:
            raise SweepFailed(
                "The workers must have the rnnviz and NumPy of this process, "
                f"{' and '.join(here)}, for the same bits everywhere, got {' and '.join(there)}."
            )

    def _probed(self, here: tuple[str, str], tries: int = TRIES) -> tuple[str, str]:
        """What a worker answers; another one is asked where it dies, in an executor that goes on.
        """  # fmt: skip
        try:
            found: tuple[str, str] = self._submit(probe).result(timeout=self.patience)
        except TimeoutError:
            raise SweepFailed(
                f"No worker of the executor has answered within {self.patience:g} s: none may have "
                "started, or none can import rnnviz. `patience` gives them more time."
            ) from None
        except ImportError as missing:
            raise SweepFailed(
                f"The executor's workers cannot import rnnviz ({missing}): install it, with the "
                f"same version {here[0]}, where they run."
            ) from missing
        except Exception as error:
            died = self.lost(error)
            if died and tries > 1 and self.mend():
                return self._probed(here, tries - 1)
            script = (
                " A script that starts processes must do its work under "
                "`if __name__ == \"__main__\":`." if died and not self.default else ""
            )  # fmt: skip
            raise SweepFailed(
                f"The executor's first worker has failed; can it import rnnviz?{script} "
                f"({type(error).__name__}: {_short(error)})"
            ) from error
        return found

    def submit(self, text: str, numbers: list[int]) -> Future[Rows]:
        """Have the rows of some points computed. Raises BrokenExecutor where that cannot be."""
        return self._submit(rows_of, text, numbers)

    def _submit(self, call: Callable[..., Any], *arguments: Any) -> Future[Any]:
        self.nonce += 1
        return self.executor.submit(call, *arguments, self.nonce)

    def lost(self, error: BaseException) -> bool:
        """Whether a call failed because its worker did."""
        return isinstance(error, (BrokenExecutor, CancelledError, ConnectionError)) or any(
            one.__name__ in LOSSES for one in type(error).__mro__
        )

    def mend(self) -> bool:
        """Have a new executor where the old one takes no calls any more; False if none can be had.

        It is not waited for an answer: workers may be busy for long.
        """
        try:
            self._submit(probe)
        except (BrokenExecutor, RuntimeError):
            if self.make is None:
                return False
            self._end()
            self.executor = self.make()
        return True

    def close(self) -> None:
        """End the executor if it was made here."""
        if self.own:
            self._end()

    def _end(self) -> None:
        with suppress(Exception):  # a broken one may refuse
            self.executor.shutdown(wait=True, cancel_futures=True)


def _short(error: BaseException) -> str:
    """The first sentence of what an error says."""
    return " ".join(str(error).split()).partition(". ")[0][:200]


def _count(executor: Any) -> int:
    """How many calls an executor runs at a time, as far as it says so."""
    if isinstance(count := getattr(executor, "_max_workers", None), int):
        return count
    with suppress(Exception):  # dask.distributed's
        return int(sum(executor._client.nthreads().values()))
    return _processors()


def _processors() -> int:
    """How many processors this process may use."""
    with suppress(AttributeError):  # not on every system
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
