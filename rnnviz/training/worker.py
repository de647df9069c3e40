"""A process that trains nets for others: jobs come in on stdin, results go out on stdout.

A message is a head (JSON) and a body (arrays as .npz), both with their size before them. Nothing
is unpickled. The process ends when stdin does.
"""

from __future__ import annotations

import io
import json
import os
import queue
import struct
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from typing import IO, Any

from rnnviz.numerics.array_files import packed
from rnnviz.training.reports import measured
from rnnviz.training.run import Run
from rnnviz.training.stored import load
from rnnviz.training.train_net import advanced
from rnnviz.training.trainer import Trainer

SLICE = 0.2
"""Seconds for which one job is trained before the next one has its turn."""
NICE = 19
"""The lowest priority: the pages' own computations go first."""
_SIZES = struct.Struct("<II")
Message = tuple[dict[str, Any], bytes]


def write(to: IO[bytes], head: Mapping[str, Any], body: bytes = b"") -> None:
    """Send one message."""
    text = json.dumps(head).encode()
    to.write(_SIZES.pack(len(text), len(body)) + text + body)
    to.flush()


def messages(source: IO[bytes]) -> Iterator[Message]:
    """The messages of a stream, to its end."""
    while len(sizes := source.read(_SIZES.size)) == _SIZES.size:
        head, body = _SIZES.unpack(sizes)
        text, rest = source.read(head), source.read(body)
        if len(text) + len(rest) < head + body:
            return
        yield json.loads(text), rest


class Work:
    """One job in the worker: a run, how far it is wanted, and what was reported of it."""

    def __init__(self, run: Run, upto: int) -> None:
        self.run, self.upto, self.told = run, upto, len(run.loss)
        self.known = set(run.vectors) if run.done else set()
        self.trainer = Trainer(run.first, run.task, run.plan, run.state)

    @property
    def waits(self) -> bool:
        """Whether there is nothing to do."""
        return self.run.finished or self.run.done >= self.upto

    def train(self, seconds: float) -> None:
        """Make updates for so long, at least one."""
        end, count, most = time.perf_counter() + seconds, 1, min(self.upto, self.run.plan.updates)
        while not self.waits:
            begun = time.perf_counter()
            self.run = advanced(self.run, self.trainer, min(self.run.done + count, most))
            if (now := time.perf_counter()) >= end:
                return
            if now - begun < seconds / 8:
                count *= 2

    def report(self) -> tuple[dict[str, Any], bytes]:
        """What is new since the last report, as a message's fields and arrays."""
        run, state = self.run, self.run.state
        stop = run.stopped
        head = {
            "at": [state.update, state.batch, state.window],
            "stopped": stop and [stop.update, stop.what, stop.at and vars(stop.at)],
        }
        arrays = {
            "loss": run.loss[self.told :], "norm": run.gradient_norm[self.told :],
            "weights": state.weights,
        }  # fmt: skip
        arrays |= {f"optimiser/{name}": one for name, one in state.optimiser.items()}
        arrays |= {f"carried/{name}": one for name, one in state.carried.items()}
        new = [update for update in run.vectors if update not in self.known]
        for update in new:
            arrays[f"vector/{update}"] = run.vectors[update]
            arrays |= measured(run, update)
        self.told, self.known = len(run.loss), set(run.vectors)
        return head, packed(arrays)


def serve(source: IO[bytes], to: IO[bytes]) -> None:
    """Train what is asked for, job by job in turn, until the stream of messages ends."""
    inbox: queue.SimpleQueue[Message | None] = queue.SimpleQueue()

    def read() -> None:
        for message in messages(source):
            inbox.put(message)
        inbox.put(None)

    threading.Thread(target=read, daemon=True).start()
    works: dict[int, Work] = {}
    while True:
        busy = [name for name, work in works.items() if not work.waits]
        while not inbox.empty() or not busy:
            message = inbox.get()
            if message is None:
                return
            _obey(message, works)
            busy = [name for name, work in works.items() if not work.waits]
        for name in busy:
            work = works[name]
            start = time.perf_counter()
            # The first update is told at once: it says how long the others will take.
            work.train(SLICE if work.told else 0.0)
            head, body = work.report()
            write(to, {"job": name, "seconds": time.perf_counter() - start} | head, body)
            if not inbox.empty():
                break


def _obey(message: Message, works: dict[int, Work]) -> None:
    head, body = message
    name = head["job"]
    if body:
        works[name] = Work(load(io.BytesIO(body)), head["upto"])
    elif head["upto"] is None:
        works.pop(name, None)
    elif name in works:
        works[name].upto = head["upto"]


def main() -> None:
    """Serve stdin and stdout; all other output goes to stderr."""
    if hasattr(os, "nice"):
        os.nice(NICE)
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    serve(sys.stdin.buffer, out)


if __name__ == "__main__":
    main()
