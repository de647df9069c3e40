"""Timestep × timestep maps as data: layers, one absolute scale, what is lost or not finite."""

import numpy as np
import pytest

from rnnviz.figures.axes import FLOAT64
from rnnviz.figures.maps import step_map
from rnnviz.figures.palette import NOT_FINITE, TEXT, THEMES, UNDERFLOW

from .records import traces

LOST, WRONG = "below float64, or exactly 0", "not finite"


def triangle(n, slope=-1.0):
    """log10 norms that change by ``slope`` a step back, nothing above the diagonal."""
    t, k = np.indices((n, n))
    return np.where(k > t, np.nan, slope * (t - k))


def draw(values, **more):
    words = {"first": 0, "rows": "from step t", "columns": "back to step k", "title": "norm"}
    return step_map(np.asarray(values, float), **(words | more))


def layers(fig):
    """The three layers as arrays: the norms, and where the two kinds of mark stand."""
    norms, lost, wrong = (np.asarray(one.z, float) for one in fig.data)
    return norms, ~np.isnan(lost), ~np.isnan(wrong)


def test_the_values_are_the_map_s_and_the_triangle_above_stays_empty():
    values = triangle(6)
    norms, lost, wrong = layers(draw(values))
    np.testing.assert_array_equal(norms, values)
    assert not lost.any()
    assert not wrong.any()


def test_what_float64_would_have_lost_is_grey_and_only_that():
    values = triangle(4, -150.0)
    values[2, 0], values[3, 3] = -np.inf, FLOAT64[0]
    norms, lost, wrong = layers(draw(values))
    with np.errstate(invalid="ignore"):
        np.testing.assert_array_equal(lost, values < FLOAT64[0])
    assert sorted(zip(*np.nonzero(lost), strict=True)) == [(2, 0), (3, 0)]
    assert np.isnan(norms[lost]).all()
    assert norms[3, 3] == pytest.approx(FLOAT64[0])
    assert not wrong.any()


def test_infinity_is_in_the_layer_of_what_is_not_finite():
    values = triangle(3)
    values[2, 0] = np.inf
    norms, lost, wrong = layers(draw(values))
    assert np.argwhere(wrong).tolist() == [[2, 0]]
    assert not lost.any()
    assert np.isnan(norms[2, 0])
    assert draw(values).data[0].zmax == 0, "infinity stretches no scale"


@pytest.mark.parametrize("theme", THEMES)
def test_marks_have_one_colour_each_a_name_and_no_scale_of_their_own(theme):
    fig = draw([[-np.inf, np.inf]], theme=theme)
    for name, color in [(LOST, UNDERFLOW[theme]), (WRONG, NOT_FINITE)]:
        (one,) = traces(fig, name)
        assert {stop for _, stop in one.colorscale} == {color}
        assert name in one.hovertemplate
        assert one.showscale is False
    assert fig.layout.font.color == TEXT[theme]
    assert fig.data[0].colorbar.title.font.color == TEXT[theme]


@pytest.mark.parametrize(
    ("values", "low", "high"),
    [
        ([[-1.0, -2.0]], -2, -1),
        ([[0.7, -1.4]], -2, 1),
        ([[-40.0, 3.5]], -40, 4),
        ([[-1e4, -300.5, 0.0]], -301, 0),
        ([[1e-12 - 3, -1e-12]], -3, 0),
        ([[np.nan, -np.inf]], -1, 0),
        (np.zeros((0, 1)), -1, 0),
    ],
)
def test_the_colours_span_whole_decades_round_what_is_finite_and_say_so(values, low, high):
    one = draw(values).data[0]
    assert (one.zmin, one.zmax) == (low, high)
    assert one.colorbar.tickvals[0] == low
    assert one.colorbar.tickvals[-1] == high
    assert len(one.colorbar.tickvals) <= 8
    assert one.colorbar.ticktext[0].strip() == f"10<sup>{low}</sup>".replace("-", "−")
    assert {text[-1] for text in one.colorbar.ticktext} == {"\u2002"}, "room before the title"


