"""The map of all pairs where a closed form tells it."""


import numpy as np
import pytest

from rnnviz import build, run
from rnnviz.analysis.jacobian import jacobian_map, step_jacobians
from rnnviz.core.initialisation import orthogonal
from tests.analysis.plain_rnn import plain
from tests.oracle import replaced, single


@pytest.mark.parametrize("factor", [0.1, 10.0])
@pytest.mark.parametrize("steps", [400, 401])
def test_norms_beyond_the_range_of_floats(factor: float, steps: int) -> None:
    size = 6
    found = jacobian_map(plain(factor * orthogonal(np.random.default_rng(0), size), steps))
    t, k = np.tril_indices(steps + 1)
    expected = (t - k) * np.log10(factor) + np.log10(size) / 2
    np.testing.assert_allclose(found[t, k], expected, rtol=1e-12, atol=1e-11)
    assert found[400, 0] - found[0, 0] == pytest.approx(400 * np.log10(factor), abs=1e-10)


@pytest.mark.parametrize("scale", [1e-200, 1e200])
def test_steps_that_alone_take_most_of_the_range(scale: float) -> None:
    trace = plain(scale * np.eye(2), 30, nonlinearity="identity")
    t, k = np.tril_indices(31)
    expected = (t - k) * np.log10(scale) + np.log10(2) / 2
    np.testing.assert_allclose(jacobian_map(trace)[t, k], expected, rtol=1e-13, atol=1e-13)


@pytest.mark.parametrize("w", [0.5, 4.0, 5.0])
def test_one_sigmoid_unit(w: float) -> None:
    model = single("rnn", [[0.0]], [[w]], [-w / 2], nonlinearity="sigmoid")
    trace = run(model, np.zeros((40, 1)), h0=[[0.5]])
    assert (step_jacobians(trace) == w / 4).all()
    t, k = np.tril_indices(41)
    found = jacobian_map(trace)[t, k]
    np.testing.assert_allclose(found, (t - k) * np.log10(w / 4), rtol=1e-13, atol=1e-13)


def test_a_non_normal_matrix_amplifies_before_it_forgets() -> None:
    trace = plain(np.array([[0.5, 10], [0, 0.5]]), 40, nonlinearity="identity")
    J = step_jacobians(trace)
    product, norms = np.eye(2), []
    for one in J[:8]:
        product = one @ product
        norms.append(np.linalg.norm(product, 2))
    np.testing.assert_allclose(norms[:4], [10.02, 10.01, 7.50, 5.00], atol=0.01)
    assert [norm > 1 for norm in norms] == [True] * 7 + [False]
    t, k = np.tril_indices(41)
    p = t - k
    expected = p * np.log10(0.5) + np.log10(2 + (20.0 * p) ** 2) / 2
    np.testing.assert_allclose(jacobian_map(trace)[t, k], expected, rtol=1e-13, atol=1e-13)


def test_500_steps_of_an_identity_relu_rnn_multiply_to_exactly_the_identity() -> None:
    trace = plain(np.eye(4), 500, h0=[[0.1, 1.0, 2.0, 3.0]], nonlinearity="relu")
    product = np.eye(4)
    for J in step_jacobians(trace):
        product = J @ product
    np.testing.assert_array_equal(product, np.eye(4))
    t, k = np.tril_indices(501)
    assert (jacobian_map(trace)[t, k] == np.log10(4) / 2).all()


def test_no_weights_leave_exact_zeros() -> None:
    found = jacobian_map(plain(np.zeros((3, 3)), 30))
    assert (found[np.tril_indices(31, -1)] == -np.inf).all()
    assert (np.diagonal(found) == np.log10(3) / 2).all()


def test_a_nilpotent_matrix_ends_after_as_many_steps_as_units() -> None:
    found = jacobian_map(plain(np.diag(np.ones(4), 1), 60, nonlinearity="identity"))
    t, k = np.tril_indices(61)
    with np.errstate(divide="ignore"):
        expected = np.log10(np.maximum(5 - (t - k), 0)) / 2
    np.testing.assert_allclose(found[t, k], expected, atol=1e-15)


def test_an_lstm_without_weights_has_the_cell_state_path_alone() -> None:
    model = build("lstm", 1, 3, init="glorot", forget_bias=1.0)
    empty = {name: np.zeros_like(W) for name, W in model.parameters[0].items()}
    trace = run(replaced(model, [empty | {"b": model.parameters[0]["b"]}]), np.ones((50, 1)))
    t, k = np.tril_indices(51, -1)
    expected = (t - k) * np.log10(1 / (1 + np.exp(-1.0))) + np.log10(3) / 2
    np.testing.assert_allclose(jacobian_map(trace, "c")[t, k], expected, rtol=1e-13, atol=1e-13)
    assert (jacobian_map(trace, "h")[t, k] == -np.inf).all()
    assert 10 ** jacobian_map(trace, "c")[50, 0] == pytest.approx(1.57619e-7 * 3**0.5, rel=1e-5)


def test_what_is_not_finite_stays_visible() -> None:
    trace = plain(1e200 * np.ones((2, 2)), 8, h0=[[1.0, 1.0]], nonlinearity="sigmoid", x=None)
    assert np.isfinite(jacobian_map(trace)[np.diag_indices(9)]).all()
    model = single("rnn", np.eye(2), 1e200 * np.ones((2, 2)), np.zeros(2), nonlinearity="identity")
    trace = run(model, np.zeros((8, 2)), h0=[[1.0, 1.0]])
    assert trace.first_nonfinite is not None
    assert jacobian_map(trace)[8, 0] == pytest.approx(8 * 200 + np.log10(2**8), rel=1e-12)
