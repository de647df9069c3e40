"""What a page shows of every checkpoint, sent before the slider is dragged to it.

Python computes and sends; the slider over updates says where it is by the event "rv-update", and
`course.js` puts the checkpoint's texts and curves in their places.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from rnnviz.browser.packets import pack
from rnnviz.ui.components._register import component

_COURSE = component("update_slider/course")
Chart = tuple[dict[str, Any], NDArray[np.float64]]
"""The header and the values (n, T + 1) of an overview: `gradient_overview.overview.contents`."""


class Picture(NamedTuple):
    """What shows one checkpoint.

    html       CSS selector → what stands in that element, as HTML; escape what others wrote
    sentences  CSS selector → the sentence there that each checkpoint says otherwise
    charts     key of an overview → what it draws; all have the same T
    rows       key of a Plotly map → the place on its vertical axis that a line marks
    """

    html: Mapping[str, str]
    sentences: Mapping[str, str]
    charts: Mapping[str, Chart]
    rows: Mapping[str, float] = MappingProxyType({})


def course(
    pictures: Mapping[int, Picture], now: int, *, key: str, more: bool = False,
    on_more: Callable[[], None] = lambda: None, all_there: bool = False,
) -> None:  # fmt: skip
    """Send the pictures of checkpoints by their updates; the page shows that of update ``now``.

    Nothing is drawn but the lines on maps.

    With ``more`` the browser asks for more as soon as the page is at rest: ``on_more`` is called,
    and the part of the page in which this stands is run again. ``all_there`` says that nothing else
    on the page depends on the update, and all updates of its slider are here: a report of the page
    has the slider, too.
    """
    def asked() -> None:
        if st.session_state[key].get("more") is not None:
            on_more()

    _COURSE(key=key, data=packet(pictures, now, more=more, all_there=all_there),
            on_more_change=asked)  # fmt: skip


def packet(
    pictures: Mapping[int, Picture], now: int, *, more: bool = False, all_there: bool = False
) -> bytes:
    """All pictures as one packet; see `_register.pack`."""
    rows: list[NDArray[np.float64]] = []
    told: dict[int, Any] = {}
    for update, one in pictures.items():
        charts = {}
        for name, (head, values) in one.charts.items():
            charts[name] = {"head": head, "from": sum(map(len, rows)), "count": len(values)}
            rows.append(values)
        told[update] = {"html": dict(one.html), "sentences": dict(one.sentences), "charts": charts,
                        "rows": dict(one.rows)}  # fmt: skip
    values = np.concatenate(rows) if rows else np.empty((0, 1))
    return pack({"pictures": told, "now": now, "more": len(told) if more else -1,
                 "all_there": all_there}, values)  # fmt: skip
