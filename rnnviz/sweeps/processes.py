"""Worker processes as an executor: one that dies costs the call that it had, and no other.

A `concurrent.futures.ProcessPoolExecutor` ends as a whole when one of its processes is killed, and
runs the caller's script again in each of them. Here a process runs what it is sent, and nothing
else.
"""

from __future__ import annotations

import os
import pickle
import queue
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import suppress
from typing import Any, TypeVar

from rnnviz.numerics.child_process import python
from rnnviz.training.worker import messages, write

T = TypeVar("T")
CODE = "from rnnviz.sweeps.processes import main; main()"
NICE = 5
Call = tuple[Future[Any], Callable[..., Any], tuple[Any, ...]]


class Processes(Executor):
    """So many processes of one BLAS thread each; functions and arguments are pickled.

    >>> from rnnviz.sweeps.processes import Processes
    >>> with Processes(1) as pool:
    ...     pool.submit(divmod, 7, 2).result()
    (3, 1)
    """

    def __init__(self, count: int) -> None:
        self._max_workers = count
        self.calls: queue.SimpleQueue[Call | None] = queue.SimpleQueue()
        self.children: set[subprocess.Popen[bytes]] = set()
        self.closed = False
        self.threads = [threading.Thread(target=self._serve, daemon=True) for _ in range(count)]
        for one in self.threads:
            one.start()

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """Have a function of positional arguments called in one of the processes."""
        if self.closed or kwargs:
            raise RuntimeError("`submit` takes positional arguments alone, before `shutdown`.")
        future: Future[T] = Future()
        self.calls.put((future, fn, args))
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the processes, after what was submitted, or at once with ``cancel_futures``."""
        self.closed = True
        while cancel_futures and not self.calls.empty():
            with suppress(queue.Empty):
                if (call := self.calls.get_nowait()) is not None:
                    call[0].cancel()
        for _ in self.threads:
            self.calls.put(None)
        for child in list(self.children) if cancel_futures else ():
            child.kill()
        for one in self.threads if wait else ():
            one.join()

    def _serve(self) -> None:
        """One thread: give calls to a process of its own, a new one where the last has died."""
        child: subprocess.Popen[bytes] | None = None
        while (call := self.calls.get()) is not None:
            future, fn, args = call
            if not future.set_running_or_notify_cancel():
                continue
            if child is None:
                child = python("-c", CODE, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
                self.children.add(child)
            try:
                good, result = _asked(child, (fn, args))
            except (OSError, EOFError) as lost:
                self._ended(child)
                future.set_exception(BrokenExecutor(f"The worker process ended: {lost}."))
                child = None
            except Exception as error:  # what cannot be pickled, or unpickled
                future.set_exception(error)
            else:
                (future.set_result if good else future.set_exception)(result)
        if child is not None:
            self._ended(child)

    def _ended(self, child: subprocess.Popen[bytes]) -> None:
        child.kill()
        child.wait()
        self.children.discard(child)
        for pipe in (child.stdin, child.stdout):
            assert pipe is not None
            with suppress(OSError):
                pipe.close()


def _asked(child: subprocess.Popen[bytes], call: Any) -> tuple[bool, Any]:
    """What a process answers. Raises OSError or EOFError where it ends instead."""
    assert child.stdin is not None
    assert child.stdout is not None
    write(child.stdin, {}, pickle.dumps(call))
    for _, body in messages(child.stdout):
        answer: tuple[bool, Any] = pickle.loads(body)
        return answer
    raise EOFError(f"exit code {child.wait()}")


def main() -> None:
    """Answer calls on stdin until it ends; whatever is printed goes to stderr."""
    if hasattr(os, "nice"):
        os.nice(NICE)
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    for _, body in messages(sys.stdin.buffer):
        try:
            fn, args = pickle.loads(body)
            answer = True, fn(*args)
        except Exception as error:  # it is the caller's
            answer = False, error
        try:
            body = pickle.dumps(answer)
        except Exception as error:  # what cannot be pickled
            body = pickle.dumps((False, RuntimeError(f"{type(error).__name__}: {error}")))
        try:
            write(out, {}, body)
        except BrokenPipeError:  # nobody listens any more; a flush at exit would fail again
            os._exit(0)
