"""The page of stacks: the gradient across depth against the gradient across time."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from rnnviz import advice, plot
from rnnviz.analysis.stacks import layer_norms, losses_of
from rnnviz.cells import CELLS
from rnnviz.core.gradients import GradientFlow
from rnnviz.experiments.changes import allowed
from rnnviz.experiments.settings import Settings
from rnnviz.experiments.settings_checks import BUDGET
from rnnviz.experiments.stacked_settings import MOST_LAYERS, Stacked
from rnnviz.plot.stacks import NAMES, layer_name
from rnnviz.ui import affordable, badge, cached, prose, url_controls
from rnnviz.ui.chart import choose_cell, figure
from rnnviz.ui.components.time_control import stage
from rnnviz.ui.pages.depth import over_time
from rnnviz.ui.pages.depth.checks import cheap, checks
from rnnviz.ui.pages.depth.factors import factors
from rnnviz.ui.pages.depth.findings import finding
from rnnviz.ui.pages.depth.paths import paths
from rnnviz.ui.shell import take_along
from rnnviz.ui.shell.frame import heading, theme
from rnnviz.words import say
from rnnviz.words.numbers import power

LAYERS, TWO = 3, True
"""The number of layers and directions that the page opens on."""
FLOW = "pages/Gradient_flow.py"
Values = NDArray[np.float64]


def show(settings: Settings) -> None:
    """The map, its numbers over time, what the layers did, and the paths that explain it."""
    place = heading(say("Through time, or through depth?"))
    prose.caption(say(
        "The map shows how large the gradient is in every layer (rows) at every timestep "
        "(columns). Read it from the loss in the top layer: downwards, to the left in the forward "
        "direction, and to the right in the reverse direction."
    ))  # fmt: skip
    if settings.net is not None and settings.net.model.direction == "reverse":
        prose.markdown(say(
            "The opened net reads from the end alone, and this page begins at the start: its "
            "gradient at every step is shown on “Gradient flow”."
        ))  # fmt: skip
        st.page_link(FLOW, label=say("Gradient flow"))
        return
    with st.container(horizontal=True, vertical_alignment="bottom", gap="large"):
        cell = choose_cell(settings.cells)
        shown = _stacked(settings) if settings.net is None else Stacked.of(settings, 1, False)
    take_along.instead(shown)
    flow, labels = cached.flow(shown, cell), cached.labels(shown)
    stage.timeline(len(flow.trace.x), labels=labels, back=True)
    words = finding(flow, _others(shown, cell))
    prose.markdown(words)
    _map(flow, labels, say(CELLS[cell].title))
    over_time.now(flow)
    _not_finite(flow)
    _norms(flow, labels, say(CELLS[cell].title))
    factors(shown)
    over_time.states(flow, labels)
    paths(flow, labels)
    prose.caption(_about(shown))
    badge.show(place, lambda: {say(CELLS[cell].title): checks(shown, cell)},
               at_once=cheap(shown, cell))  # fmt: skip


def _stacked(settings: Settings) -> Stacked:
    """The stack that is asked for; more layers and directions than can be shown are not offered."""
    most = BUDGET // (len(cached.example(settings).x) * settings.hidden_size**2)
    layers = int(url_controls.buttons(
        say("Layers"), [str(n) for n in range(1, min(MOST_LAYERS, most) + 1)], key="layers",
        default=str(min(LAYERS, most)), words=str,
        help=say("T × H² × layers × directions is at most {most:,}.", most=BUDGET),
    ))  # fmt: skip
    both = 2 * layers <= most and url_controls.switch(say("Two directions"), key="bi", default=TWO)
    return Stacked.of(settings, layers, both)


def _others(settings: Stacked, cell: str) -> dict[str, GradientFlow]:
    """Name → flow of the stacks with a layer less or more and of the other number of directions."""
    if settings.net is not None:
        return {}
    layers, both = settings.num_layers, settings.bidirectional
    wanted = {n: replace(settings, num_layers=n) for n in (layers - 1, layers + 1) if n}
    named = {say("1 layer") if n == 1 else say("{n} layers", n=n): one
             for n, one in wanted.items() if n <= MOST_LAYERS}  # fmt: skip
    named[say("one direction") if both else say("two directions")] = replace(
        settings, bidirectional=not both
    )
    return {name: cached.flow(one, cell) for name, one in named.items()
            if affordable.trials_by_themselves(one) and allowed(one)}  # fmt: skip


def _about(settings: Stacked) -> str:
    if settings.net is not None:
        return say("{settings}.", settings=say(settings.in_words()))
    said = say("{settings}. Sequence, seed, loss and initialisation are the same on all pages.",
               settings=say(settings.in_words()))  # fmt: skip
    if not settings.bidirectional:
        said += " " + say("Layer 1 has the same weights as the one-layer net of the other pages.")
    if any(one.cell in settings.cells for one in settings.edits):
        said += " " + say("Edited weights apply only to layer 1, forward direction.")
    if settings.hold:
        said += " " + say("Held gates are held in every layer and direction.")
    return said


def _not_finite(flow: GradientFlow) -> None:
    at = flow.trace.first_nonfinite
    found = at or flow.first_nonfinite
    if found is not None:
        cell = say(flow.trace.model.cell.title)
        words = replace(found, layer=found.layer + 1).words
        if at is not None:
            st.info(say("{cell}: {words}", cell=cell, words=words))
        else:
            st.info(say("{cell}: {words} The logarithms stay right.", cell=cell, words=words))


def _map(flow: GradientFlow, labels: tuple[str, ...] | None, name: str) -> None:
    logs, state = layer_norms(flow, "memory"), flow.trace.model.cell.states[-1]
    figure(
        plot.depth_map(flow, theme=theme(), labels=labels), key="depth_map",
        definition=_definition(state, several=int(losses_of(flow).sum()) > 1),
        summary=_map_words(logs, name, state), data=lambda: _table(flow, logs),
    )  # fmt: skip


def _definition(state: str, *, several: bool) -> str:
    said = say(
        "Colour: ‖∂L/∂{state}_t‖₂ on the memory state {state} of every layer (rows) at every "
        "timestep (columns), on one scale; grey is exactly 0, as where no path leads to a loss. "
        "The gradient enters the top layer at the steps that have a loss. It goes down to the "
        "layer below at the same step (↓), and through time within a layer: to earlier steps in "
        "the forward direction (←), to later steps in the reverse direction (→), which reads from "
        "the end. The numbers beside ← and → are γ_time, the mean factor of a step; those beside "
        "↓ are γ_depth, the mean factor of a layer.", state=state,
    )  # fmt: skip
    return said + " " + say(
        "The colours add up all losses; γ_time and the sentence above follow one loss alone."
    ) if several else said  # fmt: skip


def _map_words(logs: Values, name: str, state: str) -> str:
    lines = [say("{cell}: gradient norm of the memory state {state}, layer against timestep.",
                 cell=name, state=state)]  # fmt: skip
    for side, direction in enumerate(("forward", "reverse")[: len(logs)]):
        for layer in reversed(range(logs.shape[1])):
            row = logs[side, layer]
            reached = int((~np.isneginf(row)).sum())
            lines.append(say(
                "{layer}, {direction}: {first} at step 1, {last} at step {T}; not 0 at {steps}.",
                layer=layer_name(layer), direction=say(NAMES[direction]), first=power(row[0]),
                last=power(row[-1]), T=len(row), steps=advice.steps(reached),
            ))  # fmt: skip
    return " ".join(lines)


def _table(flow: GradientFlow, logs: Values) -> pd.DataFrame:
    columns = {
        f"{layer_name(layer)}, {say(NAMES[direction])}": logs[side, layer]
        for side, direction in enumerate(flow.trace.model.directions)
        for layer in reversed(range(logs.shape[1]))
    }
    index = pd.RangeIndex(1, logs.shape[-1] + 1, name=say("t, log₁₀ of the norm"))
    return pd.DataFrame(columns, index=index)


def _norms(flow: GradientFlow, labels: tuple[str, ...] | None, name: str) -> None:
    logs = layer_norms(flow, "memory")
    if np.isneginf(logs).all():
        return
    low, high = (float(edge) for edge in _ends(logs))
    figure(
        plot.layer_norms(flow, theme=theme(), labels=labels), key="depth_norms",
        definition=say("Each line is a layer; layer 1 reads the input. Crosses at the bottom are "
                       "exactly 0."),
        summary=say("{cell}: the norms of all layers lie between {low} and {high}.", cell=name,
                    low=power(low), high=power(high)),
        data=lambda: _table(flow, logs),
    )  # fmt: skip


def _ends(logs: Values) -> tuple[float, float]:
    finite = logs[np.isfinite(logs)]
    return (finite.min(), finite.max()) if finite.size else (-np.inf, -np.inf)
