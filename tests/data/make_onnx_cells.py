"""Forward runs of onnxruntime's RNN, GRU and LSTM nodes, with what such nodes may have.

python tests/data/make_onnx_cells.py writes onnx_cells.npz: other functions with
their numbers, clip, coupled gates, peepholes, a function a direction, sequence lengths. Weights,
inputs and initial states are random; their layout here is that of rnnviz (blocks side by side, one
row an input), of which nothing is imported. float64 where the runtime has it (LSTM only float32).
"""

import json
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import helper, numpy_helper

T, B, D, H = 6, 3, 2, 3
ONNX = {"RNN": "h", "GRU": "zrg", "LSTM": "iofg"}
OURS = {"RNN": "h", "GRU": "rzg", "LSTM": "ifgo"}
STATES = {"RNN": "h", "GRU": "h", "LSTM": "hc"}
CASES = {
    "rnn relu": ("RNN", {"activations": ["Relu"]}),
    "rnn clip": ("RNN", {"clip": 0.7}),
    "rnn affine": ("RNN", {"activations": ["Affine"], "activation_alpha": [0.6],
                           "activation_beta": [0.1]}),
    "rnn two functions": ("RNN", {"direction": "bidirectional", "activations": ["Tanh", "Relu"]}),
    "rnn lengths": ("RNN", {"direction": "bidirectional", "activations": ["Tanh", "Tanh"],
                            "lens": [6, 3, 1]}),
    "rnn reverse": ("RNN", {"direction": "reverse", "lens": [4, 6, 2]}),
    "gru hard": ("GRU", {"activations": ["HardSigmoid", "Tanh"]}),
    "gru hard numbers": ("GRU", {"activations": ["HardSigmoid", "Elu"], "linear_before_reset": 1,
                                 "activation_alpha": [0.3, 1.4], "activation_beta": [0.45]}),
    "gru clip": ("GRU", {"clip": 0.8}),
    "gru clip after": ("GRU", {"clip": 0.8, "linear_before_reset": 1}),
    "gru lengths": ("GRU", {"direction": "bidirectional", "linear_before_reset": 1,
                            "lens": [2, 6, 5]}),
    "gru reverse": ("GRU", {"direction": "reverse"}),
    "gru two functions": ("GRU", {
        "direction": "bidirectional", "activations": ["Sigmoid", "Tanh", "HardSigmoid", "Softsign"],
    }),
    "lstm hard": ("LSTM", {"activations": ["HardSigmoid", "Tanh", "Tanh"]}),
    "lstm others": ("LSTM", {"activations": ["Sigmoid", "LeakyRelu", "Softsign"],
                             "activation_alpha": [0.2]}),
    "lstm scaled": ("LSTM", {"activations": ["Sigmoid", "ScaledTanh", "ThresholdedRelu"],
                             "activation_alpha": [1.2, 0.1], "activation_beta": [0.7]}),
    "lstm softplus": ("LSTM", {"activations": ["HardSigmoid", "Softplus", "Elu"]}),
    "lstm clip": ("LSTM", {"clip": 0.6}),
    "lstm clip peepholes": ("LSTM", {"clip": 0.6, "peepholes": True}),
    "lstm coupled": ("LSTM", {"input_forget": 1}),
    "lstm coupled hard": ("LSTM", {"input_forget": 1, "clip": 0.9,
                                   "activations": ["HardSigmoid", "Tanh", "Tanh"]}),
    "lstm coupled peepholes": ("LSTM", {"input_forget": 1, "peepholes": True}),
    "lstm lengths": ("LSTM", {"direction": "bidirectional", "lens": [1, 4, 6]}),
    "lstm reverse": ("LSTM", {"direction": "reverse", "peepholes": True, "lens": [6, 2, 5]}),
    "lstm two functions": ("LSTM", {
        "direction": "bidirectional",
        "activations": ["Sigmoid", "Tanh", "Tanh", "HardSigmoid", "Relu", "Softsign"],
    }),
}  # fmt: skip


