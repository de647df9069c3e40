"""The page of variants: what its pictures, tables and sentences say is the core's."""

import re
from dataclasses import replace

import numpy as np
import pytest

from rnnviz.analysis.peephole_and_reset import cell_ways, conventions, gate_parts, without_peepholes
from rnnviz.cells import CELLS
from rnnviz.experiments.cost import cost, counted
from rnnviz.experiments.settings import Settings
from rnnviz.ui.pages.variants.findings import conventions_finding, peephole_finding
from rnnviz.words import speak
from rnnviz.words.numbers import adding_up, number
from tests.ui.apps import (
    alts,
    badges,
    blank,
    charts,
    in_words,
    live,
    open_app,
    shown,
    stage,
    traces,
)
from tests.ui.gradient_pages import SMALL

PAGE = "pages/Variants.py"
BASE = Settings(task="noisy_sine", length=12, hidden_size=3, seed=5)


def peephole(form="full", **changes):
    own = replace(BASE, cells=("peephole_lstm",), cell_options=(("peephole", form),), **changes)
    return own.flow("peephole_lstm")


def gru(**changes):
    return replace(BASE, cells=("gru",), **changes).flow("gru")


def finite(values):
    values = np.asarray(values, float)
    return np.where(np.isfinite(values), values, np.nan)


@pytest.mark.parametrize("form", ["full", "diagonal"])
@pytest.mark.parametrize(("gate", "unit"), [("f", 0), ("i", 2), ("o", 1)])
def test_the_parts_drawn_are_the_core_s(form, gate, unit):
    app = shown(PAGE, **SMALL, form=form, see=gate, unit=unit)
    flow = peephole(form)
    parts, plain = gate_parts(flow.trace.layers[0], gate), without_peepholes(flow)
    drawn = [one["y"] for one in charts(app)["peephole_parts"]["data"]]
    wanted = [*(one[:, unit] for one in parts), parts.total[:, unit],
              flow.trace[gate][:, 0, unit], plain.trace[gate][:, 0, unit]]  # fmt: skip
    for line, row in zip(drawn, wanted, strict=True):
        np.testing.assert_allclose(line, row, atol=1e-14)
    now = live(app)["peephole_now"]
    np.testing.assert_allclose(now.values, wanted[-2:], atol=1e-14)
    assert now.head["labels"][0] == adding_up([one[0] for one in wanted[:3]])
    (heat,) = charts(app)["peephole_units"]["data"]
    np.testing.assert_allclose(np.asarray(heat["z"], float), parts.seen.T, rtol=1e-6, atol=1e-7)


def test_the_gradient_drawn_is_the_core_s():
    flow = peephole()
    ways = cell_ways(flow)
    drawn = traces(charts(shown(PAGE, **SMALL))["peephole_gradient"])
    for name, way in (("c", ways.total), ("along f", ways.kept), ("through h", ways.out),
                      ("of o, at t", ways.now), ("of i and f, at t + 1", ways.later)):  # fmt: skip
        np.testing.assert_allclose(finite(drawn[name]["y"]), finite(way.log10_norms()), atol=1e-12)
    plain = without_peepholes(flow).log10_norms("c")[1:, 0]
    np.testing.assert_allclose(finite(drawn["plain LSTM"]["y"]), finite(plain), atol=1e-12)


def test_steps_without_a_gradient_are_left_out_of_the_finding():
    """Behind the loss both norms are −inf, and their difference is not a number."""
    flow = peephole(loss="chosen", loss_at="4")
    ways = cell_ways(flow)
    assert np.isneginf(ways.total.log10_norms()[4:]).all()
    said = peephole_finding(flow, without_peepholes(flow), ways, "f")
    assert "(median over the steps)" in said


