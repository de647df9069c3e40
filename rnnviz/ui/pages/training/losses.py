"""The loss over updates, for every window and cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import streamlit as st
from numpy.typing import NDArray

from rnnviz import plot
from rnnviz.cells import CELLS
from rnnviz.experiments.updates_made import updates_made
from rnnviz.plot.training import BINS, plan_name, training_scale
from rnnviz.training.cut_effect import Heard
from rnnviz.training.echo_stream import share
from rnnviz.training.truncated_bptt import Plan, Run
from rnnviz.ui import chart, prose
from rnnviz.ui.pages.training import runs
from rnnviz.ui.pages.training.findings import finals, tail
from rnnviz.ui.pages.training.runs import Asked, Runs
from rnnviz.ui.shell.frame import theme
from rnnviz.words import say
from rnnviz.words.numbers import number

Values = NDArray[np.float64]


def losses(drawn: st.delta_generator.DeltaGenerator, asked: Asked, found: Runs, *,
            done: bool) -> None:  # fmt: skip
    """Loss over updates, a chart a cell; unfinished charts have other keys than finished ones."""
    drawn_runs = {cell: [runs[plan] for plan in asked.plans if plan in runs]
                  for cell, runs in found.items()}  # fmt: skip
    part = "" if done else f"_{sum(map(len, drawn_runs.values()))}"
    figures = _figures(asked, drawn_runs, theme())
    with drawn.container():
        columns = st.columns(len(figures))
        for column, (cell, fig) in zip(columns, figures.items(), strict=True):
            with column:
                st.plotly_chart(
                    fig, key=f"training_loss_{cell}{part}", config=chart.CONFIG,
                    alt=_told(asked, found, cell),
                )  # fmt: skip


def _figures(
    asked: Asked, drawn_runs: Mapping[str, Sequence[Run]], look: str
) -> dict[str, go.Figure]:
    """Cell → its chart; all have one scale."""
    scale = training_scale(one for own in drawn_runs.values() for one in own)
    return {
        cell: plot.training_losses(own, title=f"<b>{say(CELLS[cell].title)}</b>",
                                   plans=asked.plans, scale=scale, theme=look)
        for cell, own in drawn_runs.items()
    }  # fmt: skip


def _told(asked: Asked, found: Runs, cell: str) -> str:
    return say("{cell}: {words}", cell=say(CELLS[cell].title), words=_ends(asked, found, cell))


def _ends(asked: Asked, found: Runs, cell: str) -> str:
    count = tail(asked.plan.updates)
    return "; ".join(f"{plan_name(plan)}: {number(found[cell][plan].end(count))}"
                     for plan in asked.plans if plan in found[cell])  # fmt: skip


def about_losses(asked: Asked, found: Runs) -> None:
    """The definition of the losses, and all of them as a table."""
    definition = say(
        "Mean squared error of each window before its update, averaged over its steps and {B} "
        "streams, and over about {updates}. All runs have the same stream, seed, first weights, "
        "axis and number of updates, so that windows of 2d read more of the stream. “No "
        "truncation”: the "
        "windows and losses of the chosen k, but the gradient goes back for at least {m} steps "
        "before the window.", B=asked.plan.batch, m=asked.plans[-1].back,
        updates=updates_made(max(1, round(asked.plan.updates / BINS))),
    )  # fmt: skip
    prose.caption(definition)
    words = " ".join(_told(asked, found, cell) + "." for cell in found)
    look, title = theme(), say("Loss over updates")

    def page() -> str:
        drawn = _figures(asked, {cell: list(runs.values()) for cell, runs in found.items()}, look)
        told = {_told(asked, found, cell): fig for cell, fig in drawn.items()}
        return chart.page_of_row(told, title, words, definition, look)

    chart.words_and_table("training_losses", words, lambda: pd.DataFrame({
        f"{say(CELLS[cell].title)}, {plan_name(plan)}": runs[plan].loss
        for cell, runs in found.items() for plan in asked.plans
    }, index=pd.RangeIndex(1, asked.plan.updates + 1, name=say("update"))), page)  # fmt: skip


def table(asked: Asked, found: Runs, steps: int) -> None:
    """The last losses of every run, and what each could reach."""
    ends = {plan: finals(found, plan) for plan in asked.plans}
    titles = {cell: say(CELLS[cell].title) for cell in found}
    rows = []
    for plan in asked.plans:
        row = {say("window"): plan_name(plan),
               say("losses that reach their cause"):
                   f"{number(100 * share(plan.delay, plan.window, plan.back))} %",
               say("timesteps read"): f"{plan.updates * plan.window:,}"}  # fmt: skip
        for cell, title in titles.items():
            answers = runs.knows(asked.settings, cell, plan, steps)
            row[title] = f"{number(ends[plan][cell])}  (r = {_signed(answers, plan)})"
        rows.append(row)
    st.table(pd.DataFrame(rows).set_index(say("window")))
    prose.caption(say(
        "Mean loss of the last {n} updates; r is the correlation of the trained net's answers "
        "with x_{t−d} on new streams.", n=tail(asked.plan.updates),
    ))  # fmt: skip


def _signed(answers: Heard, plan: Plan) -> str:
    return number(float(answers.correlation[plan.delay]))
