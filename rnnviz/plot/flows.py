"""Gradients over time: of several cells, of every signal of one cell, and of one unit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from rnnviz.analysis.bounds import FAR, missed, predictions
from rnnviz.cells import CELLS
from rnnviz.core.gradients import GradientFlow, LayerFlow
from rnnviz.core.trace import LayerTrace, Trace, only
from rnnviz.figures import palette
from rnnviz.figures.panels import Line, Panel, over_time
from rnnviz.numerics.validation import instance, whole_number
from rnnviz.plot._options import figure
from rnnviz.plot.lines import DASHES, Span, gate_panel, log_line, middle, signal_line, spanned
from rnnviz.words import say

PREDICTION_DASHES = ("dot", "longdashdot")
Flow = GradientFlow | LayerFlow


def layer_flow(flow: Flow) -> LayerFlow:
    """The flow of a layer, or that of the only layer and direction; ValueError for what is none."""
    instance("flow", flow, GradientFlow, LayerFlow)
    return flow if isinstance(flow, LayerFlow) else only(flow.layers, "flow")


@figure
def gradient_norms(
    flows: Flow | Mapping[str, Flow] | Sequence[Flow], *, signal: str = "h", batch: int = 0,
    theme: str = "light", scale: Span = None, labels: Sequence[str] | None = None,
    height: int | None = None,
) -> go.Figure:  # fmt: skip
    """log10 ‖∂L/∂signal_t‖₂ against t = 0 … T, one line a flow.

    ``flows`` is one flow, several, or name → flow; each is a one-layer flow or one of a flow's
    layers. ``scale`` is (low, high) in powers of ten. Raises ValueError for an unknown signal.

    >>> import numpy as np, rnnviz
    >>> flows = {}
    >>> for cell in ("rnn", "lstm"):
    ...     trace = rnnviz.run(rnnviz.build(cell, 2, 8), np.ones((20, 1, 2)))
    ...     flows[cell] = rnnviz.backprop(trace, np.ones((20, 1, 8)))
    >>> [line.name for line in rnnviz.plot.gradient_norms(flows).data]
    ['RNN', 'LSTM']
    """
    named = flows if isinstance(flows, Mapping) else dict(enumerate(
        flows if isinstance(flows, (list, tuple)) else [flows]))  # fmt: skip
    lines: list[Line] = []
    for name, one in named.items():
        cell = layer_flow(one).trace.cell
        known = cell if isinstance(name, int) else CELLS.get(name)
        label = str(name) if known is None else say(known.title)
        color = palette.cell_color(cell.name, theme)
        again = sum(line.color == color for line in lines)
        dash = DASHES[again % len(DASHES)] if again else palette.CELL_DASHES.get(cell.name, "dot")
        lines.append(Line(label, one.log10_norms(signal)[:, batch], color, dash, first=0))
    rows = [Panel("", lines, "power", f"‖∂L/∂{signal}<sub>t</sub>‖₂", span=scale)]
    return over_time(rows, theme=theme, labels=labels, height=height or 320, first=0)


@figure
def gradient_flow(
    flow: Flow, *, batch: int = 0, theme: str = "light", scale: Span = None,
    labels: Sequence[str] | None = None, height: int | None = None,
) -> go.Figure:  # fmt: skip
    """Gradient norms of every signal, what each step adds to the weights' gradients, and the gates.

    Grey lines are what theory says (`rnnviz.analysis.bounds`), where it comes near. ``flow`` has
    one layer, or is one of a flow's layers; ``scale`` is (low, high) in powers of ten for both log
    axes.

    >>> import numpy as np, rnnviz
    >>> trace = rnnviz.run(rnnviz.build("gru", 2, 8), np.ones((20, 1, 2)))
    >>> figure = rnnviz.plot.gradient_flow(rnnviz.backprop(trace, np.ones((20, 1, 8))))
    >>> {"h", "z", "r"} <= {line.name for line in figure.data}
    True
    """
    rows = spanned(flow_panels(layer_flow(flow), theme, batch), scale)
    return over_time(rows, theme=theme, labels=labels, height=height or 240, first=0)


@figure
def unit(
    trace: Trace | LayerTrace, flow: Flow | None, unit: int, *, before: Flow | None = None,
    batch: int = 0, theme: str = "light", scale: Span = None,
    labels: Sequence[str] | None = None, height: int | None = None,
) -> go.Figure:  # fmt: skip
    """One unit over time: its gates, its states and candidate, and |∂L/∂ ·| of each.

    Both records have one layer, or are one layer of theirs; without a flow (None) the gradients
    are left out. ``before`` is the flow before a change, drawn thin. Raises ValueError for a unit
    that is not there.

    >>> import numpy as np, rnnviz
    >>> trace = rnnviz.run(rnnviz.build("lstm", 2, 8), np.ones((20, 1, 2)))
    >>> flow = rnnviz.backprop(trace, np.ones((20, 1, 8)))
    >>> [note.text for note in rnnviz.plot.unit(trace, flow, 3).layout.annotations[:2]]
    ['Gates: 0 closed, 1 open', 'States and candidate']
    """
    at: LayerTrace = trace if isinstance(trace, LayerTrace) else only(trace.layers, "trace")
    whole_number("unit", unit, 0, at.record["h"].shape[-1] - 1)
    rows = unit_panels(at, None if flow is None else layer_flow(flow), unit, theme, batch)
    if before is not None:
        earlier = layer_flow(before)
        old = unit_panels(earlier.trace, earlier if flow is not None else None, unit, theme, batch)
        rows = [_over(*pair) for pair in zip(old, rows, strict=True)]
    return over_time(spanned(rows, scale), theme=theme, labels=labels, height=height or 190)


def _over(old: Panel, new: Panel) -> Panel:
    """The panel with the lines of before that differ, thin and below the others."""
    thin = [
        one._replace(label=say("{line} before the change", line=one.label), thin=True)
        for one, now in zip(old.lines, new.lines, strict=True)
        if not np.array_equal(one.values, now.values, equal_nan=True)
    ]
    return new._replace(lines=[*thin, *new.lines])


def flow_panels(flow: LayerFlow, theme: str, batch: int = 0) -> list[Panel]:
    """The panels of `gradient_flow`: norms with theory's lines, weights, and gates or |h|."""
    trace = flow.trace
    lines = [log_line(one.name, flow.log10_norms(one.name)[:, batch], theme, first=0)
             for one in trace.cell.signals]  # fmt: skip
    lines += [
        Line(say(one.name), one.log10, palette.QUIET[theme], dash, first=0)
        for one, dash in zip(predictions(flow, batch), PREDICTION_DASHES, strict=False)
        if not abs(missed(flow, one, batch)) > FAR
    ]
    shares = [
        Line(_pretty(name), flow.log10_weight_norms(name), palette.TEXT[theme], dash)
        for name, dash in zip(trace.parameters, DASHES, strict=False)
    ]
    size = middle("|h|", np.abs(trace["h"][:, batch]), "h", theme)
    words = say("|h|: mean and middle 80 % of units")
    return [
        Panel(say("Gradient norm of every signal, over its units"), lines, "power", "‖∂L/∂ ·‖₂"),
        Panel(say("What each timestep adds to the weights' gradients"), shares, "power",
              say("‖∂L/∂W at t‖<sub>F</sub>")),
        gate_panel(trace, theme, batch) or Panel(words, [size], "state", say("value")),
    ]  # fmt: skip


def unit_panels(
    trace: LayerTrace, flow: LayerFlow | None, unit: int, theme: str, batch: int = 0
) -> list[Panel]:
    """The panels of `unit`: gates, states and candidate, and their gradients."""
    kinds = {
        gate: [signal_line(trace, one.name, unit, theme, batch)
               for one in trace.cell.signals if (one.kind == "gate") == gate]
        for gate in (True, False)
    }  # fmt: skip
    found = list[Panel]()
    if kinds[True]:
        found.append(Panel(say("Gates: 0 closed, 1 open"), kinds[True], "gate", say("gate value")))
    found.append(Panel(say("States and candidate"), kinds[False], "state", say("value")))
    if flow is not None:
        lines = [log_line(one.name, flow.log10_magnitudes(one.name)[:, batch, unit], theme)
                 for one in trace.cell.signals]  # fmt: skip
        found.append(Panel(say("Gradient arriving at each, |∂L/∂ ·|"), lines, "power", "|∂L/∂ ·|"))
    return found


def _pretty(name: str) -> str:
    base, _, index = name.partition("_")
    return f"{base}<sub>{index}</sub>" if index else base
