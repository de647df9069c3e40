"""Truncation through time, clipping, and the cliff."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from rnnviz import SquaredError, backprop, build, run
from rnnviz.analysis.cuts import cliff, cliff_surface, clip, parameter_mantissas, truncated
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


def flat(groups: Any) -> Any:
    return np.concatenate([one.ravel() for group in groups for one in group.values()])


@every_variant
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_clipping_to_a_norm(cell: str, options: dict, dtype: Any) -> None:
    trace, dh = made(cell, options, dtype=dtype, num_layers=2)
    flow, within = backprop(trace, dh), 1e-12 if dtype == np.float64 else 1e-5
    norm = np.linalg.norm(flat(flow.parameters).astype(float))
    for limit in (0.1 * norm, 10 * norm):
        found = clip(flow, norm=limit)
        np.testing.assert_allclose(found.before, norm, rtol=within)
        np.testing.assert_allclose(found.after, min(norm, limit), rtol=within)
        np.testing.assert_allclose(found.cosine, 1, rtol=within)
        np.testing.assert_allclose(found.whole.log10_after, np.log10(found.after), atol=within)
        after = np.linalg.norm(flat(found.gradients).astype(float))
        np.testing.assert_allclose(after, min(norm, limit), rtol=within)
        for group in found.parameters:
            for change in group.values():
                np.testing.assert_allclose(change.cosine, 1, rtol=within)
    same_gradients = clip(flow, norm=10 * norm).gradients
    np.testing.assert_array_equal(flat(same_gradients), flat(flow.parameters))
    assert found.gradients[0]["W_x"].dtype == dtype


@every_variant
def test_clipping_values(cell: str, options: dict) -> None:
    trace, dh = made(cell, options)
    flow = backprop(trace, dh)
    gradient = flat(flow.parameters)
    limit = float(np.median(np.abs(gradient)))
    found, expected = clip(flow, value=limit), np.clip(gradient, -limit, limit)
    np.testing.assert_array_equal(flat(found.gradients), expected)
    cosine = gradient @ expected / np.linalg.norm(gradient) / np.linalg.norm(expected)
    np.testing.assert_allclose(found.cosine, cosine, rtol=1e-12)
    np.testing.assert_allclose(found.after, np.linalg.norm(expected), rtol=1e-12)
    for name, change in found.parameters[0].items():
        one, new = flow.parameters[0][name], found.gradients[0][name]
        norms = np.linalg.norm(one), np.linalg.norm(new)
        np.testing.assert_allclose(change[:2], np.log10(norms), rtol=0, atol=1e-12)
        np.testing.assert_allclose(change.cosine, (one * new).sum() / norms[0] / norms[1])


def test_the_readout_is_clipped_along() -> None:
    model = varied(build("lstm", 3, 4, output_size=2))
    rng = np.random.default_rng(0)
    trace = run(model, rng.standard_normal((6, 2, 3)))
    flow = backprop(trace, SquaredError(rng.standard_normal((6, 2, 2))))
    norm = np.linalg.norm(flat([*flow.parameters, flow.readout]))
    found = clip(flow, norm=norm / 2)
    np.testing.assert_allclose(found.before, norm, rtol=1e-12)
    agree("W_y", found.readout_gradients["W_y"], flow.readout["W_y"] / 2, 1e-12)
    assert set(found.readout) == {"W_y", "b_y"}


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_clipping_what_no_float_can_hold(dtype: Any) -> None:
    """∂L/∂b = Σ_t (10 Qᵀ)^(T−t) …: its norm is about 10^400, and clipping gives it back."""
    trace = quiet(10.0, dtype=dtype)
    flow = backprop(trace, last(trace))
    found = clip(flow, norm=2.0)
    assert np.isinf(found.before)
    mantissa, power = parameter_mantissas(flow.layers[0])["b"]
    log = np.log10(np.linalg.norm(mantissa.astype(float))) + power * np.log10(2)
    assert 399 < log < 401
    within = 1e-9 if dtype == np.float64 else 1e-4
    np.testing.assert_allclose(found.whole.log10_before, log, rtol=0, atol=within)
    np.testing.assert_allclose(found.after, 2, rtol=1e-6)
    np.testing.assert_allclose(found.cosine, 1, rtol=1e-6)
    agree("b", found.gradients[0]["b"], 2 * mantissa / np.linalg.norm(mantissa), 1e-6)
    by_value = clip(flow, value=1.0)
    assert by_value.after <= 2
    assert np.isfinite(by_value.cosine)


def test_clipping_what_underflowed_keeps_its_norm() -> None:
    trace = quiet(0.1)
    dh = np.zeros(trace.outputs.shape)
    dh[-1] = 1e-310
    trace = run(trace.model, trace.x, h0=np.full((1, 1, 4), 0.0))
    flow = backprop(trace, dh)
    np.testing.assert_allclose(clip(flow, norm=1).whole.log10_before, -310 + np.log10(2), atol=0.1)


def test_clipping_nothing() -> None:
    trace, dh = made("gru", {})
    for found in (clip(backprop(trace, 0 * dh), norm=1), clip(backprop(trace, 0 * dh), value=1)):
        assert found.before == found.after == 0
        assert found.whole.log10_before == -np.inf
        assert np.isnan(found.cosine)


def test_the_cliff_s_closed_form() -> None:
    found = cliff(5, -2.5, 50)
    np.testing.assert_allclose(found.closed_form, 280255.69, atol=0.005)
    np.testing.assert_allclose(found.slopes[1], found.closed_form, rtol=1e-12)
    np.testing.assert_array_equal(found.x, 0)
    assert cliff(4, -2, 30).closed_form == cliff(4, -2, 30).slopes[1] == 30
    assert np.isnan(cliff(5, -2.4, 50).closed_form)


@pytest.mark.parametrize(("w", "b"), [(5.0, -2.5), (5.2, -2.4), (-7.0, 1.0), (0.0, 0.3), (9.0, -4)])
def test_the_cliff_s_slopes_by_complex_steps(w: float, b: float) -> None:
    def end(w: complex, b: complex) -> complex:
        x = 0j
        for _ in range(20):
            x = w / (1 + np.exp(-x)) + b
        return x

    found = cliff(w, b, 20, target=0.25, norm=1e-3)
    slopes = [end(w + 1e-30j, b).imag / 1e-30, end(w, b + 1e-30j).imag / 1e-30]
    np.testing.assert_allclose(found.slopes, slopes, rtol=1e-10)
    error = end(w, b).real - 0.25
    np.testing.assert_allclose(found.loss, error**2, rtol=1e-10)
    gradient = 2 * error * np.array(slopes)
    np.testing.assert_allclose(found.gradient, gradient, rtol=1e-10)
    np.testing.assert_allclose(found.log10_norm, np.log10(np.linalg.norm(gradient)), atol=1e-9)
    np.testing.assert_allclose(np.linalg.norm(found.clipped), 1e-3, rtol=1e-12)
    np.testing.assert_allclose(found.direction, gradient / np.linalg.norm(gradient), rtol=1e-10)
    np.testing.assert_array_equal(cliff(w, b, 20, target=0.25, norm=1e30).clipped, found.gradient)
    np.testing.assert_array_equal(cliff(w, b, 20, target=0.25).clipped, found.gradient)


def test_the_cliff_beyond_the_format() -> None:
    found = cliff(40, -20, 400, target=1, norm=0.5)
    np.testing.assert_allclose(found.log10_norm, np.log10(2 * np.sqrt(1.25) / 9) + 400, atol=1e-9)
    assert np.isinf(found.gradient).all()
    np.testing.assert_allclose(np.linalg.norm(found.clipped), 0.5)
    at_the_goal = cliff(40, -20, 400)
    assert at_the_goal.log10_norm == -np.inf
    np.testing.assert_array_equal(at_the_goal.gradient, 0)


def test_the_surface_is_the_cliff_s_loss() -> None:
    w, b = np.linspace(-2, 8, 6), np.linspace(-4, 0, 5)
    found = cliff_surface(w, b, 30, target=0.5)
    expected = [[cliff(one, two, 30, target=0.5).loss for one in w] for two in b]
    np.testing.assert_allclose(found, expected, rtol=1e-9)
    assert cliff_surface([1.0], [0.0], 1).shape == (1, 1)


def test_refusals() -> None:
    trace, dh = made("rnn", {})
    flow = backprop(trace, dh)
    for k in (0, -1, 2.0, True, None):
        with pytest.raises(ValueError, match="`k` must be a positive integer"):
            truncated(trace, dh, k)  # type: ignore[arg-type]
    for given in ({}, {"norm": 1, "value": 1}):
        with pytest.raises(ValueError, match="`norm` or `value` must be given, one of them"):
            clip(flow, **given)
    for name in ("norm", "value"):
        for value in (0, -1, np.inf, np.nan, "1"):
            with pytest.raises(ValueError, match=f"`{name}` must be"):
                clip(flow, **{name: value})
    with pytest.raises(ValueError, match="`flow` must be a GradientFlow"):
        clip(trace, norm=1)  # type: ignore[arg-type]
    for arguments, name in (
        ((np.nan, 0, 5), "w"), ((1, "b", 5), "b"), ((1, 0, 0), "steps"),
    ):  # fmt: skip
        with pytest.raises(ValueError, match=f"`{name}` must be"):
            cliff(*arguments)
        with pytest.raises(ValueError, match=f"`{name}` must be"):
            cliff_surface(*([value] if k < 2 else value for k, value in enumerate(arguments)))
    for bad in ([], [[1.0]], 1.0):
        with pytest.raises(ValueError, match="`b` must be"):
            cliff_surface([1.0], bad, 5)
    for given in ({"norm": 0}, {"target": np.inf}):
        with pytest.raises(ValueError, match="must be"):
            cliff(1, 0, 5, **given)


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
