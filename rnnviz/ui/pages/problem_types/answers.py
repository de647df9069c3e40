"""The probabilities of every step, and which letter was to be answered."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from rnnviz import plot
from rnnviz.cells import CELLS
from rnnviz.experiments.problem_types import SYMBOLS
from rnnviz.experiments.unrolling import Unrolled
from rnnviz.plot.unrolled import right
from rnnviz.ui import chart
from rnnviz.ui.shell.frame import theme
from rnnviz.words import say
from rnnviz.words.numbers import number


def softmax_answers(found: dict[str, Unrolled]) -> None:
    """Every cell's probabilities over the letters, with the right one marked."""
    st.subheader(say("The probabilities of the answers"))
    one = next(iter(found.values()))
    asked = one.problem.answers(one.steps)
    means = [say("{cell} {value}", cell=say(CELLS[cell].title),
                 value=number(float(right(flow)[asked].mean())))
             for cell, flow in found.items()]  # fmt: skip
    chart.figure(
        plot.problem_answers(found, theme=theme()),
        key="problem_answers",
        definition=say(
            "Each column is p_t = softmax(y_t) and adds up to 1. A ring marks the right letter of "
            "a step that has a loss, −ln p. The weights are untrained; guessing evenly among {K} "
            "letters gives p = {p} and the loss ln {K} = {loss}.",
            K=len(SYMBOLS), p=number(1 / len(SYMBOLS)), loss=number(float(np.log(len(SYMBOLS)))),
        ),
        summary=say("Mean probability of the right answer, over the steps that have a loss: "
                    "{cells}.",
                    cells=", ".join(means)),
        data=lambda: _probability_table(found),
    )  # fmt: skip


def _probability_table(found: dict[str, Unrolled]) -> pd.DataFrame:
    columns = {
        f"{say(CELLS[cell].title)}, p({letter})": one.probabilities[:, 0, k]
        for cell, one in found.items()
        for k, letter in enumerate(SYMBOLS)
    }
    steps = next(iter(found.values())).steps
    return pd.DataFrame(columns, index=pd.RangeIndex(1, steps + 1, name="t"))
