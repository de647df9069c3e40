"""The latch's two figures, read as data."""

import numpy as np
import pytest

from rnnviz.analysis.systems import branches, fold, latch, price
from rnnviz.figures.latch import bifurcation, latch_price
from rnnviz.figures.palette import THEMES

from .records import traces


@pytest.mark.parametrize("theme", THEMES)
def test_the_fold_is_where_stable_becomes_unstable(theme):
    here = latch(2.0, 0.25)
    fig = bifurcation(branches(2.0), here, theme=theme)
    stable, unstable = (traces(fig, name)[0] for name in ("stable", "unstable"))
    assert (stable.line.dash, unstable.line.dash) == ("solid", "dash")
    inside = np.isfinite(np.asarray(unstable.x, float))
    assert np.abs(np.asarray(unstable.x, float)[inside]).max() == pytest.approx(fold(2.0), abs=1e-3)
    (points,) = traces(fig, "here")
    assert list(points.x) == [0.25] * 3
    assert list(points.y) == [float(one.x[0]) for one in here.points]
    lines = sorted(shape.x0 for shape in fig.layout.shapes)
    assert lines == pytest.approx([-fold(2.0), 0.25, fold(2.0)])
    assert [note.text for note in fig.layout.annotations] == ["fold −0.533", "fold 0.533"]
    assert list(fig.layout.meta) == []


@pytest.mark.parametrize(("w", "b"), [(0.0, 0.0), (-3.0, 2.0), (1.0, 0.0), (3.0, -2.0)])
def test_without_a_fold_it_is_a_figure_too(w, b):
    here = latch(w, b)
    fig = bifurcation(branches(w), here)
    low, high = fig.layout.xaxis.range
    assert low < b < high
    assert len(fig.layout.annotations) == (2 if w > 1 else 0)
    costs = latch_price(price(), here)
    assert len(traces(costs, "here")) == here.bistable


def test_the_price_has_the_states_of_this_latch_on_its_curve():
    here, paid = latch(2.0, 0.0), price()
    fig = latch_price(paid, here)
    curve, points = fig.data
    np.testing.assert_array_equal(curve.x, paid.fold)
    np.testing.assert_array_equal(curve.y, paid.through)
    assert list(points.x) == pytest.approx([fold(2.0)] * 2)
    assert list(points.y) == pytest.approx([-15.5784] * 2, abs=1e-4)
    on_curve = np.interp(fold(2.0), paid.fold, paid.through)
    assert points.y[0] == pytest.approx(on_curve, abs=0.02)
    low, high = fig.layout.yaxis.range
    assert low < paid.through.min() < paid.through.max() < high
