"""Small nets as Keras, PyTorch and ONNX save them, with the frameworks' own outputs.

KERAS_BACKEND=torch python tests/data/make_opened_nets.py  (torch 2.13, keras 3.15, onnx 1.23,
onnxruntime 1.31; all float32). Writes opened_nets.npz beside it: case/file.<kind> (the bytes),
case/x (T, B, D), case/y (T, B, K), for some case/G (T, B, K) and case/dx = d sum(y G) / dx.
"""

import io
import os
import tempfile
import warnings
from pathlib import Path

os.environ["KERAS_BACKEND"] = "torch"
import h5py
import keras
import numpy as np
import onnx
import onnxruntime
import torch
from keras import layers
from onnx import TensorProto, helper, numpy_helper

warnings.simplefilter("ignore")
T, B, D, H, K = 6, 2, 3, 4, 2
rng = np.random.default_rng(20)
FOUND = {}


def numbers(*shape, scale=1.0):
    return (scale * rng.standard_normal(shape)).astype(np.float32)


def shaken(model):
    """Weights larger than at the beginning, and biases that are not zero."""
    model.set_weights([numbers(*w.shape, scale=0.6) for w in model.get_weights()])
    return model


def saved(model, *endings):
    with tempfile.TemporaryDirectory() as folder:
        for ending in endings:
            path = str(Path(folder) / f"net{ending}")
            (model.save_weights if "weights" in ending else model.save)(path)
            yield ending, Path(path).read_bytes()


def keras_case(name, model, *endings, ids=None):
    shaken(model)
    x = numbers(T, B, D) if ids is None else ids
    given = torch.tensor(x.swapaxes(0, 1).copy(), requires_grad=ids is None)
    y = model(given)
    FOUND[f"{name}/x"], FOUND[f"{name}/y"] = x, y.detach().numpy().swapaxes(0, 1)
    if ids is None:
        G = numbers(*y.shape)
        (y * torch.tensor(G)).sum().backward()
        FOUND[f"{name}/G"] = G.swapaxes(0, 1)
        FOUND[f"{name}/dx"] = given.grad.numpy().swapaxes(0, 1)
    for ending, data in saved(model, *endings):
        FOUND[f"{name}/file{ending}"] = np.frombuffer(data, np.uint8)


def sequential(*stack):
    return keras.Sequential([keras.Input((None, D)), *stack])


def keras_cases():
    every = {"return_sequences": True}
    keras_case(
        "stack",
        sequential(
            layers.LSTM(H, **every), layers.Dropout(0.2), layers.LSTM(H, **every), layers.Dense(K)
        ),
        ".keras",
        ".weights.h5",
        ".h5",
    )
    two = layers.Bidirectional(layers.GRU(H, **every))
    keras_case(
        "two_gru",
        sequential(two, layers.Bidirectional(layers.GRU(H, **every))),
        ".keras",
        ".weights.h5",
        ".h5",
    )
    keras_case("before", sequential(layers.GRU(H, reset_after=False, **every)), ".keras", ".h5")
    keras_case("simple", sequential(layers.SimpleRNN(H, activation="relu", **every)), ".keras")
    cells = [layers.LSTMCell(H), layers.LSTMCell(H)]
    keras_case("cells", sequential(layers.RNN(cells, **every)), ".keras", ".weights.h5", ".h5")
    hard = {"recurrent_activation": "hard_sigmoid", "activation": "elu"}
    keras_case("hard", sequential(layers.LSTM(H, **hard, **every)), ".keras")
    keras_case("back", sequential(layers.LSTM(H, go_backwards=True, **every)), ".keras")
    symbols = keras.Input((None,))
    inner = layers.LSTM(H, name="reads", **every)(layers.Embedding(9, D)(symbols))
    outer = layers.TimeDistributed(layers.Dense(K, activation="softmax"))(inner)
    ids = rng.integers(0, 9, (T, B))
    keras_case("symbols", keras.Model(symbols, outer), ".keras", ".h5", ids=ids)


