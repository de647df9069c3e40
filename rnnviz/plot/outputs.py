"""What the output layer predicts, against the target, and what each step costs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from rnnviz.analysis.output_layer import OutputLayer
from rnnviz.cells import CELLS
from rnnviz.figures import palette
from rnnviz.figures.panels import Line, Panel, over_time
from rnnviz.numerics.arrays import Array
from rnnviz.numerics.validation import instance, whole_number
from rnnviz.plot._options import figure
from rnnviz.plot.lines import Span
from rnnviz.words import say

Layers = OutputLayer | Mapping[str, OutputLayer]
MOST_DATES = 4
HALF_A_DATE = 34
"""Pixels right of the last one."""


@figure
def prediction(
    layers: Layers, output: int = 0, *, before: Layers | None = None, axis: str = "",
    theme: str = "light", labels: Sequence[str] | None = None, height: int | None = None,
    target: bool = True,
) -> go.Figure:  # fmt: skip
    """One output against its target, or the probability of the target class, at t = 1 … T.

    ``layers`` is what `rnnviz.output_layer` returned, or name → that; all have the same targets.
    ``output`` counts where the targets are numbers; ``axis`` names their unit; ``before`` is drawn
    thin, where it differs. Without ``target`` the targets stand for none and are not drawn; classes
    are then called chosen ones. Raises ValueError for an output that is not there.

    >>> import numpy as np, rnnviz
    >>> trace = rnnviz.run(rnnviz.build("gru", 1, 4, output_size=1), np.ones((6, 1)))
    >>> found = rnnviz.output_layer(trace, rnnviz.SquaredError(np.zeros((6, 1, 1)), at="every"))
    >>> [line.name for line in rnnviz.plot.prediction({"gru": found}).data]
    ['target', 'GRU']
    """
    named = _named(layers)
    first = next(iter(named.values()))
    whole_number("output", output, 0, first.scores.shape[1] - 1)
    steps = len(first.costs)
    if first.classes:
        even = Line(say("even guess"), np.full(steps, 1 / first.scores.shape[1]),
                    palette.QUIET[theme], "dot")  # fmt: skip
        lines = [even, *_both(named, before, lambda one: one.of_target, theme)]
        title = say("Probability of the target") if target else say(
            "Probability of the class chosen")  # fmt: skip
        panel = Panel(title, lines, "gate", say("probability"))
    else:
        aim = Line(say("target"), _float(first.targets[:, output]), palette.TEXT[theme], "dot")
        lines = [*[aim][:target], *_both(named, before, lambda one: one.answers[:, output], theme)]
        title = say("Prediction and target") if target else say("Prediction")
        panel = Panel(title, lines, "state", axis or say("value"))
    fig = over_time([panel], theme=theme, labels=labels, height=height or 260)
    return _dated(fig, labels)


@figure
def costs(
    layers: Layers, *, before: Layers | None = None, theme: str = "light", scale: Span = None,
    labels: Sequence[str] | None = None, height: int | None = None,
) -> go.Figure:  # fmt: skip
    """L_t of every step on a log axis, whether it counts in the loss or not.

    ``layers`` and ``before`` as in `prediction`; ``scale`` is (low, high) in powers of ten. A cost
    that is not finite is marked.

    >>> import numpy as np, rnnviz
    >>> trace = rnnviz.run(rnnviz.build("gru", 1, 4, output_size=1), np.ones((6, 1)))
    >>> found = rnnviz.output_layer(trace, rnnviz.SquaredError(np.ones((6, 1, 1)), at="every"))
    >>> len(rnnviz.plot.costs({"gru": found}).data[0].y)
    6
    """
    named = _named(layers)
    with np.errstate(divide="ignore"):
        lines = _both(named, before, lambda one: np.log10(_float(one.costs)), theme)
    panel = Panel(say("Cost of each step"), lines, "power", "L<sub>t</sub>", span=scale)
    fig = over_time([panel], theme=theme, labels=labels, height=height or 200)
    return _dated(fig, labels)


def _named(layers: Layers) -> dict[str, OutputLayer]:
    named = dict(layers) if isinstance(layers, Mapping) else {"": layers}
    for one in named.values():
        instance("layers", one, OutputLayer)
    return named


def _both(
    named: Mapping[str, OutputLayer], before: Layers | None,
    values: Callable[[OutputLayer], Array], theme: str,
) -> list[Line]:  # fmt: skip
    """The lines of now, and below them those of before that differ, thin."""
    now = {name: values(one) for name, one in named.items()}
    earlier = {} if before is None else {n: values(one) for n, one in _named(before).items()}
    thin = [
        line._replace(label=say("{line} before the change", line=line.label), thin=True)
        for name, line in zip(earlier, _lines(earlier, theme), strict=True)
        if name not in now or not np.array_equal(earlier[name], now[name], equal_nan=True)
    ]
    return [*thin, *_lines(now, theme)]


def _lines(values: Mapping[str, Array], theme: str) -> list[Line]:
    return [
        Line(say(CELLS[name].title) if name in CELLS else name or say("output"),
             _float(values[name]), palette.cell_color(name, theme),
             palette.CELL_DASHES.get(name, "solid"))
        for name in values
    ]  # fmt: skip


def _float(values: Array) -> Array:
    return np.asarray(values, np.float64)


def _dated(fig: go.Figure, labels: Sequence[str] | None) -> go.Figure:
    """The figure with a few of the steps' names below the axis, where they are dates."""
    if not labels or not all(len(one) == 10 and one.count("-") == 2 for one in labels):
        return fig
    places = np.unique(np.linspace(1, len(labels), MOST_DATES).round().astype(int))
    fig.update_layout(margin_r=HALF_A_DATE)
    return fig.update_xaxes(tickvals=places.tolist(), ticktext=[labels[t - 1] for t in places])
