"""The page of units: its numbers are the record's, its sentences are made from them."""

import numpy as np
import pytest

import rnnviz
from rnnviz.analysis.units import Match
from rnnviz.ui.pages.units import checks, findings, pattern
from tests.ui.apps import blank, charts, live, no_exception, open_app, settings_of

PAGE = "pages/Units.py"
SMALL = {"task": "noisy_sine", "T": 20, "H": 5, "seed": 3, "cells": "lstm,rnn", "scale": 3}


def trace(cell="lstm", **options):
    model = rnnviz.build(cell, 2, 5, seed=0, **options)
    x = np.random.default_rng(0).standard_normal((30, 1, 2)).cumsum(axis=0)
    return rnnviz.run(model, x).layers[0]


def says(app):
    return " ".join(one.value for one in app.main.markdown)


def test_every_tab_shows_the_record_of_the_chosen_cell_on_time_s_axis():
    app = open_app(PAGE, **SMALL)
    no_exception(app)
    found = settings_of(app).flow("lstm").trace
    use = rnnviz.saturation(found)["f"]
    drawn = {one["name"]: one for one in charts(app)["each_saturation"]["data"]}["f · forget gate"]
    assert set(zip(drawn["x"], drawn["y"], strict=True)) == set(zip(use.high, use.low, strict=True))
    assert "remembers longest" in says(app)
    app.session_state["units"] = "order"
    app.session_state["order"] = "clustering"
    app.run()
    no_exception(app)
    heatmap = charts(app)["each_in_order"]
    order = rnnviz.unit_order(found, "clustering").order
    assert list(heatmap["data"][0]["y"]) == list(map(str, order))
    assert heatmap["layout"]["meta"] == ["x"]
    app.session_state["units"], app.session_state["dims"] = "projection", "3"
    app.run()
    no_exception(app)
    places = rnnviz.state_projection(found, 3).places
    np.testing.assert_allclose(charts(app)["each_projection"]["data"][0]["z"], places[:, 2])
    assert not blank(app)
    assert live(app)


def test_a_pattern_is_looked_for_in_the_marked_stretch_or_with_chosen_units():
    app = open_app(PAGE, **SMALL, cell="rnn", units="pattern", first=8, last=6, above=0.2)
    no_exception(app)
    found = settings_of(app).flow("rnn").trace
    units = rnnviz.units_on(found, 6, 8, 0.2)
    assert f"From step 6 to 8, {len(units)} of 5 units" in says(app)
    own = [one for one in rnnviz.matches(found, units, 0.2, share=0.75, length=3)
           if one.stop < 6 or one.start > 8]  # fmt: skip
    table = app.main.dataframe[0].value
    assert list(table["from step"]) == [one.start for one in own]
    app.session_state["own_units"] = "1; 3, x, 99"
    app.run()
    no_exception(app)
    assert "The pattern is 2 of 5 units: 1, 3." in says(app)
    app.session_state["own_units"], app.session_state["above"] = "", 5.0
    app.run()
    no_exception(app)
    assert "No unit has h above 5.00" in says(app)
    app.session_state["T"] = 6
    app.run()
    no_exception(app)
    assert (app.session_state["first"], app.session_state["last"]) == (3, 5)


def test_a_cell_in_which_nothing_saturates_opens_on_its_units_in_order():
    app = open_app(PAGE, **SMALL | {"cells": "rnn"}, nonlinearity="identity")
    no_exception(app)
    assert "each_in_order" in charts(app)
    (tabs,) = (one.options for one in app.get("button_group") if one.key == "units")
    assert len(tabs) == 3, "saturated gates are not offered"


@pytest.mark.parametrize("nonlinearity", ["relu", "tanh"])
def test_a_cell_without_gates_is_told_by_its_h_or_not_at_all(nonlinearity):
    said = findings.finding(trace("rnn", nonlinearity=nonlinearity))
    assert ("does not saturate" in said) == (nonlinearity == "relu")
    assert "By its autocorrelation" in said


def test_what_is_said_of_gates_that_never_move_and_of_silent_units():
    still = trace(hold={"f": 1.0, "o": 0.0})
    said = findings.finding(still)
    assert "τ = ∞ steps" in said
    assert "|h| ≤ 0.01 at every step: 5 of 5, 0, 1, 2, 3, 4." in said
    listed = findings.fixed_gates(still)
    assert "- f above 0.9 at every step: unit 0, 1, 2, 3, 4" in listed
    assert "- o below 0.1 at every step: unit 0, 1, 2, 3, 4" in listed
    assert findings.fixed_gates(trace("rnn")) == ""


def test_the_marked_stretch_is_no_other_stretch():
    found = [Match(4, 9, 2, 0, 1.0), Match(15, 16, 2, 1, 2 / 3)]
    said = findings.pattern([0, 3], 5, "h", 0.1, (5, 7), found, chosen=False)
    assert ("Other stretches found: 1. Most alike is the stretch from step 15 to 16; on throughout "
            "are 2 of the pattern's units and of the other units 1.") in said
    assert findings.apart(found, (5, 7)) == found[1:]
    alone = findings.pattern([0, 3], 5, "h", 0.1, (5, 7), found[:1], chosen=False)
    assert "No other stretch" in alone
    own = findings.pattern([0, 3], 5, "h", 0.1, (5, 7), found, chosen=True)
    assert "Stretches found: 2." in own


@pytest.mark.parametrize("cell", ["lstm", "rnn", "gru"])
def test_the_checks_hold_and_can_fail(cell, monkeypatch):
    assert all(one.ok for one in checks.of_units(trace(cell)))
    wrong = rnnviz.saturation(trace(cell, gain=3.0))
    monkeypatch.setattr(checks, "saturation", lambda _: wrong)
    other = rnnviz.state_projection(trace(cell))
    spoilt = other._replace(axes=1.1 * other.axes, explained=0.9 * other.explained)
    monkeypatch.setattr(checks, "state_projection", lambda _: spoilt)
    failed = {one.name for one in checks.of_units(trace(cell)) if not one.ok}
    assert failed >= {"saturation", "axes", "explained"}


def test_units_are_read_from_any_text():
    assert pattern.units_named("3, 0;3,, −1, 2.5, 7, 99999999", 6) == (0, 3)
