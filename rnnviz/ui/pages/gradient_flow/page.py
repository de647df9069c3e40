"""The gradient flow page's parts."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from rnnviz import plot
from rnnviz.advice import definitions
from rnnviz.analysis.bounds import predictions
from rnnviz.analysis.forgetting import forgetting
from rnnviz.analysis.jacobian_estimate import ProbedMap
from rnnviz.cells import CELLS
from rnnviz.core.gradients import GradientFlow, LayerFlow
from rnnviz.experiments.settings import Settings
from rnnviz.figures import palette
from rnnviz.figures.axes import colour_range
from rnnviz.plot.flows import flow_panels
from rnnviz.ui import affordable, badge, cached, prose, tried, url_controls
from rnnviz.ui.advice import learnt
from rnnviz.ui.chart import enlarge, figure, frame, not_finite, plain
from rnnviz.ui.components.map_probe.probe import Question, probe
from rnnviz.ui.components.time_control import stage
from rnnviz.ui.pages.gradient_flow import findings
from rnnviz.ui.shell.frame import heading, theme
from rnnviz.words import say, word
from rnnviz.words.numbers import number, power

QUESTION = Question(
    start=word("from step t"),
    to=word("back to step k"),
    value=word("‖∂s_{t}/∂s_{k}‖ = {value}:"),
    nothing=word("The future does not reach the past."),
    product=word("the product of the step Jacobians ∂s_j/∂s_(j−1) for j = {k1} … {t}."),
    worst=word("Step {j} shrank it most: × {loss}."),
    least=word("Every step made it larger, step {j} the least: × {loss}."),
)
STATES = {"all": word("all of the state"), "h": word("h alone"), "c": word("c alone")}


def show(settings: Settings) -> None:
    """All cells small, then one: norms and gates, every step against every earlier one, inputs."""
    place = heading(say("How the gradient flows back"))
    flows, labels = cached.flows(settings), cached.labels(settings)
    if len(flows) > 1:
        _all(flows, labels)
    cell = enlarge(settings.cells)
    checked = badge.of_cells(place, settings, (cell,))
    found = flows[cell]
    flow = found.layers[0]
    one_loss = int(settings.loss_steps(cached.example(settings)).sum()) == 1
    alone, reached = cached.lone(settings, cell).layers[0], cached.reached(settings, cell)
    stage.timeline(len(flow.trace.record["x"]), labels=labels, back=True)
    prose.markdown(findings.finding(flow, alone, reached, tried.helping(settings, cell)))
    learnt.show(settings, cell)
    _now(flow)
    _flow(flow, labels, one_loss=one_loss)
    not_finite({cell: found})
    _map(settings, cell, flow, labels)
    _known(settings, flows, labels)
    prose.caption(f"{say(settings.in_words())}.")
    checked()


def _all(flows: Mapping[str, GradientFlow], labels: tuple[str, ...] | None) -> None:
    """The gradient of every cell's memory state, side by side on one scale."""
    logs = {cell: one.log10_norms(one.trace.model.cell.states[-1])[:, 0]
            for cell, one in flows.items()}  # fmt: skip
    figure(
        plot.flows_by_cell(flows, theme=theme(), labels=labels), key="all_flows",
        definition=say(
            "‖∂L/∂s_t‖₂ of each cell's memory state s at step t, in units of the loss per unit of "
            "s, all on one scale. s is c in an LSTM, h in a cell without c."
        ),
        summary=" ".join(
            say("{cell}: {last} at the last step, {first} at step 1.", cell=say(CELLS[cell].title),
                last=power(float(one[-1])), first=power(float(one[1])))
            for cell, one in logs.items()
        ),
        data=lambda: pd.DataFrame({say(CELLS[cell].title) + " (log₁₀)": one
                                   for cell, one in logs.items()}).rename_axis("t"),
    )  # fmt: skip


def _flow(flow: LayerFlow, labels: tuple[str, ...] | None, *, one_loss: bool) -> None:
    logs = flow.log10_norms("h")[:, 0]
    last, first = power(float(logs[-1])), power(float(logs[1]))
    figure(
        plot.gradient_flow(flow, theme=theme(), labels=labels), key="flow",
        definition=(f"{say(definitions.FLOW)} {_bottom(flow)} "
                    + findings.theory(flow, one_loss=one_loss) + _crosses(flow)),
        summary=say("‖∂L/∂h_t‖ runs from {last} at the last step to {first} at step 1.",
                    last=last, first=first) + " " + _tightness(flow, logs),
        data=lambda: frame(flow_panels(flow, theme())),
    )  # fmt: skip


