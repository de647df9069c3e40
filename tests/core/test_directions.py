"""Nets that read from the end, directions with different functions, learnt initial states."""

from __future__ import annotations

import json
import pickle
from dataclasses import replace
from io import BytesIO
from typing import Any

import numpy as np
import pytest

from rnnviz import CELLS, Model, backprop, build, layer_checks, path_lengths, reach, run, verify
from rnnviz.analysis.cell_graph import currents
from rnnviz.analysis.expanded_sum import expanded_sum
from rnnviz.analysis.one_layer import one_layer
from rnnviz.analysis.truncation import truncated
from rnnviz.core.losses import SquaredError
from rnnviz.training.stored import load, save
from rnnviz.training.train_net import train
from rnnviz.training.weights import cast
from tests.cells.onnx_cells import DATA, compare, options_of, weights_of
from tests.oracle import agree, varied

T, B, D, H = 6, 3, 2, 3
TWO = [name for name in sorted({key.split("/")[0] for key in DATA}) if "two functions" in name]


def reversed_and_forward(cell: str = "lstm", layers: int = 2) -> tuple[Model, Model]:
    """A net that reads from the end, and one of the same weights that reads forward."""
    back = varied(build(cell, D, H, num_layers=layers, output_size=1, direction="reverse"), 3)
    back = Model(back.cell, D, H, back.parameters, layers, readout=back.readout,
                 direction="reverse")  # fmt: skip
    return back, replace(back, direction="forward")


@pytest.mark.parametrize("name", TWO)
def test_onnxruntime_finds_the_same_with_a_function_a_direction(name: str) -> None:
    about, layers = json.loads(str(DATA[f"{name}/about"])), [weights_of(name, k) for k in (0, 1)]
    if about["op"] == "GRU":
        for W in layers:
            W["b"] = W["b"] + W.pop("b_h")
    kind = CELLS[about["op"].lower()]
    cell, other = (kind(**options_of(about, side)) for side in (0, 1))
    model = Model(cell, D, H, tuple(layers), bidirectional=True, reverse_cell=other)
    trace = compare(name, model)
    assert trace.layer(0, "reverse").cell is other
    assert pickle.loads(pickle.dumps(model)).reverse_cell.written == other.written
    dh = np.random.default_rng(0).standard_normal(trace.outputs.shape)
    wide = run(cast(model, np.float64), DATA[f"{name}/x"].astype(float))
    for check in (*verify(wide, dh), *layer_checks(backprop(wide, dh))):
        assert check.ok, check


def test_onnxruntime_finds_the_same_from_the_end() -> None:
    W = weights_of("gru reverse")
    W["b"] = W["b"] + W.pop("b_h")
    model = Model(CELLS["gru"](), D, H, (W,), direction="reverse")
    compare("gru reverse", model)


def test_reading_from_the_end_is_reading_the_sequence_turned_round() -> None:
    back, forward = reversed_and_forward()
    rng = np.random.default_rng(1)
    x, dh = rng.standard_normal((T, B, D)), rng.standard_normal((T, B, H))
    one, other = run(back, x), run(forward, x[::-1])
    agree("outputs", one.outputs, other.outputs[::-1], 1e-15)
    agree("last states", one.final["c"], other.final["c"], 1e-15)
    assert one.layer(0)["f"].shape == (T, B, H)
    flow, turned = backprop(one, dh), backprop(other, dh[::-1])
    agree("dx", flow.inputs, turned.inputs[::-1], 1e-15)
    for ours, theirs in zip(flow.parameters, turned.parameters, strict=True):
        for name in ours:
            agree(name, ours[name], theirs[name], 1e-14)
    np.testing.assert_allclose(flow.layer(1).log10_norms("c")[1:],
                               turned.layer(1).log10_norms("c")[:0:-1])  # fmt: skip
    for check in (*verify(one, dh), *layer_checks(flow)):
        assert check.ok, check
    assert "in reverse" in repr(back)
    assert "in reverse" in repr(one)
    cut = truncated(one, dh, k=2)
    agree("cut", cut.flow.inputs, truncated(other, dh[::-1], k=2).flow.inputs[::-1], 1e-14)


