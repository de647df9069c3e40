"""Cells with other functions, a limit or coupled gates are those of onnxruntime and Keras."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rnnviz import CELLS, Model, backprop, run
from tests.cells.onnx_cells import DATA, compare, options_of, weights_of
from tests.oracle import agree

PLAIN = [name for name in sorted({key.split("/")[0] for key in DATA})
         if not {"coupled", "lengths", "reverse", "two"} & set(name.split())]  # fmt: skip


@pytest.mark.parametrize("name", PLAIN)
def test_onnxruntime_finds_the_same(name: str) -> None:
    about, W = json.loads(str(DATA[f"{name}/about"])), weights_of(name)
    cell = "peephole_lstm" if "p" in W else about["op"].lower()
    more = {"peephole": "diagonal"} if "p" in W else {}
    if about["op"] == "GRU" and not about.get("linear_before_reset"):
        W["b"] = W["b"] + W.pop("b_h")
    model = Model(CELLS[cell](**options_of(about), **more), *W["W_x"].shape[:1],
                  W["W_h"].shape[0], (W,))  # fmt: skip
    compare(name, model)


COUPLED = [name for name in sorted({key.split("/")[0] for key in DATA}) if "coupled" in name]


@pytest.mark.parametrize("name", COUPLED)
def test_onnxruntime_finds_the_same_with_coupled_gates(name: str) -> None:
    """Its f is 1 − i, and what it has of weights and peepholes for f counts for nothing."""
    about, W = json.loads(str(DATA[f"{name}/about"])), weights_of(name)
    p = W.pop("p", None)
    blocks = {key: np.split(one, 4, axis=-1) for key, one in W.items()}
    W = {key: np.concatenate([i, g, o], axis=-1) for key, (i, _, g, o) in blocks.items()}
    options = options_of(about)
    options["activations"] = {k: v for k, v in options["activations"].items() if k != "f"}
    if p is not None:
        W["p"], options["peephole"] = p[[0, 2]], "diagonal"
    cell = CELLS["cifg_lstm"](coupled="f", **options)
    compare(name, Model(cell, 2, 3, (W,)))


KERAS = np.load(Path(__file__).parents[1] / "data" / "keras_cells.npz")
OURS = {"hard_sigmoid": "hard_sigmoid_6"}
"""Keras 3's hard sigmoid has the slope 1/6."""


@pytest.mark.parametrize("name", sorted({key.split("/")[0] for key in KERAS}))
def test_keras_finds_the_same(name: str) -> None:
    """Its float32 numbers, against ours in float64."""
    given = {key.split("/")[1]: KERAS[key] for key in KERAS if key.startswith(f"{name}/")}
    about = json.loads(str(given.pop("about")))
    given = {key: one.astype(float) for key, one in given.items()}
    phi, gates = (about.get(f"{of}activation") for of in ("", "recurrent_"))
    W = {key: given[key] for key in ("W_x", "W_h", "b")}
    options: dict[str, Any] = {"activations": {"h": phi}}
    if about["kind"] != "SimpleRNN":
        symbols = "ifo" if about["kind"] == "LSTM" else "rz"
        shown = ("g", "m") if about["kind"] == "LSTM" else ("g",)
        options["activations"] = dict.fromkeys(symbols, OURS.get(gates, gates))
        options["activations"] |= dict.fromkeys(shown, phi)
    if W["b"].ndim > 1:
        W["b"], W["b_h"], options["reset_after"] = *W["b"], True
    cell = CELLS[about["kind"].lower().removeprefix("simple")](**options)
    backwards = about.get("go_backwards", False)
    model = Model(cell, 2, 3, (W,), direction="reverse" if backwards else "forward")
    trace, order = run(model, given["x"]), slice(None, None, -1 if backwards else 1)
    agree("outputs", trace.outputs[order], given["outputs"], 1e-6)
    flow = backprop(trace, given["dh"][order])
    agree("dx", flow.inputs, given["dx"], 2e-6)
    found = dict(flow.parameters[0])
    if "b_h" in found:
        found["b"] = np.stack([found["b"], found.pop("b_h")])
    for key, gradient in found.items():
        agree(key, gradient, given[f"d{key}"], 2e-6)