@pytest.mark.parametrize("inner", [0.0, 0.5])
def test_both_conventions_are_drawn_at_one_unit_and_at_all(inner):
    app = shown(PAGE, **SMALL, bh=inner)
    many, one = conventions(gru(), inner), conventions(gru(hidden_size=1), inner)
    drawn = traces(charts(app)["conventions"])
    for name, found in (("H = 1", one), ("H = 3", many)):
        with np.errstate(divide="ignore"):
            wanted = np.log10(np.linalg.norm(found.apart("h"), axis=1))
        np.testing.assert_allclose(finite(drawn[name]["y"]), finite(wanted), atol=1e-9)
    words, table = in_words(app), app.main.table[0].value
    for found, row in ((one, "H = 1"), (many, "H = 3")):
        assert number(found.most()) in words
        wanted = [number(float(found.apart(name).max())) for name in "rzgh"]
        assert list(table.loc[row])[:4] == wanted
    assert ("agree at H = 1" in words) == (inner == 0)


def test_the_gate_held_is_drawn_beside_the_free_one():
    app = shown(PAGE, **SMALL)
    free = replace(BASE, cells=("lstm",))
    held = replace(free, hold=(("lstm", "f", 1.0),))
    drawn = charts(app)["held"]["data"]
    wanted = [one.flow("lstm").log10_norms(state)[:, 0] for state in "ch" for one in (held, free)]
    lines = [one for one in drawn if "lines" in one.get("mode", "")]
    for line, row in zip(lines, wanted, strict=True):
        np.testing.assert_allclose(finite(line["y"]), finite(row), atol=1e-12)


def test_every_cell_is_in_the_table():
    table = shown(PAGE, **SMALL).main.table[1].value
    assert list(table.index) == [kind.title for kind in CELLS.values()]
    assert list(table["source"]) == [kind.source for kind in CELLS.values()]
    for kind in CELLS.values():
        count = counted(kind(), 3, 7)
        said = cost(kind()).parameters
        assert table.loc[kind.title, "parameters"] == str(said)
        assert said.at(3, 7) == count


@pytest.mark.parametrize("query", [{}, {"form": "diagonal", "see": "o"}, {"H": 1}, {"bh": -1.0},
                                   {"loss": "every", "cells": "gru"}, {"T": 2}])  # fmt: skip
def test_it_is_shown_and_verified(query):
    app = shown(PAGE, **(SMALL | query))
    assert not app.exception, [one.message for one in app.exception]
    assert not blank(app)
    assert stage(app)["length"] == (SMALL | query)["T"]
    assert badges(app) == ["✓ Checks passed"]
    assert all(len(text) > 20 for text in alts(app).values())


def test_the_address_says_form_gate_and_bias():
    app = open_app(PAGE, **SMALL, see="x", bh=9)
    assert any("see = f is shown" in one.value for one in app.info)
    assert any("bh = 2" in one.value for one in app.info)
    app = open_app(PAGE, **SMALL)
    assert not {"see", "form", "bh"} & set(app.query_params)


def test_no_finding_says_nan():
    for changes in ({}, {"scale": 3.0}, {"length": 2}, {"hidden_size": 1}, {"loss": "every"}):
        for form in ("full", "diagonal"):
            flow = peephole(form, **changes)
            said = peephole_finding(flow, without_peepholes(flow), cell_ways(flow), "f")
            assert "nan" not in said
        for inner in (0.0, 1.0):
            pair = (conventions(gru(**(changes | {"hidden_size": 1})), inner),
                    conventions(gru(**changes), inner))  # fmt: skip
            said = conventions_finding(pair, inner)
            assert "nan" not in said


@pytest.mark.parametrize("query", [{}, {"H": 1}, {"bh": 0.5, "see": "o"}])
def test_the_page_is_in_korean(query):
    app = open_app(PAGE, **(SMALL | query), lang="ko")
    speak("en")
    assert not app.exception
    for text in (*in_words(app).split("\n"), *alts(app).values()):
        if not text.startswith("|"):
            assert not re.search(r"(?<![A-Za-z_`])[a-z]{3,}(?![A-Za-z_`])",
                                 re.sub(r"\*.*?\*|<.*?>|tanh|pytorch", "", text)), text  # fmt: skip
