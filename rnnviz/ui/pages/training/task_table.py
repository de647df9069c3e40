"""The tab «Tasks»: which net solves which task, and the curves behind every entry."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from rnnviz import plot
from rnnviz.cells import CELLS
from rnnviz.experiments.address import hold_key
from rnnviz.experiments.settings import Settings
from rnnviz.experiments.solving import EVERY
from rnnviz.experiments.stored_outcomes import Row
from rnnviz.experiments.task_table import (
    COLUMNS,
    HIDDEN,
    NAMED,
    RATES,
    ROWS,
    UPDATES,
    entries,
    stored,
)
from rnnviz.tasks import TASKS
from rnnviz.ui import chart, prose, url_controls
from rnnviz.ui.pages.training.plan_controls import values
from rnnviz.ui.pages.training.table_findings import (
    Column,
    Entries,
    about,
    column,
    entry,
    finding,
    net_key,
)
from rnnviz.ui.shell.frame import theme
from rnnviz.ui.shell.held_gates import FREE
from rnnviz.words import say
from rnnviz.words.numbers import number

ALL = "all"
_CLICKED = "_task_table"
NETS = {cell if bias is None else f"{cell}{bias:g}": (cell, bias) for cell, bias in COLUMNS}
"""Name in the URL → column."""


def show(settings: Settings, badge_place: DeltaGenerator) -> None:
    """The finding, the table, and the curves of the chosen entry."""
    made = entries(stored())
    prose.markdown(finding(made))
    _table(made)
    prose.caption(say(
        "Seeds that solve the task · median of the updates needed · median seconds of one core. "
        "H = {H}, Adam, batches of 32, {seeds} seeds, at most {most} updates, each net at the "
        "better of the learning rates {rates}; b is the bias with which the gate that keeps the "
        "state starts (f of the LSTM, z of the GRU). Solved: the cost on held-out sequences is "
        "below a share of what the naive answers cost, 0.1 unless said below. Measured "
        "once with: {command}",
        H=HIDDEN, seeds=5, most=UPDATES, rates=", ".join(f"{one:g}" for one in RATES),
        command="`python -m rnnviz.experiments.task_table --run`",
    ))  # fmt: skip
    _curves(made)


def _table(made: Entries) -> None:
    """The table; a click on an entry shows its curves."""
    st.dataframe(
        pd.DataFrame([
            {say("task"): say(row.title), "T": row.plan.length,
             **{column(one): entry(made[row.name, *one], UPDATES) for one in COLUMNS}}
            for row in ROWS
        ]),
        hide_index=True, height=38 + 35 * len(ROWS), key=_CLICKED, on_select=_clicked,
        selection_mode="single-cell",
    )  # fmt: skip


def _clicked() -> None:
    """Show the curves of the entry that was clicked."""
    cells = st.session_state[_CLICKED]["selection"]["cells"]
    for place, name in cells:
        st.session_state["trow"] = ROWS[place].name
        chosen = [key for key, one in NETS.items() if column(one) == name]
        st.session_state["tnet"] = chosen[0] if chosen else ALL


def _curves(made: Entries) -> None:
    """The held-out cost over updates: all nets of a task, or the five seeds of one net."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = url_controls.menu(
            say("Curves of the task"), list(NAMED), key="trow", default=ROWS[0].name,
            words=lambda one: say(NAMED[one].title), width=380,
        )  # fmt: skip
        net = url_controls.buttons(
            say("Net"), [ALL, *NETS], key="tnet", default=ALL,
            words=lambda one: say("all") if one == ALL else column(NETS[one]),
        )  # fmt: skip
    row = NAMED[name]
    nets = list(COLUMNS) if net == ALL else [NETS[net]]
    found = {net_key(one): made[row.name, *one].outcomes for one in nets}
    words = " ".join(about(made[row.name, *one], one, UPDATES) for one in nets)
    chart.figure(
        plot.solving_curves(found, row.share, bands=net == ALL, theme=theme()),
        key="task_curves", definition=_definition(row, net), summary=words,
        data=lambda: pd.DataFrame({
            f"{column(one)}, {say('seed {n}', n=seed)}": pd.Series(
                own.curve, index=[EVERY * k for k in range(len(own.curve))])
            for one in nets for seed, own in enumerate(made[row.name, *one].outcomes)
        }).rename_axis(say("updates")),
    )  # fmt: skip
    if net != ALL:
        prose.markdown(words)
    _links(made, row, nets)


def _definition(row: Row, net: str) -> str:
    """What the curves are of this task."""
    task = TASKS[row.plan.task]
    options = ", ".join(f"{name} = {value}" for name, value in row.plan.options)
    said = say(
        "{about} T = {T}{options}. Cost on 256 held-out sequences (stocks: the later weeks), as a "
        "share of what the naive answers cost: {naive}. Training ends where it falls below "
        "{share:g}.", about=say(task.description), T=row.plan.length,
        options=f", {options}" if options else "", naive=say(task.naive), share=row.share,
    )  # fmt: skip
    if net != ALL:
        return f"{said} " + say("A line a seed.")
    return f"{said} " + say("Lines: median of 5 seeds; bands: from the least to the largest; a "
                            "seed that has ended counts with its last cost.")  # fmt: skip


def _links(made: Entries, row: Row, nets: list[Column]) -> None:
    """A button a net that trains it on the tab «Train»."""
    with st.container(horizontal=True):
        for cell, bias in nets:
            st.button(
                say("Watch it learn: {net}", net=column((cell, bias))),
                key=f"_watch_{cell}_{number(bias or 0)}", on_click=st.session_state.update,
                args=(controls(row, cell, bias, made[row.name, cell, bias].setting.rate),),
            )  # fmt: skip


def controls(row: Row, cell: str, bias: float | None, rate: float) -> dict[str, Any]:
    """Key → value of every control that asks the tab «Train» for the net of an entry, seed 0."""
    found = values(replace(row.plan, rate=rate), HIDDEN) | {
        "tab": "train", "seed": 0, "init": "pytorch", "scaling": "gain", "scale": 1.0,
        "cells": [cell], **{hold_key(cell, gate): FREE for gate in CELLS[cell].holdable()},
    }  # fmt: skip
    return found | ({} if bias is None else {"bf": bias, "bz": bias})
