"""LSTMs whose h is projected, against PyTorch's proj_size."""

from __future__ import annotations

import pickle
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import rnnviz
from rnnviz import CELLS, Model, backprop, build, run, verify
from rnnviz.analysis.cell_graph import currents
from rnnviz.analysis.expanded_sum import expanded_sum
from rnnviz.analysis.verification.stack_checks import layer_checks
from rnnviz.core.losses import SquaredError
from rnnviz.core.readout import Readout
from rnnviz.experiments.opened_example import outputs_of
from tests.core.test_lengths import CASES, DATA, LENGTHS, state_of
from tests.oracle import agree
from tests.references import compare_parameters

PROJECTED = [case for case in CASES if "projected" in case]
NAMES = {"weight_ih": "W_x", "weight_hh": "W_h", "bias_ih": "b", "bias_hh": "b_h",
         "weight_hr": "W_r"}  # fmt: skip
D, H = 3, 4


def model_of(case: str) -> Model:
    state, layers = state_of(case), []
    both = any("reverse" in key for key in state)
    count = sum(key.startswith("weight_ih") for key in state) // (1 + both)
    for layer in range(count):
        for end in (f"_l{layer}", f"_l{layer}_reverse")[: 1 + both]:
            layers.append({ours: state[theirs + end].T for theirs, ours in NAMES.items()})
    return Model(CELLS["lstm"](), D, H, tuple(layers), count, both)


@pytest.mark.parametrize("case", PROJECTED)
def test_pytorch_s_proj_size(case: str) -> None:
    model = model_of(case)
    lengths = None if case.startswith("whole") else LENGTHS
    starts = {f"{n}0": DATA[f"{case}/{n}0"] for n in "hc"}
    trace = run(model, DATA[f"{case}/x"], lengths=lengths, **starts)
    agree("outputs", trace.outputs, DATA[f"{case}/outputs"], 1e-12)
    flow = backprop(trace, DATA[f"{case}/dh"])
    agree("dx", flow.inputs, DATA[f"{case}/dx"], 1e-12)
    for name in "hc":
        agree(f"{name}0", trace.initial[name], starts[f"{name}0"], 1e-12)
        agree(f"final {name}", trace.final[name], DATA[f"{case}/final.{name}"], 1e-12)
        agree(f"d{name}0", flow.initial[name], DATA[f"{case}/d{name}0"], 1e-11)
    compare_parameters(model, flow.parameters, state_of(case, "dp"), 1e-12)
    for check in verify(trace, DATA[f"{case}/dh"]):
        assert check.ok, check
    assert f"h projected to {model.width}" in repr(model)


def test_views_of_a_projected_net() -> None:
    """The gradient of one loss, step Jacobians and the drawing are those of h before W_r."""
    model = model_of("whole lstm, projected")
    W_r, rng = model.parameters[0]["W_r"], np.random.default_rng(0)
    readout = Readout("identity", {"W_y": rng.standard_normal((2, 1)), "b_y": [0.0]})
    model = pickle.loads(pickle.dumps(replace(model, readout=readout)))
    trace = run(model, rng.standard_normal((5, D)))
    loss = SquaredError(np.ones((5, 1, 1)))
    flow = backprop(trace, loss)
    agree("outputs", trace.outputs, trace["h"] @ W_r, 1e-15)
    direct = flow.outputs[-1] @ W_r.T
    agree("h at the end", flow["h"][-1], direct, 1e-14)
    row = np.concatenate([direct[0], np.zeros(H)])
    for J in rnnviz.step_jacobians(trace)[::-1]:
        row = row @ J
    agree("Jacobians", row[:H], flow.layer(0).initial["h"][0], 1e-12)
    found = rnnviz.reach(flow, "h")
    np.testing.assert_allclose(found.log10_norms, flow.log10_norms("h")[:, 0])
    np.testing.assert_allclose(rnnviz.itemised(trace, loss)[-1], flow.log10_norms("h")[:, 0])
    agree("drawn", currents(flow).gradients["h"].true(), flow["h"][:, 0], 1e-12)
    with pytest.raises(ValueError, match="whose h is not projected"):
        expanded_sum(flow, loss)
    for check in verify(trace, loss):
        assert check.ok, check


def test_a_projected_net_is_saved_and_opened(tmp_path: Path) -> None:
    model = model_of("whole lstm, projected, two layers in two directions")
    model = replace(model, initial={"h": np.full((4, 3), 0.1), "c": np.zeros((4, H))})
    rnnviz.save(model, tmp_path / "own.npz")
    x, again = np.ones((4, D)), rnnviz.open(tmp_path / "own.npz")
    np.testing.assert_array_equal(run(again, x).outputs, run(model, x).outputs)
    agree("learnt h0", run(model, x).initial["h"], np.full((4, 1, 3), 0.1), 1e-12)


def changed(**more: Any) -> Any:
    model = model_of("whole lstm, projected")
    return lambda: model.with_parameters({**model.parameters[0], **more})


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (changed(W_r=np.ones((4, 5))), r"`W_r` must have shape \(H, P\), P from 1 to 4, got"),
        (changed(W_r=np.ones((2, 4))), r"`W_h of layer 0, forward` must have shape \(4, 16\)"),
        (changed(W_h=np.ones((4, 16))), r"`W_h of layer 0, forward` must have shape \(2, 16\)"),
        (lambda: build("gru", D, H).with_parameters(
            {**build("gru", D, H).parameters[0], "W_r": np.ones((4, 2))}
        ), "`parameters` must have no projection W_r for the cell 'gru'"),
        (lambda: run(model_of("whole lstm, projected"), np.ones((3, D)), h0=np.ones((1, 4))),
         r"`h0` must have shape"),
        (lambda: run(changed(W_r=np.ones((4, 2)))(), np.ones((3, D)), h0=[[1.0, 2.0]]),
         "`h0` must be a state that W_r projects some h to"),
    ],
)  # fmt: skip
def test_what_is_refused(call: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()


def test_each_layer_of_a_projected_stack_is_checked_by_itself() -> None:
    case = max(PROJECTED, key=lambda one: (one.startswith("whole"), len(state_of(one))))
    model = model_of(case)
    checks = layer_checks(backprop(run(model, DATA[f"{case}/x"]), DATA[f"{case}/dh"]))
    assert all(one.ok for one in checks), checks
    assert outputs_of(model) == DATA[f"{case}/outputs"].shape[-1]
