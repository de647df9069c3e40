"""Predict next week's stock prices: real data, shipped with Plotly.

`plotly.data.stocks`: closing prices of six technology companies in 105 consecutive weeks,
2018-01-01 to 2019-12-30, each divided by its first. Pages show the first weeks. For training,
windows to learn from lie in the first 70 % of the values, windows to be tested on in the rest,
later in time. The naive forecast is that prices stay as they are: the best one if they are a random
walk (Fama 1965, "The Behavior of Stock-Market Prices").
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from rnnviz.numerics.optional import needed
from rnnviz.words import sentence, word

from ._base import Lengths, Option, Part, Task
from ._example import Example
from ._windows import Split, windows

COMPANIES = ("GOOG", "AAPL", "AMZN", "FB", "NFLX", "MSFT")
WEEKS = 105
TRAINING = 0.7


@cache
def weekly_prices() -> tuple[tuple[str, ...], NDArray[np.float64]]:
    """Dates (105,) as "2018-01-01" and prices (105, 6) as multiples of the first week's.

    Raises ImportError, with the command that installs it, where plotly or pandas is missing.
    """
    needed("pandas", who="The task 'stocks'", extra="app")
    table = needed("plotly.data", who="The task 'stocks'", extra="app").stocks()
    prices = np.array(table[list(COMPANIES)], dtype=np.float64)
    prices.flags.writeable = False
    return tuple(table["date"]), prices


def weekly_series(quantity: str) -> tuple[tuple[str, ...], NDArray[np.float64]]:
    """Dates (W,) and unscaled values (W, 6): 105 prices, or 104 log returns ln(p_w / p_{w-1}).

    A return carries the date of the week it ends in.
    """
    dates, prices = weekly_prices()
    if quantity == "price":
        return dates, prices
    return dates[1:], np.diff(np.log(prices), axis=0)


def split(quantity: str) -> Split:
    """Which of the values of this quantity are to learn from."""
    values = WEEKS if quantity == "price" else WEEKS - 1
    return Split(values, int(TRAINING * values))


def generate(
    length: int,
    batch: int,
    rng: np.random.Generator,
    *,
    quantity: str,
    companies: str,
    scale: str,
    part: Part,
) -> Example:
    """The first T weeks, or T weeks that start anywhere in the part: x (T, B, 6) or (T, B, 1).

    The target is the same quantity one week later. Standardised per company: minus its mean, over
    its standard deviation (dividing by the number of weeks), of all weeks or of the training weeks,
    so that a week's value does not depend on `length`. Steps are labelled by the first sequence's
    dates.
    """
    dates, values = weekly_series(quantity)
    chosen = COMPANIES if companies == "all" else (companies,)
    values = values[:, [COMPANIES.index(company) for company in chosen]]
    known = values[: split(quantity).training] if scale == "training_weeks" else values
    mean, deviation = known.mean(axis=0), known.std(axis=0)
    scaled = (values - mean) / deviation
    at = windows(split(quantity), part, length, batch, rng)
    x = scaled[at[:-1]]
    return Example(
        task="stocks",
        x=x,
        targets=scaled[at[1:]],
        mask=np.ones(length, dtype=bool),
        loss="squared_error",
        input_labels=chosen,
        step_labels=tuple(dates[week] for week in at[:-1, 0]),
        output_labels=chosen,
        naive=x if quantity == "price" else -mean / deviation,
    )


def lengths(quantity: str, part: Part, **_: object) -> Lengths:
    """One week less than there are values: the last is a target only."""
    values = split(quantity).count(part)
    template = (
        word("the data has {values} weekly prices, the last a target only")
        if quantity == "price"
        else word("the data has {values} weekly log returns, the last a target only")
    )
    return Lengths(1, values - 1, sentence(template, values=values))


STOCKS = Task(
    name="stocks",
    title="Stock prices",
    description="Predict next week's standardised prices of technology companies, 2018 to 2019.",
    generate=generate,
    options=(
        Option(
            "quantity",
            "price",
            "The price itself, or its weekly log return.",
            choices=("price", "log_return"),
        ),
        Option("companies", "all", "All six companies or one.", choices=("all", *COMPANIES)),
        Option(
            "scale",
            "all_weeks",
            "The weeks whose mean and standard deviation are the scale; all weeks tell a net that "
            "is trained where the later prices lie.",
            choices=("all_weeks", "training_weeks"),
        ),
    ),
    length_rule=lengths,
    unit=word("standard deviations from the mean"),
    default_length=52,
    by_part=True,
    held_out="later",
    naive=word("the price stays as it is"),
    score="skill",
    order=20,
)
