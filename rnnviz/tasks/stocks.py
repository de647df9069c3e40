"""Predict next week's stock prices: real data, shipped with Plotly.

`plotly.data.stocks`: closing prices of six technology companies in 105 consecutive weeks,
2018-01-01 to 2019-12-30, each divided by its first. A sequence always starts at the first week.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from rnnviz.numerics.optional import needed
from rnnviz.words import sentence, word

from ._base import Lengths, Option, Task
from ._example import Example, repeated

COMPANIES = ("GOOG", "AAPL", "AMZN", "FB", "NFLX", "MSFT")
WEEKS = 105


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


def generate(
    length: int, batch: int, rng: np.random.Generator, *, quantity: str, companies: str
) -> Example:
    """The first T weeks; the target is the same quantity one week later, (T, B, 6) or (T, B, 1).

    Standardised per company: minus its mean, over its standard deviation (dividing by the number
    of weeks), both over all weeks of the data, so that a week's value does not depend on `length`.
    No use is made of `rng`, and all B sequences are the same weeks.
    """
    dates, values = weekly_series(quantity)
    chosen = COMPANIES if companies == "all" else (companies,)
    values = values[:, [COMPANIES.index(company) for company in chosen]]
    scaled = (values - values.mean(axis=0)) / values.std(axis=0)
    return Example(
        task="stocks",
        x=repeated(scaled[:length], batch),
        targets=repeated(scaled[1 : length + 1], batch),
        mask=np.ones(length, dtype=bool),
        loss="squared_error",
        input_labels=chosen,
        step_labels=dates[:length],
        output_labels=chosen,
    )


def lengths(quantity: str, **_: object) -> Lengths:
    """One week less than there are values: the last is a target only."""
    values = WEEKS if quantity == "price" else WEEKS - 1
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
    loss_place="at every step",
    generate=generate,
    options=(
        Option(
            "quantity",
            "price",
            "The price itself, or its weekly log return.",
            choices=("price", "log_return"),
        ),
        Option("companies", "all", "All six companies or one.", choices=("all", *COMPANIES)),
    ),
    length_rule=lengths,
    unit=word("standard deviations from the mean"),
    default_length=52,
    order=20,
)
