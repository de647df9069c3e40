"""Pictures of checkpoints that are sent ahead: those that the page itself would draw."""

from dataclasses import replace

import numpy as np
import pytest

from rnnviz.ui.components.update_slider.course import packet
from rnnviz.ui.pages.compare import ahead
from tests.ui.apps import in_words, live, open_app, settings_of, unpack

pytestmark = pytest.mark.usefixtures("unchecked")
PLAN = "adding,T:12,H:5,U:20"


@pytest.mark.parametrize("query", [{"u": 5}, {"u": 0, "loss": "every", "on": "h", "cells": "lstm"}])
def test_a_picture_sent_ahead_is_the_one_that_the_page_draws(query):
    app = open_app(**({"plan": PLAN, "cells": "rnn,lstm"} | query))
    settings = settings_of(app)
    head, values = live(app)["headline"]
    one = ahead.picture(settings, query.get("on", "memory"), None)
    sent = unpack(packet({query["u"]: one}, query["u"]))
    (told,) = sent.head["pictures"].values()
    chart = told["charts"]["headline"]
    assert {**chart["head"], "length": sent.head["length"]} == head
    np.testing.assert_array_equal(sent.values[chart["from"] :][: chart["count"]], values)
    assert set(one.html.values()) <= {html.proto.body for html in app.main.get("html")}
    (sentence,) = one.sentences.values()
    assert sentence in in_words(app)
    assert live(app)["_course"].head["more"] == 0, "the browser asks for those that are missing"


def test_the_nearest_checkpoints_come_first_and_what_takes_long_is_left_out(monkeypatch):
    settings = replace(settings_of(open_app(plan=PLAN, cells="rnn")), update=5)
    monkeypatch.setattr(ahead, "SLICE", 0.0)
    found = {}
    ahead._compute(settings, "memory", None, found)
    ahead._compute(settings, "memory", None, found)
    assert next(iter(found)) == 5
    assert len(found) == 2
    assert abs(list(found)[1] - 5) == min(abs(one - 5) for one in ahead._missing(settings, {})[1:])
    monkeypatch.setattr(ahead, "EXPENSIVE", 0.0)
    ahead._compute(settings, "memory", None, found)
    assert not ahead._missing(settings, found)
    assert sum(one is None for one in found.values()) == len(settings.trained.checkpoints) - 3
