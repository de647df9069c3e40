"""Every page with every setting that the sidebar allows, and some that it does not."""

import json
import re
from dataclasses import replace

import numpy as np
import plotly.graph_objects as go
import pytest

from rnnviz import CELLS
from rnnviz.core.initialisation import RECURRENT
from rnnviz.experiments.changes import HIGHEST
from rnnviz.experiments.presets import same
from rnnviz.experiments.settings import LOSS_PLACES, Settings
from rnnviz.figures.palette import TEXT
from rnnviz.tasks import TASKS
from rnnviz.ui.shell.navigation import pages
from rnnviz.words.markup import inert
from tests.ui.apps import (
    FOUR,
    GROUPS,
    MANY_RUNS,
    ROOT,
    SCRIPTS,
    SHORT,
    WORDS_ALONE,
    alts,
    badges,
    blank,
    charts,
    in_words,
    live,
    no_exception,
    open_app,
    settings_of,
    shown,
    stage,
)
from tests.ui.shell.test_tour import card

EXTREMES = [
    {"T": 2, "H": 1, "cells": FOUR},
    {"task": "impulse", "T": 500, "H": 63, "loss": "every", "cells": "rnn,lstm"},
    {"task": "impulse", "T": 122, "H": 128, "cells": "peephole_lstm", "peephole": "diagonal"},
    {"task": "impulse", "T": 500, "H": 4, "scale": 0.05, "bf": -2, "bz": -2},
    {"task": "impulse", "T": 500, "H": 4, "scale": 3, "scaling": "radius", "bf": 6, "bz": 6,
     "nonlinearity": "relu", "init": "identity", "impulse_amplitude": 100},
    {"task": "impulse", "T": 500, "H": 2, "scale": 3, "scaling": "radius", "cells": "rnn",
     "nonlinearity": "identity", "impulse_amplitude": -100},
    {"seed": 999999, "scale": 3, "T": 30, "nonlinearity": "sigmoid", "reset_after": 1},
    {"task": "copying", "T": 500, "copying_symbols": 100, "copying_alphabet_size": 26, "H": 8},
    {"task": "noisy_sine", "noisy_sine_noise": 0, "noisy_sine_period": 5000},
    {"task": "sentence", "sentence_text": "한", "H": 1},
    {"task": "sentence", "sentence_text": "<b>x</b> $a_1$ **c** ©👩‍👩‍👧\n" * 5},
]  # fmt: skip


def turns(cases, scripts=SCRIPTS):
    """(page, case): where one page is as good as another they take turns, to save time."""
    return [(scripts[k % len(scripts)], case) for k, case in enumerate(cases)]


def is_the_preset(settings):
    """The sidebar names the options that the preset leaves at their defaults."""
    return replace(settings, options=(), cell_options=()) == Settings()


def shows_a_picture(app):
    """No exception, and the charts, the time control and what follows it are there."""
    no_exception(app)
    assert charts(app)
    assert not blank(app)
    assert live(app) or left_out(app)
    assert stage(app)["length"] >= 1


def left_out(app):
    """The warnings that a view is too expensive for these settings."""
    return [one.value for one in app.main.warning if "left out: T" in one.value]


def test_every_page_in_the_folder_is_in_the_navigation_and_there_are_no_others():
    assert set(pages()) == {*SCRIPTS, *WORDS_ALONE}
    assert next(iter(pages())) == "app.py"
    assert len({one.name for one in pages().values()}) == len(pages())


def test_pages_are_short_scripts():
    for script in SCRIPTS:
        assert len((ROOT / script).read_text("utf-8").splitlines()) <= 15


@pytest.mark.parametrize("script", SCRIPTS)
def test_every_page_opens_cold_with_every_setting(script):
    app = shown(script)
    shows_a_picture(app)
    assert not app.warning
    assert not app.info
    assert set(app.query_params) == set(SHORT.get(script, {}))
    assert is_the_preset(settings_of(app))
    links = [one.proto.label for one in app.sidebar.get("page_link")]
    heads = [one for one in pages().values() if not one.family]
    here = pages()[pages()[script].head]
    assert links == [f"**{one.name}**" if one is here else one.name for one in heads]
    for key in ("task", "T", "cells", "H", "seed", "init", "scaling", "scale", "bf", "bz", "loss"):
        assert app.session_state[key] is not None
    assert app.button(key="_tour_button").label == "Take the tour"
    assert card(app) is None
    for figure in charts(app).values():
        assert figure["layout"]["font"]["color"] == TEXT["light"]
    for one in app.get("plotly_chart"):
        checked_by_plotly(json.loads(one.proto.spec))