def test_colours_of_what_lies_close_together_end_where_the_data_do():
    one = draw([[0.56, 0.75], [np.nan, 0.6]]).data[0]
    assert (one.zmin, one.zmax) == (0.56, 0.75)
    assert [one.colorbar.ticktext[k].strip() for k in (0, -1)] == ["3.63", "5.62"]
    same = draw([[0.0]]).data[0]
    assert same.zmin < 0 < same.zmax


def test_a_map_of_two_decades_is_not_one_flat_colour():
    """On a scale down to 1e-16 all of it would lie within an eighth of the colours."""
    one = draw(triangle(50, -0.04)).data[0]
    seen = np.asarray(one.z)[~np.isnan(one.z)]
    assert (seen.max() - seen.min()) / (one.zmax - one.zmin) > 0.9


def test_a_given_scale_is_kept_and_two_maps_share_it():
    one, other = (draw(triangle(5, slope), scale=(-8.0, 0.0)).data[0] for slope in (-0.01, -3))
    assert (one.zmin, one.zmax) == (other.zmin, other.zmax) == (-8, 0)
    assert draw(triangle(3), colorbar=False).data[0].showscale is False


def test_no_row_is_stretched_to_its_own_largest_value():
    poor = triangle(5, -0.01)
    poor[3] -= 12
    np.testing.assert_allclose(draw(poor).data[0].z[3][:4], poor[3][:4], rtol=1e-6)


def test_rows_and_columns_stand_at_their_timesteps():
    fig = draw(np.zeros((4, 5)), first=1)
    for one in fig.data:
        assert (one.x0, one.dx, one.y0, one.dy) == (0, 1, 1, 1)
    assert fig.layout.xaxis.range == (-0.5, 4.5)
    assert fig.layout.yaxis.range == (0.5, 4.5)
    assert fig.layout.xaxis.title.text == "back to step k"
    assert fig.layout.yaxis.title.text == "from step t"
    assert fig.data[0].colorbar.title.text == "norm"


def test_the_map_s_name_and_its_time_axis_are_named():
    assert [list(draw([[0.0]]).layout.meta), draw([[0.0]]).data[0].meta] == [["x"], "map"]
    assert draw([[0.0]], name="itemised").data[0].meta == "itemised"


def test_labels_of_the_sequence_are_ticks():
    fig = draw(np.zeros((3, 4)), first=1, labels=["a", "␣", "나"])
    assert fig.layout.xaxis.ticktext == ("a", "␣", "나")
    assert fig.layout.xaxis.tickvals == (1, 2, 3)
    assert draw(np.zeros((3, 4)), labels=["1", "2", "3"]).layout.xaxis.ticktext is None


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("shape", [(0, 0), (0, 1), (1, 1), (1, 2), (2, 2)])
def test_the_smallest_maps_are_figures(shape, theme):
    fig = draw(np.zeros(shape), theme=theme)
    assert len(fig.data) == 3
    assert all(np.size(one.z) == np.prod(shape) for one in fig.data)
    assert fig.layout.height > 0
    for axis in (fig.layout.xaxis, fig.layout.yaxis):
        assert np.isfinite(axis.range).all()


def test_every_call_makes_a_new_figure_and_changes_no_record():
    values = triangle(4)
    values[3, 0] = -np.inf
    before = values.copy()
    values.flags.writeable = False
    first, second = draw(values), draw(values)
    assert first is not second
    first.data[0].z = [[0]]
    assert np.shape(second.data[0].z) == (4, 4)
    np.testing.assert_array_equal(values, before)


def test_a_large_map_sends_of_a_grey_layer_what_is_grey():
    values = np.zeros((320, 330))
    values[100:102, 7] = -np.inf
    _, lost, wrong = draw(values).data
    assert (lost.z.shape, lost.x0, lost.y0) == ((2, 1), 7, draw(values).data[0].y0 + 100)
    assert wrong.z.shape == (1, 1)
    assert np.isnan(wrong.z).all()
    one = draw(values, span=(101, 101), first=1).data[0]
    assert (one.z.shape, one.y0) == ((1, 330), 101)
