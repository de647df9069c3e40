"""Truncated backpropagation through time."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from rnnviz import SquaredError, backprop, build, run
from rnnviz.analysis.cuts import truncated
from tests.analysis.test_loss_attribution import every_variant, made
from tests.core.test_range import last, quiet
from tests.oracle import agree, states, varied


def same(one: Any, other: Any) -> None:
    """Two flows are equal to the last bit."""
    np.testing.assert_array_equal(one.inputs, other.inputs)
    for mine, theirs in zip(one.layers, other.layers, strict=True):
        for name in ("h", *mine.trace.cell.states, *(s.name for s in mine.trace.cell.signals)):
            np.testing.assert_array_equal(mine[name], theirs[name])
        for name, gradient in theirs.parameters.items():
            np.testing.assert_array_equal(mine.parameters[name], gradient)


@every_variant
@pytest.mark.parametrize("k", [7, 8, 1000])
def test_no_cut_gives_the_full_flow(cell: str, options: dict, k: int) -> None:
    trace, dh = made(cell, options, num_layers=2, bidirectional=True)
    found = truncated(trace, dh, k)
    same(found.flow, backprop(trace, dh))
    for removed in found.removed:
        np.testing.assert_array_equal(removed, 0)
    assert all(share == 0 for one in found.weights for share in one.values())


@every_variant
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("k", [1, 3])
def test_windows_are_runs_of_their_own(cell: str, options: dict, dtype: Any, k: int) -> None:
    """Training by hand: run k steps, carry the states over as numbers, backpropagate, go on."""
    trace, dh = made(cell, options, dtype=dtype, num_layers=2)
    found, model = truncated(trace, dh, k), trace.model
    now, sums = trace.initial, [dict.fromkeys(W, 0.0) for W in model.parameters]
    within = 1e-12 if dtype == np.float64 else 1e-5
    for start in range(0, 7, k):
        span = slice(start, min(start + k, 7))
        part = run(model, trace.x[span], **{f"{name}0": value for name, value in now.items()})
        flow = backprop(part, dh[span])
        for layer in (0, 1):
            for name in (*model.cell.states, *(s.name for s in model.cell.signals)):
                ours = found.flow.layer(layer)[name][span]
                agree(f"{name} of {layer} at {span}", ours, flow.layer(layer)[name], within)
            for name, gradient in flow.parameters[layer].items():
                sums[layer][name] = sums[layer][name] + gradient
        agree("inputs", found.flow.inputs[span], flow.inputs, within)
        if start == 0:
            for name, value in flow.initial.items():
                agree(f"{name}_0", found.flow.initial[name], value, within)
        now = part.final
    for layer in (0, 1):
        for name, gradient in sums[layer].items():
            agree(name, found.flow.parameters[layer][name], gradient, within)


@every_variant
def test_what_is_removed(cell: str, options: dict) -> None:
    trace, dh = made(cell, options, num_layers=2, bidirectional=True)
    found = truncated(trace, dh, 3)
    for index, (full, cut) in enumerate(zip(found.full.layers, found.flow.layers, strict=True)):
        share, s = found.removed[index], trace.model.cell.states[-1]
        assert share.shape == (8, 2)
        whole = np.linalg.norm(full[s], axis=-1)
        missing = np.linalg.norm(full[s] - cut[s], axis=-1)
        np.testing.assert_allclose(share[1:], missing / whole, rtol=1e-9, atol=1e-14)
        first = full.initial[s]
        missing = np.linalg.norm(first - cut.initial[s], axis=-1)
        np.testing.assert_allclose(share[0], missing / np.linalg.norm(first, axis=-1), rtol=1e-9)
        for name, value in found.weights[index].items():
            gap = np.linalg.norm(full.parameters[name] - cut.parameters[name])
            np.testing.assert_allclose(value, gap / np.linalg.norm(full.parameters[name]))


def test_bidirectional_layers_are_cut_at_the_same_timesteps() -> None:
    """The window of steps 4 … 6 of a run is as if it had begun there, in both directions."""
    trace, dh = made("lstm", {}, bidirectional=True)
    only = np.zeros_like(dh)
    only[4] = dh[4]
    flow = truncated(trace, only, 3).flow
    for direction, reached in (("forward", {3, 4}), ("reverse", {4, 5})):
        felt = flow.layer(0, direction)["h"].any(axis=(1, 2))
        assert set(np.flatnonzero(felt)) == reached


def test_a_loss_keeps_its_readout_and_its_terms() -> None:
    model = varied(build("gru", 3, 4, output_size=2))
    rng = np.random.default_rng(0)
    trace = run(model, rng.standard_normal((6, 2, 3)))
    loss = SquaredError(rng.standard_normal((6, 2, 2)), "every")
    flow, full = truncated(trace, loss, 2).flow, backprop(trace, loss)
    np.testing.assert_array_equal(flow.readout["W_y"], full.readout["W_y"])
    np.testing.assert_array_equal(flow.loss, full.loss)


@pytest.mark.parametrize("scale", [0.1, 10.0])
def test_truncation_beyond_the_format(scale: float) -> None:
    """A cut every 350 steps: the gradient of the first 350 becomes 0, the rest stays."""
    trace = quiet(scale)
    found = truncated(trace, last(trace), 350)
    logs, sign = found.flow.log10_norms("h")[:, 0], np.sign(np.log10(scale))
    assert (logs[:351] == -np.inf).all()
    np.testing.assert_allclose(logs[351:], np.log10(2) + sign * np.arange(49, -1, -1), atol=1e-9)
    np.testing.assert_allclose(found.removed[0][:351], 1, rtol=1e-14)
    np.testing.assert_array_equal(found.removed[0][351:], 0)


def test_no_gradient_no_share() -> None:
    trace, dh = made("rnn", {})
    found = truncated(trace, 0 * dh, 2)
    assert np.isnan(found.removed[0]).all()
    assert np.isnan(list(found.weights[0].values())).all()


def test_refusals() -> None:
    trace, dh = made("rnn", {})
    for k in (0, -1, 2.0, True, None):
        with pytest.raises(ValueError, match="`k` must be a positive integer"):
            truncated(trace, dh, k)  # type: ignore[arg-type]


def test_a_window_needs_the_states_that_were_recorded() -> None:
    """Initial states given by the caller count for the first window, the recorded for others."""
    model = varied(build("lstm", 3, 4))
    rng = np.random.default_rng(2)
    start = {f"{name}0": value for name, value in states(model, 2, rng).items()}
    trace = run(model, rng.standard_normal((5, 2, 3)), **start)
    dh = rng.standard_normal(trace.outputs.shape)
    flow = truncated(trace, dh, 2).flow
    part = replace(trace, x=trace.x[:2])
    assert len(part.x) == 2
    head = backprop(run(model, trace.x[:2], **start), dh[:2])
    agree("c0", flow.initial["c"], head.initial["c"], 1e-13)


def test_the_reverse_direction_is_cut_at_the_same_timesteps() -> None:
    """A loss at t = 1 goes on to the end of the first window, and no further."""
    model = varied(build("lstm", 2, 3, bidirectional=True))
    trace = run(model, np.random.default_rng(0).standard_normal((7, 1, 2)))
    dh = np.zeros((7, 1, 6))
    dh[0] = 1
    found = truncated(trace, dh, 3)
    full, cut = (one.layer(0, "reverse")["h"] for one in (found.full, found.flow))
    assert full[3:].all()
    assert not cut[3:].any()
    agree("within the window", cut[:3], full[:3], 1e-13)
