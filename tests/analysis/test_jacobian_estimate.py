"""The estimated map: against the exact one, against its own standard errors, beyond the format."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import rnnviz.analysis.jacobian
import rnnviz.analysis.jacobian_estimate
from rnnviz import build, jacobian_map, run, step_jacobians
from rnnviz.analysis.jacobian_estimate import probed_map
from tests.core.test_range import quiet
from tests.oracle import NAMES, VARIANTS, single, varied

every_variant = pytest.mark.parametrize(("cell", "options"), VARIANTS, ids=NAMES)
SEEDS = 40


def made(cell: str, steps: int = 10, size: int = 4, **options: Any) -> Any:
    model = varied(build(cell, 2, size, **options), seed=4)
    return run(model, np.random.default_rng(5).standard_normal((steps, 3, 2)))


def below(steps: int) -> Any:
    """All pairs k < t."""
    return np.tril_indices(steps + 1, -1)


@every_variant
@pytest.mark.parametrize("steps", [1, 9])
def test_as_many_probes_as_numbers_are_exact(cell: str, options: Any, steps: int) -> None:
    trace = made(cell, steps, num_layers=2, bidirectional=True, **options)
    for state in ("all", *trace.model.cell.states):
        for place in ((0, "forward", 2), (1, "reverse", 1)):
            at = dict(zip(("layer", "direction", "batch"), place, strict=True))
            found = probed_map(trace, state, probes=100, **at)
            exact = jacobian_map(trace, state, **at)
            np.testing.assert_allclose(found.log10, exact, rtol=0, atol=1e-9)
            np.testing.assert_array_equal(found.standard_error, np.where(np.isnan(exact), exact, 0))
            assert found.exact
            assert found.probes == 4 * (len(trace.model.cell.states) if state == "all" else 1)


@every_variant
def test_one_step_back_from_the_jacobians_themselves(cell: str, options: Any) -> None:
    """The rows are orthonormal, so that no estimate is above n / r times what is there."""
    trace = made(cell, 6, 5, **options)
    n = 5 * len(trace.model.cell.states)
    found = probed_map(trace, probes=4)
    norms = np.linalg.norm(step_jacobians(trace), axis=(1, 2))
    steps = np.arange(1, 7)
    assert (10 ** found.log10[steps, steps - 1] <= np.sqrt((n - 2) / 2) * norms * (1 + 1e-9)).all()


def errors(trace: Any, probes: int, state: str = "all", seeds: int = SEEDS) -> tuple[Any, Any]:
    """(estimate / exact − 1) of ‖·‖² and of its standard error, (seeds, pairs)."""
    exact = jacobian_map(trace, state)
    pairs = below(len(trace.x))
    ratios, own = [], []
    for seed in range(seeds):
        found = probed_map(trace, state, probes=probes, seed=seed)
        square = 10 ** (2 * (found.log10 - exact)[pairs])
        ratios.append(square - 1)
        own.append(2 * found.standard_error[pairs] * square)
    return np.array(ratios), np.array(own)


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
@pytest.mark.parametrize(("probes", "state"), [(2, "h"), (3, "all"), (6, "all"), (9, "h")])
def test_no_bias_and_standard_errors_that_fit(cell: str, probes: int, state: str) -> None:
    """Means over seeds of ‖·‖² and of its variance, pair by pair, in their own standard errors.

    Seeds are independent and the estimates unbiased, so over SEEDS of them a pair's mean lies
    within some standard deviations of 0, and the mean of squared errors is that of the variances.
    """
    model = build(cell, 2, 12, seed=1, gain=1.5)
    trace = run(model, np.random.default_rng(0).standard_normal((12, 2)))
    ratio, own = errors(trace, probes, state)
    z = ratio.mean(axis=0) / (ratio.std(axis=0, ddof=1) / np.sqrt(SEEDS))
    assert np.abs(z).max() < 6
    assert (z**2).mean() < 2  # a t of 39 degrees has 1.05; pairs of a row go together
    assert abs(ratio.mean()) < 5 * np.sqrt((own**2).mean() / SEEDS)
    squares = (ratio**2).mean() / (own**2).mean()
    assert 0.75 < squares < 1.33
    later = z[own.max(axis=0) > 0]
    assert (np.abs(later) > 3).mean() < 0.05


def test_more_probes_are_nearer() -> None:
    trace = run(build("lstm", 2, 16, seed=1), np.random.default_rng(0).standard_normal((20, 2)))
    sizes = [np.sqrt((errors(trace, p, seeds=4)[0] ** 2).mean()) for p in (4, 8, 16)]
    assert sizes[0] > 1.5 * sizes[1] > 3 * sizes[2]
    assert sizes[2] < 0.08


def test_few_directions_carry_long_products_and_are_not_left_to_chance() -> None:
    """A product of rank one is exact: the fixed rows hold it."""
    trace = run(single("rnn", np.eye(8), np.ones((8, 8)) / 8, np.zeros(8)), np.zeros((20, 8)))
    found = probed_map(trace, probes=4)
    np.testing.assert_allclose(found.log10[below(20)], 0, atol=1e-12)
    np.testing.assert_allclose(found.standard_error[below(20)], 0, atol=1e-6)


@pytest.mark.parametrize("scale", [0.1, 10.0])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_beyond_the_format(scale: float, dtype: Any) -> None:
    """W_h = scale · Q: every norm is scaleᵗ⁻ᵏ √n, and every row has the same share of it."""
    trace = quiet(scale, dtype=dtype)
    steps, size = len(trace.x), trace.model.hidden_size
    found = probed_map(trace, probes=3)
    t = np.arange(steps + 1)
    expected = np.log10(scale) * np.subtract.outer(t, t) + np.log10(size) / 2
    within = 1e-9 if dtype == np.float64 else 1e-4
    np.testing.assert_allclose(found.log10[below(steps)], expected[below(steps)], atol=within)
    assert found.log10[-1, 0] * np.log10(scale) > 395
    assert found.standard_error[below(steps)].max() < 1e-3


def test_exact_zeros_and_the_diagonal() -> None:
    trace = run(single("rnn", np.eye(6), np.zeros((6, 6)), np.zeros(6)), np.zeros((4, 6)))
    found = probed_map(trace, probes=4)
    assert (found.log10[below(4)] == -np.inf).all()
    assert (found.standard_error[np.tril_indices(5)] == 0).all()
    np.testing.assert_array_equal(np.diag(found.log10), np.log10(6) / 2)
    assert np.isnan(found.log10[np.triu_indices(5, 1)]).all()
    assert np.isnan(found.standard_error[np.triu_indices(5, 1)]).all()


def test_values_that_are_not_finite_stay_where_they_are() -> None:
    """Only pairs with the overflowing step between them are lost."""
    W_h = np.diag([1e200, 1.0, 0.5, 0.25])
    model = single("rnn", np.eye(4), W_h, np.zeros(4), nonlinearity="identity")
    x = np.zeros((9, 4))
    x[4, 0] = 1e200
    trace = run(model, x)
    assert trace.first_nonfinite is not None
    found, exact = probed_map(trace, probes=3), jacobian_map(trace)
    np.testing.assert_array_equal(np.isfinite(found.log10), np.isfinite(exact))
    np.testing.assert_allclose(found.log10[-1, 0], exact[-1, 0], rtol=0, atol=0.5)


def test_the_seed_decides() -> None:
    trace = made("gru", 8, 6)
    one, same, other = (probed_map(trace, probes=4, seed=seed) for seed in (3, 3, 4))
    np.testing.assert_array_equal(one.log10, same.log10)
    np.testing.assert_array_equal(one.standard_error, same.standard_error)
    assert (one.log10[below(8)] != other.log10[below(8)]).any()
    assert (one.probes, one.exact) == (4, False)
    for array in one[:2]:
        assert not array.flags.writeable


@every_variant
@pytest.mark.parametrize("numbers", [1, 200])
def test_portions_of_jacobians_change_nothing(
    cell: str, options: Any, numbers: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    trace = made(cell, 11, num_layers=2, bidirectional=True, **options)
    at = {"layer": 1, "direction": "reverse", "batch": 1}
    whole = probed_map(trace, probes=3, **at)
    monkeypatch.setattr(rnnviz.analysis.jacobian_estimate, "PORTION", numbers)
    parts = probed_map(trace, probes=3, **at)
    np.testing.assert_allclose(parts.log10, whole.log10, rtol=0, atol=1e-12)


def test_some_rows_alone_and_by_itself_as_many_as_are_quick(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Rows that are computed have the norms of the exact map, the others their diagonal alone."""
    trace = made("lstm", 11)
    exact = jacobian_map(trace)
    found = probed_map(trace, probes=99, every=4)
    rows = [11, 7, 3]
    np.testing.assert_allclose(found.log10[rows], exact[rows], rtol=0, atol=1e-9)
    others = np.delete(found.log10, rows, axis=0)
    assert np.isfinite(others).sum() == len(others)
    assert (found.every, found.exact) == (4, True)
    with pytest.raises(ValueError, match=r"`every` must be .* at most 11, got 12"):
        probed_map(trace, every=12)
    assert probed_map(trace).every == 1
    work = 4 * (11 * 2 * trace.model.hidden_size) ** 2
    monkeypatch.setattr(rnnviz.analysis.jacobian_estimate, "QUICK", work / 3)
    assert (probed_map(trace).every, probed_map(trace).probes) == (3, 4)
    drawn = rnnviz.plot.jacobian_map(found).data[0].z
    assert np.isfinite(drawn[np.tril_indices(12)]).all()
    np.testing.assert_allclose(drawn[9, :9], found.log10[11, :9], rtol=1e-6)


