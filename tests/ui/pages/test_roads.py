"""The page of gradient paths: its numbers and sentences are the core's."""

from dataclasses import replace

import numpy as np
import pytest

import rnnviz
from rnnviz import CELLS
from rnnviz.advice.measured import best
from rnnviz.analysis.gradient_paths import roads, time_constants
from rnnviz.analysis.reach import alone
from rnnviz.experiments.remedies import remedies
from rnnviz.experiments.settings import Settings
from rnnviz.ui.pages.roads import findings as roads_page
from rnnviz.words.numbers import number
from tests.ui.apps import (
    charts,
    in_words,
    live,
    open_app,
    settings_of,
    shown,
)
from tests.ui.gradient_pages import PAGES, SMALL, finite, lines, of


@pytest.mark.parametrize("cell", CELLS)
def test_the_roads_are_the_core_s(cell):
    app, flow, _ = of("Roads", cell)
    found = roads(flow.trace, alone(flow)[0].outputs)
    drawn = {}
    for one in charts(app)["roads"]["data"]:
        if "lines" in one.get("mode", ""):
            drawn.setdefault(one["name"], []).append(one["y"])
    np.testing.assert_array_equal(drawn["whole"][0], finite(found.total))
    np.testing.assert_array_equal(drawn["weights"][0], finite(found.rest))
    norms, share = drawn[f"along {found.state}"]
    np.testing.assert_array_equal(norms, finite(found.main))
    np.testing.assert_array_equal(share, found.share)
    wanted = np.stack([found.total, found.main, found.rest, found.share])[:, 1:]
    np.testing.assert_array_equal(live(app)["roads_now"].values, wanted)
    if found.gate is not None:
        taus = np.quantile(time_constants(flow.trace)[:, 0], 0.5, axis=1, method="nearest")
        median = lines(charts(app)["constants"])["median"]
        np.testing.assert_allclose(10 ** np.asarray(median), taus)
    kind = CELLS[cell]
    assert roads_page.finding(kind.title, found, kind.open_path) in in_words(app)


def test_what_the_roads_page_says():
    for cell, kind in CELLS.items():
        asked = replace(Settings(), length=30)
        found = roads(asked.flow(cell).trace, asked.loss_object(asked.example()))
        text = roads_page.finding(kind.title, found, kind.open_path)
        if kind.keeping_gate is None and not kind.open_path:
            assert "no path along h alone: every step back" in text
            continue
        parts = (10 ** (part[1] - found.total[1]) for part in (found.main, found.rest))
        for part in map(number, parts):
            assert f" is {part} times as long" in text
        assert f"multiplied by {kind.keeping_gate or 1} and nothing else" in text


def test_no_gradient_on_any_road_is_said():
    trace = rnnviz.run(rnnviz.build("gru", 1, 4), np.zeros((5, 1)))
    text = roads_page.finding("GRU", roads(trace, np.zeros((5, 1, 4))))
    assert "No gradient reaches step 1 of the **GRU**" in text


@pytest.mark.parametrize("page", ["Roads", "Spectrum"])
def test_the_change_that_helps_most_is_said(page):
    app = shown(PAGES[page], **SMALL, cells="lstm", bf=-1)
    asked = settings_of(app)
    said = best(list(remedies(asked, "lstm")), "lstm")
    assert "helps most: 3.1·10⁻⁷ → " in said
    assert said in in_words(app)


def test_the_first_page_of_a_visit_shows_sketches_of_two_charts_and_the_next_page_none():
    """A page whose first picture is our own component needs none."""
    def sketches(app):
        return ["rv-sketch" in one.proto.body for one in app.main.get("html")].count(True)

    app = open_app("pages/Roads.py", T=20)
    assert sketches(app) == 2
    app.session_state["_sketched"] = app.session_state["_sketched"][0], 0.0
    assert not sketches(app.run())
    assert not sketches(shown(T=20))
