"""Worker processes as an executor: one that dies costs the call that it had, and no other.

A `concurrent.futures.ProcessPoolExecutor` ends as a whole when one of its processes is killed, and
runs the caller's script again in each of them. Here a process runs what it is sent, and nothing
else.
"""

from __future__ import annotations

import pickle
import queue
import threading
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import suppress
from typing import Any, TypeVar

from rnnviz.numerics.process_pool import Call, Ended, Worker

T = TypeVar("T")
Task = tuple[Future[Any], Callable[..., Any], tuple[Any, ...]]


class Processes(Executor):
    """So many processes of one BLAS thread each; functions and arguments are pickled.

    >>> from rnnviz.sweeps.processes import Processes
    >>> with Processes(1) as pool:
    ...     pool.submit(divmod, 7, 2).result()
    (3, 1)
    """

    def __init__(self, count: int) -> None:
        self._max_workers = count
        self.tasks: queue.SimpleQueue[Task | None] = queue.SimpleQueue()
        self.workers: set[Worker] = set()
        self.running: dict[Future[Any], Worker] = {}
        self.closed = False
        self.threads = [threading.Thread(target=self._serve, daemon=True) for _ in range(count)]
        for one in self.threads:
            one.start()

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """Have a function of positional arguments called in one of the processes."""
        if self.closed or kwargs:
            raise RuntimeError("`submit` takes positional arguments alone, before `shutdown`.")
        future: Future[T] = Future()
        self.tasks.put((future, fn, args))
        return future

    def abandon(self, future: Future[Any]) -> None:
        """Have a call not begun, or its process ended where it is at it."""
        if not future.cancel() and (worker := self.running.get(future)) is not None:
            worker.end()

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the processes, after what was submitted, or at once with ``cancel_futures``."""
        self.closed = True
        while cancel_futures and not self.tasks.empty():
            with suppress(queue.Empty):
                if (task := self.tasks.get_nowait()) is not None:
                    task[0].cancel()
        for _ in self.threads:
            self.tasks.put(None)
        for worker in list(self.workers) if cancel_futures else ():
            worker.end()
        for one in self.threads if wait else ():
            one.join()

    def _serve(self) -> None:
        """One thread: give tasks to a process of its own, a new one where the last has died."""
        worker: Worker | None = None
        while (task := self.tasks.get()) is not None:
            future, fn, args = task
            if not future.set_running_or_notify_cancel():
                continue
            try:
                call = Call("", pickle.dumps(((__name__, called.__name__), (fn, args), {})))
                if worker is None:
                    self.workers.add(worker := Worker())
                self.running[future] = worker
                worker.compute(call)
            except Exception as error:  # what cannot be pickled, unpickled, or started
                future.set_exception(error)
                continue
            finally:
                self.running.pop(future, None)
            if isinstance(call.error, Ended):
                self._end(worker)
                worker = None
                future.set_exception(BrokenExecutor(str(call.error)))
            elif call.error is not None:
                future.set_exception(call.error)
            else:
                future.set_result(call.result)
        if worker is not None:
            self._end(worker)

    def _end(self, worker: Worker) -> None:
        self.workers.discard(worker)
        worker.end()
        worker.close()


def called(fn: Callable[..., T], args: tuple[Any, ...]) -> T:
    """What a process computes."""
    return fn(*args)
