"""Sequences of several lengths in a batch, masks of single examples, ignored targets."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import rnnviz
from rnnviz import (
    CELLS,
    CrossEntropy,
    Model,
    SquaredError,
    backprop,
    build,
    from_torch,
    run,
    verify,
)
from rnnviz.core.readout import Readout
from rnnviz.core.trace import Trace
from tests.cells.onnx_cells import DATA as ONNX
from tests.cells.onnx_cells import compare, options_of, weights_of
from tests.oracle import agree, varied
from tests.references import compare_parameters

DATA = np.load(Path(__file__).parents[1] / "data" / "torch_lengths.npz")
LENGTHS = DATA["lengths"]
CASES = sorted({key.split("/")[0] for key in DATA if "/p/" in key})
PACKED = [case for case in CASES if "projected" not in case]
T, B, D, H = 7, 4, 3, 4


def state_of(case: str, head: str = "p") -> dict[str, Any]:
    return {key.split("/")[2]: DATA[key] for key in DATA if key.startswith(f"{case}/{head}/")}


@pytest.mark.parametrize("case", PACKED)
def test_pytorch_s_packed_sequences(case: str) -> None:
    model = from_torch(state_of(case))
    starts = {f"{n}0": DATA[f"{case}/{n}0"] for n in model.cell.states}
    trace = run(model, DATA[f"{case}/x"], lengths=LENGTHS, **starts)
    agree("outputs", trace.outputs, DATA[f"{case}/outputs"], 1e-13)
    flow = backprop(trace, DATA[f"{case}/dh"])
    agree("dx", flow.inputs, DATA[f"{case}/dx"], 1e-12)
    for name in model.cell.states:
        agree(f"final {name}", trace.final[name], DATA[f"{case}/final.{name}"], 1e-13)
        agree(f"d{name}0", flow.initial[name], DATA[f"{case}/d{name}0"], 1e-12)
    compare_parameters(model, flow.parameters, state_of(case, "dp"), 1e-12)


@pytest.mark.parametrize("case", PACKED)
def test_every_example_is_as_it_is_alone(case: str) -> None:
    model = from_torch(state_of(case))
    trace = run(model, DATA[f"{case}/x"], lengths=LENGTHS)
    flow = backprop(trace, DATA[f"{case}/dh"])
    for k, end in enumerate(LENGTHS):
        alone = run(model, DATA[f"{case}/x"][:end, k : k + 1])
        back = backprop(alone, DATA[f"{case}/dh"][:end, k : k + 1])
        cut, own = trace.example(k), flow.example(k)
        assert cut.lengths is None
        agree("dx", own.inputs, back.inputs, 1e-14)
        for at, here, there, mine, theirs in zip(
            trace.layers, cut.layers, alone.layers, own.layers, back.layers, strict=True
        ):
            whole = flow.layer(at.layer, at.direction)
            for signal in at.cell.signals:
                name = signal.name
                agree(name, here[name], there[name], 1e-14)
                np.testing.assert_array_equal(at[name][:end, k], here[name][:, 0])
                agree(f"d{name}", mine[name], theirs[name], 1e-13)
                np.testing.assert_array_equal(whole[name][:end, k], mine[name][:, 0])
                np.testing.assert_array_equal(whole[name][end:, k], 0)
                after = at[name][end:, k]
                if signal.kind == "state":
                    assert (after == at.final[name][k]).all()
                else:
                    assert np.isnan(after).all()
            np.testing.assert_allclose(whole.log10_norms("h")[1 : end + 1, k],
                                       theirs.log10_norms("h")[1:, 0], atol=1e-12)  # fmt: skip
            assert np.isneginf(whole.log10_norms("h")[end + 1 :, k]).all()
    for check in verify(trace, DATA[f"{case}/dh"]):
        assert check.ok, check


def test_the_steps_contributions_to_a_reverse_direction_stand_in_input_time() -> None:
    model, rng = varied(build("gru", D, H, direction="reverse")), np.random.default_rng(4)
    x, dh = rng.standard_normal((T, 2, D)), rng.standard_normal((T, 2, H))
    flow = backprop(run(model, x, lengths=[T, 3]), dh)
    one, other = flow.example(0), flow.example(1)
    for t in range(T):
        norm = np.linalg.norm(
            sum(np.concatenate([np.outer(own.trace.x[t, 0], own.layers[0][f"a_{b}"][t, 0])
                                for b in "rzg"], axis=1)
                for own in (one, other) if t < len(own.trace.x))
        )  # fmt: skip
        assert abs(10 ** flow.log10_weight_norms("W_x")[t] - norm) < 1e-12 * norm, t


@pytest.mark.parametrize(
    "name", [one for one in sorted({k.split("/")[0] for k in ONNX})
             if one.endswith(("lengths", "rnn reverse", "lstm reverse"))],
)  # fmt: skip
def test_onnxruntime_s_sequence_lens(name: str) -> None:
    about = json.loads(str(ONNX[f"{name}/about"]))
    sides = 1 + (about.get("direction") == "bidirectional")
    layers = tuple(weights_of(name, side) for side in range(sides))
    cell = "peephole_lstm" if "p" in layers[0] else about["op"].lower()
    options = {k: v for k, v in options_of(about).items() if v not in (None, {})}
    options |= {"peephole": "diagonal"} if "p" in layers[0] else {}
    one_side = "reverse" if about.get("direction") == "reverse" else "forward"
    model = Model(CELLS[cell](**options), *layers[0]["W_x"].shape[:1], 3, layers,
                  bidirectional=sides == 2, direction=one_side)  # fmt: skip
    compare(name, model, lengths=about["lens"])


def test_an_example_without_a_timestep_ends_where_it_begins() -> None:
    model, rng = varied(build("lstm", D, H, bidirectional=True)), np.random.default_rng(1)
    x, h0 = rng.standard_normal((T, 2, D)), rng.standard_normal((2, 2, H))
    trace = run(model, x, h0=h0, lengths=[0, 4])
    np.testing.assert_array_equal(trace.final["h"][:, 0], h0[:, 0])
    np.testing.assert_array_equal(trace.outputs[:, 0], 0)
    flow = backprop(trace, np.ones_like(trace.outputs))
    np.testing.assert_array_equal(flow.initial["h"][:, 0], 0)
    assert all(check.ok for check in verify(trace, np.ones_like(trace.outputs)))
    with pytest.raises(ValueError, match="`k` must be an example with timesteps, got 0"):
        trace.example(0)


def test_what_the_padding_holds_counts_for_nothing() -> None:
    """Also where the net would run away on it."""
    model = varied(build("rnn", 1, 3, nonlinearity="identity"), spread=4.0)
    x = np.ones((600, 2, 1))
    other = x.copy()
    other[3:, 1] = 1e300
    one, two = (backprop(run(model, given, lengths=[5, 3]), np.ones((600, 2, 3)))
                for given in (x, other))  # fmt: skip
    assert one.trace.first_nonfinite is None
    np.testing.assert_array_equal(one.trace.outputs, two.trace.outputs)
    np.testing.assert_array_equal(one.parameters[0]["W_h"], two.parameters[0]["W_h"])
    np.testing.assert_array_equal(one.parameters[0]["W_x"], two.parameters[0]["W_x"])
    kept = pickle.loads(pickle.dumps(one.trace))
    assert not kept.lengths.flags.writeable


def test_lengths_that_are_all_whole_are_none() -> None:
    model, x = build("gru", 1, 2), np.ones((3, 2, 1))
    assert run(model, x, lengths=[3, 3]).lengths is None
    assert run(model, x).example(1).outputs.shape == (3, 1, 2)


def test_ignored_targets_are_pytorch_s() -> None:
    scores, targets = DATA["ignored/scores"], DATA["ignored/targets"]
    size = scores.shape[-1]
    model = replace(build("rnn", 1, size), readout=Readout(
        "softmax", {"W_y": np.eye(size), "b_y": np.zeros(size)}
    ))  # fmt: skip
    trace = run(model, np.ones((*scores.shape[:2], 1)))
    trace = Trace(model, trace.x, trace.layers, scores)
    loss = CrossEntropy(targets, "every", ignore_index=-100)
    np.testing.assert_allclose(loss.terms(trace).sum(axis=0), DATA["ignored/each"], rtol=1e-13)
    np.testing.assert_allclose(loss.gradient(trace), DATA["ignored/slope"], atol=1e-15)
    assert np.isnan(loss.costs(trace)[targets == -100]).all()
    with pytest.raises(ValueError, match="`targets` must lie in 0 … 4, got -100"):
        CrossEntropy(targets, "every").value(trace)
    with pytest.raises(ValueError, match="`loss` must count at one timestep at least"):
        CrossEntropy(np.full_like(targets, -1), "every", ignore_index=-1).value(trace)


def test_a_mask_of_single_examples_and_the_last_steps_of_several_lengths() -> None:
    model = varied(build("gru", 1, 3, output_size=2, readout="softmax"))
    rng = np.random.default_rng(0)
    x, targets = rng.standard_normal((T, B, 1)), rng.integers(0, 2, (T, B))
    targets[1] = -100
    mask = rng.random((T, B)) < 0.5
    mask[0] = True
    trace = run(model, x, lengths=LENGTHS)
    wide = replace(model, readout=Readout("identity", model.readout.parameters))
    for loss, of in ((CrossEntropy(targets, mask, -100), trace),
                     (CrossEntropy(targets, "every", -100), trace),
                     (CrossEntropy(np.abs(targets) % 2), trace),
                     (SquaredError(np.ones((T, B, 2)), mask), run(wide, x, lengths=LENGTHS)),
                     (SquaredError(np.ones((T, B, 2)), mask), run(wide, x))):  # fmt: skip
        weights = loss.weights_of(of)
        np.testing.assert_allclose(weights.sum(axis=0), 1)
        for k, end in enumerate(LENGTHS):
            assert not weights[end:, k].any() or of.lengths is None
        if isinstance(loss.at, str) and loss.at == "last":
            assert (np.argmax(weights, axis=0) == LENGTHS - 1).all()
        for check in verify(of, loss):
            assert check.ok, check
    layer = rnnviz.output_layer(trace, CrossEntropy(np.abs(targets) % 2), example=2)
    assert layer.weights.tolist() == [1, 0, 0, 0, 0, 0, 0]


SHORT = run(build("lstm", 1, 2), np.ones((4, 2, 1)), lengths=[4, 2])
FLOW = backprop(SHORT, np.ones((4, 2, 2)))
REFUSED: list[tuple[Callable[[], Any], str]] = [
    (lambda: run(SHORT.model, SHORT.x, lengths=[4]), "`lengths` must be 2 whole numbers, one an"),
    (lambda: run(SHORT.model, SHORT.x, lengths=[4.0, 2.0]), "`lengths` must be 2 whole numbers"),
    (lambda: run(SHORT.model, SHORT.x, lengths=[5, 2]), "`lengths` must lie in 0 … 4, the .*got 5"),
    (lambda: run(SHORT.model, SHORT.x, lengths=[4, -1]), "`lengths` must lie in 0 … 4, .*got -1"),
    (lambda: SHORT.example(2), "`k` must be an integer of at least 0 and at most 1, got 2"),
    *((view, r"must have no lengths here, got \[4, 2\]: take one of its examples, (trace|flow).ex")
      for view in (
          lambda: rnnviz.step_jacobians(SHORT), lambda: rnnviz.lyapunov(SHORT),
          lambda: rnnviz.itemised(SHORT, FLOW.outputs), lambda: rnnviz.roads(SHORT, FLOW.outputs),
          lambda: rnnviz.truncated(SHORT, FLOW.outputs, k=2), lambda: rnnviz.memory(FLOW),
          lambda: rnnviz.one_layer(FLOW, 0), lambda: rnnviz.ways_back(FLOW, 0),
          lambda: rnnviz.layer_checks(FLOW),
          lambda: rnnviz.probed_map(SHORT), lambda: rnnviz.jacobian_map(SHORT),
      )),
    (lambda: SquaredError(np.ones((4, 2, 2)), np.ones((4, 3), bool)).value(SHORT),
     r'`at` must be "last", "every" or 4 bools \(or 4 × 2, one column an example\)'),
]  # fmt: skip


@pytest.mark.parametrize(("call", "message"), REFUSED)
def test_what_is_refused(call: Callable[[], Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
