"""The tour without a browser: what its card is told at every step."""

import json

import pytest

from rnnviz.experiments.presets import same
from rnnviz.experiments.settings import Settings
from rnnviz.experiments.tour import END, END_TITLE, RESTORED, TOUR
from rnnviz.ui import short_links
from rnnviz.ui.shell import tour
from rnnviz.ui.shell.navigation import name_of, pages
from tests.ui.apps import SHORT, WORDS_ALONE, open_app, settings_of, with_cell_options
from tests.ui.shell.test_preset_menu import link

pytestmark = pytest.mark.usefixtures("unchecked")

CARD = "_tour_card"
STEPS = list(enumerate(TOUR, 1))


def card(app):
    """What the card was told, or None without one."""
    assert not app.exception, [one.message for one in app.exception]
    found = [one for one in app.get("bidi_component") if one.key == CARD]
    return json.loads(found[0].proto.json) if found else None


def quick(step):
    """The address of a step on a page that is asked for less, with the settings of the step."""
    if step.page not in SHORT:
        return {}
    own = {key: value for key, value in step.controls if key != "t"}
    return {"cells": ",".join(step.asks.cells), **own}


def test_there_is_a_button_on_pages_of_words_too_and_no_card():
    for script in WORDS_ALONE:
        app = open_app(script)
        assert card(app) is None
        assert app.button(key="_tour_button").label == "Take the tour"


@pytest.mark.parametrize(("n", "step"), STEPS)
def test_a_link_opens_a_step_before_its_answer(n, step):
    app = open_app(step.page, tour=n, **quick(step))
    told = card(app)
    assert same(settings_of(app), step.asks)
    assert told["state"] == ("asks" if step.asks != step.shows else "shows")
    assert (told["n"], told["of"]) == (n, f"Step {n} of 11")
    assert told["anchor"] == step.anchor
    assert len(told["answers"]) == len(step.answers)
    assert "{" not in "".join([told["look"], told["question"], *told["answers"]])
    assert link(app)["tour"] == str(n)
    for key, value in step.controls:
        if key != "t":
            assert app.session_state[key] == value


@pytest.mark.parametrize(("n", "step"), STEPS)
def test_the_link_of_an_answer_opens_the_answer(n, step):
    app = open_app(step.page, tour=n, **quick(step))
    after = step.shows
    for key, value in {"T": after.length, "bf": after.forget_bias, "u": after.update,
                       "scale": after.scale, "cells": list(after.cells)}.items():  # fmt: skip
        app.session_state[key] = value
    app.run()
    told = card(app)
    assert told["state"] == "shows"
    assert told["answer"] == step.right
    assert "broken" not in told
    assert "notice" not in told
    assert "{" not in told["truth"]
    if step.shows != Settings():  # a link without settings asks again
        assert card(open_app(step.page, **link(app))) == told


def test_the_question_stays_that_of_the_settings_before_the_answer():
    app = open_app(TOUR[1].page, tour=2)
    before = card(app)
    app.session_state["T"] = 50
    app.run()
    after = card(app)
    assert (before["state"], after["state"]) == ("asks", "shows")
    assert after["look"] == before["look"]
    assert "last of 10 weeks" in after["look"]


def test_a_change_is_said_and_what_still_holds_is_said_anew():
    app = open_app("pages/Gradient_flow.py", tour=3)
    before = card(app)
    app.slider(key="H").set_value(20).run()
    told = card(app)
    assert told["state"] == "changed"
    assert told["notice"] == "A setting of this step has been changed."
    assert told["answer"] == TOUR[2].right
    assert told["truth"] != before["truth"]
    assert "broken" not in told


def test_what_no_longer_holds_is_said_plainly():
    app = open_app("pages/Gradient_flow.py", tour=3)
    app.slider(key="scale").set_value(2.5).run()
    told = card(app)
    assert told["state"] == "changed"
    assert told["broken"].startswith("With these numbers it no longer holds. Now the answer would")


def test_a_nonlinearity_of_which_nothing_is_said():
    app = with_cell_options(open_app("pages/Gradient_flow.py", tour=3))
    app.selectbox(key="nonlinearity").set_value("relu").run()
    assert card(app)["broken"].endswith("None of the answers holds now.")


def test_a_page_s_own_control_counts_too():
    app = open_app("pages/Step.py", tour=5)
    app.session_state["cell"] = "rnn"
    app.run()
    assert card(app)["state"] == "changed"


