"""ONNX files open to the numbers that onnxruntime computes: 41 nodes of all kinds."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

import rnnviz
from rnnviz.formats import onnx_file, read
from rnnviz.formats.found import Contents
from tests.formats.opened import DATA, FILES, compare, here, opened

CASES = [key for key in FILES if key.startswith("onnx/")]
F = TensorProto.FLOAT


@pytest.fixture(autouse=True)
def _in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(onnx_file, "decoded", here)


def test_there_are_41_cases() -> None:
    assert len(CASES) == 41


@pytest.mark.parametrize("key", CASES)
def test_outputs_are_onnxruntime_s(key: str) -> None:
    case, net = key.rpartition("/")[0], opened(key).net()
    own = {"lengths": [4, 6]} if "lengths" in key else {}
    assert any("given their lengths" in one for one in net.assumptions) == bool(own)
    compare(case, net.model(), DATA[f"{case}/x"], **own)


def info(name: str, *shape: Any) -> Any:
    return helper.make_tensor_value_info(name, F, shape or None)


def constants(**arrays: Any) -> list[Any]:
    return [numpy_helper.from_array(np.asarray(one), name) for name, one in arrays.items()]


def model_of(nodes: Sequence[Any], held: Sequence[Any], inputs: Sequence[str] = ("x",)) -> Any:
    graph = helper.make_graph(
        nodes, "g", [info(one, "T", 1, 3) for one in inputs], [info("y")], held
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)])


def nets(model: Any) -> Contents:
    return onnx_file.contents(*here("ONNX", model.SerializeToString()))


def arrays(rng: Any, D: int = 3, H: int = 4, G: int = 4) -> tuple[Any, Any]:
    return (rng.standard_normal((1, G * H, D)).astype("f4"),
            rng.standard_normal((1, G * H, H)).astype("f4"))  # fmt: skip


def test_constants_are_folded_inside_branches() -> None:
    """As silero_vad.onnx has them: Constant → Unsqueeze inside If, and other ways round."""
    W, R = arrays(np.random.default_rng(0))
    axes = constants(zero=np.array([0]), ends=np.array([16]), shape=np.array([1, -1, 4]))
    branch = helper.make_graph(
        [
            helper.make_node("Constant", [], ["W0"], value=numpy_helper.from_array(W[0])),
            helper.make_node("Unsqueeze", ["W0", "zero"], ["W"]),
            helper.make_node("Transpose", ["RT"], ["R0"], perm=[1, 0]),
            helper.make_node("Reshape", ["R0", "shape"], ["R1"]),
            helper.make_node("Cast", ["R1"], ["R2"], to=F),
            helper.make_node("Slice", ["R2", "zero", "ends", "one"], ["R"]),
            helper.make_node("LSTM", ["x", "W", "R"], ["y"], hidden_size=4),
        ],
        "inside", [], [info("y")], axes,
    )  # fmt: skip
    empty = helper.make_graph([helper.make_node("Identity", ["x"], ["y"])], "e", [], [info("y")])
    choose = helper.make_node("If", ["q"], ["y"], then_branch=branch, else_branch=empty)
    held = constants(RT=R[0].T.copy(), one=np.array([1]), q=np.array(True))
    found = nets(model_of([choose], held)).nets[0].model()
    weights = found.parameters[0]
    np.testing.assert_array_equal(weights["W_x"][:, :4], W[0, :4].T)
    np.testing.assert_array_equal(weights["W_h"][:, 12:], R[0, 4:8].T)  # o stands second there


def stack(reshape: bool) -> Any:
    """Two GRU nodes in two directions, with what stands between them."""
    rng = np.random.default_rng(1)
    held = {}
    for k, D in enumerate((3, 8)):
        both = [arrays(rng, D, 4, 3) for _ in range(2)]
        held[f"W{k}"], held[f"R{k}"] = (np.concatenate(one) for one in zip(*both, strict=True))
    two = {"direction": "bidirectional", "hidden_size": 4}
    between = [
        helper.make_node("Transpose", ["y0"], ["t"], perm=[0, 2, 1, 3]),
        helper.make_node("Reshape", ["t", "shape"], ["x1"]),
    ] if reshape else [helper.make_node("Reshape", ["y0", "shape"], ["x1"])]  # fmt: skip
    return model_of(
        [
            helper.make_node("GRU", ["x", "W0", "R0"], ["y0"], **two), *between,
            helper.make_node("GRU", ["x1", "W1", "R1"], ["y"], **two),
        ],
        constants(**held, shape=np.array([0, -1, 8] if not reshape else [0, 0, -1])),
    )  # fmt: skip


def test_nodes_are_a_stack_only_where_directions_lie_side_by_side() -> None:
    assert [net.model().num_layers for net in nets(stack(reshape=True)).nets] == [2]
    assert [net.model().num_layers for net in nets(stack(reshape=False)).nets] == [1, 1]


def test_a_model_a_file_and_its_bytes_are_the_same(tmp_path: Any) -> None:
    data = DATA["stack/file.onnx"].tobytes()
    (tmp_path / "net").write_bytes(data)
    for source in (data, str(tmp_path / "net"), onnx.load_from_string(data)):
        compare("stack", rnnviz.from_onnx(source), DATA["stack/x"])
    with pytest.raises(ValueError, match="must be a path, bytes or"):
        rnnviz.from_onnx(3)


def test_states_from_outside_are_said() -> None:
    W, R = arrays(np.random.default_rng(0))
    node = helper.make_node("LSTM", ["x", "W", "R", "", "", "h"], ["y"], hidden_size=4)
    net = nets(model_of([node], constants(W=W, R=R), ("x", "h"))).nets[0]
    assert "come from outside the node" in net.assumptions[0]


WAYS = {
    "all steps": [helper.make_node("Squeeze", ["y", "one"], ["r"])],
    "the last step": [
        helper.make_node("Transpose", ["y"], ["t"], perm=[2, 0, 1, 3]),
        helper.make_node("Squeeze", ["t", "two"], ["s"]),
        helper.make_node("Gather", ["s", "last"], ["r"], axis=1),
    ],
    "the last state": [
        helper.make_node("Concat", ["other", "end"], ["both"], axis=0),
        helper.make_node("Gather", ["both", "last"], ["r"], axis=0),
    ],
    "the first step": [helper.make_node("Gather", ["y", "zero"], ["r"], axis=0)],
    "units turned round": [helper.make_node("Gather", ["y", "turned"], ["r"], axis=3)],
}  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_a_readout_reads_all_steps_or_the_last(way: str) -> None:
    rng = np.random.default_rng(2)
    W, R = arrays(rng)
    out, bias = rng.standard_normal((2, 4)).astype("f4"), np.ones(2, "f4")
    nodes = [
        helper.make_node("LSTM", ["x", "W", "R"], ["y", "end"], hidden_size=4), *WAYS[way],
        helper.make_node("Gemm", ["r", "out", "bias"], ["z"], transB=1),
    ]  # fmt: skip
    held = constants(W=W, R=R, out=out, bias=bias, one=np.array([1]), two=np.array([2]),
                     last=np.array(-1), zero=np.array(0), turned=np.array([3, 2, 1, 0]),
                     other=np.zeros((1, 1, 4), "f4"))  # fmt: skip
    net = nets(model_of(nodes, held)).nets[0]
    readout = net.model().readout
    if way in ("the first step", "units turned round"):
        assert readout is None
        return
    assert readout is not None
    np.testing.assert_array_equal(readout.parameters["W_y"], out.T)
    np.testing.assert_array_equal(readout.parameters["b_y"], bias)
    assert any("last one alone" in one for one in net.assumptions) == (way != "all steps")


def test_a_stack_of_pytorch_s_newer_exporter_is_one_net() -> None:
    """tests/data/make_torch_dynamo.py made it: T and B stand in the shapes between the layers."""
    made = np.load(Path(__file__).parents[1] / "data" / "torch_dynamo.npz")
    (net,) = read(made["onnx"].tobytes(), "stack.onnx").nets
    model = net.model()
    assert (model.num_layers, model.directions) == (2, ("forward", "reverse"))
    assert np.abs(rnnviz.run(model, made["x"]).outputs - made["y"]).max() < 2e-7
