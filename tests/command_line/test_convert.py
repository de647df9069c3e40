"""`rnnviz convert`: the same weights in other files."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import rnnviz
from rnnviz.formats import keras_file
from rnnviz.formats.torch_state import to_torch_state
from tests.formats.opened import DATA, here

NET = Path(rnnviz.__path__[0], "formats", "gallery", "adding_lstm.npz")


def test_convert_keeps_the_weights_and_writes_no_pickle(line: Any) -> None:
    pytest.importorskip("safetensors")
    model = rnnviz.open(NET)
    code, out, _ = line("convert", str(NET), "own.safetensors", "--json")
    assert (code, json.loads(out)["parameters"]) == (0, model.parameter_count)
    again = rnnviz.open("own.safetensors")
    assert all((again.parameters[0][name] == W).all() for name, W in model.parameters[0].items())
    assert line("convert", str(NET), "torch.npz", "--names", "torch")[0] == 0
    with np.load("torch.npz") as found:
        assert {name: one.shape for name, one in found.items()} == {
            name: one.shape for name, one in to_torch_state(model).items()}  # fmt: skip
    code, _, said = line("convert", str(NET), "net.pt")
    assert code == 1
    assert len(said.rstrip().rpartition("\n\n")[2].splitlines()) == 3
    assert not Path("net.pt").exists()
    for wrong in ("net.keras", "net.h5", "net", ".npz"):
        code, _, said = line("convert", str(NET), wrong)
        assert (code, ".npz, .safetensors or .weights.h5" in said) == (2, True)
    Path("own.npz").write_bytes(NET.read_bytes())
    assert line("convert", "own.npz", "own.npz")[0] == 2


def test_convert_writes_the_weights_that_keras_writes(
    line: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    h5py = pytest.importorskip("h5py")
    monkeypatch.setattr(keras_file, "decoded", here)

    def datasets(file: str) -> dict[str, Any]:
        found = {}
        with h5py.File(file) as opened:
            opened.visititems(lambda name, one: found.update({name: np.array(one)})
                              if isinstance(one, h5py.Dataset) else None)  # fmt: skip
        return found

    Path("theirs.weights.h5").write_bytes(DATA["stack/file.weights.h5"].tobytes())
    code, out, _ = line("convert", "theirs.weights.h5", "ours.weights.h5", "--net",
                        "lstm → lstm_1")  # fmt: skip
    assert code == 0
    compile(out, "lines", "exec")
    assert out.rstrip().endswith("model.load_weights('ours.weights.h5')")
    theirs, ours = datasets("theirs.weights.h5"), datasets("ours.weights.h5")
    assert theirs.keys() == ours.keys()
    assert all(np.array_equal(theirs[name], ours[name]) for name in theirs)
    both = rnnviz.build("gru", 2, 3, num_layers=2, bidirectional=True, reset_after=True)
    rnnviz.save(both, "both.npz")
    code, out, _ = line("convert", "both.npz", "both.weights.h5")
    assert out.count("Bidirectional(keras.layers.GRU(3, reset_after=True, return_seq") == 2
    assert list(datasets("both.weights.h5")) == [
        f"layers/bidirectional{layer}/{side}_layer/cell/vars/{k}"
        for layer in ("", "_1") for side in ("backward", "forward") for k in range(3)]  # fmt: skip
    again = rnnviz.open("both.weights.h5", net="bidirectional → bidirectional_1")
    for old, new in zip(both.parameters, again.parameters, strict=True):
        assert all(np.array_equal(new[name], W) for name, W in old.items())
    rnnviz.save(rnnviz.build("lstm", 2, 3, hold={"f": 1.0}), "held.npz")
    for out in ("held.weights.h5", "keras.npz"):
        code, _, said = line("convert", "held.npz", out, "--names", "keras")
        assert (code, "one that Keras has" in said) == (1, True)