def checked_by_plotly(found):
    """Plotly takes the figure, and changes nothing of it."""
    checked = json.loads(go.Figure(found).to_json())
    checked["layout"].pop("template", None)
    assert checked == found


@pytest.mark.usefixtures("unchecked")
@pytest.mark.parametrize("script", SCRIPTS)
def test_every_chart_has_words_a_height_time_axes_that_exist_and_the_theme(script):
    app = shown(script, theme="dark", cells=FOUR)
    shows_a_picture(app)
    for key, figure in charts(app).items():
        assert figure["layout"]["font"]["color"] == TEXT["dark"]
        assert len(alts(app)[key]) > 20, key
        assert figure["layout"]["height"] > 50
        for axis in figure["layout"]["meta"]:
            title = f"xaxis{axis[1:]}"
            low, high = figure["layout"][title]["range"]
            assert low < 1
            assert high == stage(app)["length"] + 0.5


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


CANNOT = [
    ({"task": "impulse", "T": 500, "H": 128}, "T = “500”; T = 122"),
    ({"task": "stocks", "T": 200}, "T = “200”; T = 104"),
    ({"task": "copying", "T": 10}, "T = “10”; T = 11"),
    ({"task": "copying", "copying_symbols": 100, "T": 201, "H": 128},
     "H = “128” cannot be shown; H = 99"),
    ({"task": "sentence", "sentence_text": ""}, "sentence_text = “”"),
    ({"cells": ""}, "cells = “”; cells = rnn, lstm, gru"),
    ({"cells": ",".join(list(CELLS)[:5])}, "cells = " + ", ".join(list(CELLS)[:4])),
    ({"loss": "chosen", "at": "7, 60"}, "at = “7, 60”; at = 7 "),
]  # fmt: skip


@pytest.mark.parametrize(("script", "case"), turns(CANNOT), ids=lambda value: str(value)[:30])
def test_a_link_to_what_cannot_be_shown_says_in_one_sentence_what_is(script, case):
    query, words = case
    app = open_app(script, **query)
    (said,) = (one.value for one in app.info if "is shown instead" in one.value)
    assert words in said
    assert said.count("is shown instead") == 1
    assert not app.warning
    shows_a_picture(app)


def test_a_smaller_net_loses_the_edits_of_weights_that_it_has_not():
    app = open_app("pages/Step.py", task="impulse", T=40, H=13, edit="lstm.W_h.12.12:2,lstm.b.0:1")
    app.slider(key="H").set_value(8).run()
    (said,) = app.info
    assert said.value == ("The edited weight W_h[12, 12] of the LSTM does not exist: W_h has the "
                          "shape (8, 32). This edit was removed.")
    assert (settings_of(app).length, settings_of(app).hidden_size) == (40, 8)
    assert "".join(app.query_params["edit"]) == "lstm.b.0:1"
    assert not app.warning


def test_the_last_cell_cannot_be_taken_away():
    app = open_app(cells="gru", H=2, T=5, task="impulse")
    app.multiselect(key="cells").set_value([]).run()
    shows_a_picture(app)
    assert not app.warning
    assert settings_of(app).cells == ("gru",)


BAD = [
    {"T": "1", "H": "-1", "seed": "-1", "scale": "nan", "bf": "-1e400", "bz": "zero",
     "init": "<script>alert(1)</script>", "loss": "'; drop", "scaling": "none",
     "nonlinearity": "gelu", "reset_after": "yes"},
    {"T": "501", "H": "0x10", "seed": "1e400", "scale": "inf", "task": "__class__"},
    {"T": "nan", "task": "../stocks", "cells": "rnn,perceptron"}, {"T": "1e3"}, {"T": "9" * 5000},
    {"task": "sentence", "sentence_text": "x" * 201},
    {"task": "sentence", "sentence_encoding": "utf-8"},
    {"task": "impulse", "impulse_amplitude": "1e6"},
    {"loss": "chosen", "at": "1" * 81},
]  # fmt: skip
RIGHT = [{"task": "sentence"}, {"task": "impulse"}, {"loss": "chosen"}]
"""What stands in a bad link and is right."""


@pytest.mark.parametrize("query", BAD, ids=lambda query: "&".join(query)[:40])
def test_what_a_link_asks_for_and_cannot_be_is_said(query):
    app = open_app("pages/Step.py", **{"H": 2, "cells": "rnn,gru"} | query)
    shows_a_picture(app)
    (said,) = app.info
    wrong = {key: value for key, value in query.items() if {key: value} not in RIGHT}
    for key, value in wrong.items():
        assert f"The link asked for {key} = “{inert(value[:40])}”" in said.value
        assert app.query_params.get(key) not in (value, [value]), "the address says what is shown"
    assert len(said.value) < 200 * len(wrong)
    assert not app.run().info, "said once"