def test_views_of_a_net_that_reads_from_the_end() -> None:
    back = reversed_and_forward("gru", 1)[0]
    trace = run(back, np.random.default_rng(2).standard_normal((T, 1, D)))
    loss = SquaredError(np.ones((T, 1, 1)), at="every")
    flow = backprop(trace, loss)
    np.testing.assert_array_equal(one_layer(flow, 0)["h"], flow["h"][::-1])
    found = currents(flow)
    np.testing.assert_allclose(found.gradients["h"].true(), flow["h"][::-1, 0])
    whole = (found.arriving["h"] + found.direct).true()
    np.testing.assert_allclose(whole, flow["h"][::-1, 0], rtol=1e-10)
    with pytest.raises(ValueError, match="one direction, forward, and a batch of 1, got reverse"):
        reach(flow)
    with pytest.raises(ValueError, match="one layer that reads forward"):
        expanded_sum(flow, loss)
    assert path_lengths([False, True, False], 1, False, "reverse").tolist() == [[[np.inf, 0, 1]]]


def test_training_a_net_that_reads_from_the_end_and_begins_where_it_learnt_to() -> None:
    model = build("gru", 2, 4, output_size=1, direction="reverse")
    model = replace(model, initial={"h": np.full((1, 4), 0.5)})
    trained, kept = train(model, "adding", length=6, updates=3), BytesIO()
    save(trained, kept)
    kept.seek(0)
    for end in (trained.model, load(kept).model):
        assert end.direction == "reverse"
        np.testing.assert_array_equal(end.initial["h"], 0.5)
        assert not np.array_equal(end.parameters[0]["W_h"], model.parameters[0]["W_h"])


def test_learnt_initial_states_are_those_that_a_run_begins_with() -> None:
    rng = np.random.default_rng(0)
    model = varied(build("lstm", D, H, num_layers=2, bidirectional=True))
    own = {name: rng.standard_normal((4, H)) for name in ("h", "c")}
    learnt = replace(model, initial=own)
    x, given = rng.standard_normal((T, B, D)), {f"{n}0": np.repeat(v[:, None], B, 1)
                                                for n, v in own.items()}  # fmt: skip
    one, other = run(learnt, x), run(model, x, **given)
    np.testing.assert_array_equal(one.outputs, other.outputs)
    np.testing.assert_array_equal(run(learnt, x, h0=0 * given["h0"], c0=0 * given["c0"]).outputs,
                                  run(model, x).outputs)  # fmt: skip
    own["h"][...] = 9
    np.testing.assert_array_equal(run(learnt, x).outputs, other.outputs)
    assert not learnt.initial["h"].flags.writeable
    assert "learnt initial states" in repr(learnt)
    dh = rng.standard_normal(one.outputs.shape)
    moved, step = rng.standard_normal((4, H)), 1e-6

    def loss(by: float) -> Any:
        c = learnt.initial["c"] + by * moved
        return (dh * run(replace(learnt, initial={**learnt.initial, "c": c}), x).outputs).sum()

    told = (backprop(one, dh).initial["c"].sum(axis=1) * moved).sum()
    assert abs(told - (loss(step) - loss(-step)) / (2 * step)) < 1e-7 * abs(told)
    assert cast(learnt, np.float32).initial["c"].dtype == np.float32
    assert run(cast(learnt, np.float32), x).outputs.dtype == np.float32


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"direction": "backward"}, "`direction` must be one of 'forward', 'reverse'"),
    ({"direction": "reverse", "bidirectional": True}, "`direction` must be 'forward'"),
    ({"reverse_cell": CELLS["lstm"]()}, "`reverse_cell` must be None for a model in one direction"),
    ({"initial": {"h": np.zeros((1, H))}}, "`initial` must map h, c to arrays, got h"),
    ({"initial": [1.0]}, r"`initial` must map h, c to arrays, got \[1.0\]"),
    ({"initial": {"h": np.zeros((1, H)), "c": np.zeros(H)}}, r"`initial\['c'\]` must have shape"),
]


@pytest.mark.parametrize(("fields", "message"), REFUSED)
def test_what_is_refused(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        replace(build("lstm", D, H), **fields)
    if "direction" in fields:
        with pytest.raises(ValueError, match=message):
            build("lstm", D, H, **fields)


def test_another_kind_in_reverse_is_refused() -> None:
    both = build("gru", D, H, bidirectional=True)
    for other in (CELLS["lstm"](), CELLS["gru"](reset_after=True)):
        with pytest.raises(ValueError, match="`reverse_cell` must be of the kind of `cell`, 'gru'"):
            replace(both, reverse_cell=other)
