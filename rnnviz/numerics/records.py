"""Bases of records: read-only mappings, pickling that keeps arrays read-only, short reprs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any, Never

import numpy as np
from numpy.typing import NDArray

from rnnviz.numerics.validation import frozen, shown

LONG = 60
"""The most characters that one field takes in a record's repr."""


class ReadOnly(dict[str, Any]):
    """A mapping that cannot be changed, but copied and pickled; its arrays are read-only.

    Changing it raises TypeError.
    """

    def __init__(self, items: Mapping[str, Any]) -> None:
        for value in items.values():
            if isinstance(value, np.ndarray):
                frozen(value)
        super().__init__(items)

    def _refuse(self, *args: object, **named: object) -> Never:
        raise TypeError("this mapping is read-only; dict(…) makes a copy that can be changed")

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse

    def __reduce__(self) -> tuple[type[ReadOnly], tuple[dict[str, Any]]]:
        return ReadOnly, (dict(self),)

    def __repr__(self) -> str:
        return _text(self)


def sealed(arrays: Mapping[str, NDArray[Any]]) -> Mapping[str, NDArray[Any]]:
    """A read-only mapping of read-only arrays."""
    return ReadOnly(arrays)


class Record:
    """A base of frozen dataclasses: arrays stay read-only in copies and after unpickling."""

    def __setstate__(self, state: dict[str, Any]) -> None:
        for value in state.values():
            if isinstance(value, np.ndarray):
                frozen(value)
        self.__dict__.update(state)

    def __repr__(self) -> str:
        return brief(self)


def brief(record: Any) -> str:
    """A record in one line: its class and its fields, arrays as their shape and type."""
    found = ", ".join(f"{name}={_short(value)}" for name, value in _fields(record))
    return f"{type(record).__name__}({found})"


def _fields(record: Any) -> Iterator[tuple[str, Any]]:
    names = [one.name for one in fields(record)] if is_dataclass(record) else record._fields
    return ((name, getattr(record, name)) for name in names)


def _short(value: Any) -> str:
    """A value in at most LONG characters."""
    text = _text(value)
    return text if len(text) <= LONG else text[: LONG - 1] + "…"


def _text(value: Any) -> str:
    if isinstance(value, np.ndarray):
        return f"{value.dtype}{list(value.shape)}"
    if isinstance(value, (float, np.floating)):
        return f"{value:.4g}"
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{name}: {_short(one)}' for name, one in value.items())}}}"
    if type(value) is tuple:
        return f"({', '.join(map(_short, value))})"
    return shown(value)
