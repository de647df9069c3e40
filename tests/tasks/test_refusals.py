"""Every argument that is not allowed gets one sentence: argument, rule, what arrived."""

import math
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnviz.tasks import TASKS

LONG_TEXT = "`text` must have at most 5 characters (the `length` asked for), got"
COMPANIES = "all, GOOG, AAPL, AMZN, FB, NFLX, MSFT"

CASES = [
    ("adding", 1, {}, "`length` must be a whole number from 2 to 5000, got 1."),
    ("adding", 0, {}, "`length` must be a whole number from 2 to 5000, got 0."),
    ("impulse", 1, {}, "`length` must be a whole number from 2 to 5000, got 1."),
    ("noisy_sine", -5, {}, "`length` must be a whole number from 1 to 5000, got -5."),
    ("noisy_sine", 10**9, {}, "`length` must be a whole number from 1 to 5000, got 1000000000."),
    ("noisy_sine", math.nan, {}, "`length` must be a whole number from 1 to 5000, got nan."),
    ("noisy_sine", 3.0, {}, "`length` must be a whole number from 1 to 5000, got 3.0."),
    ("noisy_sine", "9", {}, "`length` must be a whole number from 1 to 5000, got '9'."),
    ("noisy_sine", True, {}, "`length` must be a whole number from 1 to 5000, got True."),
    ("noisy_sine", None, {}, "`length` must be a whole number from 1 to 5000, got None."),
    (
        "copying",
        10,
        {},
        "`length` must be a whole number from 11 to 5000 (5 symbols to read and write, and a go "
        "mark), got 10.",
    ),
    (
        "stocks",
        105,
        {},
        "`length` must be a whole number from 1 to 104 (the data has 105 weekly prices, the last "
        "a target only), got 105.",
    ),
    (
        "stocks",
        104,
        {"quantity": "log_return"},
        "`length` must be a whole number from 1 to 103 (the data has 104 weekly log returns, the "
        "last a target only), got 104.",
    ),
    ("adding", 9, {"seed": -1}, "`seed` must be a whole number of at least 0, got -1."),
    ("adding", 9, {"seed": 1.5}, "`seed` must be a whole number of at least 0, got 1.5."),
    ("adding", 9, {"batch": 0}, "`batch` must be a whole number from 1 to 256, got 0."),
    ("adding", 9, {"batch": 257}, "`batch` must be a whole number from 1 to 256, got 257."),
    ("adding", 9, {"part": "rest"}, "`part` must be one of all, train, test, got 'rest'."),
    (
        "stocks",
        32,
        {"part": "test"},
        "`length` must be a whole number from 1 to 31 (the data has 32 weekly prices, the last a "
        "target only), got 32.",
    ),
    ("adding", 9, {"noise": 1}, "Options of the task `adding` must not be given, got `noise`."),
    (
        "copying",
        30,
        {"symbol": 1},
        "Options of the task `copying` must be among symbols, alphabet_size, got `symbol`.",
    ),
    ("copying", 30, {"symbols": 0}, "`symbols` must be a whole number from 1 to 100, got 0."),
    (
        "copying",
        30,
        {"alphabet_size": 27},
        "`alphabet_size` must be a whole number from 2 to 26, got 27.",
    ),
    ("noisy_sine", 9, {"period": 1}, "`period` must be a number from 2 to 5000, got 1."),
    ("noisy_sine", 9, {"period": "9"}, "`period` must be a number from 2 to 5000, got '9'."),
    ("noisy_sine", 9, {"noise": math.inf}, "`noise` must be a number from 0 to 10, got inf."),
    ("noisy_sine", 9, {"noise": math.nan}, "`noise` must be a number from 0 to 10, got nan."),
    ("noisy_sine", 9, {"noise": None}, "`noise` must be a number from 0 to 10, got None."),
    ("noisy_sine", 9, {"noise": False}, "`noise` must be a number from 0 to 10, got False."),
    (
        "impulse",
        9,
        {"amplitude": 1e30},
        "`amplitude` must be a number from -100 to 100, got 1e+30.",
    ),
    ("stocks", 9, {"companies": "IBM"}, f"`companies` must be one of {COMPANIES}, got 'IBM'."),
    ("stocks", 9, {"quantity": 3}, "`quantity` must be one of price, log_return, got 3."),
    (
        "sentence",
        9,
        {"encoding": "bytes"},
        "`encoding` must be one of one_hot, embedding, got 'bytes'.",
    ),
    (
        "sentence",
        9,
        {"embedding_size": 0},
        "`embedding_size` must be a whole number from 1 to 256, got 0.",
    ),
    ("sentence", 9, {"text": ""}, "`text` must be text of at least one character, got ''."),
    ("sentence", 9, {"text": 5}, "`text` must be text of at least one character, got 5."),
    ("sentence", 5, {"text": "abcdef"}, f"{LONG_TEXT} 6."),
    ("sentence", 5, {"text": "a" * 10_000_000}, f"{LONG_TEXT} 10000000 code points."),
]


@pytest.mark.parametrize(("name", "length", "arguments", "sentence"), CASES)
def test_the_sentence(name: str, length: object, arguments: dict, sentence: str) -> None:
    with pytest.raises(ValueError) as refusal:  # noqa: PT011
        TASKS[name].make(length, **arguments)
    assert str(refusal.value) == sentence


def test_what_arrived_is_shown_short() -> None:
    for value in (10**400, 10**5000, "x" * 10**6, [0] * 10**6):
        with pytest.raises(ValueError, match="`noise` must be") as refusal:
            TASKS["noisy_sine"].make(9, noise=value)
        assert len(str(refusal.value)) < 120


def test_numbers_of_numpy_are_numbers() -> None:
    plain = TASKS["noisy_sine"].make(9, seed=2, batch=2, noise=0.5)
    numpy = TASKS["noisy_sine"].make(
        np.int64(9), seed=np.uint8(2), batch=np.int32(2), noise=np.float32(0.5)
    )
    assert np.array_equal(plain.x, numpy.x)


anything = st.one_of(
    st.integers(-3, 300), st.floats(), st.text(), st.none(), st.booleans(), st.binary()
)


@given(st.sampled_from(sorted(TASKS)), anything, st.data())
def test_whatever_arrives_makes_an_example_or_one_sentence(
    name: str, value: object, data: st.DataObject
) -> None:
    task = TASKS[name]
    arguments = {"length": task.default_length, "seed": 0, "batch": 1} | task.check_options()
    arguments[data.draw(st.sampled_from(sorted(arguments)))] = value
    sentence = ""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            assert np.isfinite(task.make(**arguments).x).all()
        except ValueError as refusal:
            sentence = str(refusal)
    assert not sentence or (sentence.endswith(".") and ", got " in sentence)
