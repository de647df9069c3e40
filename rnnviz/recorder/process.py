"""Record in a process of its own, so that training waits for copies alone.

The process reads messages from its stdin, each the number of its bytes and one .npz, and ends with
it: also when whoever trains is killed, what was sent is written.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from queue import Queue
from typing import IO, Any

import numpy as np

from rnnviz.core.model import Model
from rnnviz.formats.reading import read
from rnnviz.formats.saving import npz_bytes
from rnnviz.numerics.array_files import packed, unpacked
from rnnviz.numerics.arrays import Array
from rnnviz.numerics.child_process import python
from rnnviz.recorder.measures import Batch
from rnnviz.recorder.watcher import GIVEN, Watch

WAITING = 8
"""Messages that may wait; with more, training waits."""
COUNT = 8
"""Bytes that say how many follow."""


class Recorder:
    """The process, and a thread that feeds it."""

    def __init__(self, folder: Path, snapshots: int) -> None:
        self.folder, self.ended = folder, False
        self.child = python(
            "-m", "rnnviz.recorder.process", str(folder), str(snapshots),
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        )  # fmt: skip
        self.queue: Queue[Mapping[str, Any] | None] = Queue(WAITING)
        self.thread = threading.Thread(target=self._feed, daemon=True)
        self.thread.start()

    def send(
        self, step: int, model: Model, batch: Batch, given: Mapping[str, float | None],
        left_out: list[str],
    ) -> None:  # fmt: skip
        """Hand over one log, ``given`` as `Watch.record` takes it.

        Raises RuntimeError with the process's words where it has ended.
        """
        if self.child.poll() is not None:
            self.close()
        self.queue.put({
            "step": np.array(step),
            **{name: np.array(one) for name, one in given.items() if one is not None},
            "model": np.frombuffer(npz_bytes(model), np.uint8),
            "left_out": np.array(left_out, dtype=str), **batch.arrays(),
        })  # fmt: skip

    def send_lost(self, step: int, loss: float | None) -> None:
        """Hand over that a weight is not finite: there is nothing to compute."""
        if self.child.poll() is not None:
            self.close()
        given = {} if loss is None else {"loss": np.array(loss)}
        self.queue.put({"step": np.array(step), **given})

    def close(self) -> None:
        """Wait until all is written. Raises RuntimeError where the process could not write it."""
        if self.ended:
            return
        self.ended = True
        if self.thread.is_alive():
            self.queue.put(None)
            self.thread.join()
        assert self.child.stderr is not None
        with self.child.stderr as said:
            words = said.read().decode(errors="replace").strip()
        if self.child.wait():
            raise RuntimeError(words.rpartition("\n")[2] or "the recording process was ended.")

    def _feed(self) -> None:
        pipe = self.child.stdin
        assert pipe is not None
        while (message := self.queue.get()) is not None:
            body = packed(message)
            with suppress(BrokenPipeError):  # it has ended: whoever sends next is told
                pipe.write(len(body).to_bytes(COUNT, "big") + body)
                pipe.flush()
        with suppress(BrokenPipeError):
            pipe.close()


def _messages(pipe: IO[bytes]) -> Iterator[dict[str, Array]]:
    while len(count := pipe.read(COUNT)) == COUNT:
        body = pipe.read(size := int.from_bytes(count, "big"))
        if len(body) < size:  # whoever trains was killed while it wrote
            return
        yield unpacked(body)


def main(folder: str, snapshots: str) -> None:
    """Record what arrives."""
    with suppress(AttributeError, OSError):
        os.nice(5)
    with Watch(folder, snapshots=int(snapshots)) as watch:
        for message in _messages(sys.stdin.buffer):
            if "model" not in message:
                loss = message.get("loss")
                watch.lost(int(message["step"]), None if loss is None else float(loss))
                continue
            model = read(message["model"].tobytes(), "model.npz").net().model()
            for what in message["left_out"]:
                watch.writer.leave_out(str(what))
            given = {name: float(message[name]) for name in GIVEN if name in message}
            watch.record(int(message["step"]), model, Batch.of(message), given)


if __name__ == "__main__":
    main(*sys.argv[1:])
