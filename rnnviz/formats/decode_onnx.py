"""The graphs and constants of an ONNX model; runs in the child process of `rnnviz.formats.child`.

Nothing but the bytes given is read: a tensor whose numbers stand in another file is refused, and
every tensor's sizes are compared with the bytes that it has before it becomes an array.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from math import prod
from typing import Any

import numpy as np

from rnnviz.formats import limits
from rnnviz.formats.child import Decoded
from rnnviz.formats.protobuf_count import fields_of
from rnnviz.numerics.arrays import Array
from rnnviz.numerics.optional import needed
from rnnviz.words import Refusal

FLOATS = {1: ("float_data", 4), 10: ("int32_data", 2), 11: ("double_data", 8),
          16: ("int32_data", 2)}  # fmt: skip
INTEGERS = {6: ("int32_data", 4), 7: ("int64_data", 8)}
READ = FLOATS | INTEGERS
"""ONNX's types of numbers that are read: the field of plain numbers, and bytes of one in raw_data.
The floats are float32, float16, float64 and bfloat16."""
EXTERNAL = 1
DOMAINS = ("", "ai.onnx")
"""ONNX's own operations."""
SHORT = 64
"""Tensors of at most so many numbers are part of the description."""
SIMPLE = {1: "f", 2: "i", 6: "floats", 7: "ints"}
"""ONNX's types of attributes that are numbers → the field."""
TEXT, TENSOR, GRAPH, TEXTS, TENSORS, GRAPHS, SPARSE = 3, 4, 5, 8, 9, 10, (11, 12)


def decode(data: bytes) -> Decoded:
    """The model's graphs: the description lists them, `nodes`, `inputs` and `constants` of each.

    A graph inside a node stands in the list after the graph that the node belongs to. Raises
    Refusal.
    """
    onnx = needed("onnx", who="A file of ONNX", extra="onnx")
    message = needed("google.protobuf.message", who="A file of ONNX", extra="onnx")
    if fields_of(data, (7, 1), limits.ONNX_NODES) > limits.ONNX_NODES:
        raise _too_many_nodes()
    try:
        model = onnx.ModelProto.FromString(data)
    except (message.DecodeError, RuntimeError, ValueError) as error:
        raise Refusal(
            "It is no ONNX model that can be read, or a truncated one: download or export it again."
        ) from error
    return _Walk(onnx).all_of(model)


def _too_many_nodes() -> Refusal:
    return Refusal(
        "Its graph must have at most {most:,} nodes; export the recurrent layers alone.",
        most=limits.ONNX_NODES,
    )


