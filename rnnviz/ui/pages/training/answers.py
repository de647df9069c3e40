"""What the trained nets answer on new streams."""

from __future__ import annotations

import numpy as np
import streamlit as st

from rnnviz.cells import CELLS
from rnnviz.figures.panels import Line, Panel, over_time
from rnnviz.training.echo_stream import FLOOR
from rnnviz.ui import chart
from rnnviz.ui.pages.training import runs
from rnnviz.ui.pages.training.losses import looks
from rnnviz.ui.pages.training.runs import Asked, name
from rnnviz.ui.shell.frame import theme
from rnnviz.words import say
from rnnviz.words.numbers import number, power


def answers_of(asked: Asked, steps: int) -> None:
    """One cell's errors at each timestep, and what its answers correlate with."""
    st.subheader(say("What the trained nets know"))
    cell = chart.choose_cell(asked.settings.cells)
    styles, delay = looks(asked), asked.plan.delay
    answers = {plan: runs.knows(asked.settings, cell, plan, steps)
               for plan in asked.plans}  # fmt: skip
    with np.errstate(divide="ignore"):
        errors = [Line(name(plan), np.log10(one.loss[:steps]), *styles[plan])
                  for plan, one in answers.items()]  # fmt: skip
    lags = [Line(name(plan), one.correlation, *styles[plan], first=0)
            for plan, one in answers.items()]  # fmt: skip
    panel = Panel(say("Mean squared error at each timestep of a new stream"), errors, "power",
                  say("mean squared error"))  # fmt: skip
    chart.figure(
        over_time([panel], theme=theme(), height=240), key="training_answers",
        definition=say(
            "{cell}, weights as they ended, {n} new streams from zero states. The first d answers "
            "nobody can know: their causes were never shown. {floor} is what answering 0 costs.",
            cell=say(CELLS[cell].title), n=runs.streams(max(steps, 4 * delay)),
            floor=f"{FLOOR:.2f}",
        ),
        summary="; ".join(f"{name(plan)}: {power(float(np.log10(one.error)))}"
                          for plan, one in answers.items()),
        data=lambda: chart.frame([panel]),
    )  # fmt: skip
    heard = Panel(say("Correlation of the answer with the input j steps ago"), lags, "state",
                  say("correlation"))  # fmt: skip
    chart.figure(
        over_time([heard], theme=theme(), height=240, first=0, counted=say("j, steps ago")),
        key="training_lags",
        definition=say(
            "On the same streams. Who has learnt it has 1 at j = d = {d} and 0 elsewhere; the "
            "error is at least 1 − r².", d=delay,
        ),
        summary="; ".join(f"{name(plan)}: r = {number(float(one.correlation[delay]))}"
                          for plan, one in answers.items()),
        data=lambda: chart.frame([heard]).rename_axis("j"),
    )  # fmt: skip
