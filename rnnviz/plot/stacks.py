"""Stacks: the gradient across layers and time, one signal of every layer, paths to a loss."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

import rnnviz.analysis.stacks as stacks
from rnnviz.core.gradients import GradientFlow
from rnnviz.core.trace import Trace
from rnnviz.figures import palette
from rnnviz.figures.grids import Grid, layer_maps
from rnnviz.figures.heatmaps import Series, heatmap_rows, unit_rows
from rnnviz.figures.panels import Line, Panel, over_time
from rnnviz.figures.paths import paths_and_norms
from rnnviz.numerics.validation import one_of, whole_number
from rnnviz.plot._options import figure
from rnnviz.plot.lines import DASHES, Span, spanned
from rnnviz.words import say, word
from rnnviz.words.numbers import number

NAMES = {"forward": word("Forward direction"), "reverse": word("Reverse direction")}
ARROWS = {"forward": "←", "reverse": "→"}
"""Where the gradient goes through time."""


def layer_name(layer: int) -> str:
    """A layer, counted from 1 next to the input, in words."""
    return say("layer {n}", n=layer + 1)


@figure
def depth_map(
    flow: GradientFlow, *, theme: str = "light", scale: Span = None,
    labels: Sequence[str] | None = None,
) -> go.Figure:  # fmt: skip
    """Colours for log10 ‖∂L/∂s_t‖₂ of every layer and direction, with the factor of each step.

    s is the cell's memory state: c where there is one, else h. Beside the arrows stand the mean
    factor of a step through time and that of a layer (`rnnviz.depth_factors`), both geometric
    means. ``scale`` is (low, high) in powers of ten.

    >>> import numpy as np, rnnviz
    >>> trace = rnnviz.run(rnnviz.build("gru", 2, 8, num_layers=3), np.ones((20, 1, 2)))
    >>> rnnviz.plot.depth_map(rnnviz.backprop(trace, np.ones((20, 1, 8)))).data[0].z.shape
    (3, 20)
    """
    logs, across = stacks.layer_norms(flow, "memory"), stacks.depth_factors(flow).factor
    through_time = stacks.time_factors(flow)
    grids = []
    for side, direction in enumerate(flow.trace.model.directions):
        grids.append(Grid(
            say(NAMES[direction]), logs[side],
            [f"{ARROWS[direction]} × {number(one)}" if np.isfinite(one) else ""
             for one in through_time[side]],
            [f"× {number(one)}" if np.isfinite(one) else "" for one in across[side]],
            leftwards=direction == "forward",
        ))  # fmt: skip
    return layer_maps(
        grids, title=_title(flow), theme=theme, labels=labels, scale=scale
    )


@figure
def layer_norms(
    flow: GradientFlow, *, theme: str = "light", scale: Span = None,
    labels: Sequence[str] | None = None, height: int | None = None,
) -> go.Figure:  # fmt: skip
    """log10 ‖∂L/∂s_t‖₂ against t = 1 … T, a line a layer and a panel a direction.

    s is the cell's memory state: c where there is one, else h. A direction that gets no gradient at
    all is left out.

    >>> import numpy as np, rnnviz
    >>> trace = rnnviz.run(rnnviz.build("gru", 2, 8, num_layers=3), np.ones((20, 1, 2)))
    >>> len(rnnviz.plot.layer_norms(rnnviz.backprop(trace, np.ones((20, 1, 8)))).data)
    3
    """
    rows = spanned(layer_panels(flow, theme), scale)
    return over_time(rows, theme=theme, labels=labels, height=height or 200, first=0)


@figure
def layer_signal(
    trace: Trace, name: str, *, direction: str | None = None, batch: int = 0, theme: str = "light",
    scale: float | None = None, labels: Sequence[str] | None = None, height: int | None = None,
    colorbar: bool = True,
) -> go.Figure:  # fmt: skip
    """One signal of every layer as heatmaps, units against time, top layer on top, one scale.

    ``scale`` is the ±bound of a state or candidate; without it the largest finite magnitude of all
    layers and directions, at least 1. Raises ValueError for an unknown signal or direction.

    >>> import numpy as np, rnnviz
    >>> trace = rnnviz.run(rnnviz.build("gru", 2, 8, num_layers=3), np.ones((20, 1, 2)))
    >>> len(rnnviz.plot.layer_signal(trace, "z").data)
    3
    """
    model, direction = trace.model, trace.layer(0, direction).direction
    signals = {one.name: one for one in model.cell.signals}
    signal = signals[one_of("name", name, signals)]
    series = [
        Series(
            replace(signal, title=say("{direction}, {layer}", layer=layer_name(layer),
                                      direction=say(NAMES[direction]))),
            trace.layer(layer, direction)[name][:, batch],
        )
        for layer in reversed(range(model.num_layers))
    ]  # fmt: skip
    limits = {name: signal_bound(trace, name) if scale is None else scale}
    return heatmap_rows(
        unit_rows(series), limits=limits, theme=theme, labels=labels, height=height,
        colorbar=colorbar,
    )  # fmt: skip


@figure
def path_lengths(
    flow: GradientFlow, sender: int, *, theme: str = "light", labels: Sequence[str] | None = None
) -> go.Figure:
    """Steps from every t to the loss on step ``sender``, over the norms that this loss alone sends.

    Raises ValueError for a step that is not there.

    >>> import numpy as np, rnnviz
    >>> model = rnnviz.build("gru", 2, 8, num_layers=2, bidirectional=True)
    >>> flow = rnnviz.backprop(rnnviz.run(model, np.ones((20, 1, 2))), np.ones((20, 1, 16)))
    >>> len(rnnviz.plot.path_lengths(flow, 20).data) >= 6
    True
    """
    model, steps = flow.trace.model, len(flow.trace.x)
    whole_number("sender", sender, 1, steps)
    lengths = stacks.path_lengths(
        np.arange(1, steps + 1) == sender, model.num_layers, model.bidirectional, model.direction
    )
    logs, top = stacks.layer_norms(stacks.one_loss(flow, sender)), model.num_layers - 1
    colors = palette.ramp(2, theme, readable=True)
    drawn, norms = list[Line](), list[Line]()
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
    axes = (say("steps"), "‖∂L<sub>S</sub>/∂h<sub>t</sub>‖₂")
    return paths_and_norms(drawn, norms, titles=titles, axes=axes, theme=theme, labels=labels)


def layer_panels(flow: GradientFlow, theme: str) -> list[Panel]:
    """The panels of `layer_norms`."""
    logs = stacks.layer_norms(flow, "memory")
    colors = palette.ramp(logs.shape[1], theme, readable=True)
    return [
        Panel(say(NAMES[direction]),
              [Line(layer_name(layer), logs[side, layer], colors[layer],
                    DASHES[layer % len(DASHES)]) for layer in range(logs.shape[1])],
              "power", _title(flow))
        for side, direction in enumerate(flow.trace.model.directions)
        if not np.isneginf(logs[side]).all()
    ]  # fmt: skip


def _title(flow: GradientFlow) -> str:
    return f"‖∂L/∂{flow.trace.model.cell.states[-1]}<sub>t</sub>‖₂"


def signal_bound(trace: Trace, name: str) -> float:
    """The largest finite magnitude of a signal in any layer, at least 1."""
    found: NDArray[np.floating] = np.concatenate([one[name].ravel() for one in trace.layers])
    return max(1.0, float(np.abs(found[np.isfinite(found)]).max(initial=0)))