class _Walk:
    def __init__(self, onnx: Any) -> None:
        self.onnx = onnx
        self.arrays: dict[str, Array] = {}
        self.graphs: list[dict[str, Any]] = []
        self.counts: Counter[str] = Counter()
        self.nodes = self.numbers = 0

    def all_of(self, model: Any) -> Decoded:
        self._graph(model.graph, -1, 0)
        for function in model.functions:
            for node in function.node:
                self._node(node, -1, 0)
        found = {"graphs": self.graphs, "counts": dict(self.counts.most_common(12))}
        return Decoded(self.arrays, found)

    def _graph(self, graph: Any, outer: int, depth: int) -> int:
        if depth > limits.DEPTH:
            raise Refusal("Its graphs must stand at most {most} deep in each other.",
                          most=limits.DEPTH)  # fmt: skip
        index = len(self.graphs)
        found: dict[str, Any] = {"outer": outer, "nodes": [], "constants": {}}
        self.graphs.append(found)
        found["inputs"] = [_text(one.name) for one in graph.input]
        found["outputs"] = [_text(one.name) for one in graph.output]
        for tensor in graph.initializer:
            found["constants"][_text(tensor.name)] = self._tensor(tensor)
        for sparse in graph.sparse_initializer:
            self._sparse(sparse)
        for node in graph.node:
            found["nodes"].append(self._node(node, index, depth))
        return index

    def _node(self, node: Any, graph: int, depth: int) -> dict[str, Any]:
        self.nodes += 1
        if self.nodes > limits.ONNX_NODES:
            raise _too_many_nodes()
        op, domain = _text(node.op_type), _text(node.domain)
        where = "" if graph >= 0 else " (in a function)"
        op = op if domain in DOMAINS else f"{domain}.{op}"
        self.counts[op[:60] + where] += 1
        attributes = {_text(one.name): self._attribute(one, graph, depth) for one in node.attribute}
        return {"op": op, "name": _text(node.name),
                "inputs": [*map(_text, node.input)], "outputs": [*map(_text, node.output)],
                "attributes": attributes}  # fmt: skip

    def _attribute(self, one: Any, graph: int, depth: int) -> Any:
        if one.type in SIMPLE:
            value = getattr(one, SIMPLE[one.type])
            return value if isinstance(value, (int, float)) else list(value)
        if one.type == TEXT:
            return _text(one.s)
        if one.type == TEXTS:
            return [_text(text) for text in one.strings]
        if one.type in (TENSOR, TENSORS):
            found = [self._tensor(tensor) for tensor in (one.t, *one.tensors)]
            return found[0] if one.type == TENSOR else found[1:]
        if one.type in (GRAPH, GRAPHS):
            return {"graphs": [self._graph(inner, graph, depth + 1) for inner in _inner(one)]}
        for sparse in (one.sparse_tensor, *one.sparse_tensors) if one.type in SPARSE else ():
            self._sparse(sparse)
        return None

    def _sparse(self, sparse: Any) -> None:
        self._tensor(sparse.values)
        self._tensor(sparse.indices)

    def _tensor(self, tensor: Any) -> Any:
        """The number of an array, short tensors as they are, or the reason why it is not read."""
        if tensor.data_location == EXTERNAL or tensor.external_data:
            raise Refusal(
                "The numbers of `{name}` stand in another file, which is never opened; export with "
                "external_data=False, or load and onnx.save it into one file.",
                name=_text(tensor.name)[:80],
            )  # fmt: skip
        if tensor.data_type not in READ:
            return {"unread": self.onnx.TensorProto.DataType.Name(tensor.data_type)
                    if tensor.data_type in range(27) else "?"}  # fmt: skip
        shape = list(tensor.dims)
        size = self._sized(tensor, shape)
        if size > limits.ARRAY_NUMBERS:
            return {"unread": f"{size:,} numbers"}
        array = np.asarray(self.onnx.numpy_helper.to_array(tensor))
        if tensor.data_type == 16:
            array = array.astype(np.float32)
        if size <= SHORT:
            return {"type": array.dtype.name, "shape": shape, "values": array.ravel().tolist()}
        self.numbers += size
        if self.numbers > limits.DECODED_NUMBERS or len(self.arrays) >= limits.ARRAYS:
            raise Refusal(
                "Its tensors must have at most {most:,} numbers together, in {arrays:,} tensors; "
                "export the recurrent layers alone.", most=limits.DECODED_NUMBERS,
                arrays=limits.ARRAYS,
            )  # fmt: skip
        key = str(len(self.arrays))
        self.arrays[key] = array
        return {"array": key}

    def _sized(self, tensor: Any, shape: list[int]) -> int:
        """How many numbers a tensor has; its dimensions must agree with what is there."""
        field, one = READ[tensor.data_type]
        raw = len(tensor.raw_data)
        has = raw // one if raw and not raw % one else len(getattr(tensor, field))
        if min(shape, default=1) < 0 or prod(shape) != has:
            raise Refusal(
                "`{name}` has the dimensions {shape}, which are {claimed:,} numbers, but holds "
                "{has:,}: the file is damaged; export it again.", name=_text(tensor.name)[:80],
                shape=str(shape)[:80], claimed=prod(shape), has=has,
            )  # fmt: skip
        return has


def _inner(attribute: Any) -> Iterator[Any]:
    yield from [attribute.g] if attribute.type == GRAPH else attribute.graphs


def _text(said: str | bytes) -> str:
    """Text of a message; what is no UTF-8 arrives as bytes."""
    return said if isinstance(said, str) else said.decode("utf-8", "replace")
