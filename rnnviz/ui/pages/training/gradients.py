"""One window's gradient uncut and cut, at the same weights and states."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from rnnviz import plot
from rnnviz.cells import CELLS
from rnnviz.plot.training import cut_scale
from rnnviz.training.cut_effect import Compared
from rnnviz.ui import chart, prose, url_controls
from rnnviz.ui.pages.training import runs
from rnnviz.ui.pages.training.runs import Asked
from rnnviz.ui.shell.frame import theme
from rnnviz.words import say, word
from rnnviz.words.numbers import number, power

WHEN = {
    "start": word("before training"),
    "half": word("halfway"),
    "end": word("after training"),
}


def gradients(asked: Asked) -> None:
    """log10 norms per timestep of the window and before it, side by side, and the cosines."""
    st.subheader(say("The gradient of one window, full and truncated"))
    when = url_controls.buttons(say("Weights"), list(WHEN), key="when_trained", default="end",
                          words=lambda one: say(WHEN[one]))  # fmt: skip
    found = {cell: runs.taken(asked.settings, cell, asked.plan, _update(asked, cell, when))
             for cell in asked.settings.cells}  # fmt: skip
    look = theme()
    figures = _figures(found, look)
    for column, (cell, one) in zip(st.columns(len(found)), found.items(), strict=True):
        fig = figures[cell]
        with column:
            st.plotly_chart(fig, key=f"training_gradient_{cell}", config=chart.CONFIG,
                            alt=words(cell, one))  # fmt: skip
    definition = say(
        "‖∂L/∂h_t‖₂ over {B} streams. L is the loss of the last window of a new stream, which the "
        "net reads once, from zero states, so that both gradients belong to the same states. "
        "Within the window they are equal; before the cut the truncated gradient is 0.",
        B=asked.plan.batch,
    )  # fmt: skip
    prose.caption(definition)
    said = " ".join(words(cell, one) for cell, one in found.items())
    prose.markdown(said)
    title = say("The gradient of one window, full and truncated")
    chart.words_and_table(
        "training_gradients", said, lambda: _table(found),
        lambda: chart.page_of_row(
            {words(cell, one): fig for (cell, one), fig in
             zip(found.items(), _figures(found, look).values(), strict=True)},
            title, said, definition, look,
        ),
    )  # fmt: skip


def _figures(found: dict[str, Compared], look: str) -> dict[str, go.Figure]:
    """Cell → its chart; all have one scale."""
    scale = cut_scale(found.values())
    return {
        cell: plot.cut_gradient(one, title=f"<b>{say(CELLS[cell].title)}</b>", scale=scale,
                                theme=look)
        for cell, one in found.items()
    }  # fmt: skip


def _update(asked: Asked, cell: str, when: str) -> int:
    """The update whose weights are shown; the last one of a run that ended early."""
    known = runs.trained(asked.settings, cell, asked.plan).models
    wanted = {"start": 0, "half": asked.plan.updates // 2, "end": max(known)}[when]
    return wanted if wanted in known else max(known)


def words(cell: str, one: Compared) -> str:
    """The share of the weights' gradient that the cut leaves, and its cosine with the uncut one."""
    return say(
        "{cell}: the truncated gradient of all weights has {ratio} times the norm of the full "
        "one; their cosine is {cosine}.", cell=say(CELLS[cell].title), ratio=power(one.log10_ratio),
        cosine=number(one.cosine),
    )  # fmt: skip


def _table(found: dict[str, Compared]) -> pd.DataFrame:
    columns = {}
    for cell, one in found.items():
        t = range(-one.before, len(one.log10_full) - one.before)
        title = say(CELLS[cell].title)
        columns[f"{title}, {say('full')}"] = pd.Series(one.log10_full, index=t)
        columns[f"{title}, {say('truncated')}"] = pd.Series(one.log10_cut, index=t[one.before :])
    return pd.DataFrame(columns).rename_axis(say("t, log₁₀ of the norm"))
