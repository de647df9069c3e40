"""The tabs of tasks, one update and experiments: numbers of the records, curves for an entry."""

from dataclasses import replace

import numpy as np
import pytest

from rnnviz.experiments import forget_bias, task_table
from rnnviz.experiments.solving import Summary
from rnnviz.experiments.stored_outcomes import Setting
from rnnviz.experiments.task_table import Entry
from rnnviz.tasks import TASKS
from rnnviz.training.one_update import Weight, passed, place, weight_update
from rnnviz.training.plan import Plan
from rnnviz.training.train_net import train
from rnnviz.ui.background import job
from rnnviz.ui.pages.training import learning, one_update, own_bias
from rnnviz.ui.pages.training import task_table as task_table_page
from rnnviz.ui.pages.training.experiment_findings import bias_finding
from rnnviz.ui.pages.training.plan_controls import FIRST
from rnnviz.ui.pages.training.table_findings import finding, first
from rnnviz.ui.pages.training.update_findings import formulas, moved, precise
from rnnviz.words.numbers import number
from tests.ui.apps import (
    badges,
    charts,
    in_words,
    no_exception,
    open_app,
    settings_of,
    shown,
    traces,
)

PAGE = "pages/Training.py"
NONE = Summary(5, 0, None, 1.0)


def made(**needed):
    """Entries of two rows; a column without a number is solved by no seed."""
    found = {}
    for row in ("adding", "bit"):
        for cell, bias in task_table.COLUMNS:
            n = needed.get(f"{row}_{cell}{'' if bias is None else f'{bias:g}'}")
            one = NONE if n is None else Summary(5, 5, n, 1.0)
            found[row, cell, bias] = Entry(Setting(0.02, bias), one, ())
    return found


def test_the_finding_says_what_the_entries_say():
    both = made(adding_gru3=100, adding_lstm3=200, bit_rnn=80, bit_gru3=200)
    assert first(both, "adding") == ("gru", 3.0)
    assert first(both, "bit") == ("rnn", None)
    said = finding(both)
    assert "depends on the task" in said
    assert "first on 2 tasks: RNN on 1, GRU (b = 3) on 1." in said
    assert "LSTM (b = 0) 0, LSTM (b = 3) 1" in said
    assert "with 0 of 10 when the bias" in said
    assert "with 5 of 10 when it starts at 3" in said
    one = finding(made(adding_gru3=100))
    assert "depends on the task" not in one
    assert "No net solves: first bit" in one
    assert first(made(adding_gru3=100, adding_gru0=100), "adding") is None


def test_the_bias_finding_tells_help_from_hindrance():
    rows = forget_bias.ROWS[:2]
    good, bad = Summary(5, 5, 100, 1.0), NONE
    low = dict.fromkeys(forget_bias.BIASES, bad) | {3.0: good}
    high = dict.fromkeys(forget_bias.BIASES, good) | {3.0: bad}
    said = bias_finding([(rows[0], low), (rows[1], high)])
    helps, hinders = said.split("not help")
    assert rows[0].title in helps
    assert rows[1].title in hinders
    assert rows[1].title not in helps


def test_a_link_opens_the_curves_of_an_entry_and_a_button_trains_it():
    app = open_app(PAGE, tab="tasks", trow="order", tnet="rnn")
    no_exception(app)
    stored = task_table.entries(task_table.stored())["order", "rnn", None]
    assert stored.setting.rate != FIRST.rate
    drawn = traces(charts(app)["task_curves"])
    levels = charts(app)["task_curves"]["layout"]["annotations"][0]
    assert levels["text"].startswith("– – naive answers: 1, solved below")
    assert levels["yref"] == "y domain", "above the picture"
    np.testing.assert_allclose(drawn["RNN, seed 3"]["y"], np.log10(stored.outcomes[3].curve))
    table = app.dataframe[0].value
    assert len(table) == len(task_table.ROWS)
    assert f"{stored.summary.solved}/5" in table["RNN"].iloc[1]
    button = next(one for one in app.button if one.label == "Watch it learn: RNN")
    button.click().run()
    no_exception(app)
    asked = {name: app.session_state[name] for name in ("tab", "ttask", "tU", "trate")}
    assert asked == {"tab": "train", "ttask": "temporal_order", "tU": task_table.UPDATES,
                     "trate": f"{stored.setting.rate:g}"}  # fmt: skip
    assert settings_of(app).cells == ("rnn",)


