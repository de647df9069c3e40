"""What lies between a recurrent node and the value that another node reads.

The operations on the way are run on numbered elements: the value is the node's output, laid side
by side by direction, if and only if the numbers stand where they would.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from rnnviz.formats.layers import Layer
from rnnviz.formats.onnx_fold import folded, reshaped
from rnnviz.formats.onnx_graph import Graph, Node
from rnnviz.numerics.arrays import Array

T, BATCH = 3, 2
MOST = 2**22
"""So many numbers are moved to see where they end."""
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
    for T, batch in _sizes(way, layer):
        if (found := _form(way, read, layer, layout, T, batch)) is not None:
            return found
    return None


def _sizes(way: list[Node], layer: Layer) -> Iterator[tuple[int, int]]:
    """Lengths and batches to try: of an export with fixed ones a Reshape says which they are."""
    yield T, BATCH
    for node in way:
        shape = node.constant(1) if node.op == "Reshape" and len(node.inputs) > 1 else None
        if shape is not None and shape.ndim == 1 and len(shape) > 2:
            first, second = (int(one) for one in shape[:2])
            if min(first, second) > 0 and first * second * len(layer.sides) * layer.hidden <= MOST:
                yield first, second
                yield second, first


def _form(
    way: list[Node], read: str, layer: Layer, layout: int, T: int, batch: int
) -> Form | None:  # fmt: skip
    sides, hidden = len(layer.sides), layer.hidden
    numbered = np.arange(T * sides * batch * hidden).reshape(T, sides, batch, hidden)
    plain = numbered.transpose(0, 2, 1, 3).reshape(T, batch, sides * hidden)
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
