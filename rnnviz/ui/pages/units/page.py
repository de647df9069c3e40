"""The page of units: one cell, one tab for each question."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import streamlit as st

from rnnviz.analysis.units import saturation
from rnnviz.core.trace import LayerTrace
from rnnviz.experiments.settings import Settings
from rnnviz.ui import affordable, badge, cached, prose, url_controls
from rnnviz.ui.chart import choose_cell, not_finite
from rnnviz.ui.components.time_control import stage
from rnnviz.ui.pages.units import (
    checks,
    findings,
    in_order,
    pattern,
    projected,
    saturated,
)
from rnnviz.ui.shell.frame import heading
from rnnviz.words import say, word

Labels = tuple[str, ...] | None


class Tab(NamedTuple):
    """A part of the page: its name, and what draws it from the layer's trace."""

    name: str
    show: Callable[[LayerTrace, Labels], None]


TABS = {
    "saturation": Tab(word("Saturated gates"), saturated.show),
    "order": Tab(word("Units in order"), in_order.show),
    "projection": Tab(word("Way of the state"), projected.show),
    "pattern": Tab(word("Find a pattern"), pattern.show),
}


def show(settings: Settings) -> None:
    """What all units of the chosen cell did, and the chosen tab."""
    place = heading(say("Units, one by one"))
    row = st.container(horizontal=True, vertical_alignment="bottom")
    with row:
        cell = choose_cell(settings.cells)
        flow, labels = cached.flow(settings, cell), cached.labels(settings)
        trace = flow.layers[0].trace
        offered = [one for one in TABS if one != "saturation" or saturation(trace)]
        tab = url_controls.buttons(
            say("Show"), offered, key="units", default=offered[0],
            words=lambda one: say(TABS[one].name),
        )  # fmt: skip
    stage.timeline(len(trace.record["h"]), labels=labels)
    prose.markdown(findings.finding(trace))
    not_finite({cell: flow})
    TABS[tab].show(trace, labels)
    prose.caption(f"{say(settings.in_words())}.")
    badge.show(
        place, lambda: {say(trace.cell.title): checks.checks(settings, cell)},
        at_once=affordable.checks_by_themselves(flow.layers[0]),
    )  # fmt: skip
