"""What a session's page shows now, element by element: kept as it is sent to the browser.

Streamlit forgets what it has sent. A report of the page needs it, in its order and with all that
fragments have drawn since; so every message is noted on its way out.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, NamedTuple

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.RootContainer_pb2 import RootContainer
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_run_context import ThreadState

from rnnviz.ui.kept import growing, held, hold

_KEY, _SEND = "_page_shown", "enqueue"
Path = tuple[int, ...]
EACH = 1200
"""Bytes that a message takes beside its own."""


class Sent(NamedTuple):
    """An element or a block as it was sent, and the fragment that sent it, "" outside of any.

    ``size`` is about what the message takes, in bytes.
    """

    fragment: str
    kind: str
    message: Any
    size: int


class Shown:
    """Place on the page, an index a level → what stands there.

    ``held_bytes`` is about what the messages take.
    """

    def __init__(self) -> None:
        self.sent: dict[Path, Sent] = {}
        self._below: dict[Path, set[Path]] = {}
        self.held_bytes = 0
        self.apart = 0
        self.complete = False

    def note(self, message: ForwardMsg) -> None:
        """Keep a message that puts something on the page."""
        path = tuple(message.metadata.delta_path)
        if message.WhichOneof("type") != "delta" or path[:1] != (RootContainer.MAIN,):
            return
        delta = message.delta
        kind = delta.WhichOneof("type")
        if kind == "new_element":
            self._clear(path)
        if self.apart or kind not in ("new_element", "add_block"):
            return
        self._forget(path)
        found = getattr(delta, kind)
        self.sent[path] = Sent(delta.fragment_id, kind, found, found.ByteSize() + EACH)
        self.held_bytes += self.sent[path].size
        while path and path not in (beside := self._below.setdefault(path[:-1], set())):
            beside.add(path)
            path = path[:-1]

    def _clear(self, path: Path) -> None:
        """Forget what stands in a place, and all below it."""
        waiting = [path]
        while waiting:
            one = waiting.pop()
            self._forget(one)
            waiting.extend(self._below.pop(one, ()))

    def _forget(self, path: Path) -> None:
        if path in self.sent:
            self.held_bytes -= self.sent.pop(path).size

    def begin(self, fragment: str | None, place: Path = ()) -> None:
        """Forget what a fragment has drawn, or all of the page: it is drawn again.

        The fragment's own block in its ``place`` stays, as do blocks of it elsewhere: Streamlit
        sends them before the fragment is called, and so before this run is watched.
        """
        if fragment is None:
            self.sent.clear()
            self._below.clear()
            self.held_bytes, self.complete = 0, True
        for path in self._below.pop(place, ()) if place else ():
            self._clear(path)
        for path, one in list(self.sent.items()):
            if one.fragment == fragment and one.kind != "add_block":
                self._forget(path)


def page() -> Shown:
    """What the page of this session shows; the object is kept up to date.

    It is held among the results that are bounded, and not ``complete`` once it had to make room,
    until the page is drawn again.
    """
    found: Shown | None = held(_KEY)
    if found is None:
        found = Shown()
        hold(_KEY, found)
    return found


def watch(*, fragment: bool = False) -> None:
    """Note all that this run sends, of the whole page or of the fragment that begins here.

    At `enqueue`, since what comes after it may only name what the browser has kept.
    """
    run = get_script_run_ctx()
    if run is None:
        return
    shown = page()
    if not fragment:
        shown.begin(None)
    elif run.fragment_ids_this_run:
        state = ThreadState.get()
        shown.begin(state.fragment_id, tuple(state.delta_path or ()))
    send, grown = partial(type(run).enqueue, run), growing(_KEY)

    def noting(message: ForwardMsg) -> None:
        shown.note(message)
        grown()
        send(message)

    setattr(run, _SEND, noting)  # anew: the session may hold another page than before


@contextmanager
def left_out() -> Iterator[None]:
    """A context in which what is drawn is left out of reports."""
    shown = page()
    shown.apart += 1
    try:
        yield
    finally:
        shown.apart -= 1
