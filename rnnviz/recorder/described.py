"""The net of a recorded run, as run.json tells it; whatever stands there instead is refused."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from rnnviz.recorder.layout import ABOUT
from rnnviz.words import Refusal

NAME = re.compile(r"[^\W\d]\w{0,19}")
PLACE = re.compile(r"\d{1,3}r?")
MOST = 128
"""Of places, states, gates or blocks."""
MOST_LOSS = 1e300
MOST_UNITS = 10**6


class Described(NamedTuple):
    """The net: sizes, and the names of its layers and directions, states, gates, blocks of W_h.

    ``guessing`` is the loss of the best constant answer; nan where it was not given. ``stopped``
    says why recording stopped before training did, else "".
    """

    cell: str
    title: str
    input_size: int
    hidden_size: int
    places: tuple[str, ...]
    states: tuple[str, ...]
    gates: tuple[str, ...]
    blocks: tuple[str, ...]
    left_out: tuple[str, ...]
    guessing: float = float("nan")
    stopped: str = ""


def described(about: Mapping[str, Any]) -> Described:
    """What run.json says of the net. Raises ValueError where it says no net, or not yet."""
    left_out: Any = about.get("left_out")
    return Described(
        _text(about, "cell", 200), _text(about, "title", 60), _size(about, "input_size"),
        _size(about, "hidden_size"), _listed(about, "places", PLACE),
        _listed(about, "states", NAME), _listed(about, "gates", NAME),
        _listed(about, "blocks", NAME),
        tuple(str(one)[:200] for one in left_out) if isinstance(left_out, list) else (),
        _guessing(about.get("guessing")),
        str(about.get("stopped") or "")[:200],
    )  # fmt: skip


def _guessing(found: Any) -> float:
    good = isinstance(found, (int, float)) and not isinstance(found, bool)
    return float(found) if good and abs(found) < MOST_LOSS else float("nan")


def _text(about: Mapping[str, Any], name: str, most: int) -> str:
    found = about.get(name)
    if not isinstance(found, str):
        raise Refusal("{file} must describe a net.", file=ABOUT)
    return found[:most]


def _size(about: Mapping[str, Any], name: str) -> int:
    found = about.get(name)
    if type(found) is not int or not 0 < found < MOST_UNITS:
        raise Refusal("{file} must describe a net.", file=ABOUT)
    return found


def _listed(about: Mapping[str, Any], name: str, pattern: re.Pattern[str]) -> tuple[str, ...]:
    found: Any = about.get(name)
    good = isinstance(found, list) and len(found) <= MOST and all(
        isinstance(one, str) and pattern.fullmatch(one) for one in found)  # fmt: skip
    if not good or (name in ("places", "states") and not found):
        raise Refusal("{file} must list {name}.", file=ABOUT, name=name)
    return tuple(found)
