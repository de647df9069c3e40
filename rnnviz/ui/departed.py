"""Background work ends when no session that asked for it has a browser any more.

Work in the background is asked for by sessions. It goes on where a browser was
disconnected for less than `GRACE` seconds.
"""

from __future__ import annotations

import time
import weakref
from collections.abc import Collection, Iterable
from typing import Protocol

from streamlit import runtime

EVERY = 4.0
"""Seconds from one look at the sessions to the next."""
GRACE = 8.0
"""Seconds that a session may be without a browser before it counts as left."""


class AskedFor(Protocol):
    """Work in the background, with the sessions that want it."""

    def askers(self) -> Collection[str]:
        """The sessions that asked for work that is not over."""

    def leave(self, who: str) -> None:
        """End the work that only this session asked for."""


WORK = weakref.WeakSet[AskedFor]()
"""All background work."""
_since: dict[str, float] = {}


def look() -> None:
    """End the work that only departed sessions asked for; called again and again."""
    now = time.monotonic()
    gone = without_browser({who for work in list(WORK) for who in work.askers()})
    for one in _since.keys() - set(gone):
        del _since[one]
    for one in gone:
        if now - _since.setdefault(one, now) >= GRACE:
            for work in list(WORK):
                work.leave(one)


def without_browser(sessions: Iterable[str]) -> list[str]:
    """Those of some sessions that have no browser; "" is no session."""
    if not runtime.exists():
        return []
    active = runtime.get_instance().is_active_session
    return [one for one in sessions if one and not active(one)]
