"""The cliff: the loss of one sigmoid unit over its weight and bias."""

from __future__ import annotations

import numpy as np
import pytest

from rnnviz.analysis.cuts import cliff, cliff_surface


def test_the_cliff_s_closed_form() -> None:
    found = cliff(5, -2.5, 50)
    np.testing.assert_allclose(found.closed_form, 280255.69, atol=0.005)
    np.testing.assert_allclose(found.slopes[1], found.closed_form, rtol=1e-12)
    np.testing.assert_array_equal(found.x, 0)
    assert cliff(4, -2, 30).closed_form == cliff(4, -2, 30).slopes[1] == 30
    assert np.isnan(cliff(5, -2.4, 50).closed_form)


@pytest.mark.parametrize(("w", "b"), [(5.0, -2.5), (5.2, -2.4), (-7.0, 1.0), (0.0, 0.3), (9.0, -4)])
def test_the_cliff_s_slopes_by_complex_steps(w: float, b: float) -> None:
    def end(w: complex, b: complex) -> complex:
        x = 0j
        for _ in range(20):
            x = w / (1 + np.exp(-x)) + b
        return x

    found = cliff(w, b, 20, target=0.25, norm=1e-3)
    slopes = [end(w + 1e-30j, b).imag / 1e-30, end(w, b + 1e-30j).imag / 1e-30]
    np.testing.assert_allclose(found.slopes, slopes, rtol=1e-10)
    error = end(w, b).real - 0.25
    np.testing.assert_allclose(found.loss, error**2, rtol=1e-10)
    gradient = 2 * error * np.array(slopes)
    np.testing.assert_allclose(found.gradient, gradient, rtol=1e-10)
    np.testing.assert_allclose(found.log10_norm, np.log10(np.linalg.norm(gradient)), atol=1e-9)
    np.testing.assert_allclose(np.linalg.norm(found.clipped), 1e-3, rtol=1e-12)
    np.testing.assert_allclose(found.direction, gradient / np.linalg.norm(gradient), rtol=1e-10)
    np.testing.assert_array_equal(cliff(w, b, 20, target=0.25, norm=1e30).clipped, found.gradient)
    np.testing.assert_array_equal(cliff(w, b, 20, target=0.25).clipped, found.gradient)


def test_the_cliff_beyond_the_format() -> None:
    found = cliff(40, -20, 400, target=1, norm=0.5)
    np.testing.assert_allclose(found.log10_norm, np.log10(2 * np.sqrt(1.25) / 9) + 400, atol=1e-9)
    assert np.isinf(found.gradient).all()
    np.testing.assert_allclose(np.linalg.norm(found.clipped), 0.5)
    at_the_goal = cliff(40, -20, 400)
    assert at_the_goal.log10_norm == -np.inf
    np.testing.assert_array_equal(at_the_goal.gradient, 0)


def test_the_surface_is_the_cliff_s_loss() -> None:
    w, b = np.linspace(-2, 8, 6), np.linspace(-4, 0, 5)
    found = cliff_surface(w, b, 30, target=0.5)
    expected = [[cliff(one, two, 30, target=0.5).loss for one in w] for two in b]
    np.testing.assert_allclose(found, expected, rtol=1e-9)
    assert cliff_surface([1.0], [0.0], 1).shape == (1, 1)


def test_refusals() -> None:
    for arguments, name in (
        ((np.nan, 0, 5), "w"), ((1, "b", 5), "b"), ((1, 0, 0), "steps"),
    ):  # fmt: skip
        with pytest.raises(ValueError, match=f"`{name}` must be"):
            cliff(*arguments)
        with pytest.raises(ValueError, match=f"`{name}` must be"):
            cliff_surface(*([value] if k < 2 else value for k, value in enumerate(arguments)))
    for bad in ([], [[1.0]], 1.0):
        with pytest.raises(ValueError, match="`b` must be"):
            cliff_surface([1.0], bad, 5)
    for given in ({"norm": 0}, {"target": np.inf}):
        with pytest.raises(ValueError, match="must be"):
            cliff(1, 0, 5, **given)
