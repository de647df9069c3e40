"""The page of gradient paths: along the kept state, or through the weights."""

from __future__ import annotations

import numpy as np
import streamlit as st

from rnnviz import plot
from rnnviz.analysis.gradient_paths import Roads
from rnnviz.cells import CELLS
from rnnviz.core.trace import Trace
from rnnviz.experiments.settings import Settings
from rnnviz.plot.paths import memory_panel, path_panels
from rnnviz.ui import badge, cached
from rnnviz.ui.advice.measured import best
from rnnviz.ui.chart import choose_cell, figure, frame, not_finite
from rnnviz.ui.components.time_control import stage
from rnnviz.ui.pages.roads import findings
from rnnviz.ui.shell.frame import heading, theme
from rnnviz.words import say, word
from rnnviz.words.numbers import number


def show(settings: Settings) -> None:
    """The gradient by path over time, with the gates above it on the same axis."""
    place = heading(say("Which road does the gradient take?"))
    cell = choose_cell(settings.cells)
    flow, labels = cached.flow(settings, cell), cached.labels(settings)
    found = cached.gradient_paths(settings, cell)
    stage.timeline(len(flow.trace.x), labels=labels, back=True)
    _now(found)
    words = findings.finding(say(CELLS[cell].title), found, CELLS[cell].open_path)
    st.markdown(f"{words} {best(cached.helping(settings, cell), cell)}".rstrip())
    figure(
        plot.gradient_paths(flow.layers[0].trace, found, theme=theme(), labels=labels), key="roads",
        definition=_definition(found, CELLS[cell].open_path), summary=words.replace("**", ""),
        data=lambda: frame(path_panels(flow.layers[0].trace, found, theme())),
    )  # fmt: skip
    not_finite({cell: flow})
    if found.gate is not None:
        _constants(flow.trace, found, labels)
    st.caption(f"{say(settings.in_words())}.")
    badge.show_cells(place, settings, (cell,))


def _definition(found: Roads, open_path: bool) -> str:
    template = (
        word("∂L/∂{state}_t = kept road + through the weights, as vectors. The kept road is what "
             "came from the loss along {state} alone: ∏ {gate}, never through a weight. Share: "
             "‖kept‖ / (‖kept‖ + ‖weights‖).")
        if found.gate
        else word("∂L/∂{state}_t = kept road + through the weights, as vectors. The kept road is "
                  "what came from the loss along {state} alone, times 1 at every step. "
                  "Share: ‖kept‖ / (‖kept‖ + ‖weights‖).")
        if open_path
        else word("∂L/∂{state}_t = kept road + through the weights, as vectors. The kept road is "
                  "what came from the loss along {state} alone: which this cell does not have. "
                  "Share: ‖kept‖ / (‖kept‖ + ‖weights‖).")
    )  # fmt: skip
    return say(template, state=found.state, gate=found.gate)


def _constants(trace: Trace, found: Roads, labels: tuple[str, ...] | None) -> None:
    st.subheader(say("How long each unit would remember"))
    panel = memory_panel(trace, theme())
    middle_one = float(10.0 ** panel.lines[1].values.mean())
    figure(
        plot.memory(trace, theme=theme(), labels=labels), key="constants",
        definition=say(
            "τ = 1 / (1 − {gate}_t) of each unit: the steps it would remember if its "
            "gate stayed as it is at t. Quantiles over the units.", gate=found.gate,
        ),
        summary=say("The median unit would remember about {count} steps.",
                    count=number(middle_one)),
        data=lambda: frame([panel]),
    )  # fmt: skip


def _now(found: Roads) -> None:
    values = np.stack([found.total[1:], found.main[1:], found.rest[1:], found.share[1:]])
    stage.readout(
        say("‖∂L/∂{state}‖ at t = {t}: {0:log} in all, {1:log} along the kept road, "
            "{2:log} through the weights; share of the kept road {3}", state=found.state),
        values, key="roads_now",
    )  # fmt: skip
