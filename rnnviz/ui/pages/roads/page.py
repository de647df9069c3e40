"""The parts of the roads page: along the kept state, or through the weights."""

from __future__ import annotations

import numpy as np
import streamlit as st

from rnnviz.analysis.gradient_paths import Roads, time_constants
from rnnviz.cells import CELLS
from rnnviz.core.gradients import LayerFlow
from rnnviz.core.trace import Trace
from rnnviz.experiments.settings import Settings
from rnnviz.figures import palette
from rnnviz.figures.panels import Line, Panel, over_time
from rnnviz.ui import badge, cached
from rnnviz.ui.chart import choose_cell, figure, frame, middle, not_finite
from rnnviz.ui.components.time_control import stage
from rnnviz.ui.pages.roads import findings
from rnnviz.ui.shell.frame import heading, theme
from rnnviz.words import say, word
from rnnviz.words.numbers import number


def show(settings: Settings) -> None:
    """How much of the gradient takes which road, with the gates above it on the same axis."""
    place = heading(say("Which road does the gradient take?"))
    cell = choose_cell(settings.cells)
    flow, labels = cached.flow(settings, cell), cached.labels(settings)
    found = cached.roads_of(settings, cell)
    stage.timeline(len(flow.trace.x), labels=labels)
    _now(found)
    words = findings.finding(say(CELLS[cell].title), found, CELLS[cell].open_road)
    st.markdown(f"{words} {findings.to_do(flow.layers[0], found)}")
    rows = panels(flow.layers[0], found)
    figure(
        over_time(rows, theme=theme(), labels=labels, height=200, first=0), key="roads",
        definition=_definition(found, CELLS[cell].open_road), summary=words.replace("**", ""),
        data=lambda: frame(rows),
    )  # fmt: skip
    not_finite({cell: flow})
    if found.gate is not None:
        _constants(flow.trace, found, labels)
    st.caption(f"{say(settings.in_words())}.")
    badge.show_cells(place, settings, (cell,))


def panels(flow: LayerFlow, found: Roads) -> list[Panel]:
    """Gates on top; under them the two roads' norms, and the share of the main road."""
    look, cell = theme(), flow.trace.cell
    gates = [middle(s.name, flow.trace[s.name][:, 0], s.name, look)
             for s in cell.signals if s.kind == "gate"]  # fmt: skip
    ink, quiet = palette.signal_color(found.state, look), palette.QUIET[look]
    main = palette.signal_color(found.gate or "h", look)
    norms = [
        Line(say("total"), found.total, ink, first=0),
        Line(say("kept road"), found.main, main, "longdash", first=0),
        Line(say("weights"), found.rest, quiet, "dot", first=0),
    ]
    share = [Line(say("kept road"), found.share, main, first=0)]
    words = say("Gates: mean and middle 80 % of units")
    axis = f"‖∂L/∂{found.state}<sub>t</sub>‖₂"
    return [
        *([Panel(words, gates, "gate", say("value"))] if gates else []),
        Panel(say("Gradient of {state}, by road", state=found.state), norms, "power", axis),
        Panel(say("Share of the kept road"), share, "gate", say("share of the two norms")),
    ]


def _definition(found: Roads, open_road: bool) -> str:
    template = (
        word("∂L/∂{state}_t = kept road + through the weights, as vectors. The kept road is what "
             "came from the loss along {state} alone: ∏ {gate}, never through a weight. Share: "
             "‖kept‖ / (‖kept‖ + ‖weights‖).")
        if found.gate
        else word("∂L/∂{state}_t = kept road + through the weights, as vectors. The kept road is "
                  "what came from the loss along {state} alone, times 1 at every step. "
                  "Share: ‖kept‖ / (‖kept‖ + ‖weights‖).")
        if open_road
        else word("∂L/∂{state}_t = kept road + through the weights, as vectors. The kept road is "
                  "what came from the loss along {state} alone: which this cell does not have. "
                  "Share: ‖kept‖ / (‖kept‖ + ‖weights‖).")
    )  # fmt: skip
    return say(template, state=found.state, gate=found.gate)


def _constants(trace: Trace, found: Roads, labels: tuple[str, ...] | None) -> None:
    st.subheader(say("How long each unit would remember"))
    values = np.asarray(time_constants(trace)[:, 0], np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log10(np.quantile(values, [0.1, 0.5, 0.9], axis=1, method="nearest"))
    look = theme()
    names, colors = ("10 %", say("median"), "90 %"), palette.ramp(3, look, readable=True)
    lines = [Line(*one) for one in zip(names, logs, colors, strict=True)]
    panel = Panel("", lines, "power", say("τ, steps"))
    middle_one = float(10.0 ** logs[1].mean())
    figure(
        over_time([panel], theme=look, labels=labels, height=200), key="constants",
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
