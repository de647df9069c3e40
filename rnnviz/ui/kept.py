"""Results that are computed once for all sessions, and found again by their arguments.

All of them together hold at most `DEFAULT` million bytes, or as many as `VARIABLE` says. What is
computed from an opened file is found by the session that opened it alone, and goes with it.
"""

from __future__ import annotations

import os
import weakref
from collections.abc import Callable, Hashable
from contextlib import nullcontext
from functools import partial, wraps
from inspect import unwrap
from itertools import count
from sys import intern
from typing import Any, ParamSpec, TypeVar

import streamlit as st

from rnnviz.experiments.settings import Settings
from rnnviz.experiments.stacked_settings import Stacked
from rnnviz.numerics.bounded_cache import BoundedCache
from rnnviz.ui import heavy
from rnnviz.words import say

VARIABLE = "RNNVIZ_CACHE_MB"
"""The environment variable that says how many million bytes of results are kept."""
DEFAULT = 512
P = ParamSpec("P")
R = TypeVar("R")


def _most() -> int:
    """Bytes, from the environment; ValueError where that is no number."""
    text = os.environ.get(VARIABLE, "") or str(DEFAULT)
    if not text.isascii() or not text.isdigit() or len(text) > 7:
        raise ValueError(f"{VARIABLE} must be a whole number of megabytes, got {text[:40]!r}.")
    return 10**6 * int(text)


BESIDE = 520 * 10**6
"""Bytes that the server may hold beside so many of results, before it throws out more of them."""
RESULTS = BoundedCache(_most(), _most() + BESIDE)
_EVERYONE = 0
_KEY_OF = "key_of"
_VISITS = count(_EVERYONE + 1)


class _Visit:
    """One session; its results are thrown out when Streamlit forgets the session."""

    def __init__(self) -> None:
        self.number = next(_VISITS)
        weakref.finalize(self, RESULTS.leave, self.number)


def kept(compute: Callable[P, R]) -> Callable[P, R]:
    """A decorator: the function's results are kept, read-only, for everyone.

    Arguments whose name begins with an underscore do not count. Settings are told apart by their
    repr, which names all that counts; everything else by its type and value.
    """
    name = f"{compute.__module__}.{compute.__qualname__}"
    code = unwrap(compute).__code__
    left_out = {k for k, one in enumerate(code.co_varnames[: code.co_argcount]) if one[0] == "_"}

    def key_of(*args: P.args, **named: P.kwargs) -> Hashable:
        return (
            _visit() if _opened(*args, *named.values()) else _EVERYONE, name,
            *(_told_apart(one) for k, one in enumerate(args) if k not in left_out),
            *((word, _told_apart(one)) for word, one in sorted(named.items()) if word[0] != "_"),
        )  # fmt: skip

    @wraps(compute)
    def found(*args: P.args, **named: P.kwargs) -> R:
        if not heavy.HERE and _opened(*args, *named.values()):
            return compute(*args, **named)
        key = key_of(*args, **named)
        return RESULTS.get(key, lambda: compute(*args, **named), heavy.tick)

    setattr(found, _KEY_OF, key_of)
    return found


def known(found: Callable[P, R], *args: P.args, **named: P.kwargs) -> bool:
    """Whether what a `kept` function finds for these arguments is there already."""
    return RESULTS.find(getattr(found, _KEY_OF)(*args, **named)) is not None


def _opened(*values: object) -> bool:
    return any(isinstance(one, Settings) and one.opened for one in values)


def kept_slow(compute: Callable[P, R]) -> Callable[P, R]:
    """`kept`, of what takes long for large nets: the page says that it is computing, and it is
    computed in a worker process.
    """
    return _slow(compute, 1, say_so=True)


def kept_of_seeds(compute: Callable[P, R]) -> Callable[P, R]:
    """`kept_slow` of runs over many seeds, whose page has a bar of its own."""
    return _slow(compute, 20, say_so=False)


def kept_of_training(compute: Callable[P, R]) -> Callable[P, R]:
    """`kept_slow` of hundreds of passes; their page says what is computed."""
    return _slow(compute, 500, say_so=False)


def _slow(compute: Callable[P, R], weight: int, *, say_so: bool) -> Callable[P, R]:
    @wraps(compute)
    def slow(*args: P.args, **named: P.kwargs) -> R:
        found = [one for one in (*args, *named.values()) if isinstance(one, Settings)]
        if not heavy.HERE or not found:
            return compute(*args, **named)
        elsewhere = heavy.is_heavy(found[0], weight)
        if not elsewhere and not (found[0].opened and say_so):
            return compute(*args, **named)
        with st.spinner(say("Computing …"), show_time=True) if say_so else nullcontext():
            if elsewhere:
                return heavy.elsewhere(whole, *args, **named)
            return compute(*args, **named)

    whole = kept(slow)
    return whole


def hold(name: str, value: Any) -> None:
    """Keep something for this session's own reruns of a part of its page; see `held`."""
    RESULTS.put((_visit(), name), value)


def held(name: str) -> Any:
    """What this session holds under a name; None where it was thrown out for lack of room."""
    return RESULTS.find((_visit(), name))


def growing(name: str) -> Callable[[], object]:
    """A function to be called when something held has grown: then it is counted again."""
    return partial(RESULTS.find, (_visit(), name))


def forget_mine() -> None:
    """Throw out what was computed from this session's opened files."""
    if "_visit" in st.session_state:
        RESULTS.leave(_visit())


def _visit() -> int:
    if "_visit" not in st.session_state:
        st.session_state["_visit"] = _Visit()
    visit: _Visit = st.session_state["_visit"]
    return visit.number


def _told_apart(value: Any) -> Hashable:
    if isinstance(value, (Settings, Stacked)):
        return intern(repr(value))  # a page's thirty results share it
    return type(value), value
