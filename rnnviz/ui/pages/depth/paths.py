"""The paths from every step to one loss, and the gradient that this loss alone sends."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from rnnviz import advice, plot
from rnnviz.analysis.stacks import layer_norms, losses_of, one_loss, path_lengths
from rnnviz.core.gradients import GradientFlow
from rnnviz.plot.stacks import NAMES, layer_name
from rnnviz.ui import prose, url_controls
from rnnviz.ui.chart import figure
from rnnviz.ui.shell.frame import theme
from rnnviz.words import say
from rnnviz.words.numbers import power

Values = NDArray[np.float64]


def paths(flow: GradientFlow, labels: tuple[str, ...] | None) -> None:
    """Steps from each t to one loss, by direction, over the norms that this loss alone sends."""
    st.subheader(say("Why two directions give short paths from both ends"))
    losses = np.flatnonzero(losses_of(flow)) + 1
    steps, model = len(flow.trace.x), flow.trace.model
    if not losses.size:
        prose.caption(say("No loss sends any gradient."))
        return
    sender = _sender(losses, steps)
    alone = one_loss(flow, sender)
    stack = model.num_layers, model.bidirectional, model.direction
    lengths = path_lengths(np.arange(1, steps + 1) == sender, *stack)
    logs = layer_norms(alone)
    words = _path_words(lengths, logs, sender)
    figure(
        plot.path_lengths(flow, sender, theme=theme(), labels=labels),
        key="depth_paths", definition=_path_definition(model.num_layers, model.bidirectional),
        summary=words, data=lambda: _path_table(flow, lengths, logs),
    )  # fmt: skip
    prose.markdown(words)


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
    said = say("In the forward direction the path from h_t to the loss on step S has S − t steps, "
               "for t ≤ S.")
    if both:
        said += " " + say("In the reverse direction, which reads from the end, it has t − S "
                          "steps, for t ≥ S.")
    if both and layers > 1:
        said += " " + say(
            "Below the top layer a path may change direction on its way up, so that both "
            "directions have paths of |S − t| steps and get a gradient at every t."
        )
    return said


def _path_words(lengths: Values, logs: Values, sender: int) -> str:
    top, steps = lengths[:, -1], lengths.shape[-1]
    reached = int(np.isfinite(top[0]).sum())
    said = say(
        "From step 1 the forward direction needs {steps} to the loss on step {S}; its gradient "
        "there is {first}.", steps=advice.steps(int(top[0, 0])), S=sender,
        first=power(float(logs[0, -1, 0])),
    )  # fmt: skip
    if len(top) == 1:
        if (after := steps - reached) == 0:
            return said
        return said + " " + (
            say("From the step after it no path leads back to it.") if after == 1
            else say("From the {n} steps after it no path leads back to it.", n=after)
        )
    if sender == steps:
        return said + " " + say(
            "When the loss reads the reverse direction on step {S}, this direction has processed "
            "that one step only. In the top layer its gradient is {first} there and exactly 0 at "
            "all other steps.",
            S=sender, first=power(float(logs[1, -1, -1])),
        )  # fmt: skip
    return said + " " + say(
        "From step {T} the reverse direction needs {steps}; its gradient there is {last}.",
        T=steps, steps=advice.steps(int(top[1, -1])), last=power(float(logs[1, -1, -1])),
    )  # fmt: skip


def _path_table(flow: GradientFlow, lengths: Values, logs: Values) -> pd.DataFrame:
    columns = {}
    for side, direction in enumerate(flow.trace.model.directions):
        for layer in reversed(range(logs.shape[1])):
            name = f"{layer_name(layer)}, {say(NAMES[direction])}"
            columns[f"{name}: {say('steps')}"] = lengths[side, layer]
            columns[f"{name}: {say('log₁₀ of the norm')}"] = logs[side, layer]
    return pd.DataFrame(columns, index=pd.RangeIndex(1, logs.shape[-1] + 1, name="t"))
