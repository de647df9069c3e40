"""Checks at the boundary: each returns its value or says argument, rule and what arrived."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray


def shown(value: object) -> str:
    """A short, safe rendering of whatever arrived."""
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape} and type {value.dtype}"
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "…"


def whole_number(name: str, value: object, least: int = 1, most: int | None = None) -> int:
    """A whole number of at least ``least`` and at most ``most``."""
    right = isinstance(value, (int, np.integer)) and not isinstance(value, (bool, np.bool_))
    if right and least <= int(value) and (most is None or int(value) <= most):  # type: ignore[call-overload]
        return int(value)  # type: ignore[call-overload, no-any-return]
    kind = "a positive integer" if least == 1 else f"an integer of at least {least}"
    limit = "" if most is None else f" and at most {most}"
    raise ValueError(f"`{name}` must be {kind}{limit}, got {shown(value)}.")


def finite_number(name: str, value: object) -> float:
    """A finite real number."""
    if isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool):
        number = float(value)
        if np.isfinite(number):
            return number
    raise ValueError(f"`{name}` must be a finite number, got {shown(value)}.")


def positive_number(name: str, value: object) -> float:
    """A finite number above zero."""
    number = finite_number(name, value)
    if number <= 0:
        raise ValueError(f"`{name}` must be above zero, got {shown(value)}.")
    return number


def flag(name: str, value: object) -> bool:
    """True or False, nothing that merely acts like them."""
    if not isinstance(value, (bool, np.bool_)):
        raise ValueError(f"`{name}` must be True or False, got {shown(value)}.")
    return bool(value)


def one_of(name: str, value: Any, allowed: Iterable[Any]) -> Any:
    """One of the allowed values, of the same type."""
    allowed = tuple(allowed)
    if not any(value is one or (type(value) is type(one) and value == one) for one in allowed):
        listed = ", ".join(repr(one) for one in allowed)
        raise ValueError(f"`{name}` must be one of {listed}, got {shown(value)}.")
    return value


def float_type(name: str, value: Any) -> np.dtype[Any]:
    """float64 or float32."""
    try:
        dtype = np.dtype(value)
    except TypeError:
        dtype = np.dtype(object)
    if dtype not in (np.dtype(np.float64), np.dtype(np.float32)):
        raise ValueError(f"`{name}` must be float64 or float32, got {shown(value)}.")
    return dtype


def real_array(name: str, value: Any) -> NDArray[Any]:
    """An array of real numbers, all finite; names the first place that is not."""
    try:
        array = np.asarray(value)
    except (ValueError, TypeError, RuntimeError) as error:
        raise ValueError(f"`{name}` must be an array of numbers, got {shown(value)}.") from error
    if array.dtype.kind not in "fiu":
        raise ValueError(f"`{name}` must be an array of real numbers, got {shown(array)}.")
    if not np.isfinite(array).all():
        place = tuple(int(k) for k in np.argwhere(~np.isfinite(array))[0])
        raise ValueError(f"`{name}` must be finite, got {array[place]} at index {place}.")
    return array


def frozen(array: NDArray[Any]) -> NDArray[Any]:
    """The same array, read-only."""
    array.flags.writeable = False
    return array
