"""Vanishing is hard to notice while training: loss, total norm, and the gradient by timestep."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from rnnviz import plot
from rnnviz.browser.gradient_overview.contents import Contents
from rnnviz.plot.learning import history_scale
from rnnviz.ui import chart, prose
from rnnviz.ui.components.gradient_overview.overview import overview
from rnnviz.ui.components.update_slider.course import course
from rnnviz.ui.components.update_slider.slider import Move, chosen, update_slider
from rnnviz.ui.language import fragment
from rnnviz.ui.pages.training import at_checkpoints, findings_learning
from rnnviz.ui.pages.training.at_checkpoints import CURVES, TOLD, Gradients, history_key
from rnnviz.ui.pages.training.findings_learning import title
from rnnviz.ui.pages.training.watched import Shown
from rnnviz.ui.shell.frame import theme
from rnnviz.words import say

BESIDE_BAR = 1.35
"""The width of the map with the colour bar, relative to that of the others."""
UPDATE = "tu"


def show(shown: Mapping[str, Shown]) -> None:
    """Draw norms by update and timestep, and any checkpoint by a slider."""
    st.subheader(say("Vanishing is hard to notice while training"))
    words = findings_learning.healthy(shown)
    if words:
        prose.markdown(words)
    _at(shown)


def _maps(found: Gradients) -> None:
    """Update × timestep, a map a cell, all on one scale; the browser marks the chosen update."""
    look = theme()
    last = list(found)[-1]
    columns = st.columns([BESIDE_BAR if cell == last else 1.0 for cell in found])
    for column, (cell, fig) in zip(columns, _figures(found, look).items(), strict=True):
        with column:
            st.plotly_chart(fig, key=history_key(cell), config=chart.CONFIG, alt=_told(cell))
    definition = say(
        "‖∂L_S/∂s_t‖₂ of the last loss alone, s the memory state (c, or h without one), over 32 "
        "sequences that were not trained on; root mean square. All maps have one scale. A row is a "
        "checkpoint: rows are equally high, though more and more updates lie between them."
    )  # fmt: skip
    prose.caption(definition + " " + say("The line marks the chosen update u."))
    words = say("gradient by update and timestep")
    chart.words_and_table(
        "train_history", words, lambda: pd.concat([
            pd.DataFrame(list(one.values()), index=[f"{title(cell)}, {update}" for update in one])
            for cell, one in found.items()
        ]),
        lambda: chart.page_of_row(
            {_told(cell): fig for cell, fig in _figures(found, look).items()},
            say("Vanishing is hard to notice while training"), words, definition, look,
        ),
    )  # fmt: skip


def _figures(found: Gradients, look: str) -> dict[str, go.Figure]:
    """Cell → its map; all have one scale, and the last one its colour bar."""
    scale = history_scale(found.values())
    return {
        cell: plot.gradient_history(one, title=f"<b>{title(cell)}</b>", scale=scale, theme=look,
                                    height=300, colorbar=cell == list(found)[-1])
        for cell, one in found.items()
    }  # fmt: skip


def _told(cell: str) -> str:
    return say("{cell}: gradient by update and timestep", cell=title(cell))


@fragment
def _at(shown: Mapping[str, Shown]) -> None:
    """The maps, and one checkpoint, by a slider, beside the net before training.

    All checkpoints are sent along: while the slider is dragged, the browser redraws.
    """
    found, known = at_checkpoints.gradients(shown), at_checkpoints.updates(shown)
    now = chosen(known, UPDATE)
    if len(known) > 1:
        update_slider(known, now, key="_train_slider", on_move=_move)
    pictures = at_checkpoints.pictures(shown)
    with st.container(key="rv-train-at"):  # whose parts a phone shows in another order
        with st.container(key="rv-train-maps"):
            _maps(found)
        overview(Contents(*pictures[now].charts[CURVES]), key=CURVES)
    with st.container(key=TOLD):
        st.html(next(iter(pictures[now].html.values())))
    course(pictures, now, key="_course")


def _move(move: Move) -> None:
    st.session_state[UPDATE] = move.update
