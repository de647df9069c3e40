"""First-order systems: closed forms, the project's own cell, fixed points, the fold, the latch."""

import re
from decimal import Decimal, getcontext, localcontext
from math import atanh, sqrt

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import rnnviz
from rnnviz.analysis.bounds import power_norms
from rnnviz.analysis.systems import (
    DRIVES,
    branches,
    classify,
    drive,
    fixed_points,
    fold,
    latch,
    orbit,
    price,
    system,
)
from rnnviz.analysis.systems.examples import EXAMPLES
from rnnviz.analysis.systems.fixed_point_search import scalar

QUIET = drive("none", 60)
weights = st.floats(-3, 3).map(lambda v: round(v, 3))
matrices = arrays(float, (2, 2), elements=weights)


def turn(angle, size=1.0):
    c, s = np.cos(angle), np.sin(angle)
    return size * np.array([[c, -s], [s, c]])


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


def test_the_golden_values_of_the_latch():
    found = latch(2.0, 0.0)
    assert fold(2.0) == pytest.approx(0.532840, abs=5e-7)
    assert fold(2.0) == pytest.approx(2 * sqrt(0.5) - atanh(sqrt(0.5)), rel=1e-14)
    low, middle, high = found.points
    assert high.x[0] == pytest.approx(0.957504, abs=5e-7)
    assert low.x[0] == -high.x[0]
    assert middle.x[0] == 0
    assert high.slopes[0].real == pytest.approx(0.166372, abs=5e-7)
    assert 10 ** found.through[-1] == pytest.approx(2.64e-16, rel=1e-3)
    assert (low.stable, middle.stable, high.stable) == (True, False, True)
    run = orbit(system([[2.0]], nonlinearity="tanh"), [high.x[0]], drive("none", 20))
    assert run.log10_gradient[-1, 0] == pytest.approx(found.through[-1], abs=1e-12)


@given(st.floats(-20, 20), st.floats(-20, 20))
@settings(max_examples=40)
def test_fixed_points_stand_still_and_are_as_many_as_the_fold_says(w, b):
    found = latch(w, b)
    xs = [float(one.x[0]) for one in found.points]
    assert xs == sorted(xs)
    for x in xs:
        assert np.tanh(w * x + b) == pytest.approx(x, abs=1e-14 * (1 + abs(w)))
    assert len(xs) == (3 if abs(b) < found.fold else 1) or abs(abs(b) - found.fold) < 1e-15
    if len(xs) == 3:
        assert [one.stable for one in found.points] == [True, False, True]
        assert found.bistable


@pytest.mark.parametrize("w", [1 + 1e-12, 1.0001, 1.5, 2.0, 10.0, 1e4])
@pytest.mark.parametrize("gap", [1e-3, 1e-9, 1e-15])
def test_near_the_fold_all_three_are_right_to_1e_14(w, gap):
    """Against Newton in 120 digits."""
    b = fold(w) * (1 - gap)
    xs = [x for x, _ in scalar(w, b)]
    assert len(xs) == 3 or abs(b) >= fold(w)
    with localcontext() as context:
        context.prec = 120
        for x in xs:
            near = _root_near(Decimal(w), Decimal(b), x)
            assert abs(Decimal(x) - near) <= Decimal("1e-14"), (x, near)


def _root_near(w, b, x):
    """The root of x = tanh(w x + b) by Newton from x, in the context's digits."""
    a = w * Decimal(x) + b
    for _ in range(200):
        e = (-2 * abs(a)).exp()
        tanh = ((1 - e) / (1 + e)).copy_sign(a)
        slope = 1 - w * (1 - tanh**2)
        if slope == 0:
            break
        move = (a - w * tanh - b) / slope
        a -= move
        if abs(move) < Decimal(10) ** -getcontext().prec // 2:
            break
    e = (-2 * abs(a)).exp()
    return ((1 - e) / (1 + e)).copy_sign(a)


