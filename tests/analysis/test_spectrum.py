"""Singular values and Lyapunov exponents, against closed forms and arithmetic of 700 digits."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import rnnviz.analysis.jacobian
from rnnviz import build, run
from rnnviz.analysis.jacobian import jacobian_map, step_jacobians
from rnnviz.analysis.spectrum import lyapunov, singular_values
from rnnviz.core.initialisation import orthogonal
from rnnviz.numerics.graded_svd import log10_singular_values, products
from rnnviz.numerics.qr_growth import finite_steps
from tests.analysis.plain_rnn import plain
from tests.oracle import NAMES, VARIANTS, replaced, single, varied

REFERENCE = Path(__file__).parents[1] / "data" / "singular_values.npz"


def of_each(jacobians: Any) -> Any:
    """The log10 singular values of every product of a given (T, n, n) series."""
    with np.errstate(all="ignore"):
        return log10_singular_values(products(np.stack(jacobians)))


@pytest.mark.parametrize(
    ("radius", "steps"), [(0.1, 700), (10.0, 700), (0.9, 1), (1.0, 100), (1.1, 100)]
)
def test_scaled_orthogonal_recurrence(steps: int, radius: float) -> None:
    size = 32 if steps == 100 else 6
    trace = plain(radius * orthogonal(np.random.default_rng(1), size), steps)
    found = singular_values(trace)
    t = np.arange(1, steps + 1)[:, None]
    np.testing.assert_allclose(found.step, np.log10(radius) + 0 * found.step, atol=1e-14)
    expected = t * np.log10(radius) + 0 * found.cumulative
    np.testing.assert_allclose(found.cumulative, expected, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(lyapunov(trace), np.log(radius) + np.zeros(size), atol=1e-13)


def test_golden_products() -> None:
    for radius, product in ((0.9, 2.6561e-5), (1.1, 1.37806e4)):
        trace = plain(radius * orthogonal(np.random.default_rng(1), 32), 100)
        values = 10 ** singular_values(trace).cumulative[-1]
        np.testing.assert_allclose(values, product, rtol=2e-5)


def reference_cases() -> list[str]:
    with np.load(REFERENCE) as stored:
        return sorted({name.split("/")[0] for name in stored.files})


@pytest.mark.parametrize("name", reference_cases())
def test_small_values_are_as_right_as_large_ones(name: str) -> None:
    """Against mpmath; tests/data/make_singular_values.py made the file."""
    with np.load(REFERENCE) as stored:
        jacobians, expected = stored[f"{name}/jacobians"], stored[f"{name}/log10"]
    found = of_each(jacobians)[-1]
    np.testing.assert_array_equal(found == -np.inf, expected == -np.inf)
    alive = expected > -np.inf
    relative = 10.0 ** (found[alive] - expected[alive]) - 1
    assert np.abs(relative).max() < 1e-8


@pytest.mark.parametrize(("size", "steps"), [(40, 150), (12, 60)])
def test_a_dense_spectrum_over_hundreds_of_decades(size: int, steps: int) -> None:
    """J_t = Q_t D Q_{t−1}ᵀ has the singular values D^t, whatever the bases."""
    rng = np.random.default_rng(3)
    rates = np.linspace(1.2, -2.4, size)
    bases = [orthogonal(rng, size) for _ in range(steps + 1)]
    jacobians = [new @ np.diag(10**rates) @ old.T for old, new in pairwise(bases)]
    found = of_each(jacobians)
    t = np.arange(1, steps + 1)[:, None]
    np.testing.assert_allclose(found, t * rates, rtol=0, atol=1e-9)


@pytest.mark.parametrize(("cell", "options"), VARIANTS, ids=NAMES)
def test_against_numpy_while_floats_reach(cell: str, options: Any) -> None:
    model = varied(build(cell, 2, 4, num_layers=2, bidirectional=True, **options), seed=4)
    trace = run(model, np.random.default_rng(5).standard_normal((6, 3, 2)))
    for place in ((0, "forward", 2), (1, "reverse", 1)):
        at = dict(zip(("layer", "direction", "batch"), place, strict=True))
        found, J = singular_values(trace, **at), step_jacobians(trace, **at)
        product = np.eye(J.shape[-1])
        for t, one in enumerate(J):
            product = one @ product
            for ours, matrix in ((found.step[t], one), (found.cumulative[t], product)):
                values = np.linalg.svd(matrix, compute_uv=False)
                np.testing.assert_allclose(10**ours, values, rtol=1e-8, atol=1e-14 * values[0])


@pytest.mark.parametrize(
    ("cell", "options", "steps"),
    [(*one, 30) for one in VARIANTS] + [(*one, 400) for one in VARIANTS[::4]],
)
def test_volume_is_the_product_of_the_determinants(cell: str, options: Any, steps: int) -> None:
    """Σ ln σ_i = Σ_t ln |det J_t| = T Σ λ_i; and the map holds √Σ σ²."""
    model = varied(build(cell, 2, 4, **options), seed=4)
    if options.get("nonlinearity") == "relu":
        model = replaced(model, [{**model.parameters[0], "b": np.full(4, 50.0)}])
    trace = run(model, np.random.default_rng(5).standard_normal((steps, 2)))
    volume = np.linalg.slogdet(step_jacobians(trace))[1].sum()
    found = singular_values(trace).cumulative
    if np.isinf(volume):
        assert (found[-1, -1], lyapunov(trace)[-1]) == (-np.inf, -np.inf)
        return
    assert found[-1].sum() * np.log(10) == pytest.approx(volume, rel=1e-10)
    assert steps * lyapunov(trace).sum() == pytest.approx(volume, rel=1e-10)
    assert (np.diff(found, axis=1) <= 0).all()
    top = found.max(axis=1)
    norms = top + np.log10((10 ** (2 * (found - top[:, None]))).sum(axis=1)) / 2
    np.testing.assert_allclose(jacobian_map(trace)[1:, 0], norms, rtol=1e-9, atol=1e-10)


@pytest.mark.parametrize(
    ("cell", "options", "spread"), [(*one, (5.0, 30.0)[k % 2]) for k, one in enumerate(VARIANTS)]
)
def test_saturated_units_stay_apart(cell: str, options: Any, spread: float) -> None:
    """Gates that shut to 10⁻³⁰, one after the other: QR would mix what they keep apart."""
    model = varied(build(cell, 2, 6, **options), seed=1, spread=spread)
    trace = run(model, np.random.default_rng(0).standard_normal((120, 2)))
    if trace.first_nonfinite is not None:
        return
    found = singular_values(trace).cumulative
    norms = jacobian_map(trace)[1:, 0]
    alive = norms > -np.inf
    np.testing.assert_array_equal(found[:, 0] > -np.inf, alive)
    found, top = found[alive], found[alive, :1]
    norms = norms[alive] - np.log10((10 ** (2 * (found - top))).sum(axis=1)) / 2
    np.testing.assert_allclose(top[:, 0], norms, rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("W_h", [[[0.1, 1], [0, 10]], [[0.1, 0], [1, 10]], [[10, 0], [0, 0.1]]])
def test_a_triangle_that_never_mixes(W_h: Any) -> None:
    trace = plain(np.array(W_h, float), 400, nonlinearity="identity")
    found = singular_values(trace).cumulative
    skew = np.log10(np.hypot(1, 1 / 9.9)) if W_h[0][0] == 0.1 else 0
    np.testing.assert_allclose(found[-1], [400 + skew, -400 - skew], rtol=1e-11)
    np.testing.assert_allclose(lyapunov(trace), [np.log(10), -np.log(10)], atol=3 / 400)


def test_a_non_normal_matrix_amplifies_before_it_forgets() -> None:
    trace = plain(np.array([[0.5, 10], [0, 0.5]]), 50, nonlinearity="identity")
    found = 10 ** singular_values(trace).cumulative[:8, 0]
    np.testing.assert_allclose(found[:4], [10.02, 10.01, 7.50, 5.00], atol=0.01)
    assert [norm > 1 for norm in found] == [True] * 7 + [False]


@pytest.mark.parametrize("w", [0.5, 4.0, 5.0])
def test_one_sigmoid_unit(w: float) -> None:
    model = single("rnn", [[0.0]], [[w]], [-w / 2], nonlinearity="sigmoid")
    trace = run(model, np.zeros((40, 1)), h0=[[0.5]])
    found = singular_values(trace)
    np.testing.assert_allclose(found.step, np.log10(w / 4), atol=1e-15)
    expected = np.arange(1, 41) * np.log10(w / 4)
    np.testing.assert_allclose(found.cumulative[:, 0], expected, rtol=1e-13, atol=1e-13)
    np.testing.assert_allclose(lyapunov(trace), np.log(w / 4), atol=1e-15)


def test_500_steps_of_an_identity_relu_rnn() -> None:
    model = single("rnn", np.eye(3), np.eye(3), np.zeros(3), nonlinearity="relu")
    trace = run(model, np.zeros((500, 3)), h0=[[1.0, 2.0, 3.0]])
    assert (singular_values(trace).cumulative == 0).all()
    assert (lyapunov(trace) == 0).all()


def test_lyapunov_exponents_of_a_diagonal_matrix_are_its_logarithms() -> None:
    rates = np.array([0.2, 1.5, 1e-8, 3.0])
    trace = plain(np.diag(rates), 2000)
    np.testing.assert_allclose(lyapunov(trace), np.log(np.sort(rates)[::-1]), rtol=1e-12)


def test_from_the_first_value_that_is_not_finite_there_is_none() -> None:
    found = np.array([np.eye(2), np.eye(2), [[np.inf, 0], [0, 1]], np.eye(2)])
    assert finite_steps(found) == 2
    assert finite_steps(found[:2]) == 2


def test_one_step_and_one_unit() -> None:
    trace = run(varied(build("gru", 1, 1)), np.ones((1, 1)))
    log = np.log(np.abs(step_jacobians(trace)[0, 0, 0]))
    found = singular_values(trace)
    assert found.step[0, 0] == pytest.approx(log / np.log(10))
    assert found.cumulative[0, 0] == pytest.approx(log / np.log(10))
    assert lyapunov(trace)[0] == pytest.approx(log)


@pytest.mark.parametrize("call", [singular_values, lyapunov])
def test_refusals(call: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    trace = run(build("rnn", 1, 2), np.ones((3, 1)))
    with pytest.raises(ValueError, match=r"`trace` must be a Trace of rnnviz, got None\."):
        call(None)
    with pytest.raises(ValueError, match=r"`layer` must be .* at most 0, got 1\."):
        call(trace, layer=1)
    monkeypatch.setattr(rnnviz.analysis.spectrum, "VALUES", 23)
    monkeypatch.setattr(rnnviz.analysis.spectrum, "EXPONENTS", 23)
    with pytest.raises(ValueError, match=r"at most 2 timesteps for .*, got 3: .*(leading|count=8)"):
        call(trace)
