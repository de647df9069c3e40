"""The tab «Train»: curves of runs in other processes, paused for one session, told in sentences."""

from __future__ import annotations

import time
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from rnnviz import training
from rnnviz.training.jobs import Job, Seen
from rnnviz.training.plan import Plan
from rnnviz.ui import background, departed
from rnnviz.ui.pages.training import (
    at_checkpoints,
    exploding,
    findings_exploding,
    findings_learning,
    watched,
)
from rnnviz.ui.pages.training.plan_controls import Asked
from rnnviz.ui.pages.training.trained_checks import checks
from rnnviz.ui.pages.training.watched import Shown, Watch
from tests.ui.apps import charts, in_words, live, no_exception, open_app

PAGE = "pages/Training.py"
SMALL = {"tab": "train", "tT": 6, "tH": 3, "tU": 40, "cells": "rnn,gru"}


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    """Curves are shown as soon as they are there."""
    monkeypatch.setattr(watched, "PACE", 0.0)


def until(app, met):
    end = time.monotonic() + 60
    while not met(app):
        assert time.monotonic() < end, in_words(app)
        time.sleep(0.1)
        app.run()
    return app


def has(key):
    return lambda app: any(one.key == key for one in app.button)


def press(app, key):
    next(one for one in app.button if one.key == key).click().run()


def shown(cell, updates=40, at=None, **more):
    plan = Plan("adding", 6, **({"updates": updates} | more))
    run = training.resume(Job.of(cell, plan, 3).begin())
    seen = Seen(Job.of(cell, plan, 3), run, updates, "finished", 1.0, False, 0)
    return Shown(seen, run.done if at is None else at)


def test_cold_it_trains_by_itself_and_says_who_has_learnt(unchecked):
    app = open_app(PAGE, **SMALL)
    no_exception(app)
    assert "60 s of computing pauses" in in_words(app), "the budget is stated beforehand"
    until(app, has("_train_more"))
    no_exception(app)
    words = in_words(app)
    assert "The RNN" in words
    assert "The GRU" in words
    found = charts(app)
    maps = [found[f"train_history_{cell}"]["data"][0] for cell in ("rnn", "gru")]
    assert len({(one["zmin"], one["zmax"]) for one in maps}) == 1, "one scale for all cells"
    here = training.resume(Job.of("gru", Plan("adding", 6, updates=40), 3,
                                  update_bias=3.0, seed=0, init="pytorch", gain=1.0,
                                  hold={}).begin())  # fmt: skip
    z = np.asarray(maps[1]["z"], float)
    np.testing.assert_allclose(z[-1], here.gradients[40], rtol=1e-5)
    assert app.session_state["tu"] == 40
    app.session_state["tu"] = 1
    app.run()
    assert "".join(app.query_params["tu"]) == "1"
    assert any("after update 1." in one.proto.body for one in app.main.get("html"))
    packets = live(app)
    assert packets["_course"].head["now"] == 1
    gru = [one["name"] for one in packets["train_at"].head["curves"]].index("GRU")
    np.testing.assert_allclose(packets["train_at"].values[gru], here.gradients[1], rtol=1e-5)
    press(app, "_train_more")
    assert app.session_state["tU"] == 240
    until(app, has("_train_more"))
    assert app.session_state["tu"] == 1


def test_a_session_pauses_and_makes_one_update(unchecked):
    app = open_app(PAGE, **(SMALL | {"tU": 5000, "tT": 7}))
    until(app, lambda one: " 0 of" not in (text := one.main.get("progress")[0].proto.text)
          and "waiting" not in text)  # fmt: skip
    press(app, "_train_pause")
    until(app, has("_train_step"))
    (kept,) = app.session_state["_training_watch"].values()
    press(app, "_train_step")
    (after,) = app.session_state["_training_watch"].values()
    assert after.since is None
    assert all(b == a + 1 for a, b in zip(kept.updates, after.updates, strict=True))
    assert [watched.Watch((3, 7)).at(k, 9) for k in (0, 1, 2)] == [3, 7, 0]
    first = after.updates[0]
    app.session_state["cells"] = ["rnn"]
    app.run()
    assert has("_train_step")(app), "a pause lasts where a net goes"
    one, two = app.session_state["_training_watch"].values()
    assert (one, two) == (after, Watch((first,)))
    app.session_state["cells"] = ["rnn", "gru"]
    press(app.run(), "_train_play")
    assert has("_train_pause")(app)
    press(app, "_train_pause")


