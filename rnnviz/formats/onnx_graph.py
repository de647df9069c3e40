"""An ONNX graph as it was decoded: which values are constants, and where the others come from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from rnnviz.formats import limits
from rnnviz.formats.onnx_fold import FOLDED, folded
from rnnviz.numerics.arrays import Array, Arrays

DEEPEST = 200
"""So many operations between a constant and where it is used are computed."""


@dataclass(eq=False)
class Node:
    """One operation: names of its inputs (empty where one is left out) and outputs."""

    op: str
    name: str
    inputs: list[str]
    outputs: list[str]
    attributes: Mapping[str, Any]
    graph: Graph

    def input(self, place: int) -> str:
        """The name of an input, empty where it is left out."""
        return self.inputs[place] if 0 <= place < len(self.inputs) else ""

    def text(self, name: str, usual: str = "") -> str:
        """An attribute that is text."""
        found = self.attributes.get(name)
        return found if isinstance(found, str) else usual

    def number(self, name: str) -> int | float | None:
        """An attribute that is a number."""
        found = self.attributes.get(name)
        return found if isinstance(found, (int, float)) else None

    def every(self, name: str, kind: type | tuple[type, ...]) -> list[Any]:
        """An attribute that is a list, those of its members that are of a kind."""
        found = self.attributes.get(name)
        return [one for one in found if isinstance(one, kind)] if isinstance(found, list) else []

    def constant(self, place: int) -> Array | None:
        """An input's numbers, where they are constant."""
        name = self.input(place)
        return self.graph.constant(name) if name else None


@dataclass(eq=False)
class Graph:
    """Nodes in order, constants by name, and the graph that this one is inside of."""

    outer: Graph | None
    inputs: list[str]
    outputs: list[str]
    held: Mapping[str, Any]
    arrays: Arrays
    nodes: list[Node] = field(default_factory=list)
    makers: dict[str, Node] = field(default_factory=dict)
    known: dict[str, Array | None] = field(default_factory=dict)
    computed: int = 0
    """How many numbers its folded operations made."""

    def maker(self, name: str) -> Node | None:
        """The node that computes a value, here or in a graph around."""
        scope: Graph | None = self
        while scope is not None:
            if name in scope.makers:
                return scope.makers[name]
            if name in scope.inputs or name in scope.held:
                return None
            scope = scope.outer
        return None

    def constant(self, name: str, depth: int = 0) -> Array | None:
        """The numbers of a value, or None where they are not constant or were not read."""
        if name in self.known:
            return self.known[name]
        found = self._constant(name, depth)
        self.known[name] = found
        return found

    def _constant(self, name: str, depth: int) -> Array | None:
        if name in self.held:
            return tensor(self.held[name], self.arrays)
        node = self.makers.get(name)
        if node is None:
            outside = self.outer if name not in self.inputs else None
            return outside.constant(name, depth) if outside else None
        if node.op not in FOLDED or depth > DEEPEST or node.outputs[:1] != [name]:
            return None
        if node.op == "Constant":
            return _own(node, self.arrays)
        given = [self.constant(one, depth + 1) if one else None for one in node.inputs]
        if self.computed > limits.DECODED_NUMBERS // 2:
            return None
        made = folded(node.op, node.attributes, given)
        if made is not None and made.base is None:
            self.computed += made.size
        return made


def _own(node: Node, arrays: Arrays) -> Array | None:
    """The numbers of a Constant."""
    for name, kind in (("value_float", np.float32), ("value_int", np.int64)):
        one = node.number(name)
        if one is not None:
            return np.asarray(one, kind)
        if f"{name}s" in node.attributes:
            return np.array(node.every(f"{name}s", (int, float)), kind)
    return tensor(node.attributes.get("value"), arrays)


def tensor(held: Any, arrays: Arrays) -> Array | None:
    """A tensor of the description as an array."""
    if not isinstance(held, dict):
        return None
    if "array" in held:
        return arrays[held["array"]]
    if "values" in held:
        return np.array(held["values"], held["type"]).reshape(held["shape"])
    return None


def graphs_of(description: Any, arrays: Arrays) -> list[Graph]:
    """The graphs, each after the one that it is inside of."""
    found: list[Graph] = []
    for one in description["graphs"]:
        outer = found[one["outer"]] if one["outer"] >= 0 else None
        graph = Graph(outer, one["inputs"], one["outputs"], one["constants"], arrays)
        found.append(graph)
    for graph, one in zip(found, description["graphs"], strict=True):
        for node in one["nodes"]:
            op = node["op"]
            made = Node(
                op, node["name"], node["inputs"], node["outputs"], node["attributes"], graph
            )
            graph.nodes.append(made)
            graph.makers |= dict.fromkeys([name for name in made.outputs if name], made)
    return found


def nodes_of(graphs: list[Graph]) -> Iterator[Node]:
    """Every node of every graph."""
    for graph in graphs:
        yield from graph.nodes
