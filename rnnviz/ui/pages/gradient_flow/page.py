"""The gradient flow page's parts."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from rnnviz import plot
from rnnviz.analysis.bounds import predictions
from rnnviz.cells import CELLS
from rnnviz.core.gradients import LayerFlow
from rnnviz.experiments.settings import Settings
from rnnviz.figures import palette
from rnnviz.plot.flows import flow_panels
from rnnviz.ui import affordable, badge, cached, url_controls
from rnnviz.ui.chart import choose_cell, figure, frame, not_finite
from rnnviz.ui.components.map_probe.probe import Question, probe
from rnnviz.ui.components.time_control import stage
from rnnviz.ui.pages.gradient_flow import findings
from rnnviz.ui.shell.frame import heading, theme
from rnnviz.words import say, word
from rnnviz.words.numbers import power

QUESTION = Question(
    start=word("from step t"),
    to=word("back to step k"),
    value=word("‖∂s_{t}/∂s_{k}‖ = {value}:"),
    nothing=word("The future does not reach the past."),
    product=word("the product of the step Jacobians ∂s_j/∂s_(j−1) for j = {k1} … {t}."),
    worst=word(
        "The step that shrank it most, or grew it least, is step {j}: by a factor of {loss}."
    ),
)
STATES = {"all": word("all of the state"), "h": word("h alone"), "c": word("c alone")}


def show(settings: Settings) -> None:
    """Norms with theory's lines, every step against every earlier one, weights and gates."""
    place = heading(say("How the gradient flows back"))
    cell = choose_cell(settings.cells)
    found = cached.flows(settings)[cell]
    flow, labels = found.layers[0], cached.labels(settings)
    one_loss = int(settings.loss_steps(cached.example(settings)).sum()) == 1
    st.markdown(findings.finding(flow, one_loss=one_loss))
    stage.timeline(len(flow.trace.record["x"]), labels=labels, back=True)
    _now(flow)
    _flow(flow, labels)
    not_finite({cell: found})
    _map(settings, cell, flow, labels)
    st.caption(f"{say(settings.in_words())}.")
    badge.show_cells(place, settings, (cell,))


def _flow(flow: LayerFlow, labels: tuple[str, ...] | None) -> None:
    theory = "; ".join(f"{say(one.name)}: {say(one.words)}" for one in predictions(flow))
    logs = flow.log10_norms("h")[:, 0]
    last, first = power(float(logs[-1])), power(float(logs[1]))
    figure(
        plot.gradient_flow(flow, theme=theme(), labels=labels), key="flow",
        definition=say(
            "‖∂L/∂signal_t‖₂ over the units; ‖∂L/∂W restricted to step t‖ (Frobenius), "
            "which add up, as matrices, to the weight's gradient; how far the gates were open. "
            "Grey, what theory says of a loss on the last step that has one, S: {theory}.",
            theory=theory or say("nothing"),
        ),
        summary=say("‖∂L/∂h_t‖ runs from {last} at the last step to {first} at step 1.",
                    last=last, first=first) + " " + _tightness(flow, logs),
        data=lambda: frame(flow_panels(flow, theme())),
    )  # fmt: skip


def _tightness(flow: LayerFlow, logs: NDArray[np.float64]) -> str:
    """How far the first line of theory lies from the norm at step 1, in words."""
    found = predictions(flow)
    if not found or not np.isfinite(logs[1]) or not np.isfinite(found[0].log10[1]):
        return ""
    apart = float(found[0].log10[1] - logs[1])
    if apart > 0:
        return say("{line} lies {apart:.2g} powers of ten above it there.",
                   line=say(found[0].name), apart=apart)  # fmt: skip
    return say("{line} lies {apart:.2g} powers of ten below it there.",
               line=say(found[0].name), apart=-apart)  # fmt: skip


def _map(
    settings: Settings, cell: str, flow: LayerFlow, labels: tuple[str, ...] | None
) -> None:
    st.subheader(say("From every step back to every earlier one"))
    kind = CELLS[cell]
    states = ["all", *kind.states] if len(kind.states) > 1 else ["h"]
    state = states[0]
    if len(states) > 1:
        state = url_controls.buttons(say("Of"), states, key="state", default="all",
                               words=lambda name: say(STATES[name]))  # fmt: skip
    logs = _logs(settings, cell, flow, state)
    symbol = "s" if state == "all" else state
    far = float(logs[-1, 0])
    figure(
        plot.jacobian_map(logs, state=state, theme=theme(), labels=labels),
        key="jacobian",
        definition=say(
            "‖∂{symbol}_t/∂{symbol}_k‖ (Frobenius): how much step k still matters at step "
            "t, whatever the loss. It is the norm of the product of all step Jacobians between.",
            symbol=symbol,
        ),
        summary=say(
            "{cell}: from the last step back to the initial state {far}, one step back at the end "
            "{near}.", cell=say(kind.title), far=power(far), near=power(float(logs[-1, -2])),
        ),
        data=lambda: pd.DataFrame(logs).rename_axis(index="t", columns="k"),
    )  # fmt: skip
    probe(logs, name="jacobian", first=0, question=QUESTION, key="jacobian_probe")


def _logs(settings: Settings, cell: str, flow: LayerFlow, state: str) -> NDArray[np.float64]:
    """The map's norms: exact, or else estimated, which is said."""
    if (probes := affordable.map_probes(flow)) is None:
        return cached.jacobians(settings, cell, state)
    found = cached.probed(settings, cell, state, probes)
    st.info(affordable.map_note(flow, found))
    return found.log10


def _now(flow: LayerFlow) -> None:
    """The norms at the timestep, following it."""
    names = [signal.name for signal in flow.trace.cell.signals]
    values = np.stack([flow.log10_norms(name)[1:, 0] for name in names])
    parts = [stage.Segment(say("‖∂L/∂ ·‖ at t = {t}:") + "  ")]
    for k, name in enumerate(names):
        color = palette.signal_css(name)
        parts.append(stage.Segment(f"{'  ·  ' * (k > 0)}{name} {{{k}:log}}", color))
    stage.readout(parts, values, key="flow_now")
