"""The page of training: its numbers are the core's, its controls stand in the link."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from rnnviz import build
from rnnviz.experiments.settings import Settings
from rnnviz.figures import learning
from rnnviz.plot.training import BINS, binned
from rnnviz.training.cut_effect import linear_answer
from rnnviz.training.echo_stream import reached
from rnnviz.training.truncated_bptt import Plan, train
from rnnviz.ui.pages.training import checks, findings, helping, runs
from rnnviz.ui.pages.training.controls import EXAMPLES, FIRST, LONGEST, MOST, WIDEST, values_of
from rnnviz.ui.pages.training.runs import WORK, Asked, model_of
from tests.ui.apps import alts, blank, charts, in_words, live, open_app, shown, stage, traces

PAGE = "pages/Training.py"
SMALL = {"H": 4, "upd": 50, "lag": 3, "win": 2, "T": 20}


def small(cell="rnn", window=2, back=0):
    settings = replace(Settings(), hidden_size=4)
    plan = Plan(3, window, back, 50, rate=FIRST.rate, seed=0)
    return train(model_of(settings, cell, 3), plan)


def test_what_is_drawn_is_what_the_core_trains():
    app = shown(PAGE, **SMALL)
    assert not app.exception
    assert not blank(app)
    assert stage(app)["length"] == 20
    drawn = traces(charts(app)["training_loss_rnn"])
    for label, run in (("k = 2", small()), ("k = 3", small(window=3)), ("k = 6", small(window=6)),
                       ("no truncation", small(back=6))):  # fmt: skip
        x, y = binned(run.loss)
        np.testing.assert_allclose(drawn[label]["y"], y)
        np.testing.assert_allclose(drawn[label]["x"], x)
    marks = traces(charts(app)["training_windows"])["y"]
    np.testing.assert_array_equal(
        np.array(marks["marker"]["symbol"]) == "circle", reached(20, 3, 2)
    )
    assert "no gradient of a loss reaches its cause" in in_words(app)
    assert len(live(app)["training_now"].head["labels"]) == 20
    for key in charts(app):
        assert alts(app)[key]


def test_axes_are_the_same_for_all_cells():
    found = charts(shown(PAGE, **SMALL))
    for kind in ("loss", "gradient"):
        layouts = [found[f"training_{kind}_{cell}"]["layout"] for cell in ("rnn", "lstm", "gru")]
        for axis in ("xaxis", "yaxis"):
            assert len({tuple(one[axis]["range"]) for one in layouts}) == 1


@pytest.mark.parametrize(("lang", "more"), list(zip(["en", "ko", "ko"], [
    {"lag": LONGEST, "win": WIDEST, "upd": MOST, "H": 64, "T": 120, "task": "impulse",
     "cells": "rnn,mingru"},
    {"lag": 1, "win": 1, "upd": 50, "H": 1, "T": 2, "task": "impulse"},
    {"lag": 4, "win": 8, "upd": 50, "H": 4, "opt": "sgd", "rate": "1.0", "limit": 0,
     "nonlinearity": "identity", "scale": 3},
], strict=True)))  # fmt: skip
def test_extremes_are_shown_in_both_languages(more, lang):
    app = open_app(PAGE, lang=lang, **more)
    assert not app.exception, [one.message for one in app.exception]
    assert not app.warning
    assert not blank(app)
    words = app.main.markdown[0].value
    assert words.endswith(".")
    assert "{" not in words
    assert "nan" not in words
    assert bool(app.info) == (more["upd"] == MOST), "what was shown instead is said"


def test_a_link_out_of_range_is_clamped_and_said():
    app = open_app(PAGE, **(SMALL | {"win": 1000, "opt": "rmsprop"}))
    assert app.session_state["win"] == WIDEST
    assert app.session_state["opt"] == "adam"
    assert "The link asked" in app.info[0].value


def test_the_buttons_set_the_window():
    app = open_app(PAGE, **SMALL)
    next(one for one in app.button if one.label == "k = 2d = 6").click().run()
    assert app.query_params["win"] == "6"
    assert "50.0 % of all" in app.main.markdown[0].value
    assert "and over about 1 update. All runs" in in_words(app)


def test_every_example_is_a_setting_of_all_controls():
    for key, one in EXAMPLES.items():
        asked = Asked.of(Settings(), Plan(one.lag, one.win, updates=one.upd))
        asked.check()
        assert (key == "short") == (values_of(one) == values_of(FIRST))


def test_what_is_too_dear_is_refused_and_something_affordable_offered():
    for size, plan in ((16, Plan(30, 60, updates=1000)), (512, Plan(30, 60, updates=1000))):
        asked = Asked.of(replace(Settings(), hidden_size=size), plan)
        with pytest.raises(ValueError, match="would take too long"):
            asked.check()
        less = asked.affordable()
        less.check()
        assert less.work(less.plan.updates) > 0.8 * WORK
        assert less.plan.updates >= runs.FEWEST


def test_the_sidebar_s_sequence_changes_no_run():
    one, other = (Asked.of(Settings(task=task, length=T), Plan()) for task, T in
                  (("stocks", 50), ("impulse", 9)))  # fmt: skip
    assert one == other


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_the_badge_holds_and_notices_what_is_wrong(cell):
    asked = Asked.of(replace(Settings(), hidden_size=4), Plan(3, 5, updates=30))
    run, found, answers = runs.checked(asked, cell, 20)
    rows = checks.checks(run, found, answers)
    assert len(rows) == 5
    assert all(one.ok for one in rows), rows
    wrong = found._replace(targets=-found.targets, log10_cut=found.log10_cut + 1e-3)
    failed = {one.name for one in checks.checks(run, wrong, answers) if not one.ok}
    assert failed == {"slope", "inside"}
    lies = answers._replace(error=answers.best - 0.1)
    assert not all(one.ok for one in checks.checks(run, found, lies))
    other = replace(run, plan=replace(run.plan, batch=1, delay=4))
    assert all(one.ok for one in checks.checks(other, found, answers))


def test_means_of_updates_are_means():
    loss = np.arange(1.0, 101.0)
    x, y = binned(loss)
    assert len(x) == BINS
    np.testing.assert_allclose((10**y * np.diff(np.linspace(0, 100, 41).astype(int))).sum(), 5050)
    assert binned(np.full(3, np.nan))[1].shape == (3,)


def test_a_span_holds_everything_finite():
    low, high = learning.span([np.array([-7.0, np.nan, -np.inf]), np.array([2.0])])
    assert low < -7 < 2 < high
    assert learning.span([]) == learning.span([np.array([np.nan])])


@pytest.mark.parametrize("plan", [Plan(3, 2, updates=50, rate=0.3, clip=None), Plan(2, 4)])
def test_every_change_tried_ends_at_the_loss_that_is_promised(plan):
    asked = Asked.of(Settings(cells=("rnn",), hidden_size=3), replace(plan, updates=50))
    for one in helping.changes(asked):
        run = train(model_of(asked.settings, "rnn", plan.delay), one.plan)
        assert helping.ends(asked, one.plan) == {"rnn": pytest.approx(run.loss[-10:].mean())}


def test_a_change_that_helps_is_applied_and_undone():
    app = open_app(PAGE, **(SMALL | {"rate": "0.001", "cells": "rnn", "win": 6, "lag": 1}))
    query = dict(app.query_params)
    next(one for one in app.button if one.label == "Try the changes").click().run()
    label = "learning rate 0.001 → 0.003"
    assert label in in_words(app) or any(one.label == label for one in app.button)
    helpful = next(one for one in app.button if one.key == "_training_help_0")
    helpful.click().run()
    assert dict(app.query_params) != query
    next(one for one in app.button if one.label == "Undo").click().run()
    assert dict(app.query_params) == query


def test_the_best_linear_answer_says_whether_the_state_carries_the_cause():
    model = build("rnn", 1, 3, output_size=1, nonlinearity="identity")
    shift = {name: np.zeros_like(one) for name, one in model.parameters[0].items()}
    shift["W_x"][0, 0] = shift["W_h"][0, 1] = shift["W_h"][1, 2] = 1  # h = x_t, x_{t-1}, x_{t-2}
    model = model.with_parameters([shift])
    assert linear_answer(model, 2) == pytest.approx(0, abs=1e-20)
    assert linear_answer(model, 3) == pytest.approx(1, abs=0.1)


def test_what_ends_lower_than_expected_is_explained_by_numbers():
    plan, wide = Plan(3, 2, updates=50), Plan(3, 6, updates=50)
    ran = lambda end: SimpleNamespace(end=lambda _: end, stopped=None)  # noqa: E731
    found = {"rnn": {plan: ran(0.1), wide: ran(0.02)}, "lstm": {plan: ran(1.0), wide: ran(0.9)}}
    whole = replace(plan, back=6)
    for own in found.values():
        own[whole] = ran(0.05)
    text = findings.finding(found, plan, whole, {"rnn": 0.01, "lstm": 0.88}.__getitem__)
    assert "untrained h gives an error of RNN 0.0100, LSTM 0.880." in text
    assert "Windows of 6 steps can end lower than that: with as many updates they read 3" in text
    assert "A window of 2 steps (k = 2) never contains both a cause and its answer 3 steps" in text
    assert findings._reach(Plan(1, 1)).startswith("A window of 1 step (k = 1) never contains")
