"""Figures without a time axis, and stacked bars, read as data."""

import numpy as np
import pytest

from rnnviz.figures import palette
from rnnviz.figures.palette import THEMES
from rnnviz.figures.planes import (
    Bar,
    Cliff,
    Eigenvalues,
    Stack,
    bars,
    cliff,
    complex_plane,
    stacked,
)

from .records import traces


def eigenvalues(*values, label="W_h"):
    return Eigenvalues(label, np.array(values, complex), "#123456")


def test_eigenvalues_stand_where_they_are_against_the_unit_circle():
    fig = complex_plane([eigenvalues(0.5 + 0.25j, 0.5 - 0.25j, -0.9)])
    circle, points = fig.data
    np.testing.assert_allclose(np.hypot(circle.x, circle.y), 1)
    assert circle.name == "|λ| = 1"
    assert list(points.x) == [0.5, 0.5, -0.9]
    assert list(points.y) == [0.25, -0.25, 0]
    np.testing.assert_allclose(points.customdata, np.hypot(points.x, points.y))


@pytest.mark.parametrize("largest", [0.0, 0.5, 1.0, 3.0, 1e6])
def test_both_axes_are_on_one_scale_and_hold_the_circle_and_every_value(largest):
    fig = complex_plane([eigenvalues(largest, 0.1j), eigenvalues(-largest * 1j, label="W_hz")])
    x, y = fig.layout.xaxis, fig.layout.yaxis
    assert x.range == y.range
    assert x.range[0] == -x.range[1]
    assert x.range[1] > max(1, largest)
    assert (y.scaleanchor, y.scaleratio) == ("x", 1)
    assert list(fig.layout.meta) == []


def test_several_matrices_are_named_in_a_legend_and_told_by_symbols():
    groups = [eigenvalues(0.5), Eigenvalues("W_hz", np.array([0.1 + 0j]), "#654321", "cross")]
    fig = complex_plane(groups)
    assert fig.layout.showlegend
    assert [one.name for one in fig.data[1:]] == ["W_h", "W_hz"]
    assert len({one.marker.symbol for one in fig.data[1:]}) == 2
    assert not complex_plane(groups[:1]).layout.showlegend


@pytest.mark.parametrize("groups", [[], [eigenvalues()], [eigenvalues(np.nan, np.inf)]])
def test_the_plane_of_nothing_and_of_what_is_not_finite_is_a_figure(groups):
    fig = complex_plane(groups)
    assert np.isfinite(fig.layout.xaxis.range).all()
    assert fig.layout.xaxis.range[1] >= 1


def test_bars_stand_in_the_order_given():
    fig = bars([Bar("b", -2.0), Bar("a", 0.5)], axis="exponent", color="#123456", category="which")
    (one,) = fig.data
    assert list(one.x) == ["b", "a"]
    assert list(one.y) == [-2, 0.5]
    assert list(one.text) == ["", ""]
    assert fig.layout.xaxis.type == "category"
    assert fig.layout.xaxis.title.text == "which"
    assert fig.layout.yaxis.title.text == "exponent"
    assert fig.layout.yaxis.zeroline


@pytest.mark.parametrize(
    ("value", "words"), [(-np.inf, "−∞"), (np.inf, "∞"), (np.nan, "not finite")]
)
def test_a_value_that_is_not_finite_is_named(value, words):
    fig = bars([Bar("1", 1.0), Bar("2", value)], axis="exponent", color="#123456")
    shown = {note.text for note in fig.layout.annotations} | {str(t) for t in fig.data[0].text}
    shown |= {str(tick) for tick in fig.layout.xaxis.ticktext or ()}
    assert any(words in text for text in shown)
    assert fig.data[0].y[1] in (None, 0) or np.isnan(fig.data[0].y[1])


def drawable(fig):
    """Bars that a browser has something to draw of: a bar whose value is null is none."""
    return [v for one in fig.data for v in one.y if v is not None and np.isfinite(v)]


def test_bars_that_are_all_infinite_are_still_a_picture():
    """An RNN whose W_h is 0: every exponent is −∞. Plotly draws no text of a bar without value."""
    fig = bars([Bar(str(k), -np.inf) for k in range(3)], axis="exponent", color="#123456")
    words = [note.text for note in fig.layout.annotations]
    assert drawable(fig) or any("−∞" in text for text in words)


def test_no_bars_are_a_figure():
    assert bars([], axis="a", color="#123456").layout.height > 0


def parts(*rows):
    return [Stack(f"p{k}", np.asarray(row, float), "#123456") for k, row in enumerate(rows)]


def test_stacked_bars_add_up_and_keep_their_order():
    rows = [[0.25, 0.5, 1.0], [0.75, 0.5, 0.0]]
    fig = stacked(parts(*rows), axis="share")
    assert [one.name for one in fig.data] == ["p0", "p1"]
    for one, row in zip(fig.data, rows, strict=True):
        assert list(one.x) == [1, 2, 3]
        assert list(one.y) == row
    np.testing.assert_allclose(sum(np.asarray(one.y) for one in fig.data), 1)
    assert fig.layout.barmode == "stack"
    assert fig.layout.showlegend
    assert fig.layout.legend.traceorder == "normal"
    assert fig.layout.yaxis.title.text == "share"
    assert fig.layout.yaxis.rangemode == "tozero"


def test_stacked_bars_stand_on_the_time_axis():
    fig = stacked(parts([1, 1, 1]), axis="share", first=0)
    assert list(fig.layout.meta) == ["x"]
    assert fig.layout.xaxis.title.text == "timestep t"
    assert fig.layout.xaxis.range == (-0.5, 2.5)
    assert list(fig.data[0].x) == [0, 1, 2]
    assert stacked(parts([1, 1, 1]), axis="share").layout.xaxis.range == (0.5, 3.5)


