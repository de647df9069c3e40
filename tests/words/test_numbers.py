"""Numbers as text can be read back."""

import re
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rnnviz.words.numbers import adding_up, number, percent, power

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
        (percent, 0.0029, "0.29 %"),
        (percent, 6.7e-9, "6.7·10⁻⁹"),
        (percent, 0.0, "0 %"),
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
def test_numbers_as_text(write, value, text):
    assert write(value) == text


@given(st.lists(st.floats(-5000, 5000), min_size=2, max_size=4))
@example([2.3806, 0.3206, -0.3136])
@example([0.00005, 0.00005, -0.0001])
def test_a_printed_sum_adds_up_as_printed(parts):
    terms, total = adding_up(parts).replace("− ", "−").replace("+ ", "").split(" = ")
    printed = [Decimal(one.replace("−", "-")) for one in (*terms.split(), total)]
    assert sum(printed[:-1]) == printed[-1]
    last = float(Decimal(1).scaleb(printed[-1].as_tuple().exponent))
    np.testing.assert_allclose([float(one) for one in printed], [*parts, sum(parts)],
                               atol=1.51 * last)  # fmt: skip
