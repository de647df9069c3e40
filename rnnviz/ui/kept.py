"""Results that are computed once for all sessions, and found again by their arguments.

What is computed from an opened file stays with the session that opened it, and less of it is kept:
such nets are larger.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import streamlit as st

from rnnviz.experiments.settings import Settings
from rnnviz.experiments.stacked_settings import Stacked
from rnnviz.words import say

OPENED = 8
"""How many results of a function are kept of opened files."""
BY_WORDS: dict[str | type[Any], Callable[[Any], Any]] = {Settings: repr, Stacked: repr}
P = ParamSpec("P")
R = TypeVar("R")


def kept(most: int, *, slow: bool = False) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """A decorator that keeps the last ``most`` results of a function, read-only, for everyone.

    Of opened files a ``slow`` one says on the page that it is computing, and for how long.

    Settings are told apart by their repr: hashed field by field, as Streamlit does it, the keys
    of one page's results cost a tenth of the page.
    """

    def decorated(compute: Callable[P, R]) -> Callable[P, R]:
        everyone = st.cache_resource(
            max_entries=most, show_spinner=False, hash_funcs=BY_WORDS
        )(compute)
        session = st.cache_resource(
            max_entries=OPENED, show_spinner=False, hash_funcs=BY_WORDS, scope="session"
        )(compute)

        @wraps(compute)
        def found(*args: P.args, **named: P.kwargs) -> R:
            opened = any(isinstance(one, Settings) and one.opened
                         for one in (*args, *named.values()))  # fmt: skip
            if not opened:
                return everyone(*args, **named)
            if not slow:
                return session(*args, **named)
            with st.spinner(say("Computing …"), show_time=True):
                return session(*args, **named)

        return found

    return decorated
