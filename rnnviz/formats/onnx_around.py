"""What stands before and after an ONNX graph's recurrent nodes: a table of vectors, a readout."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rnnviz.formats.float_arrays import weights
from rnnviz.formats.layers import LAST, Around, Layer
from rnnviz.formats.onnx_graph import Node
from rnnviz.formats.onnx_nodes import CELLS
from rnnviz.formats.onnx_paths import Form, form_of, way_down
from rnnviz.numerics.arrays import Array, Arrays


def around(first: Node, last: Node, chain: Sequence[Layer]) -> Around:
    """The table that the first node's inputs are gathered from, and the readout of the last."""
    found = [(one, form) for one in last.graph.nodes if one.op in ("MatMul", "Gemm")
             and (form := _reads(one, last, chain[-1]))]  # fmt: skip
    readout = _readout(found[0][0], chain[-1].outputs) if len(found) == 1 else None
    said = (LAST,) if readout and not found[0][1].every else ()
    return Around(_embedding(first, chain[0].inputs), readout, said=said)


def _reads(product: Node, node: Node, layer: Layer) -> Form | None:
    """What of a recurrent node's outputs a product reads."""
    way = way_down(product.graph, product.input(0), tuple(CELLS))
    if not way or way[-1] is not node:
        return None
    return form_of(way, product.input(0), layer, int(node.number("layout") == 1))


def _embedding(node: Node, inputs: int) -> Array | None:
    way = way_down(node.graph, node.input(0), ("Gather",))
    table = way[-1].constant(0) if way else None
    fits = table is not None and table.ndim == 2 and table.shape[1] == inputs
    if table is None or not fits or way[-1].attributes.get("axis", 0) != 0:
        return None
    return weights("the table of vectors", table, 2)


def _readout(product: Node, width: int) -> tuple[str, Arrays] | None:
    """The function and the weights of a product with a constant matrix, and of what follows."""
    matrix = product.constant(1)
    gemm = product.op == "Gemm"
    scaled = any(product.number(one) not in (None, 1) for one in ("alpha", "beta"))
    if matrix is None or matrix.ndim != 2 or product.number("transA") == 1 or scaled:
        return None
    if product.number("transB") == 1:
        matrix = matrix.T
    if len(matrix) != width:
        return None
    W = weights("the readout's matrix", matrix, 2)
    bias, after = _bias(product, W.shape[1])
    if gemm and product.input(2):
        constant = product.constant(2)
        if constant is None or constant.shape != (W.shape[1],):
            return None
        bias = weights("the readout's bias", constant, 1)
    softmax = any(one.op in ("Softmax", "LogSoftmax") for one in _users(after))
    return "softmax" if softmax else "identity", {"W_y": W, "b_y": bias}


def _users(node: Node) -> list[Node]:
    return [one for one in node.graph.nodes if set(node.outputs[:1]) & set(one.inputs)]


def _bias(product: Node, size: int) -> tuple[Array, Node]:
    """What is added to a product, zeros where nothing is, and the node after which it is done."""
    users = _users(product)
    if product.op == "MatMul" and len(users) == 1 and users[0].op == "Add":
        for place in (0, 1):
            constant = users[0].constant(place)
            if constant is not None and constant.shape == (size,):
                return weights("the readout's bias", constant, 1), users[0]
    return np.zeros(size, np.float32), product
