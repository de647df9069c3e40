"""The net of a recorded run, as run.json tells it; whatever stands there instead is refused."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from rnnviz.recorder.layout import ABOUT

NAME = re.compile(r"[^\W\d]\w{0,19}")
PLACE = re.compile(r"\d{1,3}r?")
MOST = 128
"""Of places, states, gates or blocks."""


class Described(NamedTuple):
    """The net: sizes, and the names of its layers and directions, states, gates, blocks of W_h."""

    cell: str
    title: str
    input_size: int
    hidden_size: int
    places: tuple[str, ...]
    states: tuple[str, ...]
    gates: tuple[str, ...]
    blocks: tuple[str, ...]
    left_out: tuple[str, ...]


def described(about: Mapping[str, Any]) -> Described:
    """What run.json says of the net. Raises ValueError where it says no net, or not yet."""
    title, cell = about.get("title"), about.get("cell")
    sizes = [about.get("input_size"), about.get("hidden_size")]
    numbered = all(type(one) is int and 0 < one < 10**6 for one in sizes)
    if not (isinstance(title, str) and isinstance(cell, str) and numbered):
        raise ValueError(f"{ABOUT} must describe a net.")
    return Described(
        cell[:200], title[:60], *sizes, _listed(about, "places", PLACE),
        *(_listed(about, name, NAME) for name in ("states", "gates", "blocks")),
        tuple(str(one)[:200] for one in about.get("left_out") or ()
              if isinstance(about["left_out"], list)),
    )  # fmt: skip


def _listed(about: Mapping[str, Any], name: str, pattern: re.Pattern[str]) -> tuple[str, ...]:
    found: Any = about.get(name)
    good = isinstance(found, list) and len(found) <= MOST and all(
        isinstance(one, str) and pattern.fullmatch(one) for one in found)  # fmt: skip
    if not good or (name in ("places", "states") and not found):
        raise ValueError(f"{ABOUT} must list {name}.")
    return tuple(found)
