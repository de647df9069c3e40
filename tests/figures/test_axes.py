"""Axes as data, and numbers as text that can be read back."""

import re

import numpy as np
import pytest
from hypothesis import example, given
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
from rnnviz.words.numbers import number, power

RAISED = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
CLOSE = np.log10(1.05)


def read(text):
    """Sign and log10 of a printed number: "−3.2·10⁻⁷" is (−1, −6.49…); 0 is (0, −inf)."""
    shape = r"(−?)(\d+(?:\.\d+)?)(?:·10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+))?"
    minus, mantissa, raised = re.fullmatch(shape, text).groups()
    if float(mantissa) == 0:
        return 0, -np.inf
    exponent = int(raised.translate(RAISED)) if raised else 0
    return -1 if minus else 1, np.log10(float(mantissa)) + exponent


@given(st.floats(-5000, 5000))
@example(-400.0)
@example(400.0)
@example(-3.0)
@example(-3.0000001)
@example(3.99999)
@example(4.0)
@example(-323.3)
@example(np.log10(9.99) - 400)
def test_power_reads_back_within_5_percent(log10):
    text = power(log10)
    sign, found = read(text)
    assert sign == 1
    assert abs(found - log10) <= CLOSE
    assert len(text) <= 12
    assert not text.startswith("10·")


@given(st.floats(allow_nan=False, allow_infinity=False))
@example(0.0)
@example(5e-324)
@example(-1.7e308)
@example(1e-8)
@example(-4e-7)
@example(0.00999)
@example(-0.9999)
@example(123456.0)
@example(1e300)
def test_number_reads_back_within_5_percent(value):
    """Whatever the size: a γ of 10⁻⁸ is not 0, and 10³⁰⁰ is no line of zeros."""
    text = number(value)
    sign, found = read(text)
    assert sign == np.sign(value)
    assert len(text) <= 12
    if value:
        assert abs(found - np.log10(abs(value))) <= CLOSE


@given(st.floats(0.001, 999))
def test_number_has_three_significant_digits(value):
    assert read(number(value))[1] == pytest.approx(np.log10(value), abs=np.log10(1.0051))


@pytest.mark.parametrize(
    ("write", "value", "text"),
    [
        (power, -np.inf, "0"),
        (power, np.inf, "∞"),
        (power, np.nan, "not finite"),
        (power, -400.0, "1·10⁻⁴⁰⁰"),
        (power, 400.0, "1·10⁴⁰⁰"),
        (power, np.log10(0.041), "0.0410"),
        (power, np.log10(3.2e-7), "3.2·10⁻⁷"),
        (number, -8.26e237, "−8.26·10²³⁷"),
        (number, 1e-8, "1.00·10⁻⁸"),
        (number, np.nan, "not finite"),
        (number, np.inf, "∞"),
        (number, -np.inf, "−∞"),
        (number, -0.5, "−0.500"),
        (number, 0.0, "0"),
        (number, -0.0, "0"),
    ],
)
def test_numbers_in_words(write, value, text):
    assert write(value) == text


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
