"""Nets in .safetensors, .npz and JSON give the numbers of the library that made them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import rnnviz
from rnnviz.experiments.opened import in_double
from rnnviz.formats import NetFile, gallery, read
from rnnviz.formats.torch_stacks import OURS
from tests.formats.made import LSTM, npz, tensors
from tests.references import MODULES, PROJECTED, compare, state_of

HEAD = {"fc.weight": np.ones((2, 5)), "fc.bias": np.arange(2.0)}
BI = state_of('GRU:{"num_layers": 2, "bidirectional": true}')


def under(prefix: str, state: dict[str, Any]) -> dict[str, Any]:
    return {f"{prefix}.{name}": value for name, value in state.items()}


def opened(arrays: dict[str, Any]) -> NetFile:
    """The same from both formats."""
    one, other = read(npz(arrays), "a.npz"), read(tensors(arrays), "a.safetensors")
    assert (one.kind, other.kind) == ("npz", "safetensors")
    said = [[(net.name, net.about, net.questions) for net in file.nets] for file in (one, other)]
    assert said[0] == said[1]
    return other


@pytest.mark.parametrize("case", [*MODULES, *PROJECTED])
def test_pytorch_s_modules_give_pytorch_s_numbers(case: str) -> None:
    (net,) = opened(state_of(case)).nets
    answers = {"nonlinearity": "relu"} if "relu" in case else {}
    compare(case, net.model(**answers))
    assert ("nonlinearity" in [one.name for one in net.questions]) == case.startswith("RNN")


def test_a_classifier_brings_its_embedding_and_its_readout() -> None:
    rows = np.arange(30.0).reshape(10, 3)
    counted = {"bn.num_batches_tracked": np.array(3), "emb.weight": rows}
    file = opened(under("rnn", LSTM) | HEAD | counted)
    (net,) = file.nets
    assert [str(one) for one in file.notes] == [
        "Other layers are left out, wherever they stand in the net: bn.num_batches_tracked."
    ]
    assert net.name == "rnn"
    assert str(net.about) == "LSTM: 3 inputs, 5 hidden units, layers: 1"
    np.testing.assert_array_equal(net.embedding, rows)
    assert [(one.name, one.choices, one.default) for one in net.questions] == [
        ("readout", ("fc", ""), "fc"), ("softmax", (False, True), False)
    ]  # fmt: skip
    readout = net.model(softmax=True).readout
    assert readout is not None
    assert readout.kind == "softmax"
    np.testing.assert_array_equal(readout.parameters["b_y"], [0, 1])
    assert net.model(readout="").readout is None
    with pytest.raises(ValueError, match="`batch` is not asked of this net, which asks readout"):
        net.model(batch=3)


def test_where_names_do_not_decide_no_readout_is_assumed() -> None:
    two = {"attn.weight": np.ones((5, 5)), "attn.bias": np.ones(5)}
    more = {"mix.weight": np.ones((5, 5)), "mix.bias": np.ones(5)}
    deep = {"fc.0.weight": np.ones((5, 5)), "fc.0.bias": np.ones(5), "fc.2.weight": np.ones((1, 5))}
    asked = [opened(LSTM | heads).nets[0].questions[0] for heads in (two | more, two | HEAD, deep)]
    assert [one.default for one in asked] == ["", "fc", ""]


def test_several_nets_are_chosen_by_name_and_a_broken_one_is_noted() -> None:
    broken = under("old", {n: a for n, a in LSTM.items() if n != "bias_hh_l0"})
    file = opened(under("encoder.rnn", BI) | under("decoder", LSTM) | broken)
    assert [one.name for one in file.nets] == ["encoder.rnn", "decoder"]
    assert [str(one) for one in file.notes] == [
        "`old.bias_hh_l0` is missing: the other layers have it."
    ]
    assert repr(file.net("encoder.rnn").model()).startswith("Model(gru, 3 → 5, 2 layers in two")
    with pytest.raises(ValueError, match=r"must be one of 'encoder\.rnn', 'decoder'"):
        file.net()


def test_numbered_nets_are_offered_as_a_stack_if_they_fit() -> None:
    one, two = (state_of("flow:LSTMCell") for _ in range(2))
    two["weight_ih"] = np.arange(100.0).reshape(20, 5) / 100
    file = opened(under("cells.0", one) | under("cells.1", two))
    assert [net.name for net in file.nets] == ["cells", "cells.0", "cells.1"]
    assert str(file.nets[0].assumptions[0]).endswith("what the one before gives: cells.0, cells.1.")
    x = np.random.default_rng(1).standard_normal((4, 1, 3))
    below, above = (file.net(name).model() for name in ("cells.0", "cells.1"))
    apart = rnnviz.run(above, rnnviz.run(below, x).outputs).outputs
    np.testing.assert_array_equal(rnnviz.run(file.net("cells").model(), x).outputs, apart)
    whole = rnnviz.from_torch(under("cells.0", one) | under("cells.1", two), prefix="cells")
    np.testing.assert_array_equal(rnnviz.run(whole, x).outputs, apart)
    for apart_only in (under("lstm1", LSTM) | under("lstm2", LSTM),
                       under("cells.0", one) | under("cells.2", two)):  # fmt: skip
        assert len(opened(apart_only).nets) == 2


def test_any_float_and_layout_becomes_the_same_numbers() -> None:
    half = {name: one.astype("f2") for name, one in LSTM.items()}
    wide = read(npz(half), "h").nets[0].model().parameters[0]["W_h"]
    assert wide.dtype == np.float32
    np.testing.assert_array_equal(wide.T, half["weight_hh_l0"])
    laid = {name: np.asfortranarray(one.astype(">f8")) for name, one in LSTM.items()}
    same = read(npz(laid), "f").nets[0].model().parameters[0]["W_h"]
    np.testing.assert_array_equal(same.T, LSTM["weight_hh_l0"])
    assert same.dtype.isnative


def test_bfloat16_is_widened() -> None:
    floats = {name: one.astype("f4") for name, one in LSTM.items()}
    upper = {name: (one.view("u4") >> 16).astype("u2") for name, one in floats.items()}
    model = read(tensors(upper, dict.fromkeys(upper, "BF16")), "b").nets[0].model()
    rounded = (upper["weight_hh_l0"].astype("u4") << 16).view("f4")
    np.testing.assert_array_equal(model.parameters[0]["W_h"].T, rounded)


def test_overflow_in_half_precision_is_named() -> None:
    with np.errstate(over="ignore"):
        half = {name: (1e6 * one).astype("f2") for name, one in LSTM.items()}
    with pytest.raises(ValueError, match=r"`weight_ih_l0` must be finite, got -?inf at index"):
        read(npz(half), "h")


def test_names_are_kept_as_text() -> None:
    name = "</script><script>alert(1)</script>![i](http://a.b/c)"
    assert opened(under(name, LSTM)).nets[0].name == name


def test_the_segmenter_of_thai_finds_the_words() -> None:
    net = read(gallery.THAI_WORDS.read_bytes(), "thai.json").net()
    model, symbols = net.model(), net.input_labels
    assert repr(model) == (
        "Model(lstm, 20 → 15, 1 layer in two directions, 4,320 parameters, float64, "
        "softmax readout of 4)"
    )
    assert symbols is not None
    assert net.output_labels is not None
    assert net.embedding is not None
    assert net.embedding.shape == (len(symbols), 20)
    text = "วันนี้อากาศดีมากฉันไปโรงเรียน"  # Today the weather is fine, I go to school
    trace = rnnviz.run(model, net.embedding[[symbols.index(one) for one in text]])
    labels = [net.output_labels[k] for k in trace.predictions[:, 0].argmax(-1)]
    cut = "".join("|" * (one in "BS") + c for c, one in zip(text, labels, strict=True))
    assert cut == "|วัน|นี้|อากาศ|ดี|มาก|ฉัน|ไป|โรง|เรียน"


SAVED = [
    rnnviz.build("gru", 2, 3, reset_after=True, num_layers=2, bidirectional=True, output_size=2,
                 readout="softmax"),
    rnnviz.build("lstm", 2, 3, hold={"f": 0.25}, dtype="float32", output_size=1),
    rnnviz.build("rnn", 1, 2, nonlinearity="relu"),
    rnnviz.build("minlstm", 2, 3),
    rnnviz.build("peephole_lstm", 2, 3),
    rnnviz.from_torch(LSTM),
    replace(rnnviz.build("rnn", 1, 2, bidirectional=True),
            reverse_cell=rnnviz.CELLS["rnn"](nonlinearity="relu")),
    replace(rnnviz.build("lstm", 1, 2, activations={"f": "hard_sigmoid", "g": "relu"}, clip=3.0),
            batch_first=True, direction="reverse", initial={"h": [[0.5, 1]], "c": [[0.25, 2]]}),
]  # fmt: skip


@pytest.mark.parametrize("ending", ["npz", "safetensors"])
def test_a_saved_model_comes_back_to_the_bit(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"net.{ending}"
    for model in SAVED:
        rnnviz.save(model, path)
        again = rnnviz.open(path)
        assert repr(again) == repr(model)
        for direction in model.directions:
            mine, theirs = model.cell_of(direction), again.cell_of(direction)
            assert (theirs.options, theirs.hold) == (mine.options, mine.hold)
        if model.initial is not None:
            assert again.initial is not None
            np.testing.assert_array_equal(again.initial["c"], model.initial["c"])
        for mine, theirs in zip(model.parameters, again.parameters, strict=True):
            assert {n: a.tobytes() for n, a in mine.items()} == {
                n: a.tobytes() for n, a in theirs.items()
            }
        if model.readout is not None:
            assert again.readout is not None
            for name, one in model.readout.parameters.items():
                np.testing.assert_array_equal(one, again.readout.parameters[name])
    with pytest.raises(ValueError, match=r"`path` must end in \.npz or \.safetensors"):
        rnnviz.save(SAVED[0], tmp_path / "net.pt")


def test_open_reads_a_path_and_takes_answers(tmp_path: Path) -> None:
    path = tmp_path / "weights.bin"
    path.write_bytes(npz(under("a", state_of("RNN:{}")) | under("b", LSTM)))
    model = rnnviz.open(path, "a", nonlinearity="relu")
    assert model.cell.options == {"nonlinearity": "relu"}
    assert rnnviz.open(path, "b", batch_first=True).batch_first
    with pytest.raises(ValueError, match=r"must be one of 'a', 'b': weights\.bin holds 2"):
        rnnviz.open(path)


@pytest.mark.parametrize("kind", ["float32", "float64"])
def test_a_file_of_pytorch_gives_its_scores_and_gradients(kind: str) -> None:
    """tests/data/make_torch_files.py made it, in float32: an embedding, a GRU and a Linear.

    Two float32 passes round apart, by up to the sum of both errors: PyTorch's float64 judges both.
    """
    folder = Path(__file__).parents[1] / "data"
    theirs = np.load(folder / "torch_tagger.npz")
    net = read((folder / "torch_tagger.safetensors").read_bytes(), "tagger.safetensors").net()
    assert net.embedding is not None
    model = net.model() if kind == "float32" else in_double(net.model())
    trace = rnnviz.run(model, net.embedding[theirs["symbols"].T])
    assert model.readout is not None
    flow = rnnviz.backprop(trace, theirs["G"].swapaxes(0, 1) @ model.readout.parameters["W_y"].T)
    found = {"scores": trace.scores.swapaxes(0, 1), "dx": flow.inputs.swapaxes(0, 1)}
    for index, layer, direction in model.places():
        ending = f"_l{layer}" + ("_reverse" if direction == "reverse" else "")
        for name, ours in OURS.items():
            found[f"d/encoder.{name}{ending}"] = flow.parameters[index][ours].T
    for name, one in found.items():
        exact, rounded = theirs[f"64/{name}"], theirs[name]
        size = np.linalg.norm(exact)
        assert np.linalg.norm(one - exact) < (1e-6 if kind == "float32" else 1e-14) * size, name
        assert np.linalg.norm(rounded - exact) < 1e-6 * size, name
        assert np.linalg.norm(one - rounded) < (2e-6 if kind == "float32" else 1e-6) * size, name


def test_a_file_may_say_what_inputs_and_outputs_stand_for(tmp_path: Path) -> None:
    words, classes = ["a", "\0", "</b>"], ["no", "yes"]
    beside = {"embedding": np.eye(3, 2), "input_labels": words, "output_labels": classes}
    for ending in ("npz", "safetensors"):
        path = tmp_path / f"net.{ending}"
        rnnviz.save(rnnviz.build("gru", 2, 3, output_size=2), path, **beside)
        net = read(path.read_bytes(), path.name).net()
        assert (net.input_labels, net.output_labels) == (tuple(words), tuple(classes))
        np.testing.assert_array_equal(net.embedding, beside["embedding"])
    named = {"input_labels": np.array(list("xyz")), "output_labels": np.array(["a"] * 7)}
    file = read(npz(LSTM | HEAD | named), "a.npz")
    assert file.net().input_labels == ("x", "y", "z")
    assert file.net().output_labels is None
    assert [str(one) for one in file.notes] == [
        "`output_labels` are left out: 7 of them fit no net of the file."
    ]
    with pytest.raises(ValueError, match="`input_labels` must be a list of 1 to 65,536 texts"):
        rnnviz.save(SAVED[0], tmp_path / "net.npz", input_labels=[1, 2])