def test_nobody_trains_for_a_session_whose_browser_has_left(monkeypatch):
    left, here = [], SimpleNamespace(is_active_session=lambda who: who == "b")
    all_of = SimpleNamespace(askers=lambda: {"a", "b"}, leave=left.append, ask=lambda *_: None)
    monkeypatch.setattr(background, "workers", lambda: all_of)
    monkeypatch.setattr(departed.runtime, "exists", lambda: True)
    there = SimpleNamespace(exists=lambda: True, get_instance=lambda: here)
    monkeypatch.setattr(departed, "runtime", there)
    background.ask(shown("rnn").seen.job)
    assert left == ["a"]


def test_one_update_is_one():
    both = dict.fromkeys(("gru", "rnn"), shown("gru", at=1))
    assert "after 1 update;" in findings_learning.now(both)


def made(updates):
    """A net of which so many of 40 updates are made."""
    one = shown("gru", at=updates)
    run = replace(one.run, state=replace(one.run.state, update=updates))
    return replace(one, seen=replace(one.seen, run=run))


def test_a_paused_session_waits_for_the_update_that_it_asked_for(monkeypatch):
    seen = replace(made(3).seen, stage="training")
    asked = Asked(seen.job.plan, (("gru", seen.job),))
    monkeypatch.setattr(watched.background, "see", lambda job: seen)
    for watch, late in ((Watch((4,)), True), (Watch((3,)), False), (Watch((4,), 0.0), False)):
        monkeypatch.setattr(watched, "watch", lambda asked, watch=watch: watch)
        assert watched.behind(asked) is late
    monkeypatch.setattr(watched.background, "see", lambda job: replace(seen, stage="failed"))
    monkeypatch.setattr(watched, "watch", lambda asked: Watch((4,)))
    assert not watched.behind(asked), "nothing comes"


def test_the_seconds_of_all_updates_are_told_from_more_than_the_first_few():
    assert "all updates take" not in findings_learning.budget({"gru": made(3)})
    assert "all updates take" in findings_learning.budget({"gru": made(30)})


def test_an_old_link_opens_the_windows_and_a_bare_one_the_curves():
    assert open_app(PAGE, lag=3, win=2, upd=50, H=4).session_state["tab"] == "windows"
    app = open_app(PAGE, **(SMALL | {"tab": "nonsense", "upd": 50}))
    assert app.session_state["tab"] == "train"


def test_an_example_sets_all_controls_and_a_link_to_it_marks_it(unchecked):
    app = open_app(PAGE, **(SMALL | {"ttask": "first_symbol", "tT": 5, "trate": "0.1"}))
    (pills,) = (one for one in app.get("button_group") if one.key == "_train_examples")
    assert pills.value is None
    pills.set_value("xor").run()
    no_exception(app)
    asked = {key: app.session_state[key] for key in ("ttask", "tT", "tH", "tU", "trate")}
    assert asked == {"ttask": "parity", "tT": 20, "tH": 24, "tU": 400, "trate": "0.02"}
    press(app, "_train_pause")


def test_every_checkpoint_s_curves_words_and_row_are_sent_along():
    nets = {"gru": shown("gru"), "rnn": shown("rnn", at=5)}
    found = at_checkpoints.pictures(nets)
    assert list(found) == nets["gru"].checkpoints
    _, values = found[40].charts["train_at"]
    np.testing.assert_allclose(values[0], nets["gru"].run.gradients[40])
    np.testing.assert_allclose(values[1], nets["rnn"].run.gradients[5], err_msg="as it ended")
    np.testing.assert_allclose(values[2], nets["gru"].run.gradients[0], err_msg="before, thin")
    assert len({(one.charts["train_at"].head["low"], one.charts["train_at"].head["high"])
                for one in found.values()}) == 1, "the axis stays"  # fmt: skip
    assert found[40].rows == {"train_history_gru": len(found) - 1, "train_history_rnn": 4}
    (html,) = found[40].html.values()
    assert "<b>GRU</b>: of the gradient at the last loss" in html
    assert f"<td>{at_checkpoints.gate_rows(nets, 40)[0]['mean']}</td>" in html
    assert len(found[0].charts["train_at"].values) == 2


def test_an_exploding_gradient_and_a_large_rate_are_told_apart():
    runs = {key: training.resume(one.job.begin(), None if key in ("bare", "fast") else 5)
            for key, one in exploding.cases().items() if key in ("bare", "fast")}  # fmt: skip
    wild, fast = (findings_exploding.told(runs[key]) for key in ("bare", "fast"))
    assert runs["bare"].stopped is not None
    assert runs["fast"].stopped is not None
    assert wild.factor > 1 > fast.factor
    assert fast.moved > 10 * wild.moved
    words = findings_exploding.finding(runs | {"clipped": runs["bare"], "slow": runs["fast"]})
    assert f"**at update {runs['bare'].stopped.update}**" in words
    assert "∞ from timestep" in words


def test_the_checks_hold_for_a_trained_net():
    found = checks(shown("gru").run, 40)
    assert len(found) > 3
    assert all(one.ok for one in found), found
