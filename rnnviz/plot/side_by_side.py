"""Small pictures of several cells side by side, all on one scale."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

import rnnviz.analysis.forgetting as analysis
from rnnviz.analysis.gradient_paths import Roads
from rnnviz.analysis.leading_directions import Leading
from rnnviz.analysis.spectrum import SingularValues
from rnnviz.cells import CELLS
from rnnviz.core.backward_run import inputs_gradient
from rnnviz.core.gradients import GradientFlow
from rnnviz.figures import palette
from rnnviz.figures.multiples import Small, SmallMap, small_lines, small_maps
from rnnviz.figures.panels import Line
from rnnviz.plot._options import figure
from rnnviz.plot.flows import Flow, layer_flow
from rnnviz.plot.lines import Span
from rnnviz.plot.maps import senders
from rnnviz.words import say

Values = NDArray[np.float64]
Record = TypeVar("Record")


@figure
def flows_by_cell(
    flows: Mapping[str, Flow], *, batch: int = 0, theme: str = "light", scale: Span = None,
    labels: Sequence[str] | None = None, height: int | None = None,
) -> go.Figure:  # fmt: skip
    """log10 ‖∂L/∂s_t‖₂ of each cell's memory state, and of h where that is another.

    ``flows`` is name → flow of one layer; a name of `rnnviz.CELLS` gives title and colour.
    ``scale`` is (low, high) in powers of ten, for all of them.

    >>> import numpy as np, rnnviz
    >>> flows = {}
    >>> for cell in ("rnn", "lstm"):
    ...     trace = rnnviz.run(rnnviz.build(cell, 2, 8), np.ones((20, 1, 2)))
    ...     flows[cell] = rnnviz.backprop(trace, np.ones((20, 1, 8)))
    >>> [line.name for line in rnnviz.plot.flows_by_cell(flows).data]
    ['memory state', 'memory state', 'hidden state h']
    """

    def lines(one: Flow) -> list[Line]:
        flow = layer_flow(one)
        shown, memory = flow.trace.cell.states[0], flow.trace.cell.states[-1]
        found = [Line(say("memory state"), flow.log10_norms(memory)[:, batch],
                      palette.TEXT[theme], first=0)]  # fmt: skip
        if shown != memory:
            found.append(Line(say("hidden state {state}", state=shown),
                              flow.log10_norms(shown)[:, batch], palette.QUIET[theme], "dash",
                              first=0))  # fmt: skip
        return found

    axis = say("‖∂L/∂state<sub>t</sub>‖₂")
    return small_lines(_small(flows, lines, theme), axis=axis, theme=theme, labels=labels,
                       height=height, span=scale)  # fmt: skip


@figure
def forgetting(
    flows: Mapping[str, GradientFlow], *, batch: int = 0, theme: str = "light",
    scale: Span = None, labels: Sequence[str] | None = None, height: int | None = None,
) -> go.Figure:  # fmt: skip
    """log10 ‖∂y_T/∂x_t‖_F, what the last output still depends on, beside ‖∂L/∂x_t‖₂ of the loss.

    ``flows`` and ``scale`` are as in `flows_by_cell`; of a stack x is the input of the first layer.

    >>> import numpy as np, rnnviz
    >>> trace = rnnviz.run(rnnviz.build("gru", 2, 8), np.ones((20, 1, 2)))
    >>> flow = rnnviz.backprop(trace, np.ones((20, 1, 8)))
    >>> [len(line.y) for line in rnnviz.plot.forgetting({"gru": flow}).data]
    [20, 20]
    """

    def lines(flow: GradientFlow) -> list[Line]:
        last = analysis.forgetting(flow.trace, batch=batch)
        loss = np.asarray(inputs_gradient(flow, 0).log10_norms())[:, batch]
        return [
            Line("∂y<sub>T</sub>/∂x<sub>t</sub>", last, palette.TEXT[theme]),
            Line("∂L/∂x<sub>t</sub>", loss, palette.QUIET[theme], "dash"),
        ]

    return small_lines(_small(flows, lines, theme), axis=say("norm"), theme=theme, labels=labels,
                       height=height, first=1, span=scale)  # fmt: skip


@figure
def paths_by_cell(
    found: Mapping[str, Roads], *, theme: str = "light", scale: Span = None,
    labels: Sequence[str] | None = None, height: int | None = None,
) -> go.Figure:  # fmt: skip
    """The gradient of each cell's memory state, and its two parts: along it, through the weights.

    ``found`` is cell → what `rnnviz.gradient_paths` made of it; ``scale`` as in `flows_by_cell`.

    >>> import numpy as np, rnnviz
    >>> trace = rnnviz.run(rnnviz.build("gru", 2, 8), np.ones((20, 1, 2)))
    >>> paths = rnnviz.gradient_paths(trace, np.ones((20, 1, 8)))
    >>> fig = rnnviz.plot.paths_by_cell({"gru": paths})
    >>> "through the weights" in [line.name for line in fig.data]
    True
    """

    def lines(one: Roads) -> list[Line]:
        ink, quiet = palette.TEXT[theme], palette.QUIET[theme]
        return [
            Line(say("whole gradient"), one.total, ink, first=0),
            Line(say("along the memory state"), one.main, ink, "longdash", first=0),
            Line(say("through the weights"), one.rest, quiet, "dot", first=0),
        ]

    return small_lines(
        _small(found, lines, theme), axis=say("‖∂L/∂state<sub>t</sub>‖₂"), theme=theme,
        labels=labels, height=height, span=scale,
    )  # fmt: skip


@figure
def spectra_by_cell(
    found: Mapping[str, SingularValues | Leading], *, theme: str = "light", scale: Span = None,
    labels: Sequence[str] | None = None, height: int | None = None,
) -> go.Figure:  # fmt: skip
    """The largest singular value of each cell's ∂s_t/∂s_0, and the H-th largest.

    The memory state has H numbers: where σ_H stays near 1 all of them are kept. ``found`` is cell →
    what `rnnviz.singular_values` made of it, or `rnnviz.leading`: then the first alone is drawn.
    ``scale`` as in `flows_by_cell`.

    >>> import numpy as np, rnnviz
    >>> trace = rnnviz.run(rnnviz.build("gru", 2, 8), np.ones((20, 1, 2)))
    >>> found = rnnviz.singular_values(trace)
    >>> [line.name for line in rnnviz.plot.spectra_by_cell({"gru": found}).data]
    ['σ1', 'σ8']
    """
    pictures = []
    for name, one in found.items():
        drawn = [Line("σ1", one.cumulative[:, 0], palette.TEXT[theme])]
        if isinstance(one, SingularValues) and (size := memory_size(name, one)) > 1:
            logs = one.cumulative[:, size - 1]
            drawn.append(Line(f"σ{size}", logs, palette.QUIET[theme], "dash"))
        pictures.append(Small(*_named(name, theme), drawn))
    return small_lines(
        pictures, axis=say("σ of ∂s<sub>t</sub>/∂s<sub>0</sub>"), theme=theme,
        labels=labels, height=height, first=1, span=scale,
    )  # fmt: skip


@figure
def attributions_by_cell(
    found: Mapping[str, Values], *, theme: str = "light", scale: Span = None,
    labels: Sequence[str] | None = None, height: int | None = None,
) -> go.Figure:  # fmt: skip
    """Each cell's map of `loss_attribution`, on one colour scale, where there is a loss.

    ``found`` is cell → what `rnnviz.loss_attribution` gave, (T, T + 1); ``scale`` is (low, high) of
    the colours, in powers of ten.

    >>> import numpy as np, rnnviz
    >>> trace = rnnviz.run(rnnviz.build("gru", 2, 8), np.ones((20, 1, 2)))
    >>> logs = rnnviz.loss_attribution(trace, np.ones((20, 1, 8)))
    >>> rnnviz.plot.attributions_by_cell({"gru": logs}).data[0].z.shape
    (20, 21)
    """
    maps = [SmallMap(*_named(name, theme), values) for name, values in found.items()]
    span = senders(*found.values())
    return small_maps(
        maps, rows=say("loss on step τ"), columns=say("timestep t"), theme=theme, labels=labels,
        height=height, scale=scale, span=span,
    )  # fmt: skip


def memory_size(name: str, found: SingularValues) -> int:
    """H, the numbers in the memory state of a cell of this name; all of them for another name."""
    known = CELLS.get(name)
    return found.cumulative.shape[1] // (1 if known is None else len(known.states))


def _small(
    found: Mapping[str, Record], lines: Callable[[Record], list[Line]], theme: str
) -> list[Small]:
    return [Small(*_named(name, theme), lines(one)) for name, one in found.items()]


def _named(name: str, theme: str) -> tuple[str, str]:
    """Title and colour of a cell, or of a name of one's own."""
    known = CELLS.get(name)
    return (name if known is None else say(known.title)), palette.cell_color(name, theme)
