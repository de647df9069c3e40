"""Orbits of first-order systems: closed forms, the project's own cell, central differences."""


import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import rnnviz
from rnnviz.analysis.bounds import power_norms
from rnnviz.analysis.systems import DRIVES, classify, drive, orbit, system
from rnnviz.analysis.systems.examples import EXAMPLES
from tests.analysis.systems.drawn import QUIET, matrices, turn, weights


@pytest.mark.parametrize("w", [0.8, 1.0, 1.1, -0.9, -1.0, 1e-3, 3.0])
def test_one_linear_unit_is_w_to_the_t(w):
    found = orbit(system([[w]]), [0.5], drive("none", 900))
    t = np.arange(901)
    np.testing.assert_allclose(found.x[:60, 0], 0.5 * w ** t[:60].astype(float), rtol=1e-13)
    logs = t * np.log10(abs(w))
    np.testing.assert_allclose(found.log10_gradient[:, 0], logs, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(found.log10_state, logs + np.log10(0.5), rtol=1e-12, atol=1e-12)


def test_logarithms_are_right_where_no_float_holds_the_state():
    up = orbit(system([[3.0]]), [1.0], drive("none", 900))
    down = orbit(system([[0.1]], nonlinearity="tanh"), [1e-3], drive("none", 900))
    assert np.isinf(up.x[-1, 0])
    assert down.x[-1, 0] == 0
    assert up.log10_state[-1] == pytest.approx(900 * np.log10(3), rel=1e-13)
    assert down.log10_state[-1] == pytest.approx(-903, abs=1e-5)
    assert down.log10_gradient[-1, 0] == pytest.approx(-900, abs=1e-5)


def test_zero_stays_zero():
    found = orbit(system([[0.5, 0], [0, 0.5]]), [0, 0], QUIET)
    assert not found.x.any()
    assert np.isneginf(found.log10_state).all()
    gone = orbit(system([[0.0, 1.0], [0.0, 0.0]]), [1, 1], QUIET)
    assert np.isneginf(gone.log10_state[2:]).all()
    assert np.isneginf(gone.log10_gradient[2:]).all()


@pytest.mark.parametrize("angle", [0.1, 1.0, 2.5])
def test_a_rotation_keeps_the_norm(angle):
    found = orbit(system(turn(angle)), [0.6, 0.8], drive("none", 400))
    np.testing.assert_allclose(found.log10_state, 0, atol=1e-12)
    np.testing.assert_allclose(found.log10_gradient, 0, atol=1e-12)


@pytest.mark.parametrize("corner", [0.25, -1.0, 3.0])
def test_a_shear_grows_as_t(corner):
    found = orbit(system([[1, corner], [0, 1]]), [0.0, 1.0], QUIET)
    t = np.arange(61)
    np.testing.assert_allclose(found.x, np.stack([corner * t, np.ones(61)], axis=1), rtol=1e-12)
    # Singular values of [[1, ct], [0, 1]]: their product is 1, their squares add up to 2 + c²t².
    half = np.abs(corner) * t / 2
    np.testing.assert_allclose(10 ** found.log10_gradient[:, 0], half + np.sqrt(1 + half**2),
                               rtol=1e-10)  # fmt: skip
    np.testing.assert_allclose(found.log10_gradient.sum(axis=1), 0, atol=1e-11)


@pytest.mark.parametrize(("a", "corner"), [(0.8, 3.0), (0.5, 10.0), (0.9, 1.0)])
def test_what_is_not_normal_grows_before_it_dies(a, corner):
    W = np.array([[a, corner], [0, a]])
    found = orbit(system(W), [0, 1], QUIET)
    t = np.arange(61.0)
    t, up = t[:, None, None], np.array([[0, corner / a], [0, 0]])
    powers = a**t * (np.eye(2) + t * up)
    wanted = np.linalg.svd(powers, compute_uv=False)
    np.testing.assert_allclose(found.log10_gradient[:, 0], np.log10(wanted[:, 0]), atol=1e-11)
    np.testing.assert_allclose(found.log10_gradient[1:, 0], power_norms(W, 60), atol=1e-11)
    kind = classify(W)
    assert (kind.fate, kind.normal) == ("dies", False)
    # t aᵗ⁻¹ c is largest next to −1 / ln a.
    assert abs(found.log10_gradient[:, 0].argmax() + 1 / np.log(a)) <= 1


def test_the_known_norms_of_a_matrix_that_is_not_normal():
    found = orbit(system([[0.5, 10], [0, 0.5]]), [0, 1], QUIET)
    np.testing.assert_allclose(10 ** found.log10_gradient[1:5, 0], [10.02, 10.01, 7.50, 5.00],
                               atol=6e-3)  # fmt: skip
    assert (found.log10_gradient[1:, 0] > 0).sum() == 7


@pytest.mark.parametrize("nonlinearity", ["identity", "tanh"])
@given(data=st.data())
@settings(max_examples=12)
def test_the_state_is_the_five_matrices_and_the_project_s_own_cell(nonlinearity, data):
    W = data.draw(matrices)
    U, b = data.draw(arrays(float, (2, 1), elements=weights)), data.draw(
        arrays(float, 2, elements=weights))  # fmt: skip
    C, D = data.draw(arrays(float, (1, 2), elements=weights)), data.draw(weights)
    made = system(W, U, b, C, [[D]], nonlinearity=nonlinearity)
    x0 = data.draw(arrays(float, 2, elements=weights))
    u = drive(data.draw(st.sampled_from(DRIVES)), 20, amplitude=data.draw(weights), when=5)
    found = orbit(made, x0, u)
    phi = np.tanh if nonlinearity == "tanh" else np.asarray
    x, product = x0, np.eye(2)
    for t in range(20):
        a = W @ x + U @ u[t] + b
        before, x = x, phi(a)
        np.testing.assert_allclose(made.step(before, u[t]), x, rtol=1e-10, atol=1e-13)
        np.testing.assert_allclose(found.x[t + 1], x, rtol=1e-7, atol=1e-9 * max(1, abs(x).max()))
        np.testing.assert_allclose(found.y[t], C @ found.x[t + 1] + D * u[t], rtol=1e-9,
                                   atol=1e-9 * max(1, abs(x).max()))  # fmt: skip
        slope = 1 - found.x[t + 1] ** 2 if nonlinearity == "tanh" else np.ones(2)
        product = slope[:, None] * W @ product
    size = np.linalg.norm(product, 2)
    if size > 1e-250:
        assert found.log10_gradient[-1, 0] == pytest.approx(np.log10(size), abs=1e-7)
    np.testing.assert_array_equal(found.x[1:], rnnviz.run(made.model(), u, h0=x0)["h"][:, 0])
    with np.errstate(divide="ignore"):
        norms = np.log10(np.linalg.norm(found.x, axis=1))
    seen = norms > -12
    np.testing.assert_allclose(found.log10_state[seen], norms[seen], atol=1e-3)


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_gradient_is_that_of_central_differences(name):
    one = EXAMPLES[name]
    n = 1 if len(one.W) == 1 else 2
    made = system(np.reshape(one.W, (n, n)), np.array(one.U[:n])[:, None], one.b[:n], [one.C[:n]],
                  nonlinearity="tanh" if one.tanh else "identity")  # fmt: skip
    u = drive(one.drive, 12, amplitude=one.amplitude, when=one.when)
    start, h = np.array(one.x0[:n]), 1e-6
    found = orbit(made, start, u)
    columns = [(orbit(made, start + h * e, u).x - orbit(made, start - h * e, u).x) / (2 * h)
               for e in np.eye(n)]  # fmt: skip
    jacobians = np.stack(columns, axis=-1)
    measured = np.linalg.svd(jacobians, compute_uv=False)[:, 0]
    np.testing.assert_allclose(10 ** found.log10_gradient[:, 0], measured, rtol=1e-6, atol=1e-8)


def test_inputs_are_what_they_are_called():
    assert drive("none", 3).tolist() == [[0], [0], [0]]
    assert drive("impulse", 4, amplitude=2, when=3).ravel().tolist() == [0, 0, 2, 0]
    assert drive("step", 4, amplitude=-1, when=3).ravel().tolist() == [0, 0, -1, -1]
    np.testing.assert_allclose(drive("sine", 4, when=4).ravel(), [1, 0, -1, 0], atol=1e-15)
    assert not drive("impulse", 4, when=9).any()


def test_records_are_read_only():
    found = orbit(system([[0.5]]), [1], QUIET)
    for one in (found.x, found.y, found.u, found.log10_state, found.log10_gradient, found.system.W):
        assert not one.flags.writeable