def test_two_meet_at_the_fold_and_one_is_left_beyond():
    inside, outside = latch(2.0, fold(2.0) * (1 - 1e-12)), latch(2.0, fold(2.0) * (1 + 1e-12))
    assert [len(one.points) for one in (inside, outside)] == [3, 1]
    low, middle, _ = inside.points
    assert low.x[0] == pytest.approx(-sqrt(0.5), abs=1e-6)
    assert 0 < middle.x[0] - low.x[0] < 2e-6
    assert not outside.bistable
    assert [fold(w) for w in (1.0, 0.3, -5.0)] == [0, 0, 0]
    # Next to w = 1 it is (2/3) s³ (1 + …), where the plain formula keeps no digit.
    s = sqrt(1e-10 / (1 + 1e-10))
    assert fold(1 + 1e-10) == pytest.approx(2 / 3 * s**3, rel=1e-6)


def test_the_triple_point():
    (one,) = latch(1.0, 0.0).points
    assert abs(one.x[0]) < 1e-14
    assert one.slopes[0] == pytest.approx(1)


def test_branches_are_fixed_points_and_turn_at_the_fold():
    for w in (-1.5, 0.5, 2.0, 3.0):
        found = branches(w)
        np.testing.assert_allclose(np.tanh(w * found.x + found.b), found.x, atol=1e-13)
        np.testing.assert_allclose(found.slope, w * (1 - found.x**2), atol=1e-12)
        if w > 1:
            assert found.b[: 500].max() == pytest.approx(fold(w), abs=1e-3)
            assert (np.abs(found.slope) < 1).sum() < len(found.x)


def test_the_price_is_that_of_the_latches():
    paid = price(count=9)
    for w, limit, left in zip(paid.w, paid.fold, paid.through, strict=True):
        one = latch(float(w), 0.0)
        assert one.fold == limit
        assert one.through[-1] == pytest.approx(left, abs=1e-9)
    assert (np.diff(paid.fold) > 0).all()
    assert (np.diff(paid.through) < 0).all()
    assert paid.w[-1] == pytest.approx(4)


@given(matrices, arrays(float, 2, elements=st.floats(-1, 1).map(lambda v: round(v, 3))))
@settings(max_examples=25)
def test_fixed_points_of_two_units_stand_still(W, b):
    found = fixed_points(system(W, b=b, nonlinearity="tanh"))
    # The square −1 … 1 is mapped into itself: there is at least one.
    assert found
    for one in found:
        np.testing.assert_allclose(np.tanh(W @ one.x + b), one.x, atol=1e-12)


def test_two_units_that_hardly_see_each_other_have_nine():
    found = fixed_points(system([[2, 0.1], [0.1, 2]], nonlinearity="tanh"))
    assert len(found) == 9
    assert sum(one.stable for one in found) == 4
    apart = fixed_points(system([[2, 0], [0, 2]], nonlinearity="tanh"))
    x = latch(2.0, 0.0).points[-1].x[0]
    assert {round(float(v), 12) for one in apart for v in one.x} == {
        round(float(v), 12) for v in (-x, 0, x)
    }
    assert len(apart) == 9


def test_the_fixed_point_of_a_linear_system():
    W, b = np.array([[0.5, 0.2], [0.1, 0.3]]), np.array([1.0, -2.0])
    (one,) = fixed_points(system(W, b=b))
    np.testing.assert_allclose(W @ one.x + b, one.x)
    assert one.stable
    assert fixed_points(system([[1.0]])) == ()
    assert fixed_points(system([[1, 0.5], [0, 1]], b=[1, 1])) == ()


