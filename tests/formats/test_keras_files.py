"""Keras's files and layers open to the numbers that Keras computes."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import rnnviz
from rnnviz.formats import keras_file, onnx_file, read
from rnnviz.formats.keras_config import described, feeds
from rnnviz.formats.keras_model import Keras
from rnnviz.formats.keras_weights import groups
from rnnviz.words import Refusal
from tests.formats.made import LSTM, npz
from tests.formats.opened import DATA, FILES, compare, here, near, opened

KERAS = [key for key in FILES if not key.endswith(".onnx") and not key.startswith("back/")]


@pytest.fixture(autouse=True)
def _in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keras_file, "decoded", here)


@pytest.mark.parametrize("key", KERAS)
def test_outputs_and_gradients_are_keras_s(key: str) -> None:
    case, net = key.partition("/")[0], opened(key).nets[0]
    x = DATA[f"{case}/x"]
    compare(case, net.model(), x if net.embedding is None else net.embedding[x])


def test_the_same_net_of_three_libraries_has_the_same_numbers() -> None:
    state = {key.removeprefix("stack/state/"): DATA[key] for key in DATA if "stack/state/" in key}
    torch = rnnviz.from_torch(state)
    keras = opened("stack/file.keras").net().model()
    onnx = onnx_file.contents(*here("ONNX", DATA["stack/file.onnx"].tobytes()))
    for model in (torch, keras, onnx.nets[0].model()):
        assert model.num_layers == 2
        assert model.readout is not None
        compare("stack", model, DATA["stack/x"])
        assert np.array_equal(model.parameters[1]["W_h"], torch.parameters[1]["W_h"])


def test_outputs_of_go_backwards_stand_in_the_order_of_time() -> None:
    net = opened("back/file.keras").net()
    assert net.model().direction == "reverse"
    assert "read from the end" in net.about
    assert "go_backwards" in net.assumptions[0]
    y = rnnviz.run(net.model(), DATA["back/x"]).outputs
    near("back", y[::-1], DATA["back/y"])


def test_a_file_of_weights_alone_leaves_questions() -> None:
    file = opened("stack/file.weights.h5")
    assert [net.name for net in file.nets] == ["lstm → lstm_1", "lstm", "lstm_1"]
    assert "weights alone does not say" in file.nets[0].assumptions[0]
    assert [one.name for one in file.nets[0].questions] == ["softmax"]
    assert file.nets[0].model(softmax=True).readout.kind == "softmax"
    with pytest.raises(ValueError, match="`net` must be one of 'lstm → lstm_1', 'lstm', 'lstm_1'"):
        file.net()


def test_what_stands_around_a_net_is_said() -> None:
    net = opened("symbols/file.keras").net()
    assert net.name == "reads"
    assert net.embedding is not None
    assert net.embedding.shape == (9, 3)
    assert net.model().readout.kind == "softmax"
    assert opened("stack/file.h5").net().name == "lstm → lstm_1"


def layer(kind: str, *arrays: Any, **config: Any) -> SimpleNamespace:
    """What `from_keras` needs of a layer of Keras."""
    names = ("kernel", "recurrent_kernel", "bias")
    weights = [SimpleNamespace(path=f"own/cell/{name}", numpy=lambda a=a: a)
               for name, a in zip(names, arrays, strict=False)]  # fmt: skip
    made = type(kind, (SimpleNamespace,), {"get_config": lambda self: config})
    return made(name="own", weights=weights)


@pytest.mark.parametrize("name", ["lstm", "gru", "rnn"])
def test_weights_go_to_keras_and_come_back(name: str) -> None:
    options = {"reset_after": True} if name == "gru" else {}
    model = rnnviz.build(name, 3, 4, num_layers=2, bidirectional=True, seed=3, **options)
    layers = rnnviz.to_keras_weights(model)
    assert [len(one) for one in layers] == [6, 6]
    again = rnnviz.from_keras(layers[1])
    x = np.random.default_rng(0).standard_normal((5, 2, 8))
    upper = rnnviz.run(again, x).outputs
    one = rnnviz.Model(model.cell, 8, 4, model.parameters[2:], bidirectional=True)
    np.testing.assert_allclose(upper, rnnviz.run(one, x).outputs, rtol=0, atol=1e-15)
    with pytest.raises(Refusal, match="got Coupled LSTM"):
        rnnviz.to_keras_weights(rnnviz.build("cifg_lstm", 2, 3))


def test_a_layer_tells_its_functions() -> None:
    arrays = rnnviz.to_keras_weights(rnnviz.build("lstm", 2, 3))[0]
    made = rnnviz.from_keras(layer("LSTM", *arrays, name="own", recurrent_activation="sigmoid"))
    assert made.cell.options == {}
    assert made.parameters[0]["W_x"].shape == (2, 12)
    hard = layer("LSTM", *arrays, name="own", recurrent_activation="hard_sigmoid")
    assert "hard_sigmoid" in repr(rnnviz.from_keras(hard))  # Keras 2's, with the slope 0.2
    with pytest.raises(Refusal, match="`swish` is a function that no cell here has"):
        rnnviz.from_keras(layer("LSTM", *arrays, name="own", activation="swish"))
    with pytest.raises(Refusal, match="must hold a GRU as its configuration says"):
        rnnviz.from_keras(layer("GRU", *arrays, name="own"))
    with pytest.raises(Refusal, match="must be a layer or model of Keras"):
        rnnviz.from_keras(3)


def described_model(*layers: dict[str, Any]) -> Any:
    """What is found in a Sequential model of these layers, LSTMs of 3 inputs and 4 units."""
    arrays, rng = {}, np.random.default_rng(1)
    shapes = {"LSTM": [(3, 16), (4, 16), (16,)], "Dense": [(4, 2), (2,)], "Embedding": [(9, 3)]}
    used: dict[str, int] = {}
    for one in layers:
        kind = one["class_name"]
        place = f"layers/{kind.lower()}" + (f"_{used[kind]}" if kind in used else "")
        inside = {
            "LSTM": ["/cell"],
            "Bidirectional": ["/forward_layer/cell", "/backward_layer/cell"],
        }
        for way in inside.get(kind, [""]):
            for k, shape in enumerate(shapes.get(kind, shapes["LSTM"] if way else [])):
                shape = (4, 16) if kind in used and shape == (3, 16) else shape
                arrays[f"{place}{way}/vars/{k}"] = rng.standard_normal(shape).astype("f4")
        used[kind] = used.get(kind, 0) + 1
    config = {"class_name": "Sequential", "config": {"layers": list(layers)}}
    own = Keras(described(config), groups(arrays, {}), arrays, {}, 3)
    return keras_file.contents(own)


def one(kind: str, **config: Any) -> dict[str, Any]:
    return {"class_name": kind, "config": {"name": kind.lower(), **config}}


EVERY = one("LSTM", return_sequences=True)
BOTH = {"class_name": "LSTM", "config": {"name": "inner", "return_sequences": True}}
OTHER = {"class_name": "LSTM", "config": {"activation": "relu", "go_backwards": True}}


def test_what_is_assumed_of_a_configuration_is_said() -> None:
    found = described_model(
        one("Embedding", mask_zero=True), one("LSTM"), one("Dropout"),
        one("Dense", activation="sigmoid"),
    )  # fmt: skip
    net = found.nets[0]
    said = " ".join(net.assumptions)
    assert all(part in said for part in ("masked ones", "last one alone", "before the σ"))
    assert net.embedding.shape == (9, 3)
    assert net.model().readout.kind == "identity"
    assert described_model(EVERY, one("Dense", activation="relu")).nets[0].model().readout is None


def test_layers_are_a_stack_only_where_one_reads_all_of_the_other() -> None:
    def layers(*of: dict[str, Any]) -> list[int]:
        return [net.model().num_layers for net in described_model(*of).nets]

    assert layers(EVERY, one("Dropout"), EVERY) == [2]
    assert layers(one("LSTM"), one("RepeatVector"), EVERY) == [1, 1]
    assert layers(EVERY, one("LayerNormalization"), EVERY) == [1, 1]
    assert layers(EVERY, one("LSTM", return_sequences=True, activation="relu")) == [1, 1]


def test_directions_have_functions_of_their_own() -> None:
    (net,) = described_model(one("Bidirectional", layer=BOTH)).nets
    assert net.model().reverse_cell is None
    (net,) = described_model(one("Bidirectional", layer=BOTH, backward_layer=OTHER)).nets
    assert "relu" in repr(net.model().reverse_cell.options)
    turned = {"class_name": "LSTM", "config": {"go_backwards": True}}
    with pytest.raises(Refusal, match="turns its directions round"):
        described_model(one("Bidirectional", layer=turned))


def test_layers_of_tensorflow_2_12_stand_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    def early(kind: str, data: bytes) -> Any:
        arrays, found = here(kind, data)
        moved = {path.replace("layers", keras_file.EARLY, 1): a for path, a in arrays.items()}
        return moved, found

    monkeypatch.setattr(keras_file, "decoded", early)
    assert opened("stack/file.keras").net().model().num_layers == 2


CONFIGS = {
    "a lambda": {"class_name": "Lambda", "config": {"function": ["4wEAAAA=", None, None]}},
    "a text": "LSTM", "a number": {"class_name": 3, "config": 7},
    "no name": {"class_name": "LSTM", "config": {"name": None}},
    "a loop": {"class_name": "Dropout", "config": {"name": "a"}, "inbound_nodes": [[["a", 0, 0]]]},
    "a deep one": {"class_name": "Sequential", "config": {"layers": [{}]}},
}  # fmt: skip


@pytest.mark.parametrize("odd", CONFIGS.values(), ids=CONFIGS)
def test_a_configuration_is_read_as_text(odd: Any) -> None:
    for kind in ("Sequential", "Functional"):
        model = {"class_name": kind, "config": {"layers": [odd, odd]}}
        assert all(found.store.startswith("layers/") for found in described(model))


def test_what_feeds_what_takes_no_time_however_it_is_drawn() -> None:
    """Were every way followed, there would be 2¹⁹⁹⁹ of them; a layer read through them is found."""
    layers: list[Any] = [{"class_name": "LSTM", "config": {"name": "0"}}]
    for k in range(1, 2000):
        nodes = [[[str(k - 1), 0, 0, {}], [str(k - 1), 0, 0, {}]]]
        layers.append({"class_name": "Dropout", "config": {"name": str(k)}, "inbound_nodes": nodes})
    found = described({"class_name": "Functional", "config": {"layers": layers}})
    assert feeds(found)["layers/dropout_1998"] == ("layers/lstm",)
    with pytest.raises(Refusal, match="at most 2,000 layers, got 2,001"):
        described({"class_name": "Sequential", "config": {"layers": [*layers, {}]}})


def test_a_lambda_layer_beside_the_net_is_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    lambdas = {"layers": [CONFIGS["a lambda"]]}
    monkeypatch.setattr(keras_file, "_parsed", lambda *_: {"config": lambdas})
    nets = read(DATA["simple/file.keras"].tobytes(), "net.keras").nets
    assert [net.questions[0].name for net in nets] == ["nonlinearity"]
    assert read(npz(LSTM), "net.npz").kind == "npz"
