"""What stands before and after an ONNX graph's recurrent nodes: a table of vectors, a readout."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from rnnviz.formats.float_arrays import weights
from rnnviz.formats.layers import Around, Layer
from rnnviz.formats.onnx_graph import Graph, Node
from rnnviz.formats.onnx_nodes import CELLS
from rnnviz.formats.onnx_paths import side_by_side, way_down
from rnnviz.numerics.arrays import Array, Arrays


def around(first: Node, last: Node, chain: Sequence[Layer], graphs: Sequence[Graph]) -> Around:
    """The table that the first node's inputs are gathered from, and the readout of the last."""
    W = _readout(last, chain[-1], graphs)
    return Around(_embedding(first, chain[0].inputs), W)


def _embedding(node: Node, inputs: int) -> Array | None:
    way = way_down(node.graph, node.input(0), ("Gather",))
    table = way[-1].constant(0) if way else None
    fits = table is not None and table.ndim == 2 and table.shape[1] == inputs
    if table is None or not fits or way[-1].attributes.get("axis", 0) != 0:
        return None
    return weights("the table of vectors", table, 2)


def _readout(
    node: Node, layer: Layer, graphs: Sequence[Graph]
) -> tuple[str, Arrays] | None:  # fmt: skip
    """The only product with a constant matrix that reads all outputs of a node."""
    found = []
    for one in _products(node, graphs):
        way = way_down(one.graph, one.input(0), tuple(CELLS))
        layout = int(node.number("layout") == 1)
        if way and way[-1] is node and side_by_side(
            way, one.input(0), len(layer.sides), layer.hidden, layout
        ) is not None:  # fmt: skip
            found.append(one)
    if len(found) != 1:
        return None
    matrix = found[0].constant(1)
    if matrix is None or matrix.ndim != 2 or len(matrix) != layer.outputs:
        return None
    W = weights("the readout's matrix", matrix, 2)
    bias, after = _bias(found[0], W.shape[1])
    softmax = any(one.op == "Softmax" for one in _users(after))
    return "softmax" if softmax else "identity", {"W_y": W, "b_y": bias}


def _products(node: Node, graphs: Sequence[Graph]) -> Iterator[Node]:
    return (one for graph in graphs if graph is node.graph for one in graph.nodes
            if one.op == "MatMul")  # fmt: skip


def _users(node: Node) -> list[Node]:
    return [one for one in node.graph.nodes if set(node.outputs[:1]) & set(one.inputs)]


def _bias(product: Node, size: int) -> tuple[Array, Node]:
    """What is added to a product, zeros where nothing is, and the node after which it is done."""
    users = _users(product)
    if len(users) == 1 and users[0].op == "Add":
        for place in (0, 1):
            constant = users[0].constant(place)
            if constant is not None and constant.shape == (size,):
                return weights("the readout's bias", constant, 1), users[0]
    return np.zeros(size, np.float32), product
