"""Parts that several pages share."""

from __future__ import annotations

import time as clock
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Literal

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from rnnviz.browser.time_control.numbers import timeline_data
from rnnviz.cells import CELLS
from rnnviz.core.gradients import GradientFlow
from rnnviz.figures.palette import THEMES
from rnnviz.figures.panels import Panel
from rnnviz.figures.sketch import sketch
from rnnviz.reports.document import document
from rnnviz.reports.parts import Chart, Drawing, Row, Text, Time
from rnnviz.ui import first, prose, tables
from rnnviz.ui.kept import held, hold
from rnnviz.ui.language import fragment
from rnnviz.ui.url_controls import buttons
from rnnviz.words import say

CONFIG = {"displaylogo": False}
HEAD_START = 0.05
"""Seconds, once a visit, by which a page waits for the code that shows sketches."""
SKETCHES, SKETCHED = 2, 5.0
"""How many charts of a visit's first page have a sketch, and for how many seconds."""
_VISIT = "_sketched"


def figure(
    fig: go.Figure, *, key: str, definition: str = "", summary: str,
    data: Callable[[], pd.DataFrame], picked: Callable[[int], object] | None = None,
) -> None:  # fmt: skip
    """A chart with its definition in one line, and one click below it its words and its data.

    ``data`` is called only when the table is opened, ``picked`` with the number of a point of the
    last trace that was clicked, before the page is drawn again. The first charts of a visit are
    sketched until the browser has Plotly's 4.7 MB of script, a second or two.
    """
    place = st.empty()  # always there: a chart that changes its place is drawn anew
    if _early(key) and (drawn := sketch(fig)):
        place.html(drawn)
        first.drawn()
    more: dict[str, Any] = {}
    if picked is not None:
        more = {"on_select": partial(_picked, key, picked), "selection_mode": "points"}
    st.plotly_chart(fig, key=key, config=CONFIG, theme=None, alt=summary, **more)
    if definition:
        prose.caption(definition)
    kind = st.context.theme.type
    look = kind if kind in THEMES else "light"
    words_and_table(key, summary, data,
                    lambda: page_of(fig, f"{key} · rnnviz", summary, definition, look))


def _picked(key: str, picked: Callable[[int], object]) -> None:
    if points := st.session_state[key]["selection"]["points"]:
        picked(int(points[-1]["point_index"]))


def preload(*, sketches: bool) -> None:
    """Begin a visit: have the browser fetch what shows a sketch before it fetches anything else.

    What is late is shown with everything else that is late, after Plotly's script has run. A page
    whose first picture is not Plotly's needs no ``sketches``.
    """
    if _VISIT in st.session_state:
        return
    st.session_state[_VISIT] = [], clock.monotonic() + (SKETCHED if sketches else 0)
    if sketches:
        st.html("<span hidden></span>")
        clock.sleep(HEAD_START)


def _early(key: str) -> bool:
    """Whether the browser may still lack Plotly's script, and the chart is one of the first."""
    keys, end = st.session_state.get(_VISIT, ([], 0.0))
    if key not in keys and len(keys) < SKETCHES:
        keys.append(key)
    return key in keys and clock.monotonic() < end


def words_and_table(
    key: str, summary: str, data: Callable[[], pd.DataFrame],
    page: Callable[[], str] | None = None,
) -> None:  # fmt: skip
    """The words and, once it is opened, the data of something drawn, and both as files.

    ``page`` makes an HTML page of it, where there is one. Both are held among the results that are
    bounded: Streamlit would hold them as long as the session.
    """
    hold(f"_table_{key}", (data, page))
    _words_and_table(key, summary)


@fragment
def _words_and_table(key: str, summary: str) -> None:
    box = st.expander(say("In words, and as a table"), type="compact", key=f"_table_{key}",
                      on_change="rerun")  # fmt: skip
    if box.open:
        if (found := held(f"_table_{key}")) is None:
            st.rerun()
        data, page = found
        with box:
            st.text(summary)
            table = data()
            st.dataframe(table, height=min(320, 38 + 35 * len(table)))
            with st.container(horizontal=True, gap="small"):
                _file("CSV", lambda: tables.as_csv(table), f"{key}.csv", "text/csv")
                _file("Parquet", lambda: tables.as_parquet(table, summary), f"{key}.parquet")
                _file("NPZ", lambda: tables.as_npz(table, summary), f"{key}.npz")
                if page is not None:
                    _file(say("Figure (HTML)"), page, f"{key}.html", "text/html")