def cudnn_case(name, kind):
    """What Keras 2 wrote of CuDNNLSTM and CuDNNGRU: the inverse of Keras's own conversion."""
    usual = {"return_sequences": True} | ({"reset_after": True} if kind == "GRU" else {})
    model = shaken(sequential(getattr(layers, kind)(H, **usual)))
    x = numbers(T, B, D)
    FOUND[f"{name}/x"] = x
    FOUND[f"{name}/y"] = (
        model(torch.tensor(x.swapaxes(0, 1).copy())).detach().numpy().swapaxes(0, 1)
    )
    kernel, recurrent, bias = model.get_weights()
    gates = 4 if kind == "LSTM" else 3
    kernel = np.hstack([k.T.reshape(k.shape) for k in np.hsplit(kernel, gates)])
    recurrent = np.hstack([k.T for k in np.hsplit(recurrent, gates)])
    bias = np.tile(0.5 * bias, 2) if kind == "LSTM" else bias.ravel()
    buffer, layer = io.BytesIO(), f"cu_dnn{kind.lower()}_1"
    config = {
        "class_name": "Sequential",
        "config": {
            "layers": [
                {
                    "class_name": f"CuDNN{kind}",
                    "config": {"name": layer, "units": H, "return_sequences": True},
                }
            ]
        },
    }
    with h5py.File(buffer, "w") as file:
        file.attrs["keras_version"] = b"2.2.4"
        file.attrs["model_config"] = __import__("json").dumps(config).encode()
        group = file.create_group(f"model_weights/{layer}")
        names = [f"{layer}/{one}:0" for one in ("kernel", "recurrent_kernel", "bias")]
        group.attrs["weight_names"] = [one.encode() for one in names]
        for one, array in zip(names, (kernel, recurrent, bias), strict=True):
            group[one] = array
    FOUND[f"{name}/file.h5"] = np.frombuffer(buffer.getvalue(), np.uint8)


class Both(torch.nn.Module):
    """The net of the case stack, in PyTorch."""

    def __init__(self):
        super().__init__()
        self.lstm, self.out = torch.nn.LSTM(D, H, 2), torch.nn.Linear(H, K)

    def forward(self, x):
        return self.out(self.lstm(x)[0])


def same_net():
    """The case stack again as PyTorch has it, and as PyTorch exports it to ONNX."""
    model = keras.saving.load_model(_file("stack/file.keras"))
    net, W = Both(), model.get_weights()
    with torch.no_grad():
        for layer in range(2):
            kernel, recurrent, bias = W[3 * layer : 3 * layer + 3]
            for one, array in (
                ("weight_ih", kernel.T),
                ("weight_hh", recurrent.T),
                ("bias_ih", bias),
                ("bias_hh", 0 * bias),
            ):
                getattr(net.lstm, f"{one}_l{layer}").copy_(torch.tensor(array))
        net.out.weight.copy_(torch.tensor(W[6].T))
        net.out.bias.copy_(torch.tensor(W[7]))
    for key, tensor in net.state_dict().items():
        FOUND[f"stack/state/{key}"] = tensor.numpy()
    buffer = io.BytesIO()
    torch.onnx.export(net, (torch.zeros(T, B, D),), buffer, dynamo=False)
    FOUND["stack/file.onnx"] = np.frombuffer(buffer.getvalue(), np.uint8)


def _file(key):
    path = Path(tempfile.mkdtemp()) / "net.keras"
    path.write_bytes(FOUND[key].tobytes())
    return str(path)


GATES = {"RNN": 1, "GRU": 3, "LSTM": 4}


