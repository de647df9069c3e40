"""The phase portrait: its curves hold where they should, and the run is the system's."""

import numpy as np
import pytest

import rnnviz
from rnnviz import plot


def drawn(W, x0, nonlinearity, b=None):
    of = rnnviz.system(W, b=b, nonlinearity=nonlinearity)
    found = rnnviz.orbit(of, x0, np.zeros((12, 1)))
    return of, found, {line.name: line for line in plot.phase_portrait(found).data}


@pytest.mark.parametrize("b", [[0.0, 0.0], [0.3, -0.2]])
def test_on_its_curve_a_unit_does_not_change(b):
    of, found, lines = drawn([[1.5, -0.8], [0.6, 1.2]], [0.4, 0.1], "tanh", b)
    for k, name in enumerate(("x₁ unchanged", "x₂ unchanged")):
        on = np.stack([lines[name].x, lines[name].y], axis=-1).astype(float)
        on = on[np.isfinite(on).all(axis=1)]
        assert len(on) > 20
        np.testing.assert_allclose(of.step(on)[:, k], on[:, k], atol=1e-9)
    np.testing.assert_array_equal(np.stack([lines["x"].x, lines["x"].y], axis=-1), found.x)


def test_the_staircase_goes_to_the_curve_and_to_the_diagonal():
    of, _, lines = drawn([[2.0]], [0.1], "tanh")
    x, y = np.array(lines["x"].x), np.array(lines["x"].y)
    np.testing.assert_allclose(y[1::2], of.step(x[1::2, None])[:, 0])
    np.testing.assert_array_equal(y[2::2], x[2::2])
    assert (x[0], y[0]) == (0.1, 0)
    assert [len(lines[name].x) for name in ("stable", "unstable")] == [2, 1]


def test_a_linear_step_has_its_eigenvectors_and_may_diverge():
    _, found, lines = drawn([[3.0, 1.0], [0.0, 0.5]], [1.0, 1.0], "identity")
    assert "eigenvector" in lines
    assert "x₁ unchanged" not in lines
    figure = plot.phase_portrait(found, height=300, theme="dark")
    assert figure.layout.xaxis.range == figure.layout.yaxis.range
