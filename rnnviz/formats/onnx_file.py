"""ONNX files: LSTM, GRU and RNN nodes with constant weights, in the main graph or inside others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rnnviz.formats.child import decoded
from rnnviz.formats.found import Contents, Net
from rnnviz.formats.layers import Layer, chains, check_count, stacked, unnamed_twice
from rnnviz.formats.onnx_around import around
from rnnviz.formats.onnx_graph import Node, graphs_of, nodes_of
from rnnviz.formats.onnx_nodes import CELLS, layer_of
from rnnviz.formats.onnx_paths import Form, form_of, way_down
from rnnviz.numerics.arrays import Arrays
from rnnviz.words import Refusal


def read(data: bytes) -> Contents:
    """The recurrent nets of a file: nodes of one kind that read one another are one net."""
    return contents(*decoded("ONNX", data))


def contents(arrays: Arrays, description: Any) -> Contents:
    """The nets of a decoded model, and what of it makes none. Raises the first `Refusal`."""
    graphs = graphs_of(description, arrays)
    found = [node for node in nodes_of(graphs) if node.op in CELLS]
    check_count(len(found))
    names = unnamed_twice([_name(node) for node in found])
    refused: list[Refusal] = []
    layers: dict[str, Layer] = {}
    nodes = dict(zip(names, found, strict=True))
    for name, node in nodes.items():
        try:
            layers[name] = layer_of(node, name)
        except Refusal as refusal:
            refused.append(refusal)
    read_by = _Reads(nodes, layers)
    nets: list[Net] = []
    for chain in chains(list(layers.values()), read_by.follows):
        try:
            first, last = nodes[chain[0].name], nodes[chain[-1].name]
            nets.append(stacked(chain, around(first, last, chain)))
        except Refusal as refusal:
            refused.append(refusal)
    if not nets:
        raise refused[0] if refused else _none(description)
    return Contents(tuple(nets), tuple(one.words for one in refused))


def _name(node: Node) -> str:
    return (node.name or next((one for one in node.outputs if one), node.op))[:80]


def _none(description: Any) -> Refusal:
    counts = description["counts"]
    listed = ", ".join(f"{n} {op}" for op, n in counts.items()) or "no node"
    return Refusal(
        "It holds no LSTM, GRU or RNN node; it has {listed}. PyTorch's newer exporter unrolls "
        "nn.RNN and cells: export with dynamo=False.", listed=listed,
    )  # fmt: skip


@dataclass
class _Reads:
    nodes: Mapping[str, Node]
    layers: Mapping[str, Layer]

    def follows(self, upper: Layer, lower: Layer) -> bool:
        """Whether a node reads the outputs of another, its directions side by side."""
        high, low = self.nodes[upper.name], self.nodes[lower.name]
        way = way_down(high.graph, high.input(0), tuple(CELLS))
        if not way or way[-1] is not low:
            return False
        layouts = [int(one.number("layout") == 1) for one in (high, low)]
        return form_of(way, high.input(0), lower, layouts[1]) == Form(True, layouts[0])
