"""What lies between a recurrent node and the value that another node reads.

The operations on the way are run on numbered elements: the value is the node's output, laid side
by side by direction, if and only if the numbers stand where they would.
"""

from __future__ import annotations

import numpy as np

from rnnviz.formats.onnx_fold import folded, reshaped
from rnnviz.formats.onnx_graph import Graph, Node
from rnnviz.numerics.arrays import Array

T, BATCH = 3, 2
LONGEST = 24
"""So many operations may stand between two nodes."""
SAME = ("Identity", "Dropout", "Cast")
MOVED = ("Transpose", "Squeeze", "Unsqueeze")
REPEATED = ("Slice", "Expand", "Tile")


def way_down(graph: Graph, name: str, to: tuple[str, ...]) -> list[Node]:
    """The nodes from the one that computes a value down to the first one of the kinds ``to``.

    Empty where there is none that is reached through operations that move numbers alone.
    """
    found: list[Node] = []
    while len(found) < LONGEST:
        node = graph.maker(name)
        if node is None or node.op not in (*SAME, *MOVED, *REPEATED, "Reshape", *to):
            return []
        found.append(node)
        if node.op in to:
            return found
        name = node.input(0)
    return []


def side_by_side(way: list[Node], read: str, sides: int, hidden: int, layout: int) -> int | None:
    """The layout in which a value is all outputs of a recurrent node, its directions side by side.

    ``way`` is `way_down` from the value ``read``. 0: (T, batch, D·H), 1: (batch, T, D·H); None
    where it is something else.
    """
    if way[-1].outputs[:1] != [_from(way, read)]:
        return None
    numbered = np.arange(T * sides * BATCH * hidden).reshape(T, sides, BATCH, hidden)
    plain = numbered.transpose(0, 2, 1, 3).reshape(T, BATCH, sides * hidden)
    value: Array | None = numbered.transpose(2, 0, 1, 3) if layout else numbered
    for node in reversed(way[:-1]):
        value = _moved(node, value) if value is not None else None
    for found, form in enumerate((plain, plain.transpose(1, 0, 2))):
        if value is not None and value.shape == form.shape and np.array_equal(value, form):
            return found
    return None


def _from(way: list[Node], read: str) -> str:
    """The output of the last node of a way that is read on it."""
    return way[-2].input(0) if len(way) > 1 else read


def _moved(node: Node, value: Array) -> Array | None:
    if node.op in SAME:
        return value
    given = [value, *(node.constant(k) for k in range(1, len(node.inputs)))]
    if node.op == "Reshape":
        try:
            shape = given[1] if len(given) > 1 else node.attributes.get("shape")
            return value.reshape(*value.shape[:2], -1) if shape is None else reshaped(value, shape)
        except (ValueError, IndexError, OverflowError):
            return None
    return folded(node.op, node.attributes, given)