@pytest.mark.usefixtures("unchecked")
@pytest.mark.parametrize(
    ("key", "asked", "shown"),
    [("T", "501", 500), ("T", "-3", 2), ("H", "1000", 128), ("bf", "99", 6.25), ("bz", "-99", -4.0),
     ("seed", "-1", 0)],
)
def test_a_number_out_of_range_becomes_the_nearest(key, asked, shown):
    app = open_app("app.py", task="impulse", **{"H": 2, key: asked})
    (said,) = app.info
    assert f"“{asked}”; {key} = {shown} is shown" in said.value


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


@pytest.mark.parametrize(("asked", "shown"), [("0", 1), ("99", 50), ("x", 50), ("1e3", 50)])
def test_a_timestep_out_of_range_becomes_the_nearest(asked, shown):
    app = open_app("pages/Step.py", H=2, t=asked)
    (said,) = app.info
    assert f"“{asked}”; t = {shown} is shown" in said.value
    assert not app.run().info, "said once"


@pytest.mark.usefixtures("unchecked")
@pytest.mark.parametrize(
    ("script", "query"),
    turns([{"unknown": "1", "_good_settings": "x", "_link_notices": "x", "t": "nan", "unit": "99"},
     {"t": "99999999999", "unit": "-1", "norms_now": "1"}, {"t": "-5", "cell": "no"},
     {"headline": "1", "unit": "nan"}], SCRIPTS[4:]),
)  # fmt: skip
def test_other_junk_in_a_link_does_no_harm(script, query):
    shows_a_picture(open_app(script, **query))


@pytest.mark.parametrize("script", SCRIPTS[2::6])
def test_a_cell_named_twice_is_one_cell(script):
    app = open_app(script, cells="rnn,rnn,gru,gru,rnn")
    shows_a_picture(app)
    assert settings_of(app).cells == ("rnn", "gru")


@pytest.mark.usefixtures("unchecked")
@pytest.mark.parametrize("script", ["app.py", "pages/Roads.py"])
def test_back_to_the_preset(script):
    app = open_app(script, T=20, H=5, seed=9, cells="gru", bz=-1, loss="chosen", at="3")
    (reset,) = (one for one in app.sidebar.button if "preset" in one.label)
    reset.click().run()
    shows_a_picture(app)
    assert is_the_preset(settings_of(app))
    assert set(app.query_params) <= {"t", "tab"}


@pytest.mark.usefixtures("unchecked")
def test_switching_pages_keeps_every_setting():
    query = {"T": 20, "H": 5, "seed": 9, "cells": "gru", "bf": -1, "init": "glorot"}
    query |= SHORT["pages/Training.py"]
    app = open_app(**query)
    settings = settings_of(app)
    for script in [*SCRIPTS[1:], "app.py"]:
        app.switch_page(script).run()
        shows_a_picture(app)
        assert same(settings_of(app), settings)
        assert {name: str(value) for name, value in query.items()} == {
            name: value for name, value in app.query_params.items() if name != "t"
        }


@pytest.mark.usefixtures("unchecked")
def test_what_is_beyond_floats_is_said():
    query = {"task": "impulse", "T": 500, "cells": "rnn", "nonlinearity": "identity",
             "scaling": "radius", "scale": 3, "impulse_amplitude": 100}  # fmt: skip
    pages = ("Step", "Gradient_flow", "Whose_gradient", "Spectrum", "Roads", "Cuts")
    for script in ("app.py", *(f"pages/{name}.py" for name in pages)):
        app = open_app(script, **query)
        shows_a_picture(app)
        assert any("∞" in one.value or "not a number" in one.value for one in app.info)


def test_captions_state_seed_and_sizes():
    for script in ("app.py", "pages/Gradient_flow.py"):
        app = open_app(script, seed=41, cells="gru")
        assert replace(Settings(), seed=41).in_words() in in_words(app)


@pytest.mark.parametrize("script", ["app.py", *(f"pages/{name}.py" for name in (
    "Step", "Gradient_flow", "Depth"))])
def test_a_net_beyond_what_a_float_can_hold_is_shown_and_not_verified(script):
    app = open_app(script, T=120, H=2, task="impulse", loss="every", cells="rnn",
                   nonlinearity="identity", edit="rnn.W_h.0.0:1000")  # fmt: skip
    assert not app.exception, [one.message for one in app.exception]
    (label,) = badges(app)
    assert label.startswith("Checks failed")
