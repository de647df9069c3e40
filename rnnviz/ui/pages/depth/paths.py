"""The paths from every step to one loss, and the gradient that this loss alone sends."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from rnnviz.analysis.stacks import layer_norms, losses_of, one_loss, path_lengths
from rnnviz.core.gradients import GradientFlow
from rnnviz.figures import palette
from rnnviz.figures.panels import Line
from rnnviz.figures.paths import paths_and_norms
from rnnviz.ui import url_controls
from rnnviz.ui.chart import figure
from rnnviz.ui.pages.depth.over_time import NAMES, layer_name
from rnnviz.ui.shell.frame import theme
from rnnviz.words import say
from rnnviz.words.numbers import power

Values = NDArray[np.float64]


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
    """The step of the loss to follow: the only one, or the one nearest to the chosen step."""
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
