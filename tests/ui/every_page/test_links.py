"""Links that ask for what cannot be shown: a sentence says what is shown instead."""


import pytest

from rnnviz import CELLS
from rnnviz.words.markup import inert
from tests.ui.apps import SCRIPTS, open_app, settings_of
from tests.ui.every_page.looks import shows_a_picture, turns

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
