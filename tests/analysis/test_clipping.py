"""Clipping gradients to a norm, or value by value."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from rnnviz import SquaredError, backprop, build, run
from rnnviz.analysis.cuts import clip, parameter_mantissas
from tests.analysis.test_loss_attribution import every_variant, made
from tests.core.test_range import last, quiet
from tests.oracle import agree, varied


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


def test_refusals() -> None:
    trace, dh = made("rnn", {})
    flow = backprop(trace, dh)
    for given in ({}, {"norm": 1, "value": 1}):
        with pytest.raises(ValueError, match="`norm` or `value` must be given, one of them"):
            clip(flow, **given)
    for name in ("norm", "value"):
        for value in (0, -1, np.inf, np.nan, "1"):
            with pytest.raises(ValueError, match=f"`{name}` must be"):
                clip(flow, **{name: value})
    with pytest.raises(ValueError, match="`flow` must be a GradientFlow"):
        clip(trace, norm=1)  # type: ignore[arg-type]