def test_a_cell_that_is_gone_is_missed():
    app = open_app("pages/Step.py", tour=5)
    app.session_state["cells"] = ["rnn"]
    app.run()
    told = card(app)
    assert told["broken"] == "The cells that this step speaks of are not all shown."
    assert "answer" not in told


def test_on_another_page_the_card_says_where_the_picture_is():
    told = card(open_app("pages/Roads.py", tour=5, cells="rnn,lstm"))
    assert told["state"] == "elsewhere"
    assert told["notice"] == f"The picture of this step is on the page {name_of('pages/Step.py')}."


def test_a_link_with_settings_keeps_them():
    app = open_app("pages/Gradient_flow.py", tour=3, cells="rnn", H=20)
    assert settings_of(app).hidden_size == 20
    assert card(app)["state"] == "changed"


@pytest.mark.parametrize("asked", ["0", "12", "-1", "x", ""])
def test_no_such_step(asked):
    app = open_app(tour=asked)
    assert card(app) is None
    assert "tour" not in app.query_params


def test_the_closing_card():
    told = card(open_app(tour="end"))
    assert told["title"] == END_TITLE
    assert told["look"] == END, "nothing was set again"
    assert {one["page"] for one in told["links"]} <= set(pages())


MINE = {"T": 30, "H": 5, "cells": "lstm", "k": 7, "t": 12}


def begun():
    """The tour begun on another page, with settings of one's own."""
    app = open_app("pages/Cuts.py", **MINE)
    app.session_state["t"] = 12
    app.button(key="_tour_button").click().run()
    app.switch_page(TOUR[0].page).run()
    assert card(app)["n"] == 1
    assert same(settings_of(app), TOUR[0].asks)
    return app


def assert_as_before(app):
    app.switch_page("pages/Cuts.py").run()
    settings = settings_of(app)
    assert (settings.length, settings.hidden_size, settings.cells) == (30, 5, ("lstm",))
    assert (app.session_state["k"], app.session_state["t"]) == (7, 12)


def test_ending_sets_everything_as_it_was_before():
    app = begun()
    app.button(key="_tour_button").click().run()
    assert_as_before(app)
    assert card(app) is None
    assert "tour" not in app.query_params


def test_at_its_end_everything_is_as_it_was_before(monkeypatch):
    app, follow, act = begun(), tour.follow, [lambda: tour._go(len(TOUR) + 1)]
    monkeypatch.setattr(tour, "follow", lambda script: (follow(script), act and act.pop()()))
    app.run()
    assert_as_before(app)
    assert card(app)["state"] == "over"
    assert card(app)["look"].endswith(RESTORED)


def test_a_reload_in_the_tour_loses_no_setting(monkeypatch):
    asked = {**MINE, "seed": 5, "cells": "gru,lstm", "loss": "chosen", "at": "5,20",
             "edit": "lstm.W_h.1.1:2"}  # fmt: skip
    app = open_app("pages/Cuts.py", **asked)
    before, query = settings_of(app), {**link(app), "t": "12"}
    app.session_state["t"] = 12
    app.button(key="_tour_button").click().run()
    app.switch_page(TOUR[0].page).run()
    step, follow, act = TOUR[3], tour.follow, [lambda: tour._go(len(TOUR) + 1)]
    app = open_app(step.page, tour=4, cells="rnn", before=link(app)["before"])
    monkeypatch.setattr(tour, "follow", lambda script: (act and act.pop()(), follow(script)))
    app.run()
    app.switch_page("pages/Cuts.py").run()
    assert settings_of(app) == before
    assert (app.session_state["k"], app.session_state["t"]) == (7, 12)
    assert card(app)["look"].endswith(RESTORED)
    assert {**link(app), "t": "12"} == query | {"tour": "end"}


@pytest.mark.parametrize("text", ["x", "", short_links.fold({"page": "pages/None.py", "T": "30"})])
def test_a_way_back_to_nowhere_is_no_way_back(text):
    app = open_app(tour=4, cells="rnn", before=text)
    assert "before" not in app.query_params
    assert card(app)["n"] == 4


def test_in_korean():
    told = card(open_app(tour=2, lang="ko"))
    assert told["of"] == "11단계 중 2단계"
    assert told["title"] == "기울기가 돌아온다"
