"""Fixed points of two units and of linear systems."""


import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from rnnviz.analysis.systems import fixed_points, latch, system
from tests.analysis.systems.drawn import matrices


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
