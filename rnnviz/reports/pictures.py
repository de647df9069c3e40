"""The parts of a page about some cells on one sequence: gradient, gates and states, drawings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape

import numpy as np

from rnnviz import plot
from rnnviz.advice import definitions
from rnnviz.advice.chips import chips
from rnnviz.advice.side_by_side import seen, summary
from rnnviz.analysis.cell_graph import Currents, currents
from rnnviz.analysis.output_layer import OutputLayer
from rnnviz.analysis.reach import Reach, alone, reach
from rnnviz.browser.cell_diagram.diagram_output import Readouts
from rnnviz.browser.cell_diagram.drawing import diagram_packet
from rnnviz.browser.gradient_overview.contents import HEIGHT, Curve, contents
from rnnviz.browser.packets import pack
from rnnviz.browser.time_control.numbers import timeline_data
from rnnviz.core.gradients import GradientFlow
from rnnviz.figures import palette
from rnnviz.figures.scales import Scale, scale_bars
from rnnviz.plot.roles import lacking, shared_roles
from rnnviz.plot.stacks import layer_name
from rnnviz.plot.units import limits_of
from rnnviz.reports.parts import Chart, Choice, Drawing, Heading, Markup, Part, Row, Text, Time
from rnnviz.words import say, word

Flows = Mapping[str, GradientFlow]
Labels = Sequence[str] | None
Layers = Mapping[str, OutputLayer]
TITLE = word("‖∂L_{S}/∂s_t‖, s: each cell's memory state")
MOST_MAPPED, MOST_DRAWN = 36_000, 30_000
"""Above this T H, of all cells together, the memory state alone is mapped; above this T H of one
cell none is drawn. So a report stays below 1.5 MB."""
WAYS = {"forward": word("Values →"), "back": word("← Gradients")}


def name_of(name: str, flow: GradientFlow) -> str:
    """How a flow is called: its cell's title, or the name that it was given."""
    cell = flow.trace.model.cell
    return say(cell.title) if name in (cell.name, "") else name


def can_follow(flow: GradientFlow) -> bool:
    """Whether `reach` can follow one loss, and the cell can be drawn: one layer, one direction."""
    model = flow.trace.model
    return model.num_layers == 1 and len(model.directions) == 1


def time(flows: Flows, labels: Labels = None) -> Time:
    """The time control; played from the last step to the first, as gradients go."""
    steps = max(len(one.trace.x) for one in flows.values())
    return Time(timeline_data(steps, labels=labels, key="", back=False))


def gradient(flows: Flows, labels: Labels = None) -> Iterator[Part]:
    """What reaches step 1 of the last loss, a chip a cell, and the norms at every step."""
    lone = {name: alone(one)[0] for name, one in flows.items()}
    found = {name: reach(one) for name, one in lone.items()}
    names = {name: name_of(name, one) for name, one in flows.items()}
    yield Markup(chips(lone, found, names))
    yield Drawing("gradient_overview/overview", _overview(flows, lone, found, names, labels),
                  HEIGHT)  # fmt: skip


def findings(flows: Flows) -> Text:
    """What is seen of the gradient of the last loss, a few sentences a cell."""
    lone = {name: alone(one)[0] for name, one in flows.items()}
    names = {name: name_of(name, one) for name, one in flows.items()}
    return Text(seen(lone, {name: reach(one) for name, one in lone.items()}, names))


def _overview(
    flows: Flows, lone: Flows, found: Mapping[str, Reach], names: Mapping[str, str], labels: Labels
) -> bytes:
    curves = []
    for name, one in found.items():
        cell = flows[name].trace.model.cell.name
        curves.append(Curve(names[name], palette.cell_css(cell),
                            palette.CELL_DASHES.get(cell, "dot"), one.log10_norms,
                            one.signal))  # fmt: skip
    losses = np.any([one.outputs.any(axis=(1, 2)) for one in flows.values()], axis=0)
    start = max(one.start for one in found.values())
    return pack(*contents(
        curves, losses=losses, start=start, title=say(TITLE, S=f"{{{start}}}"), labels=labels,
        summary=summary(lone, found, names),
    ))  # fmt: skip


