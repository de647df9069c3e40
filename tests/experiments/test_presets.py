"""Every preset shows what it says it shows, with numbers that are read off its arrays."""

import re
from dataclasses import replace

import numpy as np
import pytest

from rnnviz.analysis.reach import reach
from rnnviz.core.weight_edits import Edit
from rnnviz.experiments.presets import PRESETS, latch_state, matching, plain, same
from rnnviz.experiments.settings import Settings
from rnnviz.ui.shell.navigation import pages
from rnnviz.words import say

NAMES = list(PRESETS)
SPOILT = {
    "stocks": {"scale": 2.5},
    "vanishing": {"scale": 3.0},
    "exploding": {"scale": 0.9},
    "orthogonal": {"init": "glorot"},
    "irnn": {"scale": 0.9},
    "forget0": {"forget_bias": 1.0},
    "forget1": {"forget_bias": 0.0},
    "forget3": {"forget_bias": 0.0},
    "chrono": {"init": "pytorch", "update_bias": 3.0},
    "copying_gru": {"update_bias": 3.0},
    "saturated": {"forget_bias": 0.0},
    "long": {"forget_bias": 0.0},
    "latch": {"scale": 0.9},
    "sentence": {"forget_bias": 0.0},
    "both_ends": {"loss_at": "50"},
    "encoder": {"forget_bias": 0.0},
    "laws": {"scale": 2.0},
    "equal_count": {"hidden_size": 1},
    "every_loss": {"forget_bias": 0.0},
    "latch_system": {"scale": 0.9},
    "peephole": {"cell_options": (("peephole", "full"),)},
    "windows": {"hidden_size": 1},
    "adding_learnt": {"update": 15},
    "latch_learnt": {"update": 15},
    "characters_learnt": {"update": 5},
}
"""A change after which each preset's claim is false."""
WITHOUT = {"pages/Glossary.py", "pages/Paths.py", "pages/Your_cell.py", "pages/Your_net.py",
           "pages/Runs.py", "pages/Phase_diagrams.py"}  # fmt: skip
"""Pages that no setting changes, or that show what a person brings."""


def flows(settings):
    return {cell: settings.flow(cell) for cell in settings.cells}


@pytest.fixture(scope="module")
def claims():
    return {name: one.claim(one.settings, flows) for name, one in PRESETS.items()}


def test_there_is_one_for_every_page_and_the_app_opens_on_the_first():
    assert {one.page for one in PRESETS.values()} >= set(pages()) - WITHOUT
    assert next(iter(PRESETS.values())).settings == Settings()
    assert len({one.title for one in PRESETS.values()}) == len(PRESETS)


@pytest.mark.parametrize("name", NAMES)
def test_what_a_preset_says_holds(claims, name):
    assert claims[name].holds


@pytest.mark.parametrize("name", NAMES)
def test_and_it_can_fail(name):
    changed = replace(PRESETS[name].settings, **SPOILT[name])
    changed.check()
    assert not PRESETS[name].claim(changed, flows).holds


@pytest.mark.parametrize("name", NAMES)
def test_every_number_in_it_is_read_off(claims, name):
    one = PRESETS[name]
    slots = set(re.findall(r"\{(\w+)", one.see))
    assert slots <= set(claims[name].numbers)
    said = say(one.see, **claims[name].numbers)
    assert "{" not in said
    assert "None" not in said
    assert "not finite" not in said


@pytest.mark.parametrize("name", NAMES)
def test_a_preset_can_be_shown_has_a_source_and_a_page(name):
    one = PRESETS[name]
    one.settings.check()
    assert re.search(r"\b(18|19|20)\d\d\b", one.source)
    assert one.page in pages()
    assert matching(one.settings) is one
    assert dict(one.controls).get("cell", one.settings.cells[0]) in one.settings.cells


def test_no_two_presets_are_the_same():
    assert len({plain(one.settings) for one in PRESETS.values()}) == len(PRESETS)


@pytest.mark.parametrize(
    "change",
    [{"options": (("companies", "all"), ("quantity", "price"))},
     {"cell_options": (("nonlinearity", "tanh"), ("reset_after", False))},
     {"loss_at": "3"}, {"edits": (Edit("peephole_lstm", "b", (0,), 1.0),)}],
)  # fmt: skip
def test_what_decides_nothing_makes_no_difference(change):
    assert same(replace(Settings(), **change), Settings())


@pytest.mark.parametrize(
    "change",
    [{"seed": 1}, {"length": 51}, {"scale": 1.05}, {"forget_bias": 2.75}, {"cells": ("rnn",)},
     {"options": (("companies", "GOOG"),)}, {"cell_options": (("reset_after", True),)},
     {"loss": "every"}, {"loss": "chosen", "loss_at": "3"}, {"init": "chrono"},
     {"edits": (Edit("lstm", "b", (0,), 1.0),)}],
)  # fmt: skip
def test_what_decides_anything_does(change):
    assert not same(replace(Settings(), **change), Settings())
    assert matching(replace(Settings(), **change)) in (None, *PRESETS.values())


def test_biases_do_not_count_where_the_law_draws_them():
    one = PRESETS["chrono"].settings
    assert same(one, replace(one, forget_bias=0.0, update_bias=-1.0))
    assert not same(one, replace(one, seed=1))


@pytest.mark.parametrize(("w", "state", "slope"), [(2.0, 0.957504, 0.166372)])
def test_the_latch_s_stable_state(w, state, slope):
    found = latch_state(w)
    assert found == pytest.approx(state, abs=5e-7)
    assert np.tanh(w * found) == pytest.approx(found, abs=1e-15)
    assert w * (1 - found**2) == pytest.approx(slope, abs=5e-7)


@pytest.mark.parametrize("w", [1.01, 1.5, 2.0, 5.0])
def test_every_latch_s_state_is_stable_and_above_the_steepest_point(w):
    found = latch_state(w)
    assert np.tanh(w * found) == pytest.approx(found, abs=1e-12)
    assert w * (1 - found**2) < 1


def settles(w, b, start):
    """Where h = tanh(w h + b) comes to rest."""
    for _ in range(20_000):
        start = np.tanh(w * start + b)
    return start


@pytest.mark.parametrize("w", [1.2, 2.0, 4.0])
def test_the_latch_has_two_states_exactly_within_its_bound(w):
    """|b| < w s − artanh s with s = √(1 − 1/w)."""
    s = np.sqrt(1 - 1 / w)
    bound = w * s - np.arctanh(s)
    for b, two in [(0.0, True), (0.98 * bound, True), (1.02 * bound, False)]:
        apart = settles(w, b, 1.0) - settles(w, b, -1.0)
        assert (apart > 0.1) == two, (w, b)


def test_the_latch_remembers_either_bit():
    """The impulse's sign decides the state, and it is still there at the end."""
    one = PRESETS["latch"].settings
    for size in (1.0, -1.0, 0.01):
        h = replace(one, options=(("amplitude", size),)).flow("rnn").trace["h"][:, 0, 0]
        assert np.sign(h[-1]) == np.sign(h[0])
        assert abs(h[-1]) == pytest.approx(latch_state(2.0), abs=1e-9)


def test_the_numbers_said_are_those_of_the_reach(claims):
    flow = PRESETS["vanishing"].settings.flow("rnn")
    found, told = reach(flow), claims["vanishing"].numbers
    assert (told["factor"], told["horizon"]) == (found.factor, found.horizon)
    assert told["left"] == found.log10_share
    assert claims["forget3"].numbers["tau"] == pytest.approx(1 + np.e**3)
