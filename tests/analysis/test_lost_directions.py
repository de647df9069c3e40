"""Directions that end, by a unit at rest or a matrix without full rank, have no exponent."""

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from rnnviz import build, run
from rnnviz.analysis.jacobian import step_jacobians
from rnnviz.analysis.spectrum import lyapunov, singular_values
from rnnviz.core.initialisation import orthogonal
from tests.analysis.plain_rnn import plain
from tests.oracle import replaced, single


def test_no_weights_leave_exact_zeros() -> None:
    trace = plain(np.zeros((3, 3)), 5)
    found = singular_values(trace)
    assert (found.step == -np.inf).all()
    assert (found.cumulative == -np.inf).all()
    assert (lyapunov(trace) == -np.inf).all()


def test_units_that_rest_end_directions_for_good() -> None:
    """A ReLU unit at rest takes one direction; what comes back later is not that direction."""
    rng = np.random.default_rng(0)
    W_h = 0.3 * np.abs(rng.standard_normal((4, 4)))
    model = single("rnn", np.eye(4), W_h, np.zeros(4), nonlinearity="relu")
    x = np.full((30, 4), 1e4)
    x[9, 2], x[14, 1], x[20, :2] = -1e9, -1e9, -1e9
    trace = run(model, x)
    found = singular_values(trace)
    lost_step = (found.step == -np.inf).sum(axis=1)
    lost = (found.cumulative == -np.inf).sum(axis=1)
    J = step_jacobians(trace)
    resting = [(~one.any(axis=1)).sum() for one in J]
    np.testing.assert_array_equal(lost_step, resting)
    assert lost_step.max() >= 2
    assert (np.diff(lost) >= 0).all()
    assert lost[8] == 0
    assert (lyapunov(trace) == -np.inf).sum() == lost[-1]
    np.testing.assert_array_equal(lost[-1], 4 - exact_rank(J))


def exact_rank(jacobians: Any) -> int:
    """The rank of the product, in fractions."""
    exact = np.vectorize(Fraction, otypes=[object])
    product = exact(np.eye(len(jacobians[0])))
    for J in jacobians:
        product = exact(J).dot(product)
    rank = 0
    for column in range(len(product)):
        pivots = [row for row in range(rank, len(product)) if product[row, column]]
        if pivots:
            product[[rank, pivots[0]]] = product[[pivots[0], rank]]
            below = product[rank + 1 :, column] / product[rank, column]
            product[rank + 1 :] -= below[:, None] * product[rank]
            rank += 1
    return rank


def test_as_many_exponents_are_finite_as_the_exact_rank() -> None:
    """ReLU units at rest, on and off, behind weights of low rank, all in whole numbers."""
    found = set()
    for seed in range(12):
        rng = np.random.default_rng(seed)
        rank = int(rng.integers(1, 6))
        W_h = rng.integers(-2, 3, (5, rank)) @ rng.integers(-2, 3, (rank, 5)) / 8
        b = np.where(rng.random(5) < 0.2, -1e6, 0)
        model = single("rnn", np.eye(5), W_h, b, nonlinearity="relu")
        trace = run(model, rng.standard_normal((6, 5)) + 1)
        wanted = exact_rank(step_jacobians(trace))
        assert np.isfinite(lyapunov(trace)).sum() == wanted
        assert np.isfinite(singular_values(trace).cumulative[-1]).sum() == wanted
        found.add(wanted)
    assert len(found) > 3


def test_a_direction_that_is_tiny_but_exact_is_not_lost() -> None:
    """One step ends e₂; what it makes of e₁ shrinks to 1e-37, which no rounding has touched."""
    model = single("rnn", np.eye(2), [[0.0, 0.9], [0.0, 1e-37]], [0.0, 0.0],
                   nonlinearity="identity")  # fmt: skip
    trace = run(model, np.ones((2, 2)))
    exponent = np.log(1e-37 * np.hypot(0.9, 1e-37)) / 2
    np.testing.assert_allclose(lyapunov(trace), [exponent, -np.inf])


