"""The phase diagram as data: axes, the two hues, the contour, the points that are clicked."""

import numpy as np
import pytest

from rnnviz import plot
from rnnviz.numerics.crossings import first_crossing
from rnnviz.sweeps import Spec, Sweep

AXES = {"scale": [0.5, 1.0, 1.5], "options.amplitude": [0.1, 1.0, 10.0, 100.0], "seed": [0, 1]}


def swept(values: np.ndarray, done: np.ndarray | None = None, **reasons: str) -> Sweep:
    """λ₁ (x, y, seeds) as a sweep."""
    spec = Spec(AXES, {"task": "noisy_sine"}, ("lyapunov",))
    flat = np.asarray(values, float).ravel()
    there = np.ones(len(flat), bool) if done is None else done.ravel()
    return Sweep(spec, {"lyapunov": flat}, {int(k[1:]): v for k, v in reasons.items()}, there)


def test_a_diagram_is_the_median_over_seeds_with_its_hues_meeting_at_the_critical_value() -> None:
    x = np.array([-4.0, -2.0, 1.0])[:, None, None] * np.ones((3, 4, 2))
    x[:, :, 1] += 2.0  # medians: −3, −1, 2
    figure = plot.phase_diagram(swept(x), at=(1.0, 10.0))
    heat, contour, _, ring, points = figure.data
    np.testing.assert_allclose(heat.z, [[-1, -1 / 3, 1]] * 4, rtol=1e-6)
    assert (heat.zmin, heat.zmax) == (-1, 1)
    ticks = [one.strip() for one in heat.colorbar.ticktext]
    assert ticks == ["−3.00", "−1.50", "0", "1.00", "2.00"]
    np.testing.assert_allclose(contour.z, [[-3, -1, 2]] * 4)
    assert contour.contours.start == contour.contours.end == 0
    assert list(heat.y) == [-1, 0, 1, 2]  # even in the logarithm, so drawn on a logarithmic axis
    assert "10" in figure.layout.yaxis.ticktext
    assert (ring.x[0], ring.y[0]) == (1.0, 1.0)
    assert len(points.x) == 12  # row by row
    assert points.x[:3] == (0.5, 1.0, 1.5)


def test_what_is_not_computed_is_empty_and_what_failed_is_marked() -> None:
    values, done = np.full((3, 4, 2), -1.0), np.ones((3, 4, 2), bool)
    values[2, 3], done[2, 3] = np.nan, False
    values[0, 0] = np.nan
    figure = plot.phase_diagram(swept(values, done, p0="not finite", p1="not finite"))
    failed = next(one for one in figure.data if one.name == "not finite")
    assert np.argwhere(np.isfinite(np.array(failed.z, float))).tolist() == [[0, 0]]
    assert np.isnan(figure.data[0].z[3, 2])


def test_a_sample_or_a_figure_that_is_not_there_is_refused() -> None:
    one = swept(np.zeros((3, 4, 2)))
    with pytest.raises(ValueError, match="`value` must be one of"):
        plot.phase_diagram(one, "log10_share")
    names = Spec({"cell": ["rnn", "gru"], "seed": [0, 1]}, figures=("lyapunov",))
    texts = Sweep(names, {"lyapunov": np.zeros(4)}, {}, np.ones(4, bool))
    with pytest.raises(ValueError, match="rising numbers along 'cell'"):
        plot.phase_diagram(texts)


def test_a_crossing_is_the_first_and_none_where_a_row_begins_above_or_has_a_gap() -> None:
    rows = [[-1, 1, -1, 2], [1, 2, 3, 4], [np.nan, -1, 0, 1], [-np.inf, 2, 3, 4], [-4, -3, -2, -1]]
    np.testing.assert_equal(
        first_crossing([0, 1, 2, 3], rows, 0.0), [0.5, np.nan, np.nan, 1, np.nan]
    )
