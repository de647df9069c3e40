"""How many bytes of arrays an object holds, each array counted once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import is_dataclass
from types import FunctionType
from typing import Any

import numpy as np


def buffers(value: Any) -> dict[int, int]:
    """The id of every array that owns what ``value`` holds → its bytes.

    Views count as the array they look into, whole. Followed are tuples, lists, sets, mappings, the
    attributes of dataclasses with what they computed on first use, the data of figures, and what
    functions close over. What has a number ``held_bytes`` says it itself.
    """
    found: dict[int, int] = {}
    seen: set[int] = set()
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, np.ndarray):
            while isinstance(one.base, np.ndarray):
                one = one.base
            found[id(one)] = one.nbytes
        elif isinstance(one, bytes):
            found[id(one)] = len(one)
        elif isinstance(size := getattr(one, "held_bytes", None), int):
            found[id(one)] = size
        elif id(one) not in seen:
            seen.add(id(one))
            waiting.extend(_parts(one))
    return found


def _parts(value: Any) -> Iterator[Any]:
    if isinstance(value, Mapping):
        yield from list(value.values())
    elif isinstance(value, (tuple, list, set, frozenset)):
        yield from value
    elif is_dataclass(value) and not isinstance(value, type):
        # As a list: another thread may add what it computed.
        yield from list(getattr(value, "__dict__", {}).values())
    elif isinstance(value, FunctionType):
        for cell in value.__closure__ or ():
            with suppress(ValueError):  # a name that has no value yet
                yield cell.cell_contents
    elif hasattr(value, "to_plotly_json"):
        yield vars(value).get("_data")
