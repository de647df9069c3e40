"""Calls of our own functions in worker processes: fair, with a time limit, and to be cancelled.

A call names a module-level function of rnnviz; arguments and result are pickled between this
process and its own children, and nothing else ever is. Each asker has one call running. A worker
whose call is cancelled or takes too long is ended, and another one started when it is needed.
"""

from __future__ import annotations

import os
import pickle
import signal
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from typing import IO, Any

from rnnviz.numerics.bounded_cache import TICK
from rnnviz.numerics.child_process import python

_SIZE = struct.Struct("<Q")
CODE = "from rnnviz.numerics.process_pool import main; main()"
INSIDE = "RNNVIZ_WORKER"
"""Set in the environment of a worker, which computes everything itself."""
NICE = 5
"""Workers have a lower priority than the server."""


class Ended(RuntimeError):
    """A call that did not come to its end: its worker died, or it took too long."""


class Call:
    """A function's name with its arguments; later its result, or what it raised."""

    def __init__(self, who: str, work: bytes) -> None:
        self.who, self.work = who, work
        self.done, self.began = threading.Event(), 0.0
        self.late: threading.Timer | None = None
        self.result: Any = None
        self.error: BaseException | None = None


class Worker:
    """A process that computes one call at a time; ``megabytes`` are what its cache may keep."""

    def __init__(self, megabytes: int | None = None) -> None:
        named = {INSIDE: "1"}
        if megabytes is not None:
            named["RNNVIZ_CACHE_MB"] = str(megabytes)
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        self.process = python("-c", CODE, named=named, **pipes)

    def compute(self, call: Call) -> None:
        """Send a call, wait for its answer, and tell it."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        try:
            write(self.process.stdin, call.work)
            call.result, call.error = pickle.loads(read(self.process.stdout))
        except Exception:  # a process that has ended, or an answer that cannot be read
            call.error = Ended("the process that computes this has ended")
        call.work = b""

    def end(self) -> None:
        """End the process, whatever it does."""
        with suppress(OSError):
            self.process.kill()
        self.process.wait()

    def close(self) -> None:
        """Close the streams of a process that has ended."""
        for stream in (self.process.stdin, self.process.stdout):
            assert stream is not None
            with suppress(OSError):
                stream.close()


class Pool:
    """Worker processes that start when they are needed.

    ``megabytes`` are what each may keep of results. A worker whose call is no longer wanted is
    ended; with a ``limit`` it comes to its end, which is sooner than a process starts, and any call
    is ended after so many seconds.
    """

    def __init__(self, processes: int = 2, megabytes: int = 64, limit: float = 0.0) -> None:
        self.processes, self.megabytes, self.limit = processes, megabytes, limit
        self.waiting: list[Call] = []
        self.running: dict[Call, Worker] = {}
        self.idle: list[Worker] = []
        self.lock = threading.RLock()

    def run(
        self, who: str, function: Callable[..., Any], *args: Any, seconds: float,
        tick: Callable[[], object] = lambda: None, **named: Any,
    ) -> Any:  # fmt: skip
        """The function's result; what it raises is raised.

        ``tick`` is called meanwhile again and again; if it raises, the call is cancelled. Raises
        Ended if the call takes longer than ``seconds`` or its worker dies.
        """
        call = self.begin(who, function, *args, **named)
        return self.finish(call, seconds=seconds, tick=tick)

    def begin(self, who: str, function: Callable[..., Any], *args: Any, **named: Any) -> Call:
        """Have the function's result computed, for `finish`."""
        name = function.__module__, function.__qualname__
        call = Call(who, pickle.dumps((name, args, named)))
        with self.lock:
            self.waiting.append(call)
        self._next()
        return call

    def finish(
        self, call: Call, *, seconds: float, tick: Callable[[], object] = lambda: None
    ) -> Any:
        """The result of a call that was begun, as `run` returns it."""
        try:
            while not call.done.wait(TICK):
                tick()
                if call.began and time.monotonic() - call.began > seconds:
                    raise Ended(f"this took longer than {seconds:g} s")
        finally:
            self.leave(call)
        if call.error is not None:
            raise call.error
        return call.result

    def leave(self, call: Call) -> None:
        """Want nothing more of a call: end its worker if it is at work on it."""
        with self.lock:
            if call in self.waiting:
                self.waiting.remove(call)
                call.error = Ended("this is not wanted any more")
                call.done.set()
            elif not self.limit:
                self._end(call)

    def close(self) -> None:
        """End all processes."""
        with self.lock:
            for worker in self.idle:
                worker.end()
                worker.close()
            self.idle.clear()
            for worker in self.running.values():
                worker.end()  # closed by the thread that reads

    def _next(self) -> None:
        """Begin waiting calls, the longest waiting first, one for each asker."""
        with self.lock:
            busy = {call.who for call in self.running}
            for call in self.waiting[:]:
                if len(self.running) >= self.processes:
                    return
                if call.who in busy:
                    continue
                busy.add(call.who)
                self.waiting.remove(call)
                self._begin(call)

    def _begin(self, call: Call) -> None:
        """Give a call to a worker; where no process or thread can be had, the call has ended."""
        worker = None
        try:
            worker = self.idle.pop() if self.idle else Worker(self.megabytes)
            self.running[call], call.began = worker, time.monotonic()
            threading.Thread(target=self._compute, args=(call, worker), daemon=True).start()
            if self.limit:
                call.late = threading.Timer(self.limit, self._end, (call,))
                call.late.daemon = True
                call.late.start()
        except (OSError, RuntimeError) as error:
            self.running.pop(call, None)
            if worker is not None:
                worker.end()
                worker.close()
            call.error = Ended(f"no process could be had: {error}")
            call.done.set()

    def _compute(self, call: Call, worker: Worker) -> None:
        worker.compute(call)
        if call.late is not None:
            call.late.cancel()
        with self.lock:
            self.running.pop(call, None)
            if worker.process.poll() is None and not isinstance(call.error, Ended):
                self.idle.append(worker)
            else:
                worker.end()
                worker.close()
        call.done.set()
        self._next()

    def _end(self, call: Call) -> None:
        """End the worker that is still at work on a call."""
        with self.lock:
            if call in self.running:
                self.running[call].end()


def write(to: IO[bytes], data: bytes) -> None:
    """Send bytes with their number before them."""
    to.write(_SIZE.pack(len(data)) + data)
    to.flush()


def read(source: IO[bytes]) -> bytes:
    """What `write` sent. Raises EOFError at the end of the stream."""
    head = source.read(_SIZE.size)
    if len(head) < _SIZE.size:
        raise EOFError
    size = _SIZE.unpack(head)[0]
    data = source.read(size)
    if len(data) < size:
        raise EOFError
    return data


def answer(work: bytes) -> bytes:
    """Compute a call; the result or the error, pickled."""
    try:
        (module, name), args, named = pickle.loads(work)
        found: Any = import_module(module)
        for part in name.split("."):
            found = getattr(found, part)
        return pickle.dumps((found(*args, **named), None))
    except Exception as error:
        try:
            return pickle.dumps((None, error))
        except Exception:  # an error that cannot be pickled
            return pickle.dumps((None, RuntimeError(str(error))))


def main() -> None:
    """Answer calls from stdin on stdout until stdin ends; what is printed goes to stderr."""
    with suppress(OSError, AttributeError):
        os.nice(NICE)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that waits
    source, out = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    with suppress(EOFError):
        while True:
            found = answer(read(source))
            try:
                write(out, found)
            except BrokenPipeError:  # nobody listens any more; a flush at exit would fail again
                os._exit(0)
