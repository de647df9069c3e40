"""A worker process as the one who started it has it: messages to it and from it."""

from __future__ import annotations

import queue
import subprocess
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from rnnviz.numerics.child_process import python
from rnnviz.training.worker import Message, messages, write

CODE = "from rnnviz.training.worker import main; main()"


class Worker:
    """A worker process, with a thread that listens to it and one that speaks.

    ``heard`` is called with every message of the process, and ``lost`` once it has ended. Nobody
    waits for a process of the lowest priority to read what it is sent.
    """

    def __init__(
        self, heard: Callable[[Worker, Message], None], lost: Callable[[Worker], None]
    ) -> None:
        self.process = python("-c", CODE, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.heard, self.lost, self.jobs = heard, lost, set[int]()
        self.outbox: queue.SimpleQueue[Message | None] = queue.SimpleQueue()
        for target in (self._listen, self._speak):
            threading.Thread(target=target, daemon=True).start()

    def send(self, head: dict[str, Any], body: bytes = b"") -> None:
        """Send a message; where the process is dead, the thread that listens will say so."""
        self.outbox.put((head, body))

    def end(self) -> None:
        """End the process."""
        self.process.kill()
        self.process.wait()

    def _speak(self) -> None:
        assert self.process.stdin is not None
        while (message := self.outbox.get()) is not None:
            with suppress(OSError, ValueError):
                write(self.process.stdin, *message)
        with suppress(OSError):  # what could not be written any more
            self.process.stdin.close()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for message in messages(self.process.stdout):
            self.heard(self, message)
        self.process.wait()
        self.process.stdout.close()
        self.outbox.put(None)
        self.lost(self)
