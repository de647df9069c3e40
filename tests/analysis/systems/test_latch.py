"""One tanh unit: its fixed points, the fold, the latch and its price."""

from decimal import Decimal, getcontext, localcontext
from math import atanh, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnviz.analysis.systems import branches, drive, fold, latch, orbit, price, system
from rnnviz.analysis.systems.fixed_point_search import scalar


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
