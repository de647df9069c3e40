"""Files that Keras 2 wrote open to the outputs and gradients that Keras 2 computes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import rnnviz
from rnnviz.formats import keras_file, read
from tests.formats.opened import here, near

DATA = np.load(Path(__file__).parents[1] / "data" / "keras2_files.npz")
FILES = [key for key in DATA.files if "/file" in key]


@pytest.mark.parametrize("key", FILES)
def test_outputs_and_gradients_are_those_of_keras_2(
    key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keras_file, "decoded", here)
    case, net = key.partition("/")[0], read(DATA[key].tobytes(), key).nets[0]
    model, x = net.model(), DATA[f"{case}/x"]
    trace = rnnviz.run(model, x if net.embedding is None else net.embedding[x])
    readout = model.readout
    y = trace.outputs if readout is None else readout.values(trace.outputs)
    near(key, y, DATA[f"{case}/y"])
    if f"{case}/G" not in DATA:
        return
    G = DATA[f"{case}/G"]
    flow = rnnviz.backprop(trace, G if readout is None else G @ readout.parameters["W_y"].T)
    near(f"{key}: dx", flow.inputs, DATA[f"{case}/dx"])
    theirs = [DATA[f"{case}/W/{k}"] for k in range(sum(f"{case}/W/" in one for one in DATA.files))]
    ours = [one for layer in rnnviz.to_keras_weights(_gradients(model, flow)) for one in layer]
    assert len(ours) == len(theirs) - (2 if readout else 0)
    for mine, other in zip(ours, theirs, strict=False):
        near(f"{key}: dW", mine, other)


def _gradients(model: rnnviz.Model, flow: rnnviz.GradientFlow) -> rnnviz.Model:
    """The gradients in the places of the weights; of two biases that Keras adds, one counts."""
    one_bias = model.cell.name == "lstm"
    parameters = tuple(
        {name: one for name, one in W.items() if not (one_bias and name == "b_h")}
        for W in flow.parameters
    )
    return replace(model, parameters=parameters, readout=None)