def _file(
    label: str, make: Callable[[], str | bytes], name: str, mime: str = "application/octet-stream"
) -> None:
    """A button that makes a file when it is pressed."""

    def made() -> bytes:
        found = make()
        return found.encode() if isinstance(found, str) else found

    st.download_button(label, made, name, mime, on_click="ignore", key=f"_file_{name}")


def page_of(fig: go.Figure, title: str, summary: str, definition: str, look: str) -> str:
    """A figure and its words as one HTML page that needs no network."""
    chart = Chart(fig, summary, definition, look)
    return document(title, [chart, Text(summary, quiet=True)])


def page_of_row(
    figures: Mapping[str, go.Figure], title: str, summary: str, definition: str, look: str
) -> str:
    """Figures side by side, each with its words as key, and the words of all as one HTML page."""
    columns = [(1.0, [Chart(fig, words, "", look)]) for words, fig in figures.items()]
    return document(title, [Row(columns), Text(definition, quiet=True), Text(summary, quiet=True)])


def page_of_drawing(
    script: str, packet: bytes, title: str, summary: str, length: int,
    labels: Sequence[str] | None = None, height: int = 0,
) -> str:  # fmt: skip
    """A drawing of ours over ``length`` timesteps, its time control and its words as one page."""
    drawing = Drawing(script, packet, height, {"alone": True})
    time = Time(timeline_data(length, labels=labels, key="", back=False))
    return document(title, [time, drawing, Text(summary, quiet=True)])


def choose_cell(cells: tuple[str, ...], label: str = "") -> str:
    """One of the settings' cells, by buttons; an LSTM first, for there is most to see."""
    return buttons(
        label or say("Cell"), cells, key="cell", default=_first(cells),
        words=lambda name: say(CELLS[name].title),
    )  # fmt: skip


def chosen_cell(cells: tuple[str, ...]) -> str:
    """The cell that `choose_cell` will return later in this run."""
    asked = st.session_state.get("cell", st.query_params.get("cell"))
    return str(asked) if asked in cells else _first(cells)


def _first(cells: tuple[str, ...]) -> str:
    return "lstm" if "lstm" in cells else cells[0]


def enlarge(cells: tuple[str, ...]) -> str:
    """The cell whose figures are shown large, below the small ones of all cells."""
    return choose_cell(cells, say("Shown large") if len(cells) > 1 else "")


def by_cell(tables: Mapping[str, pd.DataFrame], axis: Literal[0, 1] = 1) -> pd.DataFrame:
    """Cells' tables as one, beside (1) or below (0) each other, each under the cell's title."""
    named = {say(CELLS[cell].title): one for cell, one in tables.items()}
    return pd.concat(named, axis=axis, names=[say("Cell")])


def not_finite(found: Mapping[str, GradientFlow]) -> None:
    """Say where values or gradients stop being finite."""
    for cell, flow in found.items():
        if (at := flow.trace.first_nonfinite) is not None:
            st.info(say("{cell}: {words}", cell=say(CELLS[cell].title), words=at.words))
        elif (at := flow.first_nonfinite) is not None:
            st.info(say("{cell}: {words} The logarithms stay right.",
                        cell=say(CELLS[cell].title), words=at.words))  # fmt: skip


def plain(text: str) -> str:
    """Text without the markup of figures."""
    return text.replace("<sub>", "_").replace("</sub>", "")


def frame(rows: list[Panel]) -> pd.DataFrame:
    """All lines of some panels as columns over t."""
    columns = {
        plain(line.label) + (" (log₁₀)" if panel.scale == "power" else ""): pd.Series(
            line.values, index=range(line.first, line.first + len(line.values))
        )
        for panel in rows
        for line in panel.lines
    }
    return pd.DataFrame(columns).rename_axis("t")
