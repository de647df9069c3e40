"""A net without memory on the same letters: what its last output can depend on."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from rnnviz import plot
from rnnviz.analysis.forgetting import forgetting
from rnnviz.cells import CELLS
from rnnviz.experiments.memoryless import moved, on_first_letter
from rnnviz.experiments.settings import Settings
from rnnviz.numerics.arrays import Array
from rnnviz.ui import chart, prose
from rnnviz.ui.kept import kept
from rnnviz.ui.pages.problem_types import findings
from rnnviz.ui.shell.frame import theme
from rnnviz.words import say


def without_memory(settings: Settings) -> None:
    """The heading, what the numbers say, and ‖∂y_T/∂x_t‖ of every net."""
    if len(settings.example().x) < 2:
        return
    st.subheader(say("And a net without memory?"))
    logs, changes = _runs(settings)
    said = findings.memoryless(logs, changes)
    prose.markdown(said)
    named = {"": say("feed-forward")} | {cell: say(CELLS[cell].title) for cell in settings.cells}
    chart.figure(
        plot.input_dependence(logs, theme=theme()), key="input_dependence",
        definition=say(
            "‖∂y_T/∂x_t‖: how much the output at the last step depends on the input at t. The "
            "feed-forward net is the RNN with W_h = 0 and the same output layer; crosses mark "
            "exact zeros. The letters and the task are those of “Many to one”."
        ),
        summary=said,
        data=lambda: pd.DataFrame(
            {f"{named[cell]} (log₁₀)": one for cell, one in logs.items()},
            index=pd.RangeIndex(1, len(logs[""]) + 1, name="t"),
        ),
    )  # fmt: skip


@kept
def _runs(settings: Settings) -> tuple[dict[str, Array], dict[str, float]]:
    """Net → log10 ‖∂y_T/∂x_t‖ (T,), and the change of p_T by another first letter."""
    names = ("", *settings.cells)
    logs = {name: np.asarray(forgetting(on_first_letter(settings, name))) for name in names}
    return logs, {name: moved(settings, name) for name in names}
