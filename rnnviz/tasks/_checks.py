"""Checks at the boundary: each returns the value, or says argument, rule and what arrived."""

import math
import operator
import reprlib
from collections.abc import Sequence


def shown(value: object) -> str:
    """`value` as an error sentence prints it: short, however large it is."""
    try:
        return reprlib.repr(value)
    except ValueError:  # Python refuses to print integers of more than 4300 digits
        return "a number too long to print"


def whole_number(
    name: str, value: object, minimum: int, maximum: int | None = None, why: str = ""
) -> int:
    """An integer (NumPy's too, but no bool) from `minimum` to `maximum`, both allowed."""
    try:
        number = None if isinstance(value, bool) else operator.index(value)  # type: ignore[arg-type]
    except TypeError:
        number = None
    if number is None or number < minimum or (maximum is not None and number > maximum):
        span = f"of at least {minimum}" if maximum is None else f"from {minimum} to {maximum}"
        reason = f" ({why})" if why else ""
        raise ValueError(f"`{name}` must be a whole number {span}{reason}, got {shown(value)}.")
    return number


def finite_number(name: str, value: object, minimum: float, maximum: float) -> float:
    """A real number from `minimum` to `maximum`, both allowed; NaN never is."""
    try:
        text_or_bool = isinstance(value, (bool, str, bytes))
        number = math.nan if text_or_bool else float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not minimum <= number <= maximum:
        span = f"from {minimum:g} to {maximum:g}"
        raise ValueError(f"`{name}` must be a number {span}, got {shown(value)}.")
    return number


def choice(name: str, value: object, choices: Sequence[str]) -> str:
    """One of `choices`."""
    if not isinstance(value, str) or value not in choices:
        raise ValueError(f"`{name}` must be one of {', '.join(choices)}, got {shown(value)}.")
    return value


def some_text(name: str, value: object) -> str:
    """A text that is not empty."""
    if not isinstance(value, str) or not value:
        raise ValueError(f"`{name}` must be text of at least one character, got {shown(value)}.")
    return value
