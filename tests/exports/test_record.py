"""What `rnnviz.export` writes: every array of a record, without pickle, and the net itself."""

from pathlib import Path

import numpy as np
import pytest

import rnnviz
from rnnviz.experiments.settings import Settings
from rnnviz.exports import to_npz
from rnnviz.numerics.array_files import unpacked


def test_a_flow_comes_back_array_by_array_and_its_net_to_the_bit(tmp_path: Path) -> None:
    model = rnnviz.build("lstm", 2, 3, num_layers=2, bidirectional=True, output_size=1, seed=3)
    trace = rnnviz.run(model, np.random.default_rng(0).standard_normal((5, 2, 2)), lengths=[5, 3])
    loss = rnnviz.SquaredError(np.ones((5, 2, 1)), at="every")
    flow = rnnviz.backprop(trace, loss)
    rnnviz.export(flow, tmp_path / "run.npz", loss=loss)
    with np.load(tmp_path / "run.npz", allow_pickle=False) as file:
        found = {name: file[name] for name in file.files}
    at, own = trace.layer(1, "reverse"), flow.layer(1, "reverse")
    expected = {
        "x": trace.x, "outputs": trace.outputs, "scores": trace.scores, "lengths": trace.lengths,
        "targets": loss.targets, "loss_weights": loss.weights_of(trace), "loss_terms": flow.loss,
        "signal.layer_1.reverse.f": at["f"], "first.layer_1.reverse.c": at.initial["c"],
        "gradient.layer_1.reverse.i": own["i"], "gradient.layer_1.reverse.a_g": own["a_g"],
        "first_gradient.layer_1.reverse.h": own.initial["h"], "gradient.x": flow.inputs,
        "log10_norm.layer_1.reverse.c": own.log10_norms("c"), "gradient.outputs": flow.outputs,
        "log10_weight_norm.layer_1.reverse.W_h": own.log10_weight_norms("W_h"),
        "weight_gradient.layer_1.reverse.W_x": flow.parameters[3]["W_x"],
        "weight_gradient.readout.W_y": flow.readout["W_y"],
    }  # fmt: skip
    for name, array in expected.items():
        np.testing.assert_array_equal(found[name], array, err_msg=name)
    again = rnnviz.run(rnnviz.open(tmp_path / "run.npz"), trace.x, lengths=trace.lengths)
    np.testing.assert_array_equal(again.outputs, trace.outputs)
    with pytest.raises(ValueError, match=r"must end in \.npz, got 'run\.csv'"):
        rnnviz.export(flow, tmp_path / "run.csv")


def test_settings_have_every_cell_under_its_name() -> None:
    typed = rnnviz.cell_from_equations("h = tanh(x Wh + h Uh + bh)", "Typed")
    settings = Settings(cells=("gru", typed), length=6, hidden_size=2, task="copying", loss="task",
                        options=(("symbols", 1),))  # fmt: skip
    found = unpacked(to_npz(settings))
    flow = settings.flow("gru")
    np.testing.assert_array_equal(found["gru/gradient.layer_0.forward.z"], flow["z"])
    np.testing.assert_array_equal(found["gru/targets"], settings.example().targets)
    assert found["own_2/signal.layer_0.forward.h"].shape == flow["h"].shape
    assert typed in found["about"].tobytes().decode()