@pytest.mark.parametrize(
    "W_h", [np.ones((4, 4)), np.diag([1.0, 2.0, 0.0, 3.0]), np.diag(np.ones(3), 1)]
)
def test_matrices_without_full_rank(W_h: Any) -> None:
    trace = plain(0.5 * W_h, 6, nonlinearity="identity")
    found = singular_values(trace)
    for t in range(1, 7):
        expected = np.linalg.svd(np.linalg.matrix_power(0.5 * W_h, t), compute_uv=False)
        lost = expected < 1e-14
        np.testing.assert_array_equal(found.cumulative[t - 1] == -np.inf, lost)
        np.testing.assert_allclose(10 ** found.cumulative[t - 1], expected, atol=1e-14)
    assert (lyapunov(trace) == -np.inf).sum() == (found.cumulative[-1] == -np.inf).sum()


def counted(trace: Any, size: int) -> Any:
    """The exponents, all at once and by their number."""
    return [lyapunov(trace, count=count) for count in (None, 1, size - 2, size)]


@pytest.mark.parametrize("dead", [[3, 4, 5], [0, 2, 5]])
def test_dead_units_have_no_exponents_and_the_others_keep_theirs(dead: list[int]) -> None:
    """Between live units W_h is triangular; dead ones hear them and are heard by nobody."""
    rng, live = np.random.default_rng(0), np.setdiff1d(np.arange(6), dead)
    W_h = np.abs(rng.standard_normal((6, 6)))
    W_h[np.ix_(live, live)] = np.tril(W_h[np.ix_(live, live)], -1) + np.diag([1.2, 0.8, 0.3])
    W_x = np.where(np.isin(np.arange(6), dead), -1e150, 1.0)[None]
    trace = run(single("rnn", W_x, W_h, np.zeros(6), nonlinearity="relu"), np.ones((80, 1)))
    wanted = np.array([*np.log([1.2, 0.8, 0.3]), *[-np.inf] * 3])
    for found in counted(trace, 6):
        np.testing.assert_allclose(found, wanted[: len(found)], atol=4 / 80)


def test_steps_that_end_one_another_s_directions_leave_no_rounding() -> None:
    """J² = 0 through sums that cancel: what is left of them is not a direction."""
    Q = orthogonal(np.random.default_rng(3), 5)
    for W_h in (Q[:, :2] @ Q[:, 2:4].T, 1e9 * np.outer(Q[0], Q[1]), Q[:, :1] @ Q[:, 1:2].T):
        for found in counted(plain(W_h, 10, nonlinearity="identity"), 5):
            assert (found == -np.inf).all()
    kept = np.where(np.arange(5) < 2, 0, -np.inf)
    for found in counted(plain(Q[:, :2] @ Q[:, :2].T, 80, nonlinearity="identity"), 5):
        np.testing.assert_allclose(found, kept[: len(found)], atol=4 / 80)


def test_an_lstm_without_weights_has_the_cell_state_path_alone() -> None:
    model = build("lstm", 1, 3, init="glorot", forget_bias=1.0)
    empty = {name: np.zeros_like(W) for name, W in model.parameters[0].items()}
    trace = run(replaced(model, [empty | {"b": model.parameters[0]["b"]}]), np.ones((50, 1)))
    assert (lyapunov(trace)[3:] == -np.inf).all()
    assert (singular_values(trace).cumulative[:, 3:] == -np.inf).all()
    # h_t moves with c_t, so the product is diag(f^t) stacked on o(1 − tanh² c) diag(f^t).
    np.testing.assert_array_less(50 * np.log10(1 / (1 + np.exp(-1))), found_top(trace))
    np.testing.assert_allclose(found_top(trace), 50 * np.log10(1 / (1 + np.exp(-1))), atol=0.2)


def found_top(trace: Any) -> Any:
    return singular_values(trace).cumulative[-1, :3]
