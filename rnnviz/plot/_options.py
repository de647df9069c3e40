"""The view options that all public figures share, checked before anything is drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from rnnviz.figures.palette import THEMES
from rnnviz.numerics.validation import finite_number, one_of, shown, whole_number

P = ParamSpec("P")
R = TypeVar("R")


def figure(draw: Callable[P, R]) -> Callable[P, R]:
    """Decorate a public figure: check its view options; ValueError names the wrong one."""

    @wraps(draw)
    def checked(*records: P.args, **options: P.kwargs) -> R:
        for name, check in CHECKS.items():
            if options.get(name) is not None:
                check(name, options[name])
        return draw(*records, **options)

    return checked


def _theme(name: str, value: Any) -> None:
    one_of(name, value, THEMES)


def _height(name: str, value: Any) -> None:
    whole_number(name, value, least=10)


def _scale(name: str, value: Any) -> None:
    if isinstance(value, Mapping):
        for signal, bound in value.items():
            finite_number(f"{name}[{signal!r}]", bound)
    elif isinstance(value, Sequence):
        if len(value) != 2 or not finite_number(name, value[0]) < finite_number(name, value[1]):
            raise ValueError(f"`{name}` must be (low, high) with low < high, got {shown(value)}.")
    else:
        finite_number(name, value)


def _labels(name: str, value: Any) -> None:
    if isinstance(value, str) or not all(isinstance(one, str) for one in value):
        raise ValueError(f"`{name}` must be one text a timestep, got {shown(value)}.")


CHECKS: dict[str, Callable[[str, Any], None]] = {
    "theme": _theme, "height": _height, "scale": _scale, "labels": _labels,
}  # fmt: skip