def onnx_cases():
    """op, attributes, and which of B, h0, c0, P, lengths it has: 41 cases."""
    two = {"direction": "bidirectional"}
    for op in GATES:
        yield f"{op}", op, {}, ""
        yield f"{op} plain", op, {}, "-B"
        yield f"{op} two", op, two, ""
        yield f"{op} reverse", op, {"direction": "reverse"}, ""
        yield f"{op} starts", op, {}, "h"
        yield f"{op} lengths", op, {}, "n"
        yield f"{op} two lengths", op, two, "n"
        yield f"{op} layout", op, {"layout": 1}, ""
        yield f"{op} clip", op, {"clip": 0.4}, ""
    yield "RNN relu", "RNN", {"activations": ["Relu"]}, ""
    yield "RNN sigmoid", "RNN", {"activations": ["Sigmoid"]}, ""
    yield "RNN elu", "RNN", {"activations": ["Elu"], "activation_alpha": [1.5]}, ""
    yield "RNN other", "RNN", {"activations": ["Tanh", "Relu"], **two}, ""
    yield "GRU after", "GRU", {"linear_before_reset": 1}, ""
    yield "GRU after two", "GRU", {"linear_before_reset": 1, **two}, ""
    yield "GRU after clip", "GRU", {"linear_before_reset": 1, "clip": 0.3}, ""
    yield "GRU hard", "GRU", {"activations": ["HardSigmoid", "Tanh"]}, ""
    yield "GRU elu", "GRU", {"activations": ["Sigmoid", "Elu"]}, ""
    yield "LSTM peepholes", "LSTM", {}, "P"
    yield "LSTM coupled", "LSTM", {"input_forget": 1}, ""
    yield "LSTM coupled peepholes", "LSTM", {"input_forget": 1}, "P"
    yield (
        "LSTM hard",
        "LSTM",
        {
            "activations": ["HardSigmoid", "Tanh", "Tanh"],
            "activation_alpha": [0.25],
            "activation_beta": [0.5],
        },
        "",
    )
    yield "LSTM clip peepholes", "LSTM", {"clip": 0.5}, "P"


def onnx_case(name, op, attributes, has):
    G, sides = GATES[op], 2 if attributes.get("direction") == "bidirectional" else 1
    batch_first = attributes.get("layout") == 1
    W = {"W": numbers(sides, G * H, D, scale=0.7), "R": numbers(sides, G * H, H, scale=0.7)}
    inputs = ["x", "W", "R", "", "", ""]
    if "-B" not in has:
        W["B"], inputs[3] = numbers(sides, 2 * G * H, scale=0.5), "B"
    if "n" in has:
        W["n"], inputs[4] = np.array([T - 2, T], np.int32), "n"
    if "h" in has:
        W["h"], inputs[5] = numbers(sides, 1, H).repeat(B, axis=1), "h"
        if op == "LSTM":
            W["c"], _ = numbers(sides, 1, H).repeat(B, axis=1), inputs.append("c")
    if "P" in has:
        W["P"] = numbers(sides, 3 * H)
        inputs += [""] * (7 - len(inputs)) + ["P"]
    node = helper.make_node(op, inputs, ["y"], hidden_size=H, **attributes)
    shape = (B, T, D) if batch_first else (T, B, D)
    graph = helper.make_graph(
        [node],
        "g",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)],
        [numpy_helper.from_array(one, key) for key, one in W.items()],
    )
    opset = [helper.make_opsetid("", 14)]
    model = helper.make_model(graph, opset_imports=opset, ir_version=8)
    if batch_first:  # onnxruntime has no layout: it runs the same node without
        del node.attribute[[one.name for one in node.attribute].index("layout")]
        plain = helper.make_graph(
            [node],
            "g",
            [helper.make_tensor_value_info("x", TensorProto.FLOAT, (T, B, D))],
            graph.output,
            graph.initializer,
        )
    run = helper.make_model(plain, opset_imports=opset, ir_version=8) if batch_first else model
    x = numbers(T, B, D)
    session = onnxruntime.InferenceSession(run.SerializeToString())
    y = session.run(None, {"x": x})[0]  # (T, sides, B, H)
    FOUND[f"onnx/{name}/x"] = x
    FOUND[f"onnx/{name}/y"] = y.transpose(0, 2, 1, 3).reshape(T, B, sides * H)
    FOUND[f"onnx/{name}/file.onnx"] = np.frombuffer(model.SerializeToString(), np.uint8)


if __name__ == "__main__":
    keras.utils.set_random_seed(3)
    torch.manual_seed(3)
    keras_cases()
    cudnn_case("cudnn_lstm", "LSTM")
    cudnn_case("cudnn_gru", "GRU")
    same_net()
    cases = list(onnx_cases())
    for case in cases:
        onnx_case(*case)
    print(len(cases), "cases of onnxruntime;", onnx.__version__)
    np.savez_compressed(Path(__file__).with_name("opened_nets.npz"), **FOUND)
