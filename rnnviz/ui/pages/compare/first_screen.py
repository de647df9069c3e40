"""The first screen of the compare page: what is found, the chart, the time; then its story."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from rnnviz.analysis.memory import Memory
from rnnviz.cells import CELLS
from rnnviz.core.gradients import GradientFlow
from rnnviz.experiments.settings import Settings
from rnnviz.figures import palette
from rnnviz.ui import cached, chart
from rnnviz.ui.components.gradient_overview.overview import Curve, overview
from rnnviz.ui.components.time_control import stage
from rnnviz.ui.pages.compare import findings
from rnnviz.ui.pages.compare.earlier import ghosts
from rnnviz.ui.shell import page_map
from rnnviz.ui.shell.frame import about_preset
from rnnviz.words import say


def draw(
    settings: Settings, found: dict[str, GradientFlow], merits: dict[str, Memory],
    labels: tuple[str, ...] | None,
) -> None:  # fmt: skip
    """The finding, the chart of all cells, and the time control under it."""
    losses = settings.loss_steps(cached.example(settings))
    st.markdown(findings.seen(found, merits))
    norms = {cell: cached.norms(flow) for cell, flow in found.items()}
    curves = [
        Curve(say(CELLS[cell].title), palette.cell_css(cell),
              palette.CELL_DASHES.get(cell, "dot"), values)
        for cell, values in norms.items()
    ]  # fmt: skip
    overview(curves, key="headline", losses=losses, labels=labels,
             summary=findings.summary(found, merits),
             ghosts=ghosts(settings, norms, _norms))  # fmt: skip
    stage.timeline(len(losses), labels=labels)


def _norms(settings: Settings, cell: str) -> NDArray[np.float64]:
    return cached.norms(cached.flow(settings, cell))


def story(settings: Settings, found: dict[str, GradientFlow], merits: dict[str, Memory]) -> None:
    """What to do about it, the preset's story, and what the chart draws, as data too."""
    losses = settings.loss_steps(cached.example(settings))
    st.markdown(findings.to_do(found, merits, one_loss=int(losses.sum()) == 1))
    about_preset()
    page_map.link_to()
    st.caption(say(
        "‖∂L/∂h_t‖₂ over the hidden units; t = 0 is the initial state. Dotted, where the loss is "
        "on one step only: a change by a constant factor γ a step. Drag to move the time."
    ))  # fmt: skip
    columns = {say(CELLS[cell].title): cached.norms(flow) for cell, flow in found.items()}
    index = say("t, log₁₀ of the norm")
    chart.words_and_table("headline", findings.summary(found, merits),
                          lambda: pd.DataFrame(columns).rename_axis(index))  # fmt: skip
    chart.not_finite(found)
