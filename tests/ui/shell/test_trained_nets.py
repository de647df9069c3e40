"""Trained nets on the pages: a link trains them, and the slider shows their checkpoints."""

import time
from contextlib import nullcontext

import numpy as np
import pytest

import rnnviz
from rnnviz.experiments import trained
from rnnviz.experiments.presets import PRESETS
from rnnviz.experiments.settings import Settings
from rnnviz.experiments.trained import Trained
from rnnviz.experiments.trained_text import written
from rnnviz.training import Plan
from rnnviz.ui.pages.training import watched
from rnnviz.ui.shell import opened_files, trained_nets, training_first
from rnnviz.ui.shell.navigation import WITH_TRAINED, pages
from tests.ui.apps import curves, in_words, no_exception, open_app, settings_of
from tests.ui.opened_nets import opened, small

pytestmark = pytest.mark.usefixtures("unchecked")
PLAN = "adding,T:12,H:5,U:20"


def norms(run, update):
    """log10 norms on the memory state, from the run's own checkpoint."""
    task = Settings(task="adding", length=12, hidden_size=5)
    trace = rnnviz.run(run.checkpoints[update], task.example().x.astype(np.float32))
    flow = rnnviz.backprop(trace, task.loss_object(task.example()))
    return flow.log10_norms(trace.model.cell.states[-1])[:, 0]


def test_a_link_shows_the_trained_nets_and_the_slider_their_checkpoints():
    app = open_app(plan=PLAN, cells="lstm")
    no_exception(app)
    run = rnnviz.train("lstm", "adding", length=12, hidden_size=5, updates=20)
    assert settings_of(app).trained == Trained(Plan("adding", 12, updates=20), 5)
    assert curves(app)["LSTM"] == pytest.approx(norms(run, 20), abs=1e-4)
    said = in_words(app)
    assert "for 20 of 20 updates" in said
    assert "untrained" not in said
    assert "**LSTM** after 20 updates: its mean squared error" in said
    drawn = {one.key for kind in ("slider", "selectbox", "expander") for one in app.get(kind)}
    assert not drawn & {"H", "bf", "_bf_here", "init", "scale"}
    app.session_state["u"] = 5
    app.run()
    assert curves(app)["LSTM"] == pytest.approx(norms(run, 5), abs=1e-4)
    assert app.query_params["u"] == "5"
    app.session_state["u"] = 0
    app.run()
    assert "before their training" in in_words(app)


def test_fresh_nets_are_trained_on_what_is_shown_and_back():
    app = open_app(task="adding", T=12, H=5, cells="rnn", seed=4, plan="nonsense")
    assert "plan = “nonsense” cannot be read" in app.info[0].value
    app.button_group(key="_weights").set_value("trained").run()
    no_exception(app)
    found = settings_of(app).trained
    assert (found.plan.task, found.plan.length, found.plan.seed) == ("adding", 12, 4)
    assert (found.hidden_size, found.forget_bias) == (5, 3.0)
    before = settings_of(open_app(plan=app.query_params["plan"], u=0, T=12, seed=4)).model("rnn")
    assert before.parameters[0]["W_h"] == pytest.approx(
        Settings(hidden_size=5, seed=4, task="adding").model("rnn").parameters[0]["W_h"], abs=1e-7)
    app.button_group(key="_weights").set_value("fresh").run()
    assert (settings_of(app).trained, settings_of(app).hidden_size) == (None, 5)
    assert not {"plan", "u"} & set(app.query_params)


def test_fresh_and_back_shows_the_same_plan_while_its_sequence_fits():
    app = open_app(plan=PLAN, u=5, cells="rnn")
    app.button_group(key="_weights").set_value("fresh").run()
    assert settings_of(app).hidden_size == 16
    app.button_group(key="_weights").set_value("trained").run()
    no_exception(app)
    assert (app.query_params["plan"], settings_of(app).update) == (PLAN, 5)
    app.button_group(key="_weights").set_value("fresh").run()
    app.session_state["task"], app.session_state["T"] = "stocks", 9
    app.session_state["H"] = 3
    app.run()
    app.button_group(key="_weights").set_value("trained").run()
    assert settings_of(app).trained.plan.task == "stocks"
    app.button_group(key="_weights").set_value("fresh").run()
    app.session_state["H"] = 2
    app.run()
    app.button_group(key="_weights").set_value("trained").run()
    assert settings_of(app).hidden_size == 2


@pytest.mark.parametrize("script", [one for one, page in pages().items() if page.counts])
def test_every_page_can_be_opened_with_a_trained_net(script):
    app = open_app(script, plan=PLAN, u=10, cells="rnn,gru")
    no_exception(app)
    shows = pages()[script].counts >= WITH_TRAINED - {"loss"}
    assert (settings_of(app).trained is not None) == shows


def test_a_preset_of_trained_nets_is_unchanged_on_a_page_of_fresh_ones():
    plan = written(PRESETS["latch_learnt"].settings.trained)
    app = open_app("pages/Variants.py", plan=plan, cells="rnn", task="first_symbol", T=15,
                   first_symbol_alphabet_size=2)
    menu = app.selectbox(key="_preset_menu")
    assert menu.proto.options[menu.index].endswith("An RNN that learnt to latch")
    assert settings_of(app).trained is None


def test_nets_are_trained_in_workers_and_shown_from_the_page_of_training(monkeypatch):
    monkeypatch.setattr(training_first, "SHORT", 0.0)
    monkeypatch.setattr(watched, "PACE", 0.0)
    app = open_app("pages/Training.py", tab="train", cells="rnn", tT=10, tH=4, tU=20, bf=1)
    for _ in range(60):
        if any(one.label.startswith("Show these nets") for one in app.button):
            break
        time.sleep(0.5)
        app.run()
    (button,) = (one for one in app.button if one.label.startswith("Show these nets"))
    app.session_state[opened_files._NET] = opened(small())
    button.click().run()
    no_exception(app)
    assert opened_files._NET not in app.session_state
    plan = app.session_state["plan"]
    assert plan == "adding,T:10,U:20,H:4,bf:1,bz:3"
    trained._RUNS.clear()
    cold = open_app(plan=plan, cells="rnn")
    no_exception(cold)
    run = rnnviz.train("rnn", "adding", length=10, hidden_size=4, updates=20)
    (kept,) = trained._RUNS.values()
    assert kept.state.weights.tobytes() == run.state.weights.tobytes()


@pytest.mark.parametrize(("length", "refused"), [(122, False), (123, True)])
def test_nets_that_the_other_pages_refuse_are_not_offered_there(length, refused):
    trained = Trained(Plan("adding", length, updates=10, batch=1), 128)
    settings = Settings(task="adding", length=length, trained=trained, update=0)
    assert trained_nets.too_large(trained) is refused
    with pytest.raises(ValueError, match="T × H²") if refused else nullcontext():
        settings.check()
