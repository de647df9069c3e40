"""Checks at the boundary: each returns its value or says argument, rule and what arrived."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

import numpy as np
from numpy.typing import NDArray


def shown(value: object) -> str:
    """A short, safe rendering of whatever arrived."""
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape} and type {value.dtype}"
    if isinstance(value, int) and abs(value) >= 10**30:
        return f"an integer of {value.bit_length()} bits"
    try:
        text = repr(value)
    except Exception:  # whatever arrived may be unable to say what it is
        text = f"a {type(value).__name__}"
    return text if len(text) <= 80 else text[:77] + "…"


def whole_number(name: str, value: object, least: int = 1, most: int | None = None) -> int:
    """A whole number of at least ``least`` and at most ``most``."""
    if isinstance(value, (int, np.integer)) and not isinstance(value, bool):
        number = int(value)
        if least <= number and (most is None or number <= most):
            return number
    kind = "a positive integer" if least == 1 else f"an integer of at least {least}"
    limit = "" if most is None else f" and at most {most}"
    raise ValueError(f"`{name}` must be {kind}{limit}, got {shown(value)}.")


def finite_number(name: str, value: object) -> float:
    """A finite real number."""
    if isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool):
        try:
            number = float(value)
        except OverflowError:
            number = np.inf
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
    """True or False; other values are refused, 0 and 1 too."""
    if not isinstance(value, (bool, np.bool_)):
        raise ValueError(f"`{name}` must be True or False, got {shown(value)}.")
    return bool(value)


def one_of(name: str, value: Any, allowed: Iterable[Any]) -> Any:
    """One of the allowed values, of the same type."""
    allowed = tuple(allowed)
    kind = str if isinstance(value, str) else type(value)  # numpy's strings are strings
    if not any(value is one or (type(one) is kind and value == one) for one in allowed):
        listed = ", ".join(repr(one) for one in allowed)
        near = meant(value, [one for one in allowed if isinstance(one, str)])
        raise ValueError(f"`{name}` must be one of {listed}, got {shown(value)}{near or '.'}")
    return value


def meant(given: object, allowed: Iterable[str]) -> str:
    """The end of a sentence that refuses a name: the most similar one there is, or nothing.

    >>> from rnnviz.numerics.validation import meant
    >>> meant("lstn", ["rnn", "lstm"]), meant("x", ["rnn", "lstm"])
    ("; did you mean 'lstm'?", '')
    """
    near = get_close_matches(given[:80], list(allowed), 1) if isinstance(given, str) else []
    return f"; did you mean {near[0]!r}?" if near else ""


def float_type(name: str, value: Any) -> np.dtype[Any]:
    """float64 or float32."""
    try:
        dtype = np.dtype(object if value is None else value)
    except (TypeError, ValueError, SyntaxError, Warning):
        dtype = np.dtype(object)
    if dtype not in (np.dtype(np.float64), np.dtype(np.float32)):
        raise ValueError(f"`{name}` must be float64 or float32, got {shown(value)}.")
    return dtype


def real_array(name: str, value: Any) -> NDArray[Any]:
    """An array of real numbers, all finite; names the first place that is not."""
    array = as_array(name, value)
    if array.dtype.kind not in "fiu":
        raise ValueError(f"`{name}` must be an array of real numbers, got {shown(array)}.")
    if not np.isfinite(array).all():
        place = tuple(int(k) for k in np.argwhere(~np.isfinite(array))[0])
        raise ValueError(f"`{name}` must be finite, got {array[place]} at index {place}.")
    return array


def instance(name: str, value: object, *kinds: type) -> None:
    """An object of one of the given classes."""
    if not isinstance(value, kinds):
        listed = " or a ".join(kind.__name__ for kind in kinds)
        raise ValueError(f"`{name}` must be a {listed} of rnnviz, got {shown(value)}.")


def as_array(name: str, value: Any) -> NDArray[Any]:
    """An array of whatever type; refuses ragged lists, hidden (masked) entries and the like.

    PyTorch's tensors are taken off their device and graph first (known by their methods).
    """
    if isinstance(value, np.ma.MaskedArray):
        raise ValueError(f"`{name}` must not be masked, got {shown(value)}.")
    try:
        if hasattr(value, "detach") and hasattr(value, "cpu"):
            value = value.detach().cpu()
        return np.asarray(value)
    except Exception as error:  # it may come from the object's own __array__
        raise ValueError(f"`{name}` must be an array of numbers, got {shown(value)}.") from error


def fitting(name: str, array: NDArray[Any], dtype: np.dtype[Any]) -> NDArray[Any]:
    """A copy in the given float type; no number may become infinite or zero by that."""
    if np.can_cast(array.dtype, dtype):
        return np.array(array, dtype)
    with np.errstate(all="ignore"):
        cast = np.array(array, dtype)
    lost = ~np.isfinite(cast) | ((cast == 0) & (array != 0))
    if lost.any():
        place = tuple(int(k) for k in np.argwhere(lost)[0])
        least, most = np.finfo(dtype).smallest_subnormal, np.finfo(dtype).max
        raise ValueError(
            f"`{name}` must fit the model's {dtype.name} (magnitudes {least:.2g} … {most:.2g}, "
            f"or 0), got {array[place]} at index {place}."
        )
    return cast


def frozen(array: NDArray[Any]) -> NDArray[Any]:
    """The same array, read-only."""
    array.flags.writeable = False
    return array