@pytest.mark.parametrize("rows", [[], [[]], [[1.0]], [[0.0, 0.0]]])
def test_the_emptiest_stacks_are_figures(rows):
    fig = stacked(parts(*rows), axis="share")
    low, high = fig.layout.xaxis.range
    assert np.isfinite([low, high]).all()
    assert fig.layout.height > 0


W, B = np.linspace(0.0, 8.0, 5), np.linspace(-4.0, 0.0, 3)


def surface(*steps, at=(5.0, -2.0)):
    """A flat surface with arrows from a place."""
    named = tuple((f"s{k}", step, "#123456") for k, step in enumerate(steps))
    return Cliff(W, B, np.arange(15.0).reshape(3, 5), at, named)


def arrows(fig):
    """(start, end) of every arrow."""
    found = [one for one in fig.layout.annotations if one.showarrow]
    return [((one.ax, one.ay), (one.x, one.y)) for one in found]


def inside(point):
    return W[0] <= point[0] <= W[-1] and B[0] <= point[1] <= B[-1]


def test_the_cliff_is_the_surface_with_the_place_on_it():
    fig = cliff(surface())
    heat, here = fig.data
    np.testing.assert_array_equal(heat.z, np.arange(15.0).reshape(3, 5))
    np.testing.assert_array_equal(heat.x, W)
    np.testing.assert_array_equal(heat.y, B)
    assert (tuple(here.x), tuple(here.y)) == ((5.0,), (-2.0,))
    assert fig.layout.xaxis.range == (0, 8)
    assert fig.layout.yaxis.range == (-4, 0)
    assert (fig.layout.xaxis.title.text, fig.layout.yaxis.title.text) == ("w", "b")
    assert list(fig.layout.meta) == []


def test_a_step_that_fits_is_drawn_as_it_is_and_named():
    fig = cliff(surface((1.0, 0.5), (-0.5, 0.25)))
    assert arrows(fig) == [((5, -2), (6, -1.5)), ((5, -2), (4.5, -1.75))]
    assert [one.text for one in fig.layout.annotations if one.text] == ["<b>s0</b>", "<b>s1</b>"]
    assert all((one.axref, one.ayref) == ("x", "y") for one in fig.layout.annotations if one.ax)


@pytest.mark.parametrize(
    "step", [(100.0, 0.0), (-7.0, 1.0), (3.0, 300.0), (-1e5, -1e5), (1, -1e300)]
)
def test_a_step_that_leaves_is_cut_at_the_edge_and_keeps_its_direction(step):
    ((start, end),) = arrows(cliff(surface(step)))
    assert start == (5, -2)
    assert inside(end)
    moved = np.subtract(end, start)
    whole = np.asarray(step) / np.abs(step).max()
    assert abs(moved[0] * whole[1] - moved[1] * whole[0]) < 1e-12
    assert moved @ whole > 0
    reached = max(abs(end[0] - 5) / (3 if step[0] > 0 else 5), abs(end[1] + 2) / 2)
    assert reached == pytest.approx(0.97)


@pytest.mark.parametrize("place", [(8.0, -2.0), (0.0, 0.0), (5.0, -4.0)])
@pytest.mark.parametrize("step", [(3.0, -2.0), (-3.0, 2.0), (0.0, 0.0)])
def test_a_step_from_the_edge_stays_inside(place, step):
    ((start, end),) = arrows(cliff(surface(step, at=place)))
    assert start == place
    assert inside(end)


@pytest.mark.parametrize(
    "step",
    [(np.nan, 0.0), (0.0, np.nan), (np.nan, np.nan), (np.inf, 1.0), (-np.inf, -np.inf),
     (0.5, np.inf), (np.inf, np.nan)],
)  # fmt: skip
def test_a_gradient_that_is_not_finite_leaves_no_arrow_out_of_the_picture(step):
    fig = cliff(surface(step))
    for one in fig.layout.annotations:
        ends = [v for v in (one.x, one.y, one.ax, one.ay) if v is not None]
        assert np.isfinite(ends).all()
        assert inside((one.x, one.y))


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("count", [1, 2, 3, 6, 12])
def test_a_ramp_has_as_many_colours_told_apart_by_lightness(count, theme):
    found = palette.ramp(count, theme)
    assert len(found) == count == len(set(found))
    light = [sum(int(one[k : k + 2], 16) for k in (1, 3, 5)) for one in found]
    assert light == sorted(light) or light == sorted(light, reverse=True)
    assert all(len(one) == 7 and one == one.upper() for one in found)


def test_the_emptiest_ramp_is_empty():
    assert palette.ramp(0, "light") == []


@pytest.mark.parametrize("theme", THEMES)
def test_every_figure_follows_the_theme_and_is_new(theme):
    for make in (
        lambda: complex_plane([eigenvalues(0.5)], theme=theme),
        lambda: bars([Bar("1", 1.0)], axis="a", color="#123456", theme=theme),
        lambda: stacked(parts([1.0]), axis="a", theme=theme),
        lambda: cliff(surface((1.0, 0.0)), theme=theme),
    ):
        first, second = make(), make()
        assert first is not second
        assert first.layout.font.color == palette.TEXT[theme]
        assert len(first.data) == len(second.data) > 0


def test_traces_are_named():
    for fig in (complex_plane([eigenvalues(1)]), stacked(parts([1]), axis="a"), cliff(surface())):
        assert all(one.name for one in fig.data if one.type != "heatmap")
    assert traces(cliff(surface()), "here")