def _crosses(flow: LayerFlow) -> str:
    """What the crosses mark, after a space, where there are any."""
    lines = [line for panel in flow_panels(flow, theme()) if panel.scale == "power"
             for line in panel.lines]  # fmt: skip
    zero = [plain(one.label) for one in lines if np.isneginf(one.values).any()]
    strange = [plain(one.label) for one in lines
               if (~np.isfinite(one.values) & ~np.isneginf(one.values))[1:].any()]  # fmt: skip
    parts = [(zero, word("× at the lower edge: a gradient of exactly 0 ({names}).")),
             (strange, word("× at the upper edge: not finite ({names})."))]  # fmt: skip
    return "".join(f" {say(words, names=', '.join(dict.fromkeys(names)))}"
                   for names, words in parts if names)  # fmt: skip


def _bottom(flow: LayerFlow) -> str:
    """What the lowest panel shows."""
    if any(signal.kind == "gate" for signal in flow.trace.cell.signals):
        return say("Bottom: the gates, 0 closed and 1 open.")
    return say("Bottom: the size of the hidden state; this cell has no gate.")


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
    n = flow.trace.record["h"].shape[-1] * (len(kind.states) if state == "all" else 1)
    if why := affordable.map_left_out(flow):
        st.warning(why)
        return
    found = _found(settings, cell, flow, state)
    logs, every = (found.log10, found.every) if isinstance(found, ProbedMap) else (found, 1)
    rows = np.arange(len(logs) - 1, -1, -every)[::-1]
    symbol = "s" if state == "all" else state
    far = float(logs[-1, 0])
    low, high = colour_range([logs])
    figure(
        plot.jacobian_map(found, state=state, theme=theme(), labels=labels),
        key="jacobian",
        definition=say(
            definitions.JACOBIAN, symbol=symbol, start=number(n**0.5), n=n, low=power(low),
            high=power(high),
        ),
        summary=say(
            "{cell}: from the last step back to the initial state {far}, one step back at the end "
            "{near}.", cell=say(kind.title), far=power(far), near=power(float(logs[-1, -2])),
        ),
        data=lambda: pd.DataFrame(
            logs[rows], index=rows, columns=[f"k = {k}" for k in range(logs.shape[1])],
        ).rename_axis(say("t, log₁₀ of the norm")),
    )  # fmt: skip
    if every == 1:
        probe(logs, name="jacobian", first=0, question=QUESTION, key="jacobian_probe")


def _known(
    settings: Settings, flows: Mapping[str, GradientFlow], labels: tuple[str, ...] | None
) -> None:
    """`_forgetting` of whole nets, where it is quick enough; of a reverse direction nothing."""
    if settings.reads_backwards:
        return
    if cached.cell_in_parts(settings):
        flows = {cell: cached.whole(cached.undirected(settings), cell) for cell in flows}
    if why := affordable.forgetting_left_out(flows.values()):
        st.warning(why)
        return
    _forgetting(flows, labels)


def _forgetting(flows: Mapping[str, GradientFlow], labels: tuple[str, ...] | None) -> None:
    """Draw ‖∂(last output)/∂x_t‖ beside the gradient of the loss."""
    st.subheader(say("What the last output still knows of each input"))
    found = {cell: forgetting(flow.trace) for cell, flow in flows.items()}
    figure(
        plot.forgetting(flows, theme=theme(), labels=labels), key="forgetting",
        definition=say(
            "Solid: ‖∂y_T/∂x_t‖_F, the change of the last output y_T per unit of change of the "
            "input at step t, without any loss. Dashed: ‖∂L/∂x_t‖₂ of the loss. With one loss on "
            "the last step and one output the two differ by a constant factor."
        ),
        summary=" ".join(
            say("{cell}: {last} for the last input, {first} for the first.",
                cell=say(CELLS[cell].title), last=power(float(one[-1])), first=power(float(one[0])))
            for cell, one in found.items()
        ),
        data=lambda: pd.DataFrame(
            {say(CELLS[cell].title) + " (log₁₀)": one for cell, one in found.items()},
            index=range(1, 1 + len(next(iter(found.values())))),
        ).rename_axis("t"),
    )  # fmt: skip


def _found(
    settings: Settings, cell: str, flow: LayerFlow, state: str
) -> NDArray[np.float64] | ProbedMap:
    """The map's norms: exact, or else estimated, which is said."""
    if (probes := affordable.map_probes(flow)) is None:
        return cached.jacobians(settings, cell, state)
    every = affordable.map_every(flow, probes)
    found = cached.probed(settings, cell, state, probes, every)
    st.info(affordable.map_note(flow, found))
    return found


def _now(flow: LayerFlow) -> None:
    """The norms at the current timestep."""
    names = [signal.name for signal in flow.trace.cell.signals]
    values = np.stack([flow.log10_norms(name)[1:, 0] for name in names])
    parts = [stage.Segment(say("‖∂L/∂ ·‖ at t = {t}:") + "  ")]
    for k, name in enumerate(names):
        color = palette.signal_css(name)
        parts.append(stage.Segment(f"{'  ·  ' * (k > 0)}{name} {{{k}:log}}", color))
    stage.readout(parts, values, key="flow_now")
