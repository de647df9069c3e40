"""Weights edited in the drawing: in the address, in every array, refused, and taken back."""

import numpy as np
import pytest

from rnnviz.core.weight_edits import written
from rnnviz.experiments.settings import Settings
from rnnviz.ui.shell import edited_weights
from tests.ui.apps import charts, in_words, live, open_app, settings_of, shown, traces
from tests.ui.components.test_cell_diagram import SMALL

pytestmark = pytest.mark.usefixtures("unchecked")

EDIT = "lstm.b.6:2.5"


def test_an_edit_in_the_address_is_in_every_array_and_said():
    app = shown("pages/Step.py", **SMALL, cells="lstm,gru", edit=EDIT, unit=1)
    flow = settings_of(app).flow("lstm")
    assert flow.trace.model.parameters[0]["b"][6] == 2.5
    sums = live(app)["cell_large"].head["cells"][0]["sums"]["f"]["terms"]
    bias = next(term for term in sums if term["parameter"] == "b")
    assert (bias["weights"], bias["edited"], bias["places"]) == ([2.5], [1], [6])
    assert "1 weight edited" in in_words(app)
    assert "1 weight edited" in in_words(shown(**SMALL, cells="lstm,gru", edit=EDIT))
    plain = shown("pages/Step.py", **SMALL, cells="lstm,gru", unit=1)
    assert "edited" not in in_words(plain)
    before, after = (traces(charts(one)["unit_over_time"]) for one in (plain, app))
    assert not np.array_equal(before["f"]["y"], after["f"]["y"])
    np.testing.assert_array_equal(before["f"]["y"], after["f before the change"]["y"])
    assert not any("before" in name for name in before)


def test_reset_takes_the_edits_back():
    app = open_app("pages/Step.py", **SMALL, cells="lstm", edit=f"{EDIT},lstm.W_h.0.3:-1")
    assert len(settings_of(app).edits) == 2
    button = next(one for one in app.main.button if one.label == "Reset edits")
    button.click().run()
    assert settings_of(app).edits == ()
    assert "edit" not in app.query_params
    assert not any(one.label == "Reset edits" for one in app.button)


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        ("lstm.b.20:1", "b has the shape (20,)"),
        ("lstm.b_h.0:1", "has no parameter b_h"),
        ("lstm.W_h.0:1", "does not exist"),
        ("lstm.W_x.0.0:1001", "must be within ±1000, got 1001"),
        (",".join(f"lstm.b.{k}:1" for k in range(9)), "At most 8 weights"),
    ],
)
def test_an_edit_that_cannot_be_is_removed_with_a_notice_and_the_rest_is_shown(edit, words):
    app = open_app("pages/Step.py", **SMALL, cells="lstm", edit=edit)
    assert not app.exception
    assert not app.warning
    (said,) = app.info
    assert words in said.value
    assert "LSTM" in said.value or "weight" in said.value
    assert settings_of(app).hidden_size == SMALL["H"]
    assert len(settings_of(app).edits) in (0, 8)
    assert "".join(app.query_params.get("edit", "")) == written(settings_of(app).edits)


@pytest.mark.parametrize("edit", ["lstm", "lstm.b.1:x", "lstm.b.1:1e", "<script>", "lstm.b.-1:2",
                                  "perceptron.b.1:2"])
def test_what_is_no_edit_is_said_and_left_out(edit):
    app = open_app("pages/Step.py", **SMALL, edit=edit)
    assert not app.exception
    assert settings_of(app).edits == ()
    assert "edit" not in app.query_params


def test_an_edit_of_a_cell_that_is_not_shown_waits():
    app = open_app("pages/Step.py", **SMALL, cells="gru", edit="lstm.b.999:1")
    assert not app.warning
    assert not app.exception


def test_a_held_gate_offers_no_weights_to_set():
    query = {**SMALL, "cells": "lstm", "lstm.f": 0.5}
    sums = live(shown("pages/Step.py", **query))["cell_large"].head
    held = {name: one["held"] for name, one in sums["cells"][0]["sums"].items()}
    assert held == {"f": True, "i": False, "g": False, "o": False, "y": False}


class Sent:
    """What the browser sends when a weight is let go, or taken back."""

    def __init__(self, monkeypatch, link=""):
        self.state = {"edit": link}
        monkeypatch.setattr(edited_weights.st, "session_state", self.state)
        monkeypatch.setattr(edited_weights.url_controls, "kept", lambda key, **_: self.state[key])

    def __call__(self, place, value, parameter="W_h"):
        event = {"cell": "lstm", "parameter": parameter, "place": place, "value": value}
        edited_weights.take(Settings(task="impulse", length=12, hidden_size=5, seed=5), event)
        return self.state["edit"]


def test_a_weight_that_is_let_go_is_an_edit_and_none_takes_it_back(monkeypatch):
    send = Sent(monkeypatch, "lstm.b.6:2.5")
    assert send(46, -1.5) == "lstm.b.6:2.5,lstm.W_h.2.6:-1.5"
    assert send(46, 0.25) == "lstm.b.6:2.5,lstm.W_h.2.6:0.25"
    assert send(6, None, "b") == "lstm.W_h.2.6:0.25"
    assert send(46, None) == ""
    assert send(46, None) == "", "what is as it was drawn stays so"
