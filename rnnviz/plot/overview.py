"""The overview: how much of the gradient of one loss is left further back, in several cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from rnnviz.analysis.reach import Reach, reach
from rnnviz.cells import CELLS
from rnnviz.core.gradients import GradientFlow
from rnnviz.figures import palette
from rnnviz.figures.axes import power_axis
from rnnviz.figures.constant_factors import references
from rnnviz.figures.panels import Line, Panel, over_time
from rnnviz.plot._options import figure
from rnnviz.plot.lines import Span
from rnnviz.words import say
from rnnviz.words.numbers import share


@figure
def gradient_overview(
    flows: Mapping[str, GradientFlow], *, step: int | None = None, signal: str = "memory",
    theme: str = "light", scale: Span = None, labels: Sequence[str] | None = None,
    height: int | None = None,
) -> go.Figure:  # fmt: skip
    """log10 ‖∂L_S/∂s_t‖ against t = 0 … S, one line a cell, with the share left at step 1.

    ``flows`` is name → flow; ``step`` (S) and ``signal`` (s) are as `rnnviz.reach` takes them.
    Dotted lines have the same factor γ at every step and begin at S, at the highest norm there.
    ``scale`` is (low, high) in powers of ten. Raises ValueError as `rnnviz.reach` does.

    >>> import numpy as np, rnnviz
    >>> flows = {}
    >>> for cell in ("rnn", "lstm"):
    ...     trace = rnnviz.run(rnnviz.build(cell, 2, 8, seed=0), np.ones((20, 1, 2)))
    ...     flows[cell] = rnnviz.backprop(trace, np.ones((20, 1, 8)))
    >>> [line.name for line in rnnviz.plot.gradient_overview(flows).data][:2]
    ['RNN: 3.9·10⁻⁶ left', 'LSTM: 6.1·10⁻⁵ left']
    """
    found = {name: reach(flow, signal, step=step) for name, flow in flows.items()}
    lines = [_line(name, flows[name], one, theme) for name, one in found.items()]
    values = [one.log10_norms for one in found.values()]
    span = scale or tuple(power_axis(values, "")["range"])
    start = max((one.start for one in found.values()), default=0)
    axis = f"‖∂L<sub>{start or ''}</sub>/∂s<sub>t</sub>‖₂"
    drawn = over_time(
        [Panel("", lines, "power", axis, span=span)], theme=theme, labels=labels,
        height=height or 320, first=0,
    )  # fmt: skip
    for one in references(np.stack(values), start, span) if values else ():
        ends = [one["from"], one["from"] - one["back"]]
        heights = [one["top"], one["top"] + one["slope"] * one["back"]]
        text = f"γ = {one['factor']:g}"
        drawn.add_scatter(
            x=ends, y=heights, name=text, mode="lines+text", text=["", text], hoverinfo="skip",
            line={"color": palette.QUIET[theme], "width": 1, "dash": "dot"},
            textposition="bottom right", textfont={"color": palette.QUIET[theme], "size": 11},
        )  # fmt: skip
    return drawn


def _line(name: str, flow: GradientFlow, found: Reach, theme: str) -> Line:
    cell = flow.trace.model.cell
    known = CELLS.get(name)
    label = name if known is None else say(known.title)
    if found.start > 1:
        label += ": " + say("{share} left", share=share(found.log10_share))
    color, dash = palette.cell_color(cell.name, theme), palette.CELL_DASHES.get(cell.name, "dot")
    return Line(label, found.log10_norms[: found.start + 1], color, dash, first=0)
