"""The stocks task against the file that Plotly ships."""

import csv
import gzip
import math
import statistics
from pathlib import Path

import numpy as np
import plotly
import pytest

from rnnviz.tasks import TASKS
from rnnviz.tasks.stocks import COMPANIES, WEEKS, weekly_prices, weekly_series

STOCKS = TASKS["stocks"]


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    path = Path(plotly.__file__).parent / "package_data" / "datasets" / "stocks.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_the_prices_are_the_numbers_of_the_file(rows: list[dict[str, str]]) -> None:
    dates, prices = weekly_prices()
    assert len(dates) == len(rows) == WEEKS
    assert list(dates) == [row["date"] for row in rows]
    expected = np.array([[float(row[company]) for company in COMPANIES] for row in rows])
    np.testing.assert_allclose(prices, expected, rtol=1e-15)
    assert (prices[0] == 1).all()
    assert set(rows[0]) == {"date", *COMPANIES}


@pytest.mark.parametrize("company", COMPANIES)
@pytest.mark.parametrize("quantity", ["price", "log_return"])
def test_inputs_and_targets(rows: list[dict[str, str]], company: str, quantity: str) -> None:
    series, dates = [float(row[company]) for row in rows], [row["date"] for row in rows]
    if quantity == "log_return":
        series = [math.log(series[k + 1] / series[k]) for k in range(len(series) - 1)]
        dates = dates[1:]
    mean, deviation = statistics.fmean(series), statistics.pstdev(series)
    scaled = [(value - mean) / deviation for value in series]
    example = STOCKS.make(20, quantity=quantity, companies=company)
    np.testing.assert_allclose(example.x[:, 0, 0], scaled[:20], rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(example.targets[:, 0, 0], scaled[1:21], rtol=1e-10, atol=1e-12)
    assert list(example.step_labels) == dates[:20]
    assert example.input_labels == example.output_labels == (company,)
    assert example.mask.all()


def test_all_companies_are_the_single_ones_side_by_side() -> None:
    together = STOCKS.make(30)
    assert together.input_labels == COMPANIES
    for place, company in enumerate(COMPANIES):
        alone = STOCKS.make(30, companies=company)
        assert np.array_equal(together.x[:, :, [place]], alone.x)
        assert np.array_equal(together.targets[:, :, [place]], alone.targets)


@pytest.mark.parametrize("quantity", ["price", "log_return"])
def test_the_whole_data_is_standardised_and_a_shorter_run_shows_the_same_values(
    quantity: str,
) -> None:
    longest = STOCKS.lengths(quantity=quantity).maximum
    example = STOCKS.make(longest, quantity=quantity)
    values = np.concatenate([example.x, example.targets[-1:]])[:, 0]
    np.testing.assert_allclose(values.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(values.std(axis=0), 1, rtol=1e-12)
    assert np.array_equal(STOCKS.make(10, quantity=quantity).x, example.x[:10])
    assert len(weekly_series(quantity)[0]) == longest + 1


def test_tested_weeks_come_after_those_learnt_from_and_the_naive_forecast_is_no_change() -> None:
    dates, prices = weekly_prices()
    google, known = prices[:, 0], prices[:73, 0]
    for part, own in (("train", range(73)), ("test", range(73, WEEKS))):
        seen = set()
        for seed in range(200):
            example = STOCKS.make(9, part=part, seed=seed, companies="GOOG", scale="training_weeks")
            first = dates.index(example.step_labels[0])
            weeks = range(first, first + 10)
            seen |= set(weeks)
            both = np.append(example.x, example.targets[-1]) * known.std() + known.mean()
            np.testing.assert_allclose(both, google[weeks])
            moves = [(google[w + 1] - google[w]) / known.std() for w in weeks[:-1]]
            assert example.baseline == pytest.approx(statistics.fmean(m**2 for m in moves))
        assert seen == set(own)
    returns = STOCKS.make(9, part="test", batch=4, quantity="log_return")
    change = returns.naive_answers() * weekly_series("log_return")[1].std(axis=0)
    np.testing.assert_allclose(change + weekly_series("log_return")[1].mean(axis=0), 0, atol=1e-15)


def test_the_table_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="read-only"):
        weekly_prices()[1][0] = 0