def test_one_unit_is_exact() -> None:
    trace = run(varied(build("rnn", 1, 1)), np.ones((5, 1)))
    found = probed_map(trace)
    np.testing.assert_allclose(found.log10, jacobian_map(trace), rtol=0, atol=1e-12)
    assert (found.probes, found.exact) == (1, True)


def test_refusals(monkeypatch: pytest.MonkeyPatch) -> None:
    trace = run(build("lstm", 1, 2), np.ones((3, 1)))
    with pytest.raises(ValueError, match=r"`trace` must be a Trace of rnnviz, got None\."):
        probed_map(None)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"`state` must be one of 'h', 'c', 'all', got 'x'\."):
        probed_map(trace, "x")
    for probes in (1, 0, 2.5, True, "4"):
        with pytest.raises(ValueError, match=r"`probes` must be an integer of at least 2, got"):
            probed_map(trace, probes=probes)  # type: ignore[arg-type]
    for seed in (-1, 0.5, None):
        with pytest.raises(ValueError, match=r"`seed` must be an integer of at least 0, got"):
            probed_map(trace, seed=seed)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"`layer` must be .* at most 0, got 1\."):
        probed_map(trace, layer=1)
    with pytest.raises(ValueError, match=r"`batch` must be .* at most 0, got 1\."):
        probed_map(trace, batch=1)
    monkeypatch.setattr(rnnviz.analysis.jacobian, "MOST_NUMBERS", 47)
    with pytest.raises(ValueError, match=r"`probes` must be at most 3 for 3 timesteps of 4 num"):
        probed_map(trace)
    monkeypatch.setattr(rnnviz.analysis.jacobian, "MOST_AT_ONCE", 15)
    with pytest.raises(ValueError, match=r"`trace` must have at most 2 timesteps .*, got 3: "):
        probed_map(trace)
