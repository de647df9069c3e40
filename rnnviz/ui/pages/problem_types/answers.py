"""The probabilities of every step, and which letter was to be answered."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from rnnviz import plot
from rnnviz.cells import CELLS
from rnnviz.experiments.problem_types import SYMBOLS
from rnnviz.experiments.unrolling import Unrolled
from rnnviz.ui import chart
from rnnviz.ui.components.problem_graph.graph import right
from rnnviz.ui.shell.frame import theme
from rnnviz.words import say
from rnnviz.words.numbers import number


def softmax_answers(found: dict[str, Unrolled]) -> None:
    """Every cell's probabilities over the letters, with the right one marked."""
    st.subheader(say("What the softmax answers"))
    one = next(iter(found.values()))
    asked = one.problem.answers(one.steps)
    means = [say("{cell} {value}", cell=say(CELLS[cell].title),
                 value=number(float(right(flow)[asked].mean())))
             for cell, flow in found.items()]  # fmt: skip
    chart.figure(
        plot.problem_answers(found, theme=theme()),
        key="problem_answers",
        definition=say(
            "p_t = softmax(y_t), a column adds up to 1; rings mark the letter that was to be "
            "answered, and with it where a loss −ln p sits. These weights are untrained: an even "
            "guess among {K} letters has p = {p} and the loss ln {K} = {loss}.",
            K=len(SYMBOLS), p=number(1 / len(SYMBOLS)), loss=number(float(np.log(len(SYMBOLS)))),
        ),
        summary=say("The right answer gets on average, over the steps that are asked: {cells}.",
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
