"""A plan in a link gives the same nets wherever it is opened, and settings show them."""

from dataclasses import replace

import numpy as np
import pytest

import rnnviz
from rnnviz.core.weight_edits import Edit
from rnnviz.experiments import trained
from rnnviz.experiments.presets import same
from rnnviz.experiments.settings import Settings
from rnnviz.experiments.trained import Trained
from rnnviz.experiments.trained_on import fitting, of_sequence
from rnnviz.experiments.trained_text import read, written
from rnnviz.tasks import TASKS
from rnnviz.training import Plan

SMALL = Trained(Plan("adding", 8, updates=40), 4)
SETTINGS = Settings(task="adding", length=8, cells=("lstm",), trained=SMALL, update=40)


@pytest.mark.parametrize("one", [
    SMALL,
    Trained(Plan("copying", 40, (("alphabet_size", 4),), 9, 3, "sgd", 0.5, "cosine", None, "value",
                 5, 7, "float64"), 5, "orthogonal", -0.5, 2.0),
    Trained(Plan("sentence", options=(("text", "a,b: c% é"),)), init="chrono"),
])  # fmt: skip
def test_a_plan_comes_back_from_its_text(one):
    assert read(written(one)) == one


@pytest.mark.parametrize("text", [
    "", "poetry", "adding,T", "adding,T:x", "adding,T:1", "adding,x:1", "adding,H:500",
    "adding,U:9999999", "adding,r:nan", "adding,bf:1e9", "copying,o.alphabet_size:1e3",
    "adding,o.x:1",
])  # fmt: skip
def test_a_text_that_is_no_plan_is_refused(text):
    assert read(text) is None


def test_a_link_opened_cold_gives_the_bits_of_training_even_after_an_interruption(monkeypatch):
    run = rnnviz.train("lstm", "adding", length=8, updates=40, hidden_size=4)

    def interrupt(at):
        raise InterruptedError(at.done)

    monkeypatch.setattr(trained, "_RUNS", type(trained._RUNS)())
    with pytest.raises(InterruptedError, match="10"):
        read(written(SMALL)).run("lstm", tell=interrupt)
    told = []
    again = SMALL.run("lstm", tell=lambda one: told.append(one.done))
    assert told == [20, 30, 40]
    for update, vector in run.vectors.items():
        assert vector.tobytes() == again.vectors[update].tobytes()


def test_a_net_is_trained_no_further_than_it_is_shown(monkeypatch):
    monkeypatch.setattr(trained, "_RUNS", type(trained._RUNS)())
    assert SMALL.ready("lstm", upto=0)
    SMALL.net("lstm", 0)
    assert SMALL.found("lstm") is None
    SMALL.net("lstm", 12)
    assert SMALL.found("lstm").done == 20
    assert SMALL.ready("lstm", upto=20)
    assert not SMALL.ready("lstm", upto=21)
    assert not SMALL.ready("lstm")


def test_settings_show_the_checkpoint_exactly_with_edits_and_held_gates_on_top():
    run = rnnviz.train("lstm", "adding", length=8, updates=40, hidden_size=4)
    for update, kept in ((0, 0), (9, 8), (40, 40)):
        found = replace(SETTINGS, update=update).model("lstm")
        assert found.dtype == np.float64
        for name, one in run.checkpoints[kept].parameters[0].items():
            assert np.array_equal(found.parameters[0][name], one)
    held = replace(SMALL, hold=(("lstm", "f", 0.25), ("gru", "z", 1.0)))
    assert read(written(held)) == held
    assert read(written(held).replace("lstm.f", "lstm.z")) is None
    whole = rnnviz.train("lstm", "adding", length=8, updates=40, hidden_size=4, hold={"f": 0.25})
    kept = replace(SETTINGS, trained=held, hold=held.hold, update=40).model("lstm")
    assert (kept.parameters[0]["W_h"] == whole.model.parameters[0]["W_h"]).all()
    assert dict(kept.hold) == {"f": 0.25}
    changed = replace(SETTINGS, hold=(("lstm", "f", 0.5),), edits=(Edit("lstm", "b", (0,), 2.0),))
    model = changed.model("lstm")
    assert (dict(model.hold), model.parameters[0]["b"][0]) == ({"f": 0.5}, 2.0)
    assert (changed.flow("lstm").trace["f"] == 0.5).all()


def test_what_does_not_fit_is_refused_in_a_sentence_and_not_offered():
    with pytest.raises(ValueError, match=r"2 inputs, 1 outputs .* “Stock prices” needs 6, 6"):
        replace(SETTINGS, task="stocks").check()
    with pytest.raises(ValueError, match="would take about"):
        replace(SETTINGS, trained=Trained(Plan("adding", 500, updates=5000), 128)).check()
    replace(SETTINGS, length=40).check()
    assert fitting(SMALL) == ("adding",)
    assert fitting(Trained(Plan("impulse", 8), 4)) == ("noisy_sine", "impulse")


@pytest.mark.parametrize("task", TASKS)
def test_every_sequence_can_be_trained_on(task):
    plan = of_sequence(task, 200, (), 3, 16)
    assert read(written(plan)) == plan
    length = plan.plan.length
    Settings(task=task, length=length, trained=plan).check()


def test_h_is_the_plan_s_and_what_belongs_to_fresh_nets_decides_nothing():
    assert SETTINGS.hidden_size == 4
    assert same(SETTINGS, replace(SETTINGS, hidden_size=9, init="glorot", forget_bias=0.0))
    assert not same(SETTINGS, replace(SETTINGS, update=0))
    assert "trained on “Adding problem” (T = 8) for 40 updates" in str(SETTINGS.in_words())


def test_where_training_stops_the_last_finite_net_is_shown():
    plan = Plan("adding", 8, updates=20, rate=1e30, clip=None, optimiser="sgd")
    one = Trained(plan, 4)
    assert one.run("rnn").stopped is not None
    model = one.net("rnn", 20)
    assert all(np.isfinite(array).all() for array in model.parameters[0].values())
