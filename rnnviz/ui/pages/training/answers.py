"""The answers of the trained nets on new streams."""

from __future__ import annotations

import numpy as np
import streamlit as st

from rnnviz import plot
from rnnviz.cells import CELLS
from rnnviz.plot.training import answer_panel, lag_panel, plan_name
from rnnviz.training.echo_stream import FLOOR
from rnnviz.ui import chart
from rnnviz.ui.pages.training import runs
from rnnviz.ui.pages.training.runs import Asked
from rnnviz.ui.shell.frame import theme
from rnnviz.words import say
from rnnviz.words.numbers import number, power


def answers_of(asked: Asked, steps: int) -> None:
    """One cell's errors at each timestep, and what its answers correlate with."""
    st.subheader(say("What the trained nets have learnt"))
    cell = chart.choose_cell(asked.settings.cells)
    delay = asked.plan.delay
    answers = {plan: runs.knows(asked.settings, cell, plan, steps)
               for plan in asked.plans}  # fmt: skip
    chart.figure(
        plot.training_answers(answers, steps=steps, theme=theme()), key="training_answers",
        definition=say(
            "{cell} with its final weights, on {n} new streams that start from zero states. The "
            "first d answers cannot be known: their causes lie before the start. Always answering "
            "0 gives an error of {floor}.",
            cell=say(CELLS[cell].title), n=runs.streams(max(steps, 4 * delay)),
            floor=f"{FLOOR:.2f}",
        ),
        summary="; ".join(f"{plan_name(plan)}: {power(float(np.log10(one.error)))}"
                          for plan, one in answers.items()),
        data=lambda: chart.frame([answer_panel(answers, steps, theme())]),
    )  # fmt: skip
    chart.figure(
        plot.training_lags(answers, theme=theme()),
        key="training_lags",
        definition=say(
            "On the same streams. A net that has learnt the task has the correlation 1 at j = d = "
            "{d} and 0 elsewhere. The error is at least 1 − r².", d=delay,
        ),
        summary="; ".join(f"{plan_name(plan)}: r = {number(float(one.correlation[delay]))}"
                          for plan, one in answers.items()),
        data=lambda: chart.frame([lag_panel(answers, theme())]).rename_axis("j"),
    )  # fmt: skip