def units(flows: Flows, labels: Labels = None) -> Iterator[Part]:
    """Gates and states unit by unit, a column a cell, and the colour bars that they share."""
    yield Heading(say("What the gates and states did, unit by unit"))
    traces = [one.trace for one in flows.values()]
    limits = limits_of(traces)
    rows = shared_roles([type(one.trace.model.cell) for one in flows.values()])
    if sum(one.x.shape[0] * one.model.hidden_size for one in traces) > MOST_MAPPED:
        rows = rows[:1]
    columns: list[tuple[float, list[Part]]] = []
    for name, flow in flows.items():
        cell = flow.trace.model.cell
        there = rows[: len(rows) - len(lacking(cell, rows))]
        title = name_of(name, flow)
        words = say("{cell}: heatmaps of {signals}, units against timesteps.", cell=title,
                    signals=", ".join(f"{one.name} ({say(one.title)})" for one in cell.signals))
        chart = plot.by_role(flow.trace, rows=there, scale=limits, labels=labels, colorbar=False)
        column: list[Part] = [Heading(title, 3), Chart(chart, words)]
        if absent := lacking(cell, rows):
            lines = (f"<p>{escape(role)}: {escape(said)}</p>" for role, said in absent.items())
            column.append(Markup(f'<div class="rv-no-gates">{"".join(lines)}</div>'))
        columns.append((1, column))
    yield Row(columns)
    bars = [Scale(say("gates"), 0, 1, True),
            Scale(say("hidden state h, candidate g"), -limits["h"], limits["h"], False)]
    if any("c" in one.model.cell.states for one in traces):
        bars.append(Scale(say("cell state c"), -limits["c"], limits["c"], False))
    yield Markup(scale_bars(bars, words=say("Colour scales of the heatmaps above.")))
    yield Text(say(definitions.ROLES), quiet=True)


def drawings(
    flows: Flows, unit: int = 0, layers: Layers | None = None, outputs: Sequence[str] = ()
) -> Iterator[Part]:
    """One cell large, with its arithmetic for one unit: values forward, gradients back.

    Nothing of a net beyond `MOST_DRAWN`: the file would be too large.
    """
    if max(len(one.trace.x) * one.trace.model.hidden_size for one in flows.values()) > MOST_DRAWN:
        return
    yield Heading(say("The cell"))
    readouts = Readouts(layers or {}, tuple(outputs), 0)
    found = {name: currents(one) for name, one in flows.items()}
    options: dict[str, tuple[str, list[Part]]] = {}
    for name, one in found.items():
        for way, label in WAYS.items():
            title = say(label) if len(found) == 1 else f"{name_of(name, flows[name])}: {say(label)}"
            options[f"{name} {way}"] = title, [_cell(name, one, unit, readouts, way == "back")]
    yield Choice(options)


def _cell(name: str, one: Currents, unit: int, readouts: Readouts, back: bool) -> Drawing:
    packet = diagram_packet({name: one}, unit, readouts, back=False, large=True,
                            alone=True)  # fmt: skip
    return Drawing("cell_diagram/diagram", packet, head={"back": back})


def by_layer(flows: Flows, labels: Labels = None) -> Iterator[Part]:
    """Stacks and both directions: the gradient across layers and time, every layer's signals."""
    for name, flow in flows.items():
        yield Heading(name_of(name, flow))
        chart = plot.depth_map(flow, labels=labels)
        words = say("The gradient's norm in every layer and direction, against time.")
        yield Chart(chart, words, say(definitions.DEPTH))
        for layer in flow.layers:
            at = layer.trace
            where = f"{layer_name(at.layer)}, {say(at.direction)}"
            yield Heading(where, 3)
            signals = ", ".join(f"{one.name} ({say(one.title)})" for one in at.cell.signals)
            yield Chart(plot.gates(at, labels=labels),
                        say("{cell}: heatmaps of {signals}, units against timesteps.", cell=where,
                            signals=signals))  # fmt: skip