def test_every_entry_can_be_watched(unchecked, monkeypatch):
    """The controls that a button sets ask for the very plan of its row."""
    seen = []
    monkeypatch.setattr(learning.live, "show", lambda asked: seen.append(asked) or {})
    monkeypatch.setattr(learning.live, "busy", lambda *_: True)
    app = open_app(PAGE, cells="rnn")
    for row in task_table.ROWS:
        for key, value in task_table_page.controls(row, "gru", 3.0, 0.005).items():
            app.session_state[key] = value
        app.run()
        no_exception(app)
        assert seen[-1].plan == replace(row.plan, rate=0.005).fitted(TASKS[row.plan.task])
        assert seen[-1].jobs[0][1].hidden_size == task_table.HIDDEN


def test_one_update_shows_the_optimisers_numbers():
    app = shown(PAGE, tab="update", cells="rnn", uat=3, urow=2, ucol=5, uopt="rmsprop",
                ttask="first_symbol", tT=12, tH=6, tU=250, tB=8, tby="value", tclip=0.2, tk=5,
                t_first_symbol_alphabet_size=3)  # fmt: skip
    no_exception(app)
    settings = settings_of(app)
    plan = Plan("first_symbol", 12, (("alphabet_size", 3),), 250, 8, "rmsprop", clip=0.2,
                clip_by="value", seed=settings.seed)  # fmt: skip
    found, weight = one_update.record(job(settings, "rnn", plan, 6)), Weight("W_h", 1, 4)
    assert (found.updates, found.first.input_size, found.first.hidden_size) == (200, 3, 6)
    one = weight_update(found, 3, weight)
    assert [line.value.strip("$\n") for line in app.latex] == [*formulas(one, plan), moved(one)]
    words, p = in_words(app), np.exp(passed(found, 3, weight).y[-1, 0])
    right = passed(found, 3, weight).targets[-1, 0]
    assert f"one of 3 classes the probability p = {number(float(p[right] / p.sum()))}" in words
    assert "windows are left out" in words
    assert app.subheader[-1].value == "The same weight over the first 200 of 250 updates"
    drawn = charts(app)
    terms = next(iter(traces(drawn["weight_terms"]).values()))["y"]
    np.testing.assert_allclose(terms, passed(found, 3, weight).terms)
    path = traces(drawn["weight_path"])["W<sub>h</sub>[2, 5]"]["y"]
    np.testing.assert_allclose(path, found.weights[:, place(found.first, weight)])
    assert "✓ Checks passed" in badges(app)[0]


def test_a_sweep_of_ones_own_says_how_a_run_did():
    run = train("gru", plan=Plan("impulse", 3, updates=40), hidden_size=4)
    mean = np.convolve(run.loss, np.full(10, 0.1), "valid")
    solved = own_bias.outcome(run, 1.5, float(mean[20]) * 1.0001)
    assert solved.needed == 10 + int(np.flatnonzero(mean < mean[20] * 1.0001)[0])
    assert own_bias.outcome(run, 1.5, 0.0).needed is None
    asked = own_bias.Asked("gru", Plan("impulse", 3, updates=40))
    first, *_, last = asked.jobs().values()
    assert (dict(first.build), first.plan.seed) == ({"update_bias": -2.0}, 0)
    assert (dict(last.build), last.plan.seed) == ({"update_bias": 6.0}, 4)
    assert own_bias.seconds(asked) > 0


@pytest.mark.parametrize("chosen", ["bias", "equal", "init", "time"])
def test_every_experiment_opens(chosen):
    app = shown(PAGE, tab="experiments", ex=chosen)
    no_exception(app)
    if chosen == "time":
        next(one for one in app.button if one.key == "_time_updates").click().run()
        assert "One update takes: RNN" in in_words(app)


def test_numbers_for_formulas():
    assert [precise(one) for one in (0.0, 0.168449, -2.62934e-4, 12.5)] == [
        "0", "0.16845", r"-2.6293 \cdot 10^{-4}", "12.500"]  # fmt: skip
