"""Every setting that the sidebar allows is shown, the extreme ones too."""

import re

import numpy as np
import pytest

from rnnviz import CELLS
from rnnviz.core.initialisation import RECURRENT
from rnnviz.experiments.changes import HIGHEST
from rnnviz.experiments.settings import LOSS_PLACES
from rnnviz.tasks import TASKS
from rnnviz.ui.shell.navigation import pages
from tests.ui.apps import GROUPS, MANY_RUNS, SCRIPTS, alts, badges, live, open_app, settings_of
from tests.ui.every_page.looks import EXTREMES, left_out, shows_a_picture, turns

HARDEST = [
    (script, EXTREMES[4 if script in MANY_RUNS else k % 2 * 3 + 1])
    for k, script in enumerate(SCRIPTS)
]  # fmt: skip
HARDEST += [(script, {"task": "impulse", "T": 100, "H": 16, "loss": "every", "cells": "rnn,lstm"})
            for script in MANY_RUNS]  # fmt: skip
HARDEST += turns([one for k, one in enumerate(EXTREMES) if k not in (1, 4)])


@pytest.mark.usefixtures("unchecked")
@pytest.mark.parametrize(("script", "query"), HARDEST)
def test_extreme_settings_are_shown(script, query):
    app = open_app(script, **query)
    shows_a_picture(app)
    assert [one.value for one in app.warning] == left_out(app)
    assert not left_out(app) or query.get("H", 0) > 60
    assert not any("The link asked" in one.value for one in app.info)
    for words in alts(app).values():
        assert "nan" not in re.findall(r"\w+", words)


OF_A_TASK = [script for script in SCRIPTS if "task" in pages()[script].counts]


@pytest.mark.usefixtures("unchecked")
@pytest.mark.parametrize(("script", "task"), turns(TASKS, OF_A_TASK))
def test_every_task_is_shown(script, task):
    app = open_app(script, task=task, loss="task", H=3)
    shows_a_picture(app)
    assert settings_of(app).task == task
    assert TASKS[task].description in [one.value for one in app.sidebar.caption]
    for option in TASKS[task].options:
        assert app.session_state[f"{task}_{option.name}"] == option.default


@pytest.mark.parametrize("task", [name for name in TASKS if TASKS[name].options])
def test_every_option_of_every_task_can_be_chosen(task):
    other = {
        option.name: {"choice": option.choices[-1:] and option.choices[-1], "text": "나는",
                      "whole": int(option.minimum), "number": float(option.minimum)}[option.kind]
        for option in TASKS[task].options
    }  # fmt: skip
    query = {f"{task}_{name}": value for name, value in other.items()}
    app = open_app("pages/Step.py", task=task, cells="rnn", H=3, **query)
    shows_a_picture(app)
    assert dict(settings_of(app).options) == other


CHOICES = [(cell, name, value) for cell, kind in CELLS.items()
           for name, allowed in kind.choices.items() for value in allowed]  # fmt: skip


def test_every_cell_option_is_shown():
    cells = ",".join(dict.fromkeys(cell for cell, _, _ in CHOICES))
    left = dict.fromkeys((name, value) for _, name, value in CHOICES)
    while left:
        query = {name: int(value) if isinstance(value, bool) else value for name, value in left}
        app = open_app("pages/Step.py", cells=cells, H=3, T=6, **query)
        shows_a_picture(app)
        chosen = set(settings_of(app).cell_options) & set(left)
        assert {name for name, _ in chosen} == {name for name, _ in left}
        left = {one: None for one in left if one not in chosen}


@pytest.mark.usefixtures("unchecked")
@pytest.mark.parametrize(
    ("init", "scaling"), [(init, ("gain", "radius")[k % 2]) for k, init in enumerate(RECURRENT)]
)
def test_every_initialisation_is_shown(init, scaling):
    app = open_app("pages/Gradient_flow.py", init=init, scaling=scaling, T=8, H=3)
    shows_a_picture(app)
    assert (settings_of(app).init, settings_of(app).scaling) == (init, scaling)


@pytest.mark.parametrize("loss", LOSS_PLACES)
def test_every_place_of_the_loss_is_shown(loss):
    app = open_app(loss=loss, at="10, 20-25", cells="rnn")
    shows_a_picture(app)
    assert settings_of(app).loss == loss
    assert live(app)["headline"].head["references"]


@pytest.mark.usefixtures("unchecked")
@pytest.mark.parametrize(("script", "cells"), turns(["peephole_lstm", *GROUPS] * 2))
def test_one_cell_and_all_cells(script, cells):
    app = open_app(script, cells=cells)
    shows_a_picture(app)
    assert set(settings_of(app).cells) == set(cells.split(","))


def test_the_last_cell_cannot_be_taken_away():
    app = open_app(cells="gru", H=2, T=5, task="impulse")
    app.multiselect(key="cells").set_value([]).run()
    shows_a_picture(app)
    assert not app.warning
    assert settings_of(app).cells == ("gru",)


@pytest.mark.parametrize(
    ("cells", "forget", "update"),
    [
        ("lstm", "LSTM", None),
        ("gru,rnn", None, "GRU"),
        ("janet,minlstm,mingru,lstm_1997", "JANET, minLSTM", "minGRU"),
    ],
)
def test_a_bias_is_there_for_the_shown_cells_that_have_it(cells, forget, update):
    app = open_app(H=2, T=5, task="impulse", cells=cells)
    labels = {one.key: one.label for one in app.slider}
    assert labels.get("bf") == (forget and f"Forget bias b_f ({forget})")
    assert labels.get("bz") == (update and f"Update bias b_z ({update})")


def test_a_bias_goes_as_far_as_the_changes_that_are_tried():
    longest = open_app(H=2, task="impulse", T=2).slider(key="T").max
    wanted = np.log(longest - 1)
    assert round(wanted, 1) <= HIGHEST
    for key in ("bf", "bz"):
        app = open_app(H=2, T=5, task="impulse", **{key: 6.25})
        slider = app.slider(key=key)
        assert max(wanted, HIGHEST) <= slider.value == slider.max < wanted + 0.25
        assert slider.min == -4
        assert not app.info


@pytest.mark.usefixtures("unchecked")
def test_what_is_beyond_floats_is_said():
    query = {"task": "impulse", "T": 500, "cells": "rnn", "nonlinearity": "identity",
             "scaling": "radius", "scale": 3, "impulse_amplitude": 100}  # fmt: skip
    pages = ("Step", "Gradient_flow", "Whose_gradient", "Spectrum", "Roads", "Cuts")
    for script in ("app.py", *(f"pages/{name}.py" for name in pages)):
        app = open_app(script, **query)
        shows_a_picture(app)
        assert any("∞" in one.value or "not a number" in one.value for one in app.info)


@pytest.mark.parametrize("script", ["app.py", *(f"pages/{name}.py" for name in (
    "Step", "Gradient_flow", "Depth"))])
def test_a_net_beyond_what_a_float_can_hold_is_shown_and_not_verified(script):
    app = open_app(script, T=120, H=2, task="impulse", loss="every", cells="rnn",
                   nonlinearity="identity", edit="rnn.W_h.0.0:1000")  # fmt: skip
    assert not app.exception, [one.message for one in app.exception]
    (label,) = badges(app)
    assert label.startswith("Checks failed")