def session(op, attributes, sides, shapes, number_type):
    """A runtime for one node; W, R, B, states (and P, lengths) are inputs."""
    names = ["X", "W", "R", "B", "lens", "h0"] + (["c0", "P"] if op == "LSTM" else [])
    given = [name if name in shapes else "" for name in names]
    while not given[-1]:
        given.pop()
    outputs = ["Y", "Yh"] + (["Yc"] if op == "LSTM" else [])
    node = helper.make_node(op, given, outputs, hidden_size=H, **attributes)
    kinds = {"lens": onnx.TensorProto.INT32}
    infos = [helper.make_tensor_value_info(n, kinds.get(n, number_type), s)
             for n, s in shapes.items()]  # fmt: skip
    out = [helper.make_tensor_value_info(n, number_type, None) for n in outputs]
    graph = helper.make_graph([node], "one", infos, out)
    opset = [helper.make_opsetid("", 14)]
    model = helper.make_model(graph, opset_imports=opset, ir_version=8)
    return onnxruntime.InferenceSession(model.SerializeToString(),
                                        providers=["CPUExecutionProvider"])  # fmt: skip


def reordered(rows, op):
    """Blocks of rows (G·H, …) in our order, by ONNX's."""
    blocks = dict(zip(ONNX[op], np.split(rows, len(ONNX[op])), strict=True))
    return np.concatenate([blocks[name] for name in OURS[op]])


def case(name, rng):
    op, attributes = CASES[name][0], dict(CASES[name][1])
    lens, peepholes = attributes.pop("lens", None), attributes.pop("peepholes", False)
    sides, gates = 1 + (attributes.get("direction") == "bidirectional"), len(ONNX[op])
    spread = {"X": (T, B, D), "W": (sides, gates * H, D), "R": (sides, gates * H, H),
              "B": (sides, 2 * gates * H), "h0": (sides, B, H)}  # fmt: skip
    spread |= {"c0": (sides, B, H)} if op == "LSTM" else {}
    spread |= {"P": (sides, 3 * H)} if peepholes else {}
    given = {key: 0.8 * rng.standard_normal(shape) for key, shape in spread.items()}
    number_type, kind = onnx.TensorProto.FLOAT, np.float32
    given = {key: one.astype(kind) for key, one in given.items()}
    if lens is not None:
        given["lens"] = np.array(lens, np.int32)
    shapes = {key: one.shape for key, one in given.items()}
    run = session(op, attributes, sides, shapes, number_type)
    Y, *ends = run.run(None, given)
    found = {"x": given["X"], "outputs": np.concatenate(list(Y.swapaxes(0, 1)), axis=-1),
             "about": np.array(json.dumps({"op": op, "lens": lens, **attributes}))}  # fmt: skip
    found["outputs"] = Y.transpose(0, 2, 1, 3).reshape(T, B, sides * H)
    for state, end in zip(STATES[op], ends, strict=True):
        found |= {f"{state}0": given[f"{state}0"], f"final.{state}": end}
    for side in range(sides):
        both = given["B"][side]
        arrays = {
            "W_x": reordered(given["W"][side], op).T, "W_h": reordered(given["R"][side], op).T,
            "b": reordered(both[: gates * H], op), "b_h": reordered(both[gates * H :], op),
        }  # fmt: skip
        if peepholes:
            i, o, f = np.split(given["P"][side], 3)
            arrays["p"] = np.stack([i, f, o])
        found |= {f"W{side}.{key}": one for key, one in arrays.items()}
    return {f"{name}/{key}": one for key, one in found.items()}


if __name__ == "__main__":
    rng = np.random.default_rng(2026)
    everything = {}
    for name in CASES:
        everything |= case(name, rng)
    path = Path(__file__).with_name("onnx_cells.npz")
    np.savez_compressed(path, **everything)
    print(path.stat().st_size)
