"""Small pictures side by side: one scale, what is there, and what a large map leaves out."""

import numpy as np
import pytest

from rnnviz.figures.multiples import MOST, Small, SmallMap, small_lines, small_maps

from .records import line


def pictures(*values):
    return [Small(str(k), "#123456", [line(one, "a")]) for k, one in enumerate(values)]


def test_all_pictures_share_one_axis_and_one_entry_of_the_legend():
    fig = small_lines(pictures([0, -1, -2], [0, -15, -30]), axis="norm")
    assert [one.showlegend for one in fig.data] == [True, False]
    low, high = fig.layout.yaxis.range
    assert low < -30
    assert high > 0
    assert fig.layout.yaxis2.matches == "y"
    assert fig.layout.meta == ("x", "x2")
    assert [note.text for note in fig.layout.annotations] == ["<b>0</b>", "<b>1</b>"]


def test_exact_zeros_are_left_out_and_numbers_are_said():
    fig = small_lines(pictures([0.0, -np.inf, np.nan]), axis="norm")
    assert np.isnan(np.array(fig.data[0].y, float)).tolist() == [False, True, True]
    assert fig.data[0].hovertext[0] == "1.00"


@pytest.mark.parametrize("draw", [
    lambda: small_lines([], axis="norm"), lambda: small_maps([], rows="r", columns="c"),
])  # fmt: skip
def test_nothing_is_an_empty_figure(draw):
    assert not draw().data


def test_maps_share_one_colour_scale_and_the_rows_that_are_shown():
    maps = [SmallMap("a", "#123456", np.full((4, 5), one)) for one in (-3.0, 0.0)]
    fig = small_maps(maps, rows="r", columns="c", span=(2, 3))
    assert (fig.layout.coloraxis.cmin, fig.layout.coloraxis.cmax) == (-3, 0)
    assert fig.layout.yaxis.range == fig.layout.yaxis2.range == (1.5, 3.5)


def test_of_a_large_map_every_kth_row_and_column_is_drawn_in_its_place():
    values = np.arange(3.0 * MOST)[:, None] + np.zeros(3 * MOST + 1)
    one = small_maps([SmallMap("a", "#123456", values)], rows="r", columns="c").data[0]
    assert max(np.shape(one.z)) <= MOST
    assert one.z[1][0] == values[one.dy, 0]
    assert (one.y0, one.dx) == (1, one.dy)


def test_one_map_s_depth_does_not_flatten_the_others():
    """Colours end four powers of ten below the top, and the bar says that lower ones are there."""
    maps = [SmallMap("a", "#123456", np.linspace(low, 0, 20).reshape(4, 5)) for low in (-18, -1)]
    axis = small_maps(maps, rows="r", columns="c").layout.coloraxis
    assert (axis.cmin, axis.cmax) == (-4, 0)
    assert axis.colorbar.ticktext[0] == "≤ 10<sup>−4</sup>"
    assert small_maps(maps, rows="r", columns="c", scale=(-18, 0)).layout.coloraxis.cmin == -18
