"""What a peephole adds, two conventions of the GRU side by side, and a gate held."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

import rnnviz.analysis.peephole_and_reset as analysis
from rnnviz.analysis.peephole_and_reset import Conventions, Parts, Ways
from rnnviz.cells import Signal
from rnnviz.core.gradients import GradientFlow
from rnnviz.figures import palette
from rnnviz.figures.heatmaps import Series, heatmap_rows, unit_rows
from rnnviz.figures.panels import Line, Panel, over_time
from rnnviz.plot._options import figure
from rnnviz.plot.lines import Span, log_line, spanned
from rnnviz.words import say

Labels = Sequence[str] | None


@figure
def peephole_parts(
    flow: GradientFlow, plain: GradientFlow, gate: str, unit: int, *, theme: str = "light",
    labels: Labels = None, height: int | None = None,
) -> go.Figure:  # fmt: skip
    """One gate's pre-activation in parts, and the gate with the peephole and without.

    ``flow`` is of a `peephole_lstm`, ``plain`` of the same without peepholes,
    `rnnviz.analysis.peephole_and_reset.without_peepholes`.

    >>> import numpy as np, rnnviz
    >>> from rnnviz.analysis.peephole_and_reset import without_peepholes
    >>> trace = rnnviz.run(rnnviz.build("peephole_lstm", 2, 8), np.ones((20, 1, 2)))
    >>> flow = rnnviz.backprop(trace, np.ones((20, 1, 8)))
    >>> len(rnnviz.plot.peephole_parts(flow, without_peepholes(flow), "f", 0).data)
    6
    """
    parts = analysis.gate_parts(flow.trace.layers[0], gate)
    rows = peephole_panels(flow, plain, parts, gate, unit, theme)
    return over_time(rows, theme=theme, labels=labels, height=height or 230)


@figure
def peephole_units(
    flow: GradientFlow, gate: str, *, theme: str = "light", scale: float | None = None,
    labels: Labels = None, height: int | None = None, colorbar: bool = True,
) -> go.Figure:  # fmt: skip
    """The peephole's part of every unit's pre-activation, a heatmap from −``scale`` to ``scale``.

    >>> import numpy as np, rnnviz
    >>> trace = rnnviz.run(rnnviz.build("peephole_lstm", 2, 8), np.ones((20, 1, 2)))
    >>> flow = rnnviz.backprop(trace, np.ones((20, 1, 8)))
    >>> np.shape(rnnviz.plot.peephole_units(flow, "o").data[0].z)
    (8, 20)
    """
    values = np.asarray(analysis.gate_parts(flow.trace.layers[0], gate).seen)
    seen = Signal("p", "candidate", say("added to {gate} by the peephole", gate=gate), "")
    bound = max(1.0, float(np.abs(values).max())) if scale is None else scale
    return heatmap_rows(unit_rows([Series(seen, values)]), limits={"p": bound}, theme=theme,
                        labels=labels, height=height, colorbar=colorbar)  # fmt: skip


@figure
def peephole_gradient(
    ways: Ways, plain: GradientFlow, *, theme: str = "light", scale: Span = None,
    labels: Labels = None, height: int | None = None,
) -> go.Figure:  # fmt: skip
    """‖∂L/∂c_t‖ by way: along f, through h, through the peepholes; and that of the plain LSTM.

    ``ways`` is what `rnnviz.analysis.peephole_and_reset.cell_ways` returned, ``plain`` the flow
    without peepholes.

    >>> import numpy as np, rnnviz
    >>> from rnnviz.analysis.peephole_and_reset import cell_ways, without_peepholes
    >>> trace = rnnviz.run(rnnviz.build("peephole_lstm", 2, 8), np.ones((20, 1, 2)))
    >>> flow = rnnviz.backprop(trace, np.ones((20, 1, 8)))
    >>> figure = rnnviz.plot.peephole_gradient(cell_ways(flow), without_peepholes(flow))
    >>> "along f" in [line.name for line in figure.data]
    True
    """
    rows = spanned(way_panels(ways, plain, theme), scale)
    return over_time(rows, theme=theme, labels=labels, height=height or 220, first=0)


@figure
def reset_conventions(
    one: Conventions, many: Conventions, unit: int, *, theme: str = "light", scale: Span = None,
    labels: Labels = None, height: int | None = None,
) -> go.Figure:  # fmt: skip
    """A GRU with its reset before the product and after it: h, r, their distance, ‖∂L/∂h_t‖.

    ``one`` and ``many`` are what `rnnviz.analysis.peephole_and_reset.conventions` returned for one
    unit and for more.

    >>> import numpy as np, rnnviz
    >>> from rnnviz.analysis.peephole_and_reset import conventions
    >>> def both(size):
    ...     trace = rnnviz.run(rnnviz.build("gru", 2, size), np.ones((20, 1, 2)))
    ...     return conventions(rnnviz.backprop(trace, np.ones((20, 1, size))), 0.0)
    >>> figure = rnnviz.plot.reset_conventions(both(1), both(8), 0)
    >>> "H = 8" in [line.name for line in figure.data]
    True
    """
    rows = spanned(convention_panels(one, many, unit, theme), scale)
    return over_time(rows, theme=theme, labels=labels, height=height or 190, first=0)


@figure
def held_gate(
    held: GradientFlow, free: GradientFlow, *, theme: str = "light", scale: Span = None,
    labels: Labels = None, height: int | None = None,
) -> go.Figure:  # fmt: skip
    """Gradient norms of every state, with gates held (``build(…, hold=…)``) and with all free.

    >>> import numpy as np, rnnviz
    >>> def flow(**options):
    ...     trace = rnnviz.run(rnnviz.build("lstm", 2, 8, **options), np.ones((20, 1, 2)))
    ...     return rnnviz.backprop(trace, np.ones((20, 1, 8)))
    >>> len(rnnviz.plot.held_gate(flow(hold={"f": 1.0}), flow()).data)
    4
    """
    rows = spanned(held_panels(held, free, theme), scale)
    return over_time(rows, theme=theme, labels=labels, height=height or 190, first=0)


def peephole_panels(
    flow: GradientFlow, plain: GradientFlow, parts: Parts, gate: str, unit: int, theme: str
) -> list[Panel]:
    """The panels of `peephole_parts`."""
    ink, quiet = palette.signal_color(gate, theme), palette.QUIET[theme]
    full = flow.trace.model.cell.options["peephole"] == "full"
    pieces = [
        Line("x W<sub>x</sub> + b", parts.input[:, unit], quiet, "dot"),
        Line("h W<sub>h</sub>", parts.past[:, unit], palette.signal_color("h", theme), "dash"),
        Line("c W<sub>c</sub>" if full else "c ⊙ p", parts.seen[:, unit],
             palette.signal_color("c", theme), "longdash"),
        Line(f"a<sub>{gate}</sub>", parts.total[:, unit], ink),
    ]  # fmt: skip
    values = [
        Line(say("with peepholes"), np.asarray(flow.trace[gate][:, 0, unit], float), ink),
        Line(say("without"), np.asarray(plain.trace[gate][:, 0, unit], float), quiet, "dash"),
    ]
    title = say("Pre-activation of {gate}, unit {unit}, and its terms", gate=gate, unit=unit)
    return [
        Panel(title, pieces, "state", say("term of a")),
        Panel(say("{gate} with the peephole, and in the plain LSTM", gate=gate), values, "gate",
              gate),
    ]  # fmt: skip


def way_panels(ways: Ways, plain: GradientFlow, theme: str) -> list[Panel]:
    """The panels of `peephole_gradient`."""
    total, out, kept, now, later = (one.log10_norms() for one in ways)
    without = np.asarray(plain.log10_norms("c"))[1:, 0]
    return [
        Panel(say("Gradient of c, by path"), [
            log_line("c", total, theme),
            Line(say("along f"), kept, palette.signal_color("f", theme), "longdash"),
            Line(say("through h"), out, palette.signal_color("h", theme), "dash"),
            Line(say("plain LSTM"), without, palette.QUIET[theme], "dot"),
        ], "power", "‖∂L/∂c<sub>t</sub>‖₂"),
        Panel(say("The part through the peepholes"), [
            Line(say("of o, at t"), now, palette.signal_color("o", theme), "dot"),
            Line(say("of i and f, at t + 1"), later, palette.signal_color("i", theme), "dash"),
        ], "power", say("norm of the part")),
    ]  # fmt: skip


def convention_panels(
    one: Conventions, many: Conventions, unit: int, theme: str
) -> list[Panel]:
    """The panels of `reset_conventions`."""
    ink, other = palette.cell_color("gru", theme), palette.signal_color("z", theme)
    pair = ((say("before"), many.before, ink, "solid"), (say("after"), many.after, other, "dash"))
    size = many.before.trace.model.hidden_size
    signals = {
        name: [Line(label, np.asarray(flow.trace[name][:, 0, unit], float), color, dash)
               for label, flow, color, dash in pair]
        for name in "hr"
    }  # fmt: skip
    apart = [Line(f"H = {H}", values, color, dash) for (H, values), color, dash in zip(
        distances(one, many).items(), (palette.QUIET[theme], ink), ("dot", "solid"), strict=False
    )]  # fmt: skip
    return [
        Panel(say("h, unit {unit}", unit=unit), signals["h"], "state", "h"),
        Panel(say("r, unit {unit}", unit=unit), signals["r"], "gate", "r"),
        Panel(say("Difference between the two states"), apart, "power", "‖Δh<sub>t</sub>‖₂"),
        Panel(say("Gradient of both, H = {H}", H=size), [
            Line(label, np.asarray(flow.log10_norms("h"))[:, 0], color, dash, first=0)
            for label, flow, color, dash in pair], "power", "‖∂L/∂h<sub>t</sub>‖₂"),
    ]  # fmt: skip


def distances(one: Conventions, many: Conventions) -> Mapping[int, NDArray[np.float64]]:
    """H → log10 ‖Δh_t‖₂ between the two conventions, (T,)."""
    with np.errstate(divide="ignore"):
        return {
            which.before.trace.model.hidden_size:
                np.asarray(np.log10(np.linalg.norm(which.apart("h"), axis=1)))
            for which in (one, many)
        }  # fmt: skip


def held_panels(held: GradientFlow, free: GradientFlow, theme: str) -> list[Panel]:
    """The panels of `held_gate`."""
    gate, value = next(iter(held.trace.model.hold.items()), ("f", 1.0))
    ink, quiet = palette.signal_color(gate, theme), palette.QUIET[theme]
    styles = ((f"{gate} = {value:g}", held, ink, "solid"),
              (say("{gate} free", gate=gate), free, quiet, "dash"))  # fmt: skip
    return [
        Panel(say("Gradient of {state}", state=state), [
            Line(name, np.asarray(flow.log10_norms(state))[:, 0], color, dash, first=0)
            for name, flow, color, dash in styles
        ], "power", f"‖∂L/∂{state}<sub>t</sub>‖₂")
        for state in reversed(held.trace.model.cell.states)
    ]  # fmt: skip
