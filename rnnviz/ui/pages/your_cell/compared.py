"""The own cell's gradient beside that of RNN, LSTM and GRU on the same sequence."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from rnnviz import advice
from rnnviz.analysis.reach import Reach
from rnnviz.browser.gradient_overview.contents import HEIGHT, Curve, contents
from rnnviz.browser.packets import pack
from rnnviz.cells import CELLS, OwnCell
from rnnviz.experiments.settings import Settings
from rnnviz.figures import palette
from rnnviz.ui import cached, prose
from rnnviz.ui.chart import page_of_drawing, words_and_table
from rnnviz.ui.components.gradient_overview.overview import overview
from rnnviz.ui.pages.your_cell import findings
from rnnviz.words import say
from rnnviz.words.numbers import number


def show(settings: Settings, kind: type[OwnCell]) -> None:
    """Norms of the last loss's gradient on each cell's memory state, and their figures."""
    st.subheader(say("Beside RNN, LSTM and GRU"))
    flows = {cell: cached.lone(settings, cell) for cell in settings.cells}
    found = cached.reaches(settings)
    prose.markdown(findings.compared(flows, found))
    start = next(iter(found.values())).start
    curves = [
        Curve(say(CELLS[cell].title), palette.cell_css(cell), palette.CELL_DASHES.get(cell, "dot"),
              one.log10_norms, one.signal)
        for cell, one in found.items()
    ]  # fmt: skip
    losses = np.arange(1, len(curves[0].values)) == start
    summary = findings.compared(flows, found).replace("**", "")
    drawn = contents(curves, losses=losses, start=start,
                     title=say("‖∂L_S/∂s_t‖, s the memory state, S = {S}", S=start),
                     labels=cached.labels(settings), summary=summary)  # fmt: skip
    overview(drawn, key="own_overview")
    columns = {say(CELLS[cell].title): one.log10_norms for cell, one in found.items()}
    index, labels = say("t, log₁₀ of the norm"), cached.labels(settings)
    words_and_table(
        "own_overview", summary, lambda: pd.DataFrame(columns).rename_axis(index),
        lambda: page_of_drawing("gradient_overview/overview", pack(*drawn), index, summary,
                                len(losses), labels, HEIGHT),
    )  # fmt: skip
    _figures(settings, kind, found)


def _figures(settings: Settings, kind: type[OwnCell], found: dict[str, Reach]) -> None:
    """One row a cell: the figures that all pages show, and how many numbers it learns."""
    head = ["", say("state"), say("left at step 1"), say("mean factor"), say("1 % horizon"),
            say("parameters")]  # fmt: skip
    rows = [head, ["---"] * len(head)]
    for cell, one in found.items():
        flow = cached.lone(settings, cell)
        figures = ["–"] * 3
        if advice.verdict(flow.layers[0], one) == "fine":
            far = say("not reached") if one.horizon is None else advice.steps(one.horizon)
            figures = [advice.share(one), number(one.factor), far]
        count = f"{flow.trace.model.parameter_count:,}"
        title = say(CELLS[cell].title)
        rows.append([f"**{title}**" if cell == kind.name else title, one.signal, *figures, count])
    st.markdown("\n".join(f"| {' | '.join(row)} |" for row in rows))
    prose.caption(say(
        "All have the seed, H and initialisation of the sidebar. A gate that keeps the memory "
        "state starts with the bias that the sidebar sets for the LSTM (of a state c) or the GRU "
        "(of a state h). Parameters: weights and biases of the cell; those of the output layer are "
        "not counted."
    ))  # fmt: skip
