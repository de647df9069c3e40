"""Parts of the page of stacks that follow time, show what the layers did, and draw the paths."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import streamlit as st
from numpy.typing import NDArray

from rnnviz.analysis.stacks import layer_norms, losses_of, one_loss, path_lengths, ways_back
from rnnviz.core.gradients import GradientFlow
from rnnviz.figures import heatmaps, palette
from rnnviz.figures.panels import Line
from rnnviz.figures.paths import paths_and_norms
from rnnviz.ui import url_controls
from rnnviz.ui.chart import figure
from rnnviz.ui.components.time_control import stage
from rnnviz.ui.shell.frame import theme
from rnnviz.words import say, word
from rnnviz.words.numbers import number, power

NAMES = {"forward": word("Forward direction"), "reverse": word("Reverse direction")}
ARROWS = {"forward": "←", "reverse": "→"}
"""Where the gradient goes through time."""
DASHES = ("solid", "dash", "dot", "dashdot")
Values = NDArray[np.float64]


def layer_name(layer: int) -> str:
    """A layer, counted from 1 next to the input, in words."""
    return say("layer {n}", n=layer + 1)


def now(flow: GradientFlow) -> None:
    """Where the gradient of every layer and direction came from at t, and how far the loss is."""
    model = flow.trace.model
    lengths = path_lengths(losses_of(flow), model.num_layers, model.bidirectional)
    colors = [palette.ramp(model.num_layers, look, readable=True) for look in palette.THEMES]
    rows: list[stage.Row] = []
    values: list[Values] = []
    for side, direction in enumerate(model.directions):
        for layer in reversed(range(model.num_layers)):
            ways, first = ways_back(flow, layer, direction), len(values)
            rows.append(stage.Row(
                "h_t", say("{direction}, {layer}", layer=layer_name(layer),
                           direction=say(NAMES[direction])),
                f"light-dark({colors[0][layer]}, {colors[1][layer]})",
                cells=(f"{{{first}:log}}",
                       f"↓ {{{first + 1}:log}}, {ARROWS[direction]} {{{first + 2}:log}}",
                       say("{n} steps", n=f"{{{first + 3}}}")),
            ))  # fmt: skip
            values += [ways.total, ways.down, ways.back, lengths[side, layer]]
    columns = (say("layer"), "‖∂L/∂h‖₂", say("of it from above (↓), through time (←, →)"),
               say("to a loss"))  # fmt: skip
    stage.live(rows, np.stack(values), key="depth_now", columns=columns)
    st.caption(say(
        "From above (↓): down from the layer above (in the top layer: from the loss) at this very "
        "step. Through time (←, →): from the neighbouring step of the same layer. The two add up "
        "as vectors. To a loss: the fewest steps through time on any path; ∞ where there is none."
    ))  # fmt: skip


def states(flow: GradientFlow, labels: tuple[str, ...] | None) -> None:
    """One signal of every layer and direction, units against time, all on one scale."""
    st.subheader(say("What the layers did, unit by unit"))
    model = flow.trace.model
    signals = {one.name: one for one in model.cell.signals}
    name = url_controls.buttons(
        say("Signal"), list(signals), key="of", default="h",
        words=lambda one: f"{one} · {say(signals[one].title)}",
    )  # fmt: skip
    signal, bound = signals[name], _bound(flow, name)
    for column, direction in zip(st.columns(len(model.directions)), model.directions, strict=True):
        series = []
        for layer in reversed(range(model.num_layers)):
            titled = replace(signal, title=say("{direction}, {layer}", layer=layer_name(layer),
                                               direction=say(NAMES[direction])))  # fmt: skip
            series.append(heatmaps.Series(titled, flow.trace.layer(layer, direction)[name][:, 0]))
        with column:
            figure(
                _heatmaps(series, bound, labels), key=f"depth_units_{direction}",
                definition=say(
                    "{signal}, {name}: units downwards, timesteps to the right; the same colours "
                    "in all layers, from {low} to {high}.",
                    signal=signal.name, name=say(signal.title),
                    low=number(0.0 if signal.kind == "gate" else -bound), high=number(bound),
                ),
                summary=say("{name} of {count} layers, {direction}: heatmaps of units against "
                            "timesteps.", name=say(signal.title), count=model.num_layers,
                            direction=say(NAMES[direction])),
                data=partial(_units, flow, name, direction),
            )  # fmt: skip


def _heatmaps(
    series: list[heatmaps.Series], bound: float, labels: tuple[str, ...] | None
) -> go.Figure:
    """Top layer first: sorting by name must not reorder layers of one signal."""
    name = series[0].signal.name
    return heatmaps.unit_time(series, limits={name: bound}, theme=theme(), labels=labels)


def _bound(flow: GradientFlow, name: str) -> float:
    found = np.concatenate([one[name].ravel() for one in flow.trace.layers])
    finite = found[np.isfinite(found)]
    return max(1.0, float(np.abs(finite).max(initial=0)))


def _units(flow: GradientFlow, name: str, direction: str) -> pd.DataFrame:
    """One row a timestep and unit, one column a layer."""
    layers = range(flow.trace.model.num_layers)
    values = {layer_name(k): flow.trace.layer(k, direction)[name][:, 0].ravel() for k in layers}
    steps, size = flow.trace.layer(0, direction)[name][:, 0].shape
    index = pd.MultiIndex.from_product([range(1, steps + 1), range(size)], names=["t", say("unit")])
    return pd.DataFrame(values, index=index)


def paths(flow: GradientFlow, labels: tuple[str, ...] | None) -> None:
    """Steps from each t to one loss, by direction, over the norms that this loss alone sends."""
    st.subheader(say("Why two directions have a short path from both ends"))
    losses = np.flatnonzero(losses_of(flow)) + 1
    steps, model = len(flow.trace.x), flow.trace.model
    if not losses.size:
        st.caption(say("No loss sends any gradient."))
        return
    sender = _sender(losses, steps)
    alone = one_loss(flow, sender)
    lengths = path_lengths(np.arange(1, steps + 1) == sender, model.num_layers, model.bidirectional)
    logs, top = layer_norms(alone), model.num_layers - 1
    colors = palette.ramp(2, theme(), readable=True)
    drawn, norms = [], []
    for side, direction in enumerate(model.directions):
        short = say("forwards") if direction == "forward" else say("in reverse")
        drawn.append(Line(short, lengths[side, top], colors[side]))
        for layer in sorted({top, 0}, reverse=True):
            label = short if top == 0 else say("{direction}, {n}", direction=short, n=layer + 1)
            norms.append(Line(label, logs[side, layer], colors[side],
                              "solid" if layer == top else "dot"))  # fmt: skip
    titles = (
        say("Steps to the loss on step {S}, from the top layer", S=sender),
        say("Gradient that this loss alone sends, by direction and layer"),
    )
    words = _path_words(lengths, logs, sender)
    figure(
        paths_and_norms(drawn, norms, titles=titles, axes=(say("steps"), "‖∂L<sub>S</sub>/∂h<sub>t"
                        "</sub>‖₂"), theme=theme(), labels=labels),
        key="depth_paths", definition=_path_definition(model.num_layers, model.bidirectional),
        summary=words, data=lambda: _path_table(flow, lengths, logs),
    )  # fmt: skip
    st.markdown(words)


def _sender(losses: NDArray[np.int64], steps: int) -> int:
    """The loss step to look at: the one there is, or a chosen one, snapped to the nearest."""
    if losses.size == 1:
        return int(losses[0])
    middle = int(losses[len(losses) // 2])
    asked = url_controls.number(
        say("Loss on step S"), 1, steps, key="from", default=middle, width=160
    )
    return int(losses[np.abs(losses - asked).argmin()])


def _path_definition(layers: int, both: bool) -> str:
    said = say("From h_t to a loss on step S: S − t steps in the forward direction, for t ≤ S.")
    if both:
        said += " " + say("t − S in the reverse direction, for t ≥ S: it reads from the end.")
    if both and layers > 1:
        said += " " + say(
            "Below the top layer a path may change direction on its way up: there both have "
            "|S − t| steps, and both get a gradient at every t."
        )
    return said


def _path_words(lengths: Values, logs: Values, sender: int) -> str:
    top, steps = lengths[:, -1], lengths.shape[-1]
    reached = int(np.isfinite(top[0]).sum())
    said = say(
        "From step 1 the forward direction needs {far} steps to the loss on step {S}; its gradient "
        "there is {first}.", far=int(top[0, 0]), S=sender, first=power(float(logs[0, -1, 0])),
    )  # fmt: skip
    if len(top) == 1:
        return said if reached == steps else said + " " + say(
            "From the {n} steps after it no path leads back to it.", n=steps - reached
        )  # fmt: skip
    if sender == steps:
        return said + " " + say(
            "The reverse direction has processed one step, step {S} itself, when the loss reads "
            "it: {first} there, exactly 0 everywhere else in the top layer.",
            S=sender, first=power(float(logs[1, -1, -1])),
        )  # fmt: skip
    return said + " " + say(
        "From step {T} the reverse direction needs {far} steps; its gradient there is {last}.",
        T=steps, far=int(top[1, -1]), last=power(float(logs[1, -1, -1])),
    )  # fmt: skip


def _path_table(flow: GradientFlow, lengths: Values, logs: Values) -> pd.DataFrame:
    columns = {}
    for side, direction in enumerate(flow.trace.model.directions):
        for layer in reversed(range(logs.shape[1])):
            name = f"{layer_name(layer)}, {say(NAMES[direction])}"
            columns[f"{name}: {say('steps')}"] = lengths[side, layer]
            columns[f"{name}: {say('log₁₀ of the norm')}"] = logs[side, layer]
    return pd.DataFrame(columns, index=pd.RangeIndex(1, logs.shape[-1] + 1, name="t"))
