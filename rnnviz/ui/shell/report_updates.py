"""The slider over updates in a report, where nothing else of the page depends on the update.

What was sent ahead of every update (`course`) goes into the report, thinned out where it is much.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np

from rnnviz.browser.packets import pack, unpack
from rnnviz.reports import parts as p
from rnnviz.ui.components._register import NAMES

SLIDER, COURSE = "update_slider/slider", "update_slider/course"
MOST = 60_000
"""Numbers of all updates together; of more, every second, third … update is in the report."""
KEY = re.compile(r"st-key-([\w-]+)")


class Updates(NamedTuple):
    """The updates that a report has, what is shown of them, and the keys of what changes."""

    known: tuple[int, ...]
    packet: bytes
    keys: frozenset[str]


def updates_of(packets: Iterable[bytes]) -> Updates | None:
    """Those of the course that says it has all that changes; None without one."""
    for packet in packets:
        head, values = unpack(packet)
        if head.get("all_there") and len(head["pictures"]) > 1:
            return _thinned(head, values)
    return None


def _thinned(head: dict[str, Any], values: np.ndarray[Any, Any]) -> Updates:
    pictures = head["pictures"]
    every = sorted(map(int, pictures))
    apart = -(-values.size // MOST) or 1
    known = sorted({*every[::apart], every[-1], int(head["now"])})
    kept: dict[str, Any] = {}
    rows = [values[:0]]
    keys = set[str]()
    for update in known:
        one = pictures[str(update)]
        charts = {}
        for name, chart in one["charts"].items():
            charts[name] = chart | {"from": sum(map(len, rows))}
            rows.append(values[chart["from"] : chart["from"] + chart["count"]])
        kept[str(update)] = one | {"charts": charts}
        keys |= {*one["charts"], *one["rows"]}
        keys |= {key for where in (*one["html"], *one["sentences"]) for key in KEY.findall(where)}
    told = head | {"pictures": kept, "more": -1}
    return Updates(tuple(known), pack(told, np.concatenate(rows), half=True), frozenset(keys))


def slider(data: dict[str, Any], found: Updates) -> p.Drawing:
    """The slider over the updates that the report has."""
    return p.Drawing(SLIDER, data | {"updates": list(found.known)}, now=True)


def course(found: Updates) -> p.Drawing:
    """What the slider has the page show; it draws nothing itself."""
    return p.Drawing(COURSE, found.packet, now=True)


def script_of(element: Any) -> str | None:
    """The script of a component; None of anything else."""
    if element.WhichOneof("type") != "bidi_component":
        return None
    return NAMES.get(element.bidi_component.component_name.rpartition(".")[2])


def key_of(message: Any) -> str:
    """The key that a page gave an element or a block; "" without one."""
    kind = message.WhichOneof("type")
    found = getattr(getattr(message, kind), "id", "") if kind else ""
    return (found or getattr(message, "id", "")).removeprefix("$$ID-").partition("-")[2]
