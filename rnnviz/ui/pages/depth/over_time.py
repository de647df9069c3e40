"""The numbers at the current timestep, and one signal of each layer's units."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from rnnviz import plot
from rnnviz.analysis.stacks import layer_norms, losses_of, path_lengths, ways_back
from rnnviz.core.gradients import GradientFlow
from rnnviz.figures import palette
from rnnviz.plot.stacks import ARROWS, NAMES, layer_name, signal_bound
from rnnviz.ui import prose, url_controls
from rnnviz.ui.chart import figure
from rnnviz.ui.components.time_control import stage
from rnnviz.ui.shell.frame import theme
from rnnviz.words import say
from rnnviz.words.numbers import number

Values = NDArray[np.float64]


def now(flow: GradientFlow) -> None:
    """The gradient of every layer and direction at t: from above, through time, steps to a loss."""
    model = flow.trace.model
    stack = model.num_layers, model.bidirectional, model.direction
    lengths, norms = path_lengths(losses_of(flow), *stack), layer_norms(flow, "memory")
    state = model.cell.states[-1]
    colors = [palette.ramp(model.num_layers, look, readable=True) for look in palette.THEMES]
    rows: list[stage.Row] = []
    values: list[Values] = []
    for side, direction in enumerate(model.directions):
        for layer in reversed(range(model.num_layers)):
            ways, first = ways_back(flow, layer, direction), len(values)
            rows.append(stage.Row(
                f"{state}_t", say("{direction}, {layer}", layer=layer_name(layer),
                           direction=say(NAMES[direction])),
                f"light-dark({colors[0][layer]}, {colors[1][layer]})",
                cells=(f"{{{first}:log}}",
                       f"↓ {{{first + 1}:log}}, {ARROWS[direction]} {{{first + 2}:log}}",
                       say("{n} steps", n=f"{{{first + 3}}}")),
            ))  # fmt: skip
            values += [norms[side, layer], ways.down, ways.back, lengths[side, layer]]
    columns = (say("layer"), f"‖∂L/∂{state}‖₂",
               say("onto h: from above (↓), through time (←, →)"), say("to a loss"))  # fmt: skip
    stage.live(rows, np.stack(values), key="depth_now", columns=columns)
    prose.caption(say(
        "‖∂L/∂{state}‖₂ is that of the map. A layer hears from the others through h alone. From "
        "above (↓): from the layer above at the same step, or, in the top layer, from the loss. "
        "Through time (←, →): from the neighbouring step of the same layer. Added as vectors, the "
        "two give the whole gradient on h. To a loss: the number of steps on the shortest path; ∞ "
        "where there is none.", state=state,
    ))  # fmt: skip


def states(flow: GradientFlow, labels: tuple[str, ...] | None) -> None:
    """One signal of every layer and direction, units against time, all on one scale."""
    st.subheader(say("The signals of every layer, unit by unit"))
    model = flow.trace.model
    signals = {one.name: one for one in model.cell.signals}
    name = url_controls.buttons(
        say("Signal"), list(signals), key="of", default="h",
        words=lambda one: f"{one} · {say(signals[one].title)}",
    )  # fmt: skip
    signal, bound = signals[name], signal_bound(flow.trace, name)
    for column, direction in zip(st.columns(len(model.directions)), model.directions, strict=True):
        with column:
            figure(
                plot.layer_signal(flow.trace, name, direction=direction, scale=bound, theme=theme(),
                                  labels=labels, colorbar=False),
                key=f"depth_units_{direction}",
                definition=say(
                    "{signal}, {name}. Rows are units, columns are timesteps. All layers have the "
                    "same colour scale, from {low} to {high}.",
                    signal=signal.name, name=say(signal.title),
                    low=number(0.0 if signal.kind == "gate" else -bound), high=number(bound),
                ),
                summary=say("{name} of {count} layers, {direction}: heatmaps of units against "
                            "timesteps.", name=say(signal.title), count=model.num_layers,
                            direction=say(NAMES[direction])),
                data=partial(_units, flow, name, direction),
            )  # fmt: skip


def _units(flow: GradientFlow, name: str, direction: str) -> pd.DataFrame:
    """One row a timestep and unit, one column a layer."""
    layers = range(flow.trace.model.num_layers)
    values = {layer_name(k): flow.trace.layer(k, direction)[name][:, 0].ravel() for k in layers}
    steps, size = flow.trace.layer(0, direction)[name][:, 0].shape
    index = pd.MultiIndex.from_product([range(1, steps + 1), range(size)], names=["t", say("unit")])
    return pd.DataFrame(values, index=index)
