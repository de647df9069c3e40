"""The cost page: counts, equal sizes and equal counts, and time measured when asked."""

from dataclasses import replace

import numpy as np
import pytest

from rnnviz import CELLS
from rnnviz.experiments.cost import cost, counted, sizes
from rnnviz.experiments.initialisation_runs import SCHEMES, measure, quantiles
from rnnviz.figures.costs import Bars, cost_bars
from rnnviz.words.numbers import share
from tests.ui.apps import alts, charts, in_words, live, open_app, settings_of, shown, traces

PAGE = "pages/Cost.py"
SMALL = {"task": "noisy_sine", "T": 12, "H": 4, "seed": 5}


def table_of(app):
    (table,) = (one.value for one in app.main.table if "counted" in one.value.columns)
    return table


def bars_of(app, title):
    return np.asarray(traces(charts(app)["cost_bars"])[title]["x"], float)


@pytest.mark.parametrize("way", ["units", "count"])
def test_bars_and_table_are_the_core_s(way):
    app = shown(PAGE, **SMALL, by=way)
    asked = settings_of(app)
    table = table_of(app)
    assert len(table) == len(CELLS)
    wanted = sizes(asked, tuple(CELLS), by_count=way == "count")
    inputs = asked.example().input_size
    for title, row in table.iterrows():
        name = next(one for one, kind in CELLS.items() if kind.title == title)
        kind = asked.kind(name)
        count = counted(kind, inputs, wanted[name])
        assert int(row["H"]) == wanted[name]
        assert row["counted"] == f"{count:,}"
        assert row["parameters by formula"].endswith(f"=\xa0{count:,}")
    assert sorted(bars_of(app, "Parameters of one layer")) == sorted(
        counted(asked.kind(one), inputs, size) for one, size in wanted.items()
    )
    assert sorted(bars_of(app, "Multiply-adds a step, forward")) == sorted(
        cost(asked.kind(one)).multiply_adds.at(inputs, size) for one, size in wanted.items()
    )


def test_gradients_under_both_share_an_axis_and_are_the_core_s():
    app = shown(PAGE, **SMALL)
    asked, drawn = settings_of(app), charts(app)
    ranges = {tuple(drawn[key]["layout"]["yaxis"]["range"]) for key in ("cost_units", "cost_count")}
    assert len(ranges) == 1
    for way, by_count in (("units", False), ("count", True)):
        for cell, size in sizes(asked, asked.cells, by_count=by_count).items():
            one = measure(replace(asked, hidden_size=size), cell, SCHEMES["yours"])
            y = np.asarray(traces(drawn[f"cost_{way}"])[CELLS[cell].title]["y"], float)
            np.testing.assert_array_equal(y, quantiles(one.state)[1])
    assert live(app)["cost_now"].values.shape == (6, 12)


def test_the_finding_has_the_ratio_and_ends_in_something_to_do():
    app = shown(PAGE)
    said, asked = in_words(app), settings_of(app)
    assert "parameters are in the ratio RNN : GRU : LSTM = 1 : 3 : 4," in said
    for cell in ("lstm", "rnn"):
        assert share(float(quantiles(measure(asked, cell, SCHEMES["yours"]).ratios())[1])) in said
    assert "measure the time below" in said
    assert "Choose cells of different cost" in in_words(shown(PAGE, **SMALL, cells="gru"))


def test_time_is_measured_when_asked_and_never_kept_for_other_settings():
    app = open_app(PAGE, **SMALL)
    assert any("Not measured yet" in one.value for one in app.main.caption)
    assert "forward, µs" not in table_of(app).columns
    app.main.button(key="_measure").click().run()
    assert not app.exception
    assert "forward, µs" in table_of(app).columns
    assert (bars_of(app, "Time a step forward, µs") > 0).all()
    assert (bars_of(app, "Time a step back, µs") > 0).all()
    said = in_words(app)
    assert "times as long in the" in said
    assert any("on this machine" in one.value for one in app.main.caption)
    app.sidebar.slider(key="H").set_value(5).run()
    assert any("Not measured yet" in one.value for one in app.main.caption)
    assert "forward, µs" not in table_of(app).columns


def test_bars_have_words_behind_them():
    fig = cost_bars(["A", "B"], ["#333333", "#444444"],
                    [Bars("x", [1, 2], ["one", "two"]),
                     Bars("y", [1.0, 2.0], ["a", "b"], [(0.5, 90.0), (1.9, 2.1)])])  # fmt: skip
    assert {"one", "two", "a", "b", "x", "y"} == {note.text for note in fig.layout.annotations}
    assert fig.layout.xaxis.range[0] == fig.layout.xaxis2.range[0] == 0
    assert fig.data[1].error_x.array[0] == pytest.approx(2.4 - 1)
    assert all(len(words) > 20 for words in alts(shown(PAGE, **SMALL)).values())
