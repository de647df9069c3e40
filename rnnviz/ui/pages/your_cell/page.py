"""The page of an own cell: its equations, drawn, run, checked, and beside RNN, LSTM and GRU."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

import pandas as pd
import streamlit as st

from rnnviz import plot
from rnnviz.analysis.cell_graph import currents
from rnnviz.cells import CELLS, OwnCell, as_file
from rnnviz.experiments.settings import Settings
from rnnviz.plot.flows import unit_panels
from rnnviz.ui import badge, cached, prose, url_controls
from rnnviz.ui.chart import figure, frame, not_finite
from rnnviz.ui.components.cell_diagram.diagram import diagram
from rnnviz.ui.components.time_control import stage
from rnnviz.ui.pages.your_cell import compared, editor, findings
from rnnviz.ui.shell import edited_weights, own_cells
from rnnviz.ui.shell.frame import heading, theme
from rnnviz.ui.shell.navigation import name_of
from rnnviz.ui.shell.readouts import readouts_of
from rnnviz.ui.shell.unit_numbers import in_numbers
from rnnviz.words import say

OTHERS = ("rnn", "lstm", "gru")
LOOK_AT = ("app.py", "pages/Training.py", "pages/Gradient_flow.py", "pages/Step.py")


def show(settings: Settings) -> None:
    """Editor and parameters, then the map, the numbers, the unit over time, and the comparison."""
    badge_place = heading(say("Your own cell"))
    st.markdown(say(
        "Type a cell's equations as a paper has them. The cell is drawn, run and differentiated "
        "from them, and every page can show it."
    ))  # fmt: skip
    kind = editor.chosen()
    shown = _with_edits(replace(settings, cells=(kind.name, *OTHERS)), kind.name)
    checked = badge.of_cells(badge_place, shown, shown.cells)
    left, right = st.columns([5, 6], gap="large")
    with left:
        editor.draw()
    with right:
        _parameters(shown, kind)
        _to_others(kind)
    _run(shown, kind)
    compared.show(shown, kind)
    checked()


def _parameters(settings: Settings, kind: type[OwnCell]) -> None:
    """What was read: every weight as typed, the block that it is, its shape and count."""
    rows = findings.parameters(kind, cached.example(settings).input_size, settings.hidden_size)
    st.markdown(findings.understood(kind, sum(row.numbers for row in rows)))
    table = pd.DataFrame(
        [(row.typed, row.block, row.shape, row.numbers) for row in rows],
        columns=[say("weight"), say("block"), say("shape"), say("numbers")],
    ).set_index(say("weight"))  # fmt: skip
    st.dataframe(table, height=min(38 + 35 * len(table), 283), key="own_parameters")


def _to_others(kind: type[OwnCell]) -> None:
    """Put the cell among those of the sidebar, or take it away as a file."""
    chosen = st.session_state.get("cells", ())
    with st.container(horizontal=True):
        if kind.name not in chosen:
            st.button(say("Use it on the other pages"), key="own_use", type="primary",
                      on_click=own_cells.use,
                      args=(kind.name, _earlier(kind, chosen)))  # fmt: skip
        name, text = as_file(kind, tuple(CELLS))
        st.download_button(say("As a file"), text.encode(), name, "text/x-python",
                           on_click="ignore", key="own_file", help=say(
            "A Python file: put into rnnviz/cells of a clone, the cell is in every menu."
        ))  # fmt: skip
    if kind.name in chosen:
        st.caption(say("{cell} is among the cells of the sidebar, and so in the link of every "
                       "page.", cell=say(kind.title)))  # fmt: skip
        with st.container(horizontal=True, gap="medium"):
            for script in LOOK_AT:
                st.page_link(script, label=name_of(script), width="content")


def _earlier(kind: type[OwnCell], chosen: tuple[str, ...]) -> str:
    """A chosen cell with the same title, whose place this one takes."""
    return next((one for one in chosen if CELLS[one].title == kind.title), "")


def _with_edits(settings: Settings, cell: str) -> Settings:
    """The settings with those edits of the cell alone that its weights have."""
    bare = replace(settings, edits=())
    example, found = cached.example(bare), []
    for one in settings.edits:
        with suppress(ValueError):
            if one.cell == cell:
                one.check(bare.shapes(cell, example, *one.place))
                found.append(one)
    return replace(bare, edits=tuple(found))


def _edit(settings: Settings) -> None:
    """Take the weight that was set in the browser."""
    event = st.session_state["own_map"]["edit"]
    if event:
        edited_weights.take(settings, event)


def _take(what: str) -> None:
    """Take the unit or the output that was chosen in the browser."""
    chosen = st.session_state["own_map"][what]
    if chosen is not None:
        st.session_state[what] = int(chosen) if what == "unit" else str(chosen)


def _run(settings: Settings, kind: type[OwnCell]) -> None:
    """The map, with its arithmetic, and one unit's signals in numbers and over time."""
    cell, size = kind.name, settings.hidden_size
    flow, labels = cached.flow(settings, cell), cached.labels(settings)
    layer = flow.layers[0]
    unit = 0
    if size > 1:
        unit = int(url_controls.number(say("Unit"), 0, size - 1, key="unit", default=0, width=150))
    stage.timeline(len(layer.trace.record["x"]), labels=labels)
    diagram({cell: currents(flow)}, unit, readouts_of(settings), key="own_map", back=False,
            large=True, edited=edited_weights.places(settings, cell), heard=edited_weights.heard(),
            on_edit=lambda: _edit(settings), on_unit=lambda: _take("unit"),
            on_output=lambda: _take("output"))  # fmt: skip
    edited_weights.note("page")
    not_finite({cell: flow})
    in_numbers(layer, unit)
    prose.markdown(findings.gates(layer))
    figure(
        plot.unit(layer.trace, layer, unit, theme=theme(), labels=labels), key="own_unit",
        definition=say("The unit's gates, its states and candidate, and |∂L/∂ ·| of each, in "
                       "total."),
        summary=say("Unit {unit}: gates, states and their gradients against time.", unit=unit),
        data=lambda: frame(unit_panels(layer.trace, layer, unit, theme())),
    )  # fmt: skip
