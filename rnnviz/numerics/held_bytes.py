"""How many bytes an object holds: its arrays, and the lists, texts and numbers around them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import is_dataclass
from sys import getsizeof
from types import FunctionType
from typing import Any

import numpy as np

HEADER = 400
"""Bytes that an array counts for beside its numbers: its views, and what is noted of it."""
LARGE = 512
"""Bytes from which on a list or mapping is counted by itself, once for all that hold it."""
_LEAVES = frozenset({float, int, complex, str})


def buffers(value: Any) -> dict[int, int]:
    """The id of every part that ``value`` holds → its bytes.

    Views count as the array they look into, whole. Followed are tuples, lists, sets, mappings, the
    attributes of dataclasses with what they computed on first use, of texts that have any, the data
    of figures, and what functions close over; small ones count with what holds them. What has a
    number ``held_bytes`` says it itself.
    """
    found: dict[int, int] = {}
    seen: set[int] = set()
    waiting = [(id(value), value)]
    while waiting:
        whose, one = waiting.pop()
        if isinstance(one, np.ndarray):
            while isinstance(one.base, np.ndarray):
                one = one.base
            found[id(one)] = one.nbytes + HEADER
        elif isinstance(one, bytes):
            found[id(one)] = len(one)
        elif isinstance(size := getattr(one, "held_bytes", None), int):
            found[id(one)] = size
        elif id(one) not in seen and ((parts := list(_parts(one))) or isinstance(one, str)):
            seen.add(id(one))
            own = getsizeof(one) + sum(getsizeof(it) for it in parts if type(it) in _LEAVES)
            if own >= LARGE or is_dataclass(one):
                whose = id(one)
            found[whose] = found.get(whose, 0) + own
            waiting.extend((whose, it) for it in parts if type(it) not in _LEAVES)
    return found


def _parts(value: Any) -> Iterator[Any]:
    if isinstance(value, str):
        yield from list(getattr(value, "__dict__", {}).values())
    elif isinstance(value, Mapping):
        yield from list(value.values())
    elif isinstance(value, (tuple, list, set, frozenset)):
        yield from value
    elif is_dataclass(value) and not isinstance(value, type):
        # As a list: another thread may add what it computed.
        yield from list(getattr(value, "__dict__", {}).values())
    elif slots := getattr(type(value), "__slots__", ()):
        yield from [getattr(value, name) for name in slots if hasattr(value, name)]
    elif isinstance(value, FunctionType):
        for cell in value.__closure__ or ():
            with suppress(ValueError):  # a name that has no value yet
                yield cell.cell_contents
    elif hasattr(value, "to_plotly_json"):
        yield vars(value).get("_data")
        yield vars(value).get("_layout")
