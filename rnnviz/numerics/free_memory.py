"""Memory that was freed and is kept by the C library: how much of it goes back to the system."""

from __future__ import annotations

import ctypes
import os
from functools import cache
from typing import Any

ARENAS = -8
"""`M_ARENA_MAX` of mallopt(3)."""
MOST_ARENAS = 2
"""Heaps that threads share; by default eight a core, each of which keeps what is free in it."""


def give_back() -> bool:
    """Give free memory back to the system; whether the C library can."""
    library = _library()
    return library is not None and hasattr(library, "malloc_trim") and bool(library.malloc_trim(0))


def keep_less() -> bool:
    """Have the C library keep less of what is freed, from now on; whether it can."""
    library = _library()
    if library is None or not hasattr(library, "mallopt"):
        return False
    return bool(library.mallopt(ARENAS, MOST_ARENAS))


@cache
def _library() -> Any:
    """The C library; None where there is no such thing."""
    try:
        return ctypes.CDLL(None)
    except (OSError, TypeError):
        return None


def resident() -> int:
    """Bytes of memory that this process holds; 0 where the system does not tell."""
    try:
        with open("/proc/self/statm", encoding="ascii") as told:
            return int(told.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0
