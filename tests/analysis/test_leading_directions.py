"""The leading directions: against all singular values, all exponents, and closed forms."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import rnnviz.analysis.jacobian
from rnnviz import build, run
from rnnviz.analysis.leading_directions import leading
from rnnviz.analysis.spectrum import lyapunov, singular_values
from rnnviz.core.initialisation import orthogonal
from tests.analysis.plain_rnn import plain
from tests.oracle import NAMES, VARIANTS, single, varied

every_variant = pytest.mark.parametrize(("cell", "options"), VARIANTS, ids=NAMES)


def sums(logs: Any) -> Any:
    """Growth of volumes: of the first direction, of the first two, …"""
    return np.cumsum(logs, axis=-1)


@pytest.mark.parametrize(
    ("cell", "options", "steps", "within"),
    [(*one, steps, within) for k, one in enumerate(VARIANTS)
     for steps, within in [(1, 0.2), (30, 1e-2), (400, 3e-3)][: 2 + (k % 4 == 0)]],
)  # fmt: skip
def test_in_the_end_close_to_the_leading_singular_values(
    cell: str, options: Any, steps: int, within: float
) -> None:
    """The more steps, the farther apart the directions, the closer QR comes to them.

    A volume of k directions is close where the k-th is ten times as large as the next.
    """
    model = varied(build(cell, 2, 6, **options), seed=4)
    trace = run(model, np.random.default_rng(5).standard_normal((steps, 2)))
    found, (*values, following) = leading(trace, 3), singular_values(trace).cumulative[-1, :4]
    values = np.array(values)
    with np.errstate(invalid="ignore"):
        apart = values - np.append(values[1:], following) > 1
    alive = np.isfinite(values)
    np.testing.assert_array_equal(np.isfinite(found.cumulative[-1]), alive)
    ours, theirs = sums(found.cumulative[-1][alive]), sums(values[alive])
    assert (ours <= theirs + 1e-9 * np.abs(theirs) + 1e-10).all()
    sure = apart[alive] | (steps == 1)
    np.testing.assert_allclose(ours[sure], theirs[sure], rtol=0, atol=within)


@every_variant
def test_all_columns_have_the_whole_volume(cell: str, options: Any) -> None:
    model = varied(build(cell, 2, 4, **options), seed=4)
    trace = run(model, np.random.default_rng(5).standard_normal((60, 2)))
    found, exponents = leading(trace, 1000), lyapunov(trace)
    assert found.step.shape == (60, 4 * len(model.cell.states))
    np.testing.assert_allclose(found.exponents.sum(), exponents.sum(), rtol=1e-9)
    np.testing.assert_array_equal(lyapunov(trace, count=1000), found.exponents)
    assert (np.diff(found.exponents[np.isfinite(found.exponents)]) <= 0).all()


def test_the_sums_over_the_steps_are_the_growth() -> None:
    trace = run(varied(build("lstm", 2, 5)), np.random.default_rng(0).standard_normal((40, 2)))
    found = leading(trace, 4)
    np.testing.assert_allclose(found.cumulative, np.cumsum(found.step, axis=0))
    np.testing.assert_allclose(found.exponents, found.cumulative[-1] * np.log(10) / 40)
    top = singular_values(trace).cumulative
    assert (sums(found.cumulative) <= sums(top[:, :4]) + 1e-9).all()
    for array in found:
        assert not array.flags.writeable
    for one, other in zip(found, leading(trace, 4), strict=True):
        np.testing.assert_array_equal(one, other)


def test_exponents_agree_with_all_of_them_up_to_what_is_not_forgotten() -> None:
    model = build("gru", 2, 10, seed=1)
    trace = run(model, np.random.default_rng(0).standard_normal((1000, 2)))
    np.testing.assert_allclose(lyapunov(trace, count=3), lyapunov(trace)[:3], atol=5 / 1000)


@pytest.mark.parametrize("radius", [0.1, 10.0])
def test_scaled_orthogonal_recurrence(radius: float) -> None:
    trace = plain(radius * orthogonal(np.random.default_rng(1), 32), 400)
    found = leading(trace, 5)
    np.testing.assert_allclose(found.step, np.log10(radius), atol=1e-13)
    np.testing.assert_allclose(found.exponents, np.log(radius), atol=1e-13)


def test_units_that_never_mix_are_found_wherever_they_stand() -> None:
    """With unit vectors for a start the first columns would never meet the others."""
    rates = np.array([1e-8, 0.2, 0.5, 0.1, 1e-5, 0.3, 1e-3, 1e-9, 1e-7, 1.5, 1e-6, 3.0])
    trace = plain(np.diag(rates), 500)
    np.testing.assert_allclose(lyapunov(trace, count=3), np.log([3.0, 1.5, 0.5]), rtol=1e-9)


def test_directions_hundreds_of_powers_of_ten_apart() -> None:
    trace = plain(np.diag([1e-3, 1e-1, 10.0, 1e-2]), 300, nonlinearity="identity")
    found = leading(trace, 4)
    np.testing.assert_allclose(found.cumulative[-1], [300, -300, -600, -900], rtol=1e-9)


def test_exact_zeros_end_directions() -> None:
    assert (leading(plain(np.zeros((3, 3)), 5), 2).step == -np.inf).all()
    trace = plain(np.diag([2.0, 0.0, 0.5, 0.0]), 4, nonlinearity="identity")
    found = leading(trace, 4).exponents
    np.testing.assert_allclose(found[:2], np.log([2.0, 0.5]), atol=1e-12)
    assert (found[2:] == -np.inf).all()
    model = single("rnn", np.eye(2), 0.5 * np.eye(2), np.zeros(2), nonlinearity="relu")
    x = np.ones((6, 2))
    x[3, 1] = -9
    step = leading(run(model, x), 2).step
    np.testing.assert_allclose(step[:, 0], np.log10(0.5), atol=1e-12)
    assert (step[3:, 1] == -np.inf).all()


@pytest.mark.parametrize("count", [1, 3, 12])
def test_a_rank_that_is_lost_without_a_zero_row(count: int) -> None:
    left, right = np.random.default_rng(0).standard_normal((2, 12, 2))
    trace = plain(0.2 * left @ right.T, 6, nonlinearity="identity")
    found = leading(trace, count).cumulative[-1]
    expected = singular_values(trace).cumulative[-1, :count]
    np.testing.assert_array_equal(np.isneginf(found), np.arange(count) > 1)
    np.testing.assert_allclose(found[:2], expected[:2], atol=0.1)
    if count > 1:
        np.testing.assert_allclose(found[:2].sum(), expected[:2].sum(), atol=1e-9)


def test_what_is_not_finite_leaves_what_came_before() -> None:
    model = single("rnn", [[1.0]], [[1e200]], [0.0], nonlinearity="relu")
    trace = run(model, np.ones((5, 1)))
    assert trace.first_nonfinite is not None
    assert np.isfinite(leading(trace, 1).step[0]).all()


def exponents(trace: Any, count: Any = 2, **at: Any) -> Any:
    return lyapunov(trace, count=count, **at)


@pytest.mark.parametrize("call", [leading, exponents])
def test_refusals(call: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    trace = run(build("rnn", 1, 2), np.ones((3, 1)))
    with pytest.raises(ValueError, match=r"`trace` must be a Trace of rnnviz, got None\."):
        call(None)
    for count in (0, -1, 1.5, True):
        with pytest.raises(ValueError, match=r"`count` must be a positive integer, got"):
            call(trace, count)
    with pytest.raises(ValueError, match=r"`layer` must be .* at most 0, got 1\."):
        call(trace, layer=1)
    monkeypatch.setattr(rnnviz.analysis.leading_directions, "MOST", 11)
    with pytest.raises(ValueError, match=r"at most 2 timesteps for .*, got 3: .*rnnviz\.reach"):
        call(trace)
