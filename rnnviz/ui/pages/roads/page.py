"""The page of gradient paths: along the kept state, or through the weights."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from rnnviz import advice, plot
from rnnviz.advice import definitions
from rnnviz.advice.measured import best
from rnnviz.analysis.gradient_paths import Roads
from rnnviz.cells import CELLS
from rnnviz.core.trace import Trace
from rnnviz.experiments.settings import Settings
from rnnviz.plot.paths import memory_panel, path_panels
from rnnviz.ui import badge, cached, prose, tried
from rnnviz.ui.advice import learnt
from rnnviz.ui.chart import by_cell, enlarge, figure, frame, not_finite
from rnnviz.ui.components.time_control import stage
from rnnviz.ui.pages.roads import findings
from rnnviz.ui.shell.frame import heading, theme
from rnnviz.words import say, word
from rnnviz.words.numbers import number


def show(settings: Settings) -> None:
    """The gradient by path over time, with the gates above it on the same axis."""
    place = heading(say("Along the memory state, or through the weights?"))
    labels = cached.labels(settings)
    known = _with_gradient(settings)
    if len(known) > 1:
        _all(settings, known, labels)
    cell = enlarge(settings.cells)
    flow = cached.flow(settings, cell)
    if cached.arrives_rounded(settings, cell):
        st.info(say(
            "At some steps the gradient that comes from the layer above is beyond the range of "
            "float64: this page takes it as 0 or ∞ there. The norms on “Gradient flow” are right."
        ))  # fmt: skip
    if cell not in known:
        stage.timeline(len(flow.trace.x), labels=labels, back=True)
        not_finite({cell: flow})
        return
    checked = badge.of_cells(place, settings, (cell,))
    found = cached.gradient_paths(settings, cell)
    stage.timeline(len(flow.trace.x), labels=labels, back=True)
    _now(found)
    words = findings.finding(say(CELLS[cell].title), found, CELLS[cell].open_path)
    reached = cached.reached(settings, cell)
    left = advice.left(cached.lone(settings, cell).layers[0], reached)
    prose.markdown(f"{left} {words} {best(tried.helping(settings, cell), cell)}".rstrip())
    learnt.show(settings, cell)
    figure(
        plot.gradient_paths(flow.layers[0].trace, found, theme=theme(), labels=labels), key="roads",
        definition=_definition(found, CELLS[cell].open_path, reached.start),
        summary=words.replace("**", ""),
        data=lambda: frame(path_panels(flow.layers[0].trace, found, theme())),
    )  # fmt: skip
    not_finite({cell: flow})
    if found.gate is not None:
        _constants(flow.trace, found, labels)
    prose.caption(f"{say(settings.in_words())}.")
    checked()


def _with_gradient(settings: Settings) -> tuple[str, ...]:
    """The cells whose outputs are numbers: the loss of others has no gradient."""
    return tuple(cell for cell in settings.cells
                 if np.isfinite(cached.lone(settings, cell).outputs).all())  # fmt: skip


def _all(settings: Settings, cells: tuple[str, ...], labels: tuple[str, ...] | None) -> None:
    """Both paths of these cells, side by side on one scale."""
    paths = {cell: cached.gradient_paths(settings, cell) for cell in cells}
    figure(
        plot.paths_by_cell(paths, theme=theme(), labels=labels), key="all_roads",
        definition=say(definitions.PATHS),
        summary=" ".join(findings.finding(say(CELLS[cell].title), one, CELLS[cell].open_path)
                         for cell, one in paths.items()).replace("**", ""),
        data=lambda: by_cell({cell: _table(one) for cell, one in paths.items()}),
    )  # fmt: skip


def _table(found: Roads) -> pd.DataFrame:
    columns = {say("whole gradient"): found.total, say("along the memory state"): found.main,
               say("through the weights"): found.rest}  # fmt: skip
    return pd.DataFrame(columns).rename_axis(say("t, log₁₀ of the norm"))


def _definition(found: Roads, open_path: bool, start: int) -> str:
    template = (
        word("∂L/∂{state}_t is the sum of two vectors. Along {state}: what came from the loss "
             "multiplied by {gate} at every step and by no weight. Through the weights: all that "
             "met W_h at least once. Share: ‖along {state}‖ / (‖along {state}‖ + ‖weights‖).")
        if found.gate
        else word("∂L/∂{state}_t is the sum of two vectors. Along {state}: what came from the "
                  "loss multiplied by 1 at every step and by no weight. Through the weights: all "
                  "that met W_h at least once. Share: ‖along {state}‖ / (‖along {state}‖ + "
                  "‖weights‖).")
        if open_path
        else word("∂L/∂{state}_t is the sum of two vectors. Along {state} there is only what the "
                  "losses give to step t itself: in this cell every way back passes through "
                  "weights or a function. Share: ‖along {state}‖ / (‖along {state}‖ + ‖weights‖).")
    )  # fmt: skip
    said = say(template, state=found.state, gate=found.gate)
    return said + " " + say("L is the loss of step {start} alone.", start=start)


def _constants(trace: Trace, found: Roads, labels: tuple[str, ...] | None) -> None:
    st.subheader(say("How long each unit would remember"))
    panel = memory_panel(trace, theme())
    middle_one = float(10.0 ** panel.lines[1].values.mean())
    figure(
        plot.memory(trace, theme=theme(), labels=labels), key="constants",
        definition=say(
            "τ = 1 / (1 − {gate}_t), in steps: if a unit's gate stayed as it is at step t, 37 % of "
            "its state or less would be left after τ steps. The lines are the median and the 10 % "
            "and 90 % quantiles over the units.", gate=found.gate,
        ),
        summary=say("The median unit would remember about {count} steps.",
                    count=number(middle_one)),
        data=lambda: frame([panel]),
    )  # fmt: skip


def _now(found: Roads) -> None:
    values = np.stack([found.total[1:], found.main[1:], found.rest[1:], found.share[1:]])
    stage.readout(
        say("‖∂L/∂{state}‖ at t = {t}: {0:log} in all, {1:log} along {state} alone, "
            "{2:log} through the weights; share along {state} {3}", state=found.state),
        values, key="roads_now",
    )  # fmt: skip
