"""A visit's first picture is sent before what stands around it.

A browser draws all that has arrived in one go, and fetches the code of its parts in their order:
some forty files for the sidebar alone, and Plotly's 4.7 MB, which block it for a second. So the
sidebar is computed first but held back, and after the first picture there is a pause.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import streamlit as st
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.RootContainer_pb2 import RootContainer
from streamlit.runtime.scriptrunner import get_script_run_ctx

PAUSE = 0.2
"""Seconds in which the browser draws the first picture before it gets anything else."""
_HELD = "_held_back"
_SEND = "_enqueue"
"""Where Streamlit keeps the function that sends: without it nothing is held back."""


class _Held:
    """Takes the place of the function ``send`` and keeps what goes to the sidebar."""

    def __init__(self, send: Callable[[ForwardMsg], None]) -> None:
        self.send = send
        self.messages: list[ForwardMsg] = []
        self.open = False

    def __call__(self, message: ForwardMsg) -> None:
        path = message.metadata.delta_path
        if self.open or not path or path[0] != RootContainer.SIDEBAR:
            self.send(message)
        else:
            self.messages.append(message)

    def release(self) -> None:
        self.open = True
        for message in self.messages:
            self.send(message)
        self.messages.clear()


@contextmanager
def sidebar_later() -> Iterator[None]:
    """Hold back the sidebar in a visit's first run, until `drawn` or the end of the run.

    What the sidebar has got before is there: it is open from the beginning.
    """
    run = get_script_run_ctx()
    if _HELD in st.session_state or not hasattr(run, _SEND):
        yield
        return
    held = st.session_state[_HELD] = _Held(getattr(run, _SEND))
    setattr(run, _SEND, held)
    try:
        yield
    finally:
        setattr(run, _SEND, held.send)
        held.release()


def drawn() -> None:
    """Say that the first picture has been sent: pause, then send the sidebar."""
    held: _Held | None = st.session_state.get(_HELD)
    if held is not None and not held.open:
        time.sleep(PAUSE)
        held.release()
