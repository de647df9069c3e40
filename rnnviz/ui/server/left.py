"""Sessions whose browser has left: end their work, forget them, give memory back."""

from __future__ import annotations

import asyncio

from streamlit import runtime
from streamlit.runtime.memory_session_storage import MemorySessionStorage

from rnnviz.numerics.free_memory import give_back
from rnnviz.ui import departed

EVERY = 20.0
"""Seconds from one look at the sessions to the next."""


async def forget_who_left() -> None:
    """Look at the sessions again and again, until cancelled."""
    before = 0
    while True:
        await asyncio.sleep(EVERY)
        now = sessions()
        if before or now:
            await asyncio.to_thread(give_back)
        before = now


async def end_their_work() -> None:
    """End what goes on in the background for those who left, again and again, until cancelled."""
    while True:
        await asyncio.sleep(departed.EVERY)
        await asyncio.to_thread(departed.look)


def sessions() -> int:
    """How many sessions there are, now that those left too long ago are forgotten.

    Streamlit keeps a session for two minutes, for a browser that connects again, and forgets it
    only when another browser leaves; its storage has no public name.
    """
    if not runtime.exists():
        return 0
    manager = runtime.get_instance()._session_mgr
    storage = getattr(manager, "_session_storage", None)
    if isinstance(storage, MemorySessionStorage):
        len(storage._cache)  # counts what is not too old, and drops the rest
    return len(manager.list_sessions())