KINDS = [
    ([[0.8]], "node", "dies"), ([[1.0]], "identity", "holds"), ([[-1.0]], "flip", "holds"),
    ([[1.1]], "node", "diverges"), ([[0.9, 0], [0, 0.6]], "node", "dies"),
    (0.5 * np.eye(2), "star", "dies"), (np.eye(2), "identity", "holds"),
    ([[0.5, 10], [0, 0.5]], "degenerate", "dies"), ([[1, 0.5], [0, 1]], "shear", "grows"),
    ([[0.8, -0.6], [0.6, 0.8]], "rotation", "holds"), (-np.eye(2), "rotation", "holds"),
    ([[0, -2], [0.5, 0]], "centre", "holds"), (turn(0.7, 0.9), "spiral", "dies"),
    (turn(0.7, 1.1), "spiral", "diverges"), ([[1.2, 0], [0, 0.5]], "saddle", "diverges"),
    ([[1.2, 0], [0, 1.5]], "node", "diverges"), ([[1, 0], [0, 0.5]], "line", "holds"),
    ([[-1, 0], [0, 0.5]], "flip", "holds"),
    (np.zeros((2, 2)), "star", "dies"),
]  # fmt: skip


@pytest.mark.parametrize(("W", "name", "fate"), KINDS)
def test_kinds(W, name, fate):
    found = classify(W)
    assert (found.name, found.fate) == (name, fate)
    assert found.title


@given(matrices)
@settings(max_examples=60)
def test_eigenvalues_are_numpy_s_and_turning_the_plane_changes_nothing(W):
    found = classify(W)
    wanted = np.linalg.eigvals(W)
    wanted = wanted[np.argsort(-np.abs(wanted), kind="stable")]
    np.testing.assert_allclose(np.abs(found.eigenvalues), np.abs(wanted), atol=1e-6)
    assert found.eigenvalues.sum() == pytest.approx(np.trace(W), abs=1e-9)
    assert found.eigenvalues.prod() == pytest.approx(np.linalg.det(W), abs=1e-9)
    assert found.stretches[0] >= found.radius - 1e-9
    if found.normal:
        assert found.stretches[0] == pytest.approx(found.radius, abs=1e-6)
    transposed = classify(W.T)
    assert (transposed.name, transposed.fate) == (found.name, found.fate)


@given(matrices)
@settings(max_examples=10)
def test_the_fate_is_what_happens(W):
    found = classify(W)
    assume(abs(found.radius - 1) > 0.05)
    logs = orbit(system(W), [1, 1], drive("none", 200)).log10_gradient[:, 0]
    assert logs[-1] < 0 if found.fate == "dies" else logs[-1] > 0


REFUSED = [
    (lambda: system(np.zeros((3, 3))), "`W` must be 1 × 1 or 2 × 2"),
    (lambda: system([[1, 2]]), "`W` must be 1 × 1 or 2 × 2"),
    (lambda: system([[np.nan]]), "`W` must be finite"),
    (lambda: system([[1.0]], U=[[1], [2]]), "`U` must have shape (1, 1)"),
    (lambda: system([[1.0]], b=[1, 2]), "`b` must have shape (1,)"),
    (lambda: system([[1.0]], C=[[1, 2]]), "`C` must have shape (1, 1)"),
    (lambda: system([[1.0]], D=[[1], [2]]), "`D` must have shape (1, 1)"),
    (lambda: system([[1.0]], nonlinearity="relu"), "`nonlinearity` must be one of"),
    (lambda: orbit(system([[1.0]]), [1, 2], QUIET), "`x0` must have shape (1,)"),
    (lambda: orbit(system([[1.0]]), [1], np.zeros((0, 1))), "`u` must have shape (T, 1)"),
    (lambda: drive("ramp", 5), "`kind` must be one of"),
    (lambda: drive("sine", 0), "`steps` must be a positive integer"),
    (lambda: fold(np.inf), "`w` must be a finite number"),
    (lambda: latch(2, 0, steps=0), "`steps` must be a positive integer"),
    (lambda: classify(np.zeros((3, 3))), "`W` must be 1 × 1 or 2 × 2"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "words"), REFUSED, ids=[words for _, words in REFUSED])
def test_refusals_name_argument_and_rule(call, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        call()


def test_records_are_read_only():
    found = orbit(system([[0.5]]), [1], QUIET)
    for one in (found.x, found.y, found.u, found.log10_state, found.log10_gradient, found.system.W):
        assert not one.flags.writeable
