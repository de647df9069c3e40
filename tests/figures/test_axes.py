"""Axes as data."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnviz.figures.axes import (
    BESIDE,
    FLOAT64,
    LEAST_DECADES,
    float_limits,
    frame,
    power_axis,
    time_axis,
)
from rnnviz.figures.sheet import Sheet


@given(st.lists(st.floats(-1000, 1000), max_size=6))
def test_a_power_axis_holds_every_value_and_never_less_than_four_decades(values):
    axis = power_axis([np.array([*values, np.nan, -np.inf, np.inf])], "‖∂L/∂h‖")
    low, high = axis["range"]
    assert all(low < value < high for value in values)
    assert high - low >= LEAST_DECADES
    assert axis["title"]["text"] == "‖∂L/∂h‖"


@pytest.mark.parametrize("values", [[], [np.zeros(0)], [np.full(3, -np.inf)], [np.full(2, np.nan)]])
def test_a_power_axis_of_nothing_finite_is_an_axis(values):
    low, high = power_axis(values, "")["range"]
    assert np.isfinite([low, high]).all()
    assert low < high


def test_time_runs_left_to_right_over_every_step():
    axis = time_axis(50)
    assert axis["range"] == [0.5, 50.5]
    assert axis["title"]["text"] == "timestep t"
    assert time_axis(50, first=0)["range"] == [-0.5, 50.5]
    assert time_axis(1)["range"] == [0.5, 1.5]
    assert time_axis(12)["dtick"] == 1
    assert "dtick" not in time_axis(13)


def test_characters_are_ticks_numbers_and_dates_are_not():
    axis = time_axis(3, ("c", "나", "␣"))
    assert axis["tickvals"] == [1, 2, 3]
    assert axis["ticktext"] == ["c", "나", "␣"]
    assert "ticktext" not in time_axis(3, ("1", "2", "3"))
    assert "ticktext" not in time_axis(2, ("2018-01-01", "2018-01-08"))


@pytest.mark.parametrize(
    ("span", "words"),
    [
        ((-300, 300), []),
        ((-400, 0), ["below the range of float64"]),
        ((0, 400), ["above the range of float64"]),
        ((-400, 400), ["below the range of float64", "above the range of float64"]),
    ],
)
def test_what_float64_cannot_hold_is_shaded_and_named(span, words):
    sheet = Sheet()
    float_limits(sheet, "light", *span)
    fig = sheet.figure()
    assert [note.text for note in fig.layout.annotations] == words
    edges = {shape.y0 for shape in fig.layout.shapes} | {shape.y1 for shape in fig.layout.shapes}
    assert len(fig.layout.shapes) == len(words)
    assert edges - set(span) <= set(FLOAT64)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_frame_names_its_time_axes_and_lets_the_page_shine_through(theme):
    sheet = Sheet()
    frame(sheet, theme, 300, ["x", "x2"], l=90)
    fig = sheet.figure()
    assert list(fig.layout.meta) == ["x", "x2"]
    assert fig.layout.height - fig.layout.margin.b == 300 - 40
    assert fig.layout.margin.l == 90 + BESIDE
    assert fig.layout.paper_bgcolor == fig.layout.plot_bgcolor == "rgba(0,0,0,0)"
