"""The tab «Find a pattern»: mark a stretch, and see where else the same units are on."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from rnnviz import plot
from rnnviz.analysis.units import Match, matches, units_on
from rnnviz.core.trace import LayerTrace
from rnnviz.plot.unit_views import DRAWN
from rnnviz.ui import chart, prose, url_controls
from rnnviz.ui.components.time_control import stage
from rnnviz.ui.pages.units import findings
from rnnviz.ui.pages.units.in_order import choose_signal
from rnnviz.ui.shell.frame import theme
from rnnviz.words import say

Labels = tuple[str, ...] | None
KEY = "each_pattern"
SHOWN = 30
"""The most stretches that are listed and filled."""


class Asked(NamedTuple):
    """What is looked for: a signal above a threshold, from one step to another."""

    signal: str
    threshold: float
    first: int
    last: int
    share: float
    bounded: bool
    own: tuple[int, ...]


def show(trace: LayerTrace, labels: Labels) -> None:
    """The controls, the curves with the stretches found, and their list."""
    asked = _controls(trace)
    length = asked.last - asked.first + 1
    units = asked.own or units_on(
        trace, asked.first, asked.last, asked.threshold, signal=asked.signal, bounded=asked.bounded
    )
    found: tuple[Match, ...] = ()
    if units:
        found = matches(trace, units, asked.threshold, signal=asked.signal, share=asked.share,
                        length=1 if asked.own else length, most=SHOWN)  # fmt: skip
        if not asked.own:
            found = tuple(findings.apart(found, (asked.first, asked.last)))
    size = trace.record["h"].shape[-1]
    said = findings.pattern(units, size, asked.signal, asked.threshold, (asked.first, asked.last),
                            found, chosen=bool(asked.own))  # fmt: skip
    prose.markdown(said)
    _draw(trace, asked, units, found, labels, said)
    if found:
        st.dataframe(_table(found, len(units), labels), height=min(320, 38 + 35 * len(found)),
                     key="_table_steps")  # fmt: skip


def _controls(trace: LayerTrace) -> Asked:
    steps, _, size = trace.record["h"].shape
    signal = choose_signal(trace, "on_of", "h")
    gate = any(one.name == signal and one.kind == "gate" for one in trace.cell.signals)
    row = st.container(horizontal=True, vertical_alignment="bottom")
    if any(st.session_state.get(key, 1) > steps for key in ("first", "last")):
        for key in ("first", "last"):  # marked in a longer sequence
            st.session_state.pop(key, None)
            st.query_params.pop(key, None)
    with row:
        middle = (steps + 1) // 2
        first, last = (
            int(url_controls.number(words, 1, steps, key=key, default=default, width=150))
            for words, key, default in (
                (say("From step"), "first", middle),
                (say("to step"), "last", min(steps, middle + 2)),
            )
        )
        threshold = float(url_controls.number(
            say("On is above"), -1e6, 1e6, key="above", default=0.5 if gate else 0.1, width=150,
        ))  # fmt: skip
    left, right = st.columns(2)
    with left:
        share = url_controls.slider(say("At least this share of the units, %"), 10, 100,
                                    key="share", default=75, step=5)  # fmt: skip
        bounded = url_controls.switch(say("Only units that are off just before and after"),
                                      key="bounded", default=False)  # fmt: skip
    with right:
        own = url_controls.text(
            say("Units of your own choice, such as “0, 3”; none: those of the stretch"),
            key="own_units", default="", most=200,
        )  # fmt: skip
    return Asked(signal, threshold, min(first, last), max(first, last), share / 100, bounded,
                 units_named(own, size))  # fmt: skip


def units_named(text: str, size: int) -> tuple[int, ...]:
    """The units below ``size`` that a text names; what is no such number is left out."""
    parts = (part.strip() for part in text.replace(";", ",").split(","))
    found = {int(part) for part in parts if part.isdecimal() and len(part) <= 6}
    return tuple(sorted(unit for unit in found if unit < size))


def _draw(
    trace: LayerTrace, asked: Asked, units: tuple[int, ...], found: tuple[Match, ...],
    labels: Labels, said: str,
) -> None:  # fmt: skip
    drawn = units or tuple(range(min(DRAWN, trace.record["h"].shape[-1])))
    fig = plot.matches(
        trace, drawn, asked.threshold, found, signal=asked.signal, theme=theme(), labels=labels,
        marked=(asked.first, asked.last),
    )  # fmt: skip
    fig.layout.dragmode, fig.layout.selectdirection = "select", "h"
    st.plotly_chart(fig, key=KEY, config=chart.CONFIG, theme=None, alt=said, on_select=_mark,
                    selection_mode="box")  # fmt: skip
    on = (trace[asked.signal][:, 0, list(drawn)] > asked.threshold).sum(axis=1)
    stage.readout(
        say("At t = {t}, {0:n} of the {n} units are on.", n=len(drawn)), on[np.newaxis],
        key="each_pattern_now",
    )  # fmt: skip
    definition = say(
        "The dotted frame is the marked stretch, which "
        "has no rank where its own units are looked for; the fill is the stronger, the more "
        "alike a stretch is, and the numbers are ranks. Likeness: the units of the pattern "
        "that are on throughout, divided by these, the pattern's others and all other units "
        "that are on throughout. Drawn are the first {most} units of the pattern.", most=DRAWN,
    )  # fmt: skip
    prose.caption(say("Drag across the curves to mark other steps.") + " " + definition)
    look = theme()

    def page() -> str:
        still = go.Figure(fig).update_layout(dragmode="zoom")
        return chart.page_of(still, say("Find a pattern"), said, definition, look)

    chart.words_and_table(
        KEY, said, lambda: pd.DataFrame(
            trace[asked.signal][:, 0, list(drawn)], index=range(1, len(on) + 1),
            columns=[say("unit {unit}", unit=k) for k in drawn],
        ).rename_axis("t"),
        page,
    )  # fmt: skip


def _mark() -> None:
    """Take the steps over which the pointer was dragged."""
    boxes = st.session_state[KEY].selection.box
    if boxes:
        low, high = sorted(boxes[0]["x"])
        st.session_state["first"] = max(1, int(np.ceil(low)))
        st.session_state["last"] = max(st.session_state["first"], int(np.floor(high)))


def _table(found: tuple[Match, ...], count: int, labels: Labels) -> pd.DataFrame:
    """A row a stretch, by rank."""
    rows = [
        {say("from step"): one.start, say("to step"): one.stop,
         say("labels"): _labels(labels, one), say("of the pattern"): f"{one.shared} / {count}",
         say("others on"): one.others, say("likeness"): round(one.likeness, 3)}
        for one in found
    ]  # fmt: skip
    table = pd.DataFrame(rows, index=range(1, len(rows) + 1)).rename_axis(say("rank"))
    return table.drop(columns=say("labels")) if labels is None else table


def _labels(labels: Labels, one: Match) -> str:
    """The steps' labels: characters in a row, others from the first to the last."""
    if labels is None:
        return ""
    own = labels[one.start - 1 : one.stop]
    if all(len(label) <= 2 for label in own):
        return "".join(own[:60])
    return own[0] if len(own) == 1 else f"{own[0]} – {own[-1]}"
