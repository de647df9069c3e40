"""What lies between a recurrent node and the value that another node reads.

The operations on the way are run on numbered elements: the value is the node's output, laid side
by side by direction, if and only if the numbers stand where they would.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rnnviz.formats.layers import Layer
from rnnviz.formats.onnx_fold import folded, reshaped
from rnnviz.formats.onnx_graph import Graph, Node
from rnnviz.numerics.arrays import Array

T, BATCH = 3, 2
LONGEST = 24
"""So many operations may stand between two nodes."""
SAME = ("Identity", "Dropout", "Cast")
MOVED = ("Transpose", "Squeeze", "Unsqueeze")
CHOSEN = ("Slice", "Gather", "Expand", "Tile", "Concat")


def way_down(graph: Graph, name: str, to: tuple[str, ...]) -> list[Node]:
    """The nodes from the one that computes a value down to the first one of the kinds ``to``.

    Empty where there is none that is reached through operations that move numbers alone.
    """
    found: list[Node] = []
    while len(found) < LONGEST:
        node = graph.maker(name)
        if node is None or node.op not in (*SAME, *MOVED, *CHOSEN, "Reshape", *to):
            return []
        found.append(node)
        if node.op in to:
            return found
        name = passed(node)
    return []


def passed(node: Node) -> str:
    """The input that is followed: the first, of a Concat the last, as of a stack's states."""
    return node.input(0 if node.op != "Concat" else len(node.inputs) - 1)


class Form(NamedTuple):
    """How a value holds the outputs of a recurrent node, its directions side by side.

    every   all steps, or the last one alone
    layout  0: time before the batch, 1: after it, None: the two are one axis, or there is one alone
    """

    every: bool
    layout: int | None


def form_of(way: list[Node], read: str, layer: Layer, layout: int) -> Form | None:
    """What of a node's outputs the value ``read`` is, at the end of `way_down` from it.

    None where it is neither all outputs nor those of the last step.
    """
    sides, hidden = len(layer.sides), layer.hidden
    numbered = np.arange(T * sides * BATCH * hidden).reshape(T, sides, BATCH, hidden)
    plain = numbered.transpose(0, 2, 1, 3).reshape(T, BATCH, sides * hidden)
    value: Array | None = numbered.transpose(2, 0, 1, 3) if layout else numbered
    place = way[-1].outputs.index(passed(way[-2]) if len(way) > 1 else read)
    if place == 1:  # Y_h, the states at the end
        value = numbered[-1] if not layer.reverse and sides == 1 and not layout else None
    elif place:
        return None
    for node in reversed(way[:-1]):
        value = _moved(node, value) if value is not None else None
    turned, flat = plain.transpose(1, 0, 2), (-1, sides * hidden)
    forms = (
        (plain, Form(True, 0)), (turned, Form(True, 1)), (plain.reshape(flat), Form(True, None)),
        (turned.reshape(flat), Form(True, None)), (plain[-1], Form(False, None)),
        (plain[-1:], Form(False, 0)), (turned[:, -1:], Form(False, 1)),
    )  # fmt: skip
    return next((form for one, form in forms if value is not None and np.array_equal(one, value)),
                None)  # fmt: skip


def _moved(node: Node, value: Array) -> Array | None:
    if node.op in SAME:
        return value
    if node.op == "Concat":
        others = [np.full_like(value, -1)] * (len(node.inputs) - 1)
        return folded("Concat", node.attributes, [*others, value])
    given = [value, *(node.constant(k) for k in range(1, len(node.inputs)))]
    if node.op == "Reshape":
        try:
            shape = given[1] if len(given) > 1 else node.attributes.get("shape")
            return value.reshape(*value.shape[:2], -1) if shape is None else reshaped(value, shape)
        except (ValueError, IndexError, OverflowError):
            return None
    return folded(node.op, node.attributes, given)
