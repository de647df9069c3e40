"""Norms of all products of a chain of matrices, against the products themselves."""


import numpy as np
import pytest

import rnnviz.analysis.jacobian
import rnnviz.numerics.chain_norms
from rnnviz import build, run
from rnnviz.analysis.jacobian import jacobian_map, step_jacobians
from rnnviz.numerics.chain_norms import log10_norms
from tests.oracle import single, varied


def test_what_cancels_is_multiplied_out() -> None:
    """The first half leaves one direction, which the second half nearly maps to 0."""
    angle = 0.3
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    W_h = 100.0 * turn @ np.diag([1, 1e-7]) @ turn.T
    model = single("rnn", np.eye(2), W_h, np.zeros(2), nonlinearity="relu")
    x = np.random.default_rng(0).uniform(-150, 150, (60, 2))
    trace = run(model, x)
    J = step_jacobians(trace)
    found = jacobian_map(trace)
    for k in range(60):
        product, scale = np.eye(2), 0.0
        for t in range(k + 1, 61):
            product = J[t - 1] @ product
            norm = np.linalg.norm(product)
            if norm == 0:
                assert (found[t:, k] == -np.inf).all()
                break
            product, scale = product / norm, scale + np.log10(norm)
            assert found[t, k] == pytest.approx(scale, rel=1e-10, abs=1e-10)


def test_a_product_of_a_millionth_of_its_factors_keeps_its_digits() -> None:
    """Across the cut AᵀA and BBᵀ share no direction: their trace is a sum that cancels."""
    steps, small = 40, 1e-6
    rng = np.random.default_rng(0)
    chain = np.stack([np.linalg.qr(rng.standard_normal((2, 2)))[0] for _ in range(steps)])
    turn = np.linalg.qr(rng.standard_normal((2, 2)))[0]
    chain[steps // 2 - 1] = turn @ np.diag([1, small])
    chain[steps // 2] = np.diag([small, 1]) @ turn.T
    found = log10_norms(chain, slice(0, 2))
    want = np.log10(small) + np.log10(2) / 2
    np.testing.assert_allclose(found[steps // 2 + 1 :, : steps // 2], want, rtol=0, atol=1e-9)


def test_pairs_on_two_sides_that_all_but_annihilate_each_other() -> None:
    """What a product of Gram matrices would make exactly 0 is found step by step."""
    early, late = np.diag([1e-25, 1.0]), np.diag([1.0, 1e-25])
    jacobians = np.stack([early] * 12 + [late] * 12)
    found = rnnviz.numerics.chain_norms.log10_norms(jacobians, slice(0, 2))
    for k in range(12):
        for t in range(13, 25):
            a, b = 25.0 * (12 - k), 25.0 * (t - 12)
            expected = -min(a, b) + (np.log10(2) / 2 if a == b else 0)
            assert found[t, k] == pytest.approx(expected, abs=1e-9), (t, k)


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_halving_and_multiplying_out_agree(cell: str, monkeypatch: pytest.MonkeyPatch) -> None:
    model = varied(build(cell, 2, 8), seed=1)
    trace = run(model, np.random.default_rng(2).standard_normal((70, 2)))
    found = {state: jacobian_map(trace, state) for state in (*model.cell.states, "all")}
    monkeypatch.setattr(rnnviz.numerics.chain_norms, "LEAF", 1000)
    for state, one in found.items():
        np.testing.assert_allclose(one, jacobian_map(trace, state), rtol=0, atol=1e-11)


@pytest.mark.parametrize("steps", [1, 2, 3, 16, 17, 33, 35, 100])
@pytest.mark.parametrize("size", [1, 2, 5])
def test_any_length_and_size_against_the_products_themselves(steps: int, size: int) -> None:
    rng = np.random.default_rng(steps)
    chain = rng.standard_normal((steps, size, size)) * 10.0 ** rng.integers(-60, 60, (steps, 1, 1))
    given = chain.copy()
    for block in (slice(0, size), slice(size // 2, size)):
        found = rnnviz.numerics.chain_norms.log10_norms(chain, block)
        for k in range(0, steps, 1 + steps // 9):
            product, scale = np.eye(size), 0.0
            for t in range(k, steps):
                product = chain[t] @ product
                whole = np.linalg.norm(product)
                product, scale = product / whole, scale + np.log10(whole)
                norm = scale + np.log10(np.linalg.norm(product[block, block]))
                assert found[t + 1, k] == pytest.approx(norm, rel=1e-11, abs=1e-9), (t, k)
    np.testing.assert_array_equal(chain, given)
