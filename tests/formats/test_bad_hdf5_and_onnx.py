"""HDF5 and ONNX files that are broken or made to do harm: one sentence each, nothing opened."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import h5py
import numpy as np
import pytest
from onnx import ModelProto, TensorProto, helper

from rnnviz.formats import keras_file, limits, onnx_file, read
from rnnviz.words import Refusal
from tests.formats.made import zipped
from tests.formats.opened import DATA, here
from tests.formats.test_onnx_files import arrays, constants, model_of

W, R = arrays(np.random.default_rng(0))
GOOD = DATA["stack/file.weights.h5"].tobytes()
ONNX = DATA["onnx/LSTM/file.onnx"].tobytes()


def hdf5(fill: Callable[[Any], Any]) -> bytes:
    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as file:
        fill(file)
    return buffer.getvalue()


def virtual(file: Any) -> None:
    layout = h5py.VirtualLayout((4,), "f4")
    layout[:] = h5py.VirtualSource("/etc/passwd", "x", (4,))
    file.create_virtual_dataset("layers/v", layout)


def cycle(file: Any) -> None:
    below = file.create_group("a/b")
    below["up"] = file["a"]


def soft(file: Any) -> None:
    file["a"] = h5py.SoftLink("/a")


def outside(file: Any) -> None:
    file["a"] = h5py.ExternalLink("/etc/passwd", "/")


def packed(file: Any) -> None:
    file.create_dataset("a", data=np.zeros(10_000_000, "f4"), compression="gzip", chunks=True)


def cell(file: Any, *shapes: tuple[int, ...], fill: float = 0.0) -> None:
    for k, shape in enumerate(shapes):
        file[f"layers/lstm/cell/vars/{k}"] = np.full(shape, fill, "f4")


def many(file: Any) -> None:
    for k in range(129):
        for place, shape in enumerate(((1, 4), (1, 4))):
            file[f"layers/lstm_{k}/cell/vars/{place}"] = np.ones(shape, "f4")


def keras(config: bytes) -> bytes:
    return zipped({"config.json": config, "metadata.json": b"{}", "model.weights.h5": GOOD})


HDF5 = {
    "external link": (hdf5(outside), "`a` in it is a link to somewhere else (ExternalLink)"),
    "soft link loop": (hdf5(soft), "`a` in it is a link to somewhere else (SoftLink)"),
    "hard link cycle": (hdf5(cycle), "must form a tree"),
    "external storage": (
        hdf5(lambda f: f.create_dataset("a", (4,), "f4", external=[("/etc/passwd", 0, 16)])),
        "`a` stand in another file, which is never opened",
    ),
    "virtual": (hdf5(virtual), "`layers/v` stand in another file"),
    "sparse 4 TB": (
        hdf5(lambda f: f.create_dataset("a", (10**12,), "f4", chunks=(1024,))),
        "`a` has 1,000,000,000,000 numbers: an array must have at most 16,000,000",
    ),
    "gzip bomb": (hdf5(packed), "more than 200 to 1"),
    "another filter": (
        hdf5(lambda f: f.create_dataset("a", data=np.ones(9), chunks=(9,), scaleoffset=2)),
        "packed with HDF5's filter 6",
    ),
    "long name": (hdf5(lambda f: f.create_group("n" * 300)), "at most 256 characters"),
    "deep": (hdf5(lambda f: f.create_group("/".join("a" * 40))), "at most 32 deep"),
    "half a file": (GOOD[: len(GOOD) // 2], "no HDF5 file that can be read, or a truncated one"),
    "its middle": (GOOD[:2000] + bytes(3000) + GOOD[5000:], "."),
    "no net": (hdf5(lambda f: f.create_dataset("a", data=np.ones(3))), "no SimpleRNN, GRU or LSTM"),
    "an LSTM of 3H": (
        hdf5(lambda f: cell(f, (3, 16), (4, 12))), "must have 12 columns|(4, 12)|got the shape (3"
    ),
    "2.5 H": (hdf5(lambda f: cell(f, (3, 10), (4, 10))), "(H, H), (H, 3H) or (H, 4H)|got (4, 10)"),
    "a bias too short": (hdf5(lambda f: cell(f, (3, 16), (4, 16), (9,))), "(16,), (32,)|got (9,)"),
    "NaN": (hdf5(lambda f: cell(f, (3, 16), (4, 16), fill=np.nan)), "must be finite, got nan"),
    "many units": (
        hdf5(lambda f: cell(f, (1, 2049), (2049, 2049))), "at most 2,048 hidden units|got 2,049"
    ),
    "many layers": (hdf5(many), "at most 128 recurrent layers, got 129"),
    "an empty array": (hdf5(lambda f: cell(f, (3, 16), (0, 16))), "vars/1` in it has no numbers"),
    "no weights": (zipped({"config.json": b"{}", "x.h5": b""}), "must hold model.weights.h5"),
    "no JSON": (keras(b"[" * 100_000), "config.json in it is no JSON"),
}  # fmt: skip


def changed(change: Callable[[Any], Any], data: bytes = ONNX) -> bytes:
    model = ModelProto.FromString(data)
    change(model)
    return model.SerializeToString()


def attribute(name: str, value: Any) -> bytes:
    return changed(lambda m: m.graph.node[0].attribute.append(helper.make_attribute(name, value)))


def external(model: Any) -> None:
    tensor = model.graph.initializer[0]
    tensor.data_location, tensor.raw_data = TensorProto.EXTERNAL, b""
    entry = tensor.external_data.add()
    entry.key, entry.value = "location", "/etc/passwd"


def hidden_external(model: Any) -> None:
    """In a subgraph of a node whose kind nobody knows."""
    tensor = TensorProto(name="deep", data_location=TensorProto.EXTERNAL, data_type=1)
    graph = helper.make_graph([helper.make_node("Constant", [], ["d"], value=tensor)], "g", [], [])
    model.graph.node.append(helper.make_node("Odd", [], ["z"], body=graph))


def claimed(model: Any) -> None:
    tensor = TensorProto(name="W", dims=[10**6, 10**6], data_type=1, raw_data=bytes(4))
    model.graph.initializer.append(tensor)


def nested(depth: int) -> bytes:
    graph = helper.make_graph([], "g", [], [])
    for _ in range(depth):
        graph = helper.make_graph([helper.make_node("If", [], [], body=graph)], "g", [], [])
    return helper.make_model(graph).SerializeToString()


def resized(model: Any) -> None:
    for one in model.graph.node[0].attribute:
        if one.name == "hidden_size":
            one.i = -2


def computed() -> bytes:
    nodes = [helper.make_node("Mul", ["W1", "x"], ["W"]),
             helper.make_node("LSTM", ["x", "W", "R"], ["y"])]  # fmt: skip
    return model_of(nodes, constants(W1=W, R=R)).SerializeToString()


def unrolled() -> bytes:
    nodes = [helper.make_node("MatMul", ["x", "R"], [f"y{k}"]) for k in range(7)]
    return model_of([*nodes, helper.make_node("Relu", ["y6"], ["y"])], constants(R=R)
                    ).SerializeToString()  # fmt: skip


def repeated() -> bytes:
    """2⁴⁰ copies of W, were it computed as it says."""
    nodes = [helper.make_node("Concat", [f"c{k}", f"c{k}"], [f"c{k + 1}"], axis=0)
             for k in range(40)]  # fmt: skip
    nodes.append(helper.make_node("LSTM", ["x", "c40", "R"], ["y"]))
    return model_of(nodes, constants(c0=W, R=R)).SerializeToString()


def many_empty_nodes(count: int = 5_000_000) -> bytes:
    """Two bytes a node in the file, and 170 in memory."""
    nodes = b"\x0a\x00" * count
    size, at = len(nodes), b""
    while size:
        at, size = at + bytes([size & 127 | (128 if size > 127 else 0)]), size >> 7
    return b"\x08\x08\x3a" + at + nodes


def elsewhere(model: Any) -> None:
    """An LSTM of another maker, and one in a function."""
    model.graph.node[0].domain = "com.example"
    model.functions.add().node.add().op_type = "LSTM"


LSTM_NODE = helper.make_node("LSTM", ["x", "W", "R"], ["y"], hidden_size=4)
GRAPHS = {
    "external data": (changed(external), "`W` stand in another file, which is never opened"),
    "external data in a subgraph": (changed(hidden_external), "`deep` stand in another file"),
    "dimensions": (
        changed(claimed), "1,000,000,000,000 numbers, but holds 1: the file is damaged"
    ),
    "hidden_size": (changed(resized), "hidden_size|-2|of 4 units"),
    "R's rows": (
        model_of([LSTM_NODE], constants(W=W, R=R[:, :12])).SerializeToString(), "R of|(1, 16, 4)"
    ),
    "W as an input": (
        model_of([LSTM_NODE], constants(R=R), ("x", "W")).SerializeToString(),
        "W of|`W`, an input of the graph and no constant",
    ),
    "W computed": (computed(), "is computed by Mul, which is not folded"),
    "W of 2⁴⁰ copies": (repeated(), "is computed by Concat"),
    "no recurrent node": (unrolled(), "no LSTM, GRU or RNN node; it has 7 MatMul, 1 Relu"),
    "other LSTMs": (changed(elsewhere), "1 com.example.LSTM, 1 LSTM (in a function)"),
    "an empty model": (b"\x08\x08", "no LSTM, GRU or RNN node; it has no node"),
    "5 M empty nodes": (many_empty_nodes, "at most 100,000 nodes"),
    "deep graphs": (nested(20), "at most 16 deep"),
    "unknown function": (attribute("activations", ["Tanh", "Sigmoidal", "Tanh"]), "`Sigmoidal`"),
    "too few functions": (attribute("activations", ["Tanh"]), "must have 3 functions|got Tanh"),
    "unknown direction": (attribute("direction", "sideways"), "`sideways`"),
    "half a file": (ONNX[: len(ONNX) // 2], "no ONNX model that can be read, or a truncated one"),
}  # fmt: skip
ALL = {f"hdf5: {name}": case for name, case in HDF5.items()} | {
    f"onnx: {name}": case for name, case in GRAPHS.items()
}


@pytest.mark.parametrize(("data", "said"), ALL.values(), ids=ALL)
def test_one_sentence_names_file_place_and_rule(
    data: Any, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keras_file, "decoded", here)
    monkeypatch.setattr(onnx_file, "decoded", here)
    with pytest.raises(Refusal) as refusal:
        read(data() if callable(data) else data, "net.bin")
    text = str(refusal.value)
    assert text.startswith("net.bin: ")
    assert "{" not in text
    assert all(part in text for part in said.split("|")), text
    assert len(text) < 500


def test_odd_but_harmless_graphs_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(onnx_file, "decoded", here)
    assert read(attribute("output_sequence", 0), "of opset 1").nets
    assert read(ONNX.replace(b"\x01y", b"\x01\xff"), "no UTF-8").net().name == "\ufffd"
    assert limits.ONNX_NODES == 100_000
