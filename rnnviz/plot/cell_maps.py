"""A cell's equations as a map: what flows from the past states and the input to the next ones."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go

from rnnviz.cells import CELLS, Cell, Node, Wire, symbol
from rnnviz.figures import palette
from rnnviz.figures.axes import frame
from rnnviz.figures.sheet import Sheet
from rnnviz.numerics.validation import one_of
from rnnviz.plot._options import figure
from rnnviz.words import say

LANE = 84
"""Pixels from lane to lane."""
HALF = {"affine": (0.42, 0.3), "past": (0.42, 0.22), "input": (0.42, 0.22), "out": (0.42, 0.22),
        "phi": (0.36, 0.2)}  # fmt: skip
ROUND = (0.17, 0.2)
"""Half the width of a node in columns and half its height in lanes."""
SIGNS = {"times": "⊙", "plus": "+", "rest": "1 −", "share": "∕"}
Point = tuple[float, float]


@figure
def cell_map(cell: str | Cell, *, theme: str = "light", height: int | None = None) -> go.Figure:
    """The map of a cell, by its name or with its options: time to the right, a node an operation.

    Weighted sums are boxes with their function, dashed wires carry a weight. Raises ValueError for
    a name that is no cell.

    >>> import rnnviz
    >>> fig = rnnviz.plot.cell_map("gru")
    >>> "⊙" in [note.text for note in fig.layout.annotations]
    True
    """
    made = cell if isinstance(cell, Cell) else _named(cell)
    nodes = {node.name: node for node in made.graph}
    lanes = [node.at[1] for node in nodes.values()]
    fig = Sheet()
    for node in nodes.values():
        for wire in node.of:
            _draw_wire(fig, legs(wire, nodes[wire.source], node, made.states), wire, theme)
    for node in nodes.values():
        _draw_node(fig, node, theme)
    tall = height or round(LANE * (max(lanes) - min(lanes) + 1.1)) + 40
    frame(fig, theme, tall, [], l=8, r=8, t=32, b=8)
    columns = [node.at[0] for node in nodes.values()]
    hidden: dict[str, Any] = {"showticklabels": False, "showgrid": False, "ticks": ""}
    fig.update_xaxes(range=[min(columns) - 0.6, max(columns) + 0.6], **hidden)
    fig.update_yaxes(range=[-max(lanes) - 0.55, -min(lanes) + 0.55], **hidden)
    fig.update_layout(title={"text": say(made.title), "font": {"size": 14}, "x": 0.01})
    return fig.figure()


def _named(name: str) -> Cell:
    if name not in CELLS:
        one_of("cell", name, CELLS)
    return CELLS[name]()


def legs(wire: Wire, source: Node, to: Node, states: tuple[str, ...]) -> list[Point]:
    """The corners of a wire, from one node's middle to the other's: legs along the axes.

    What comes from outside and the ``states`` keep their lane as far as they can.
    """
    (x0, y0), (x1, y1) = ((node.at[0], -node.at[1]) for node in (source, to))
    if wire.via is not None:
        x, y = wire.via[0], -wire.via[1]
        return [(x0, y0), (x, y0), (x, y), (x1, y), (x1, y1)]
    if x0 == x1 or y0 == y1:
        return [(x0, y0), (x1, y1)]
    along = (source.op in ("past", "input") or source.name in states) and to.op != "out"
    return [(x0, y0), (x1, y0) if along else (x0, y1), (x1, y1)]


def _draw_wire(fig: Sheet, points: list[Point], wire: Wire, theme: str) -> None:
    name = wire.source.removesuffix("_prev")
    words = f"{wire.source} · {wire.weight}" if wire.weight else wire.source
    fig.add_scatter(
        x=[x for x, _ in points], y=[y for _, y in points], mode="lines", name=words,
        line={"color": palette.signal_color(name, theme), "width": 2.5,
              "dash": "dash" if wire.weight else "solid"},
        hovertemplate=f"{words}<extra></extra>",
    )  # fmt: skip


def _draw_node(fig: Sheet, node: Node, theme: str) -> None:
    x, y = node.at[0], -node.at[1]
    across, up = HALF.get(node.op, ROUND)
    fig.shapes.append({
        "type": "rect" if node.op in HALF else "circle", "xref": "x", "yref": "y",
        "x0": x - across, "x1": x + across, "y0": y - up, "y1": y + up,
        "fillcolor": palette.PAPER[theme],
        "line": {"color": palette.signal_color(node.name.split("_")[0], theme), "width": 1.5},
    })  # fmt: skip
    fig.add_annotation(x=x, y=y, text=_words(node), showarrow=False,
                       font={"size": 14, "color": palette.TEXT[theme]})  # fmt: skip


def _words(node: Node) -> str:
    """What stands in a node."""
    name = node.name
    match node.op:
        case "past":
            return f"{name.removesuffix('_prev')}<sub>t−1</sub>"
        case "out":
            return f"{name.removesuffix('_out')}<sub>t</sub>"
        case "input":
            return "x<sub>t</sub>"
        case "affine":
            return f"<b>{name}</b><br>{symbol(node.phi)}"
        case "phi":
            return symbol(node.phi)
    return SIGNS[node.op]
