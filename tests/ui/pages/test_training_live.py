"""The tab «Train»: curves of runs in other processes, paused for one session, told in sentences."""

from __future__ import annotations

import time
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from rnnviz import training
from rnnviz.training.jobs import Job, Seen
from rnnviz.training.measures import Measures
from rnnviz.training.objectives import Score
from rnnviz.training.plan import Plan
from rnnviz.training.trainer import Stopped
from rnnviz.ui import background
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
    monkeypatch.setattr(background.runtime, "exists", lambda: True)
    monkeypatch.setattr(background.runtime, "get_instance", lambda: here)
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


def scored(one, loss, naive=0.2):
    """The net with another held-out loss at its last checkpoint."""
    measures = Measures(one.run.task, one.run.plan)
    measures.known["scores"][40] = Score(loss, "correlation", 0.5, naive)
    return replace(one, seen=replace(one.seen, run=replace(one.run, measures=measures)))


def test_losses_are_compared_with_naive_answers_to_the_same_sequences():
    gru = shown("gru")
    low = np.full(40, 0.01)
    learnt = scored(replace(gru, seen=replace(gru.seen, run=replace(gru.run, loss=low))), 0.012)
    (row,) = findings_learning.held_out({"gru": learnt}, 1 / 6)
    assert row["updates until learnt"] == "10"
    assert row["training loss (naive answers')"] == "0.0100 (0.167)"
    assert row["loss on held-out sequences (naive answers')"] == "0.0120 (0.200)"
    said = findings_learning.finding({"gru": learnt}, 1 / 6)
    assert ("On held-out sequences naive answers cost 0.200. The GRU **has learnt the task after "
            "10 updates**; its loss there is 0.0120.") in said
    assert findings_learning.reached(replace(learnt, update=9), 0.02) is None, "not shown yet"
    high = replace(gru, seen=replace(gru.seen, run=replace(gru.run, loss=low + 0.3)))
    for loss, words in ((0.21, "no better"), (0.19999, "no better"), (0.19, "hardly better"),
                        (0.15, "is lower: 0.150")):  # fmt: skip
        assert words in findings_learning.finding({"gru": scored(high, loss)}, 1 / 6), (
            "the training loss is above the naive cost all the while")
    late = replace(gru, update=39)
    said, last = findings_learning.finding({"gru": late}, 1 / 6), max(late.checkpoints)
    assert last < 39
    assert said.endswith(f"at the last checkpoint so far, not at the last update: GRU u = {last}.")
    assert "checkpoint" not in findings_learning.finding({"gru": gru}, 1 / 6)
    stopped = shown("rnn", rate=1e30, clip=None, optimiser="sgd")
    assert stopped.failed
    assert stopped.over
    said = findings_learning.finding({"rnn": stopped}, 1 / 6)
    assert f"stopped at update {stopped.run.stopped.update}" in said


def with_shares(one, shares, loss):
    """The net with other shares that reach step 1, at its evenly spaced checkpoints."""
    measures = Measures(one.run.task, one.run.plan)
    steps = int(measures.batches.probe().steps[-1]) + 1
    for update, log in zip([u for u in one.run.vectors if u >= 2], shares, strict=True):
        measures.known["gradients"][update] = np.full(steps + 1, 0.0)
        measures.known["gradients"][update][1] = log
    run = replace(one.run, measures=measures, loss=np.full(40, loss))
    return replace(one, seen=replace(one.seen, run=run))


def test_a_hidden_gradient_is_counted_at_checkpoints_and_a_grown_one_is_in_times():
    one = shown("gru")
    even = [u for u in one.run.vectors if u >= 2]
    course = [-1.0, *[-2.6] * (len(even) - 1)]
    nets = {"rnn": with_shares(one, course, 0.2),
            "gru": with_shares(one, [0.24] * len(even), 0.2)}  # fmt: skip
    words = findings_learning.healthy(nets)
    assert (f"less than 1 % of the gradient reached step 1: RNN {len(even) - 1} of {len(even)}, "
            f"GRU 0 of {len(even)}. ") in words
    assert ": RNN 0.25 %, GRU 1.74 times. A share in times has grown" in words
    end = Stopped(one.run.done + 1, "loss", None)
    halted = replace(nets["rnn"], seen=replace(nets["rnn"].seen,
                                               run=replace(nets["rnn"].run, stopped=end)))
    assert halted.failed
    assert findings_learning.healthy(nets | {"rnn": halted}) == ""
    said = findings_learning.hidden(nets, even[-1])
    assert f"1.74 times after update {even[-1]}." in said
    assert "the 32 held-out sequences of the probe batch" in said
    assert [findings_learning.part(log) for log in (5.54, np.inf)] == ["3.5·10⁵ times", "∞ times"]


def test_what_is_shown_ends_at_the_shown_update():
    one = shown("gru", at=5)
    assert len(one.loss) == len(one.norm) == 5
    assert one.checkpoints == [0, 1, 2, 4, 5]
    assert not one.over
    assert list(at_checkpoints.gradients({"gru": one})["gru"]) == one.checkpoints
    rows = at_checkpoints.gate_rows({"gru": one}, 3)
    assert [row["gate"] for row in rows] == ["GRU z", "GRU r"]


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
