"""The largest singular values between bounds, against all of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from rnnviz import build, run, singular_values
from rnnviz.analysis import leading_directions, leading_values, streamed
from tests.core.test_range import quiet
from tests.oracle import varied

T = 30


@pytest.mark.parametrize(
    ("cell", "options"),
    [("rnn", {}), ("rnn", {"nonlinearity": "relu"}), ("lstm", {}), ("gru", {"reset_after": True})],
)
def test_all_singular_values_lie_between_the_bounds(
    cell: str, options: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The upper bound fails at one t in 100 at most; far back the two bounds meet."""
    model = varied(build(cell, 2, 12, **options), seed=4)
    trace = run(model, np.random.default_rng(5).standard_normal((T, 2)))
    exact = singular_values(trace).cumulative
    monkeypatch.setattr(leading_directions, "MORE", 2)
    monkeypatch.setattr(streamed, "PORTION", 7 * 24**2)
    for count in (3, 99):
        found = singular_values(trace, count=count)
        wanted = exact[:, :count]
        near = wanted > exact[:, :1] - 12
        assert found.lower.shape == found.upper.shape == wanted.shape
        assert (found.lower <= wanted + 1e-6)[near].all()
        above = ((found.upper >= wanted - 1e-6) | ~near).all(axis=1)
        assert above.mean() >= 0.95
        apart = found.upper[-1, near[-1]] - found.lower[-1, near[-1]]
        assert apart.max() < (0.5 if count == 3 else 1e-9)
    np.testing.assert_array_equal(found.lower, singular_values(trace, count=99).lower)


@pytest.mark.parametrize("scale", [0.1, 10.0])
def test_beyond_the_format(scale: float) -> None:
    """W_h = scale · Q: every singular value after t steps is scaleᵗ."""
    trace = quiet(scale)
    found = singular_values(trace, count=2)
    wanted = np.log10(scale) * np.arange(1, len(trace.x) + 1)
    np.testing.assert_allclose(found.lower, np.stack([wanted, wanted], axis=1), atol=1e-9)
    assert np.isfinite(found.upper).all()


@pytest.mark.parametrize(("cell", "size", "seed", "gain", "count"), [
    ("mingru", 9, 35, 1.0, 4), ("cifg_lstm", 1, 79, 0.5, 1), ("cifg_lstm", 14, 16, 1.0, 3),
])  # fmt: skip
def test_steps_of_badly_scaled_rows(
    cell: str, size: int, seed: int, gain: float, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Saturated units: plain QR would be wrong by many powers of ten."""
    x = np.random.default_rng(seed).normal(size=(20, 1, 2)) * 300
    trace = run(build(cell, 2, size, seed=seed, gain=gain), x)
    exact = singular_values(trace).cumulative[:, :count]
    found = singular_values(trace, count=count)
    np.testing.assert_allclose(found.lower, exact, rtol=1e-9)
    np.testing.assert_allclose(found.upper, exact, rtol=1e-9)
    monkeypatch.setattr(leading_values, "MOST_EXACT", 0)
    found = singular_values(trace, count=count)
    assert (found.lower <= exact + 1e-6).all()
    assert (found.upper >= exact - 1e-6).all()


def test_what_qr_cannot_tell_is_followed_no_further_where_all_values_are_affordable(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    trace = run(build("rnn", 1, 20, seed=0), np.full((50, 1, 1), 1e4))
    normed, norms = [], leading_values.log10_norms
    monkeypatch.setattr(leading_values, "log10_norms",
                        lambda J: normed.append(J) or norms(J))  # fmt: skip
    for most, looked_at in ((leading_values.MOST_EXACT, 1), (0, 51)):
        monkeypatch.setattr(leading_values, "MOST_EXACT", most)
        singular_values(trace, count=1)
        assert len(normed) == looked_at


@pytest.mark.parametrize("size", [2, 20])
def test_steps_of_zeros_leave_nothing(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    trace = run(build("rnn", 1, size, seed=0), np.full((5, 1, 1), 1e4))
    for most in (leading_values.MOST_EXACT, 0):
        monkeypatch.setattr(leading_values, "MOST_EXACT", most)
        found = singular_values(trace, count=1)
        assert np.isneginf(found.lower).all()
        assert np.isneginf(found.upper).all()


def test_what_is_not_finite_is_nan_and_a_long_chain_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    trace = run(build("lstm", 3, 4, seed=0), np.ones((9, 3)))
    with pytest.raises(ValueError, match=r"`count` must be a positive integer, got 0"):
        singular_values(trace, count=0)
    monkeypatch.setattr(leading_directions, "MOST", 1)
    with pytest.raises(ValueError, match=r"of n = 8 numbers .* rnnviz\.reach"):
        singular_values(trace, count=2)
