"""The menu of presets: all controls at once, what there is to see, and honesty about changes."""

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from rnnviz.core.weight_edits import Edit
from rnnviz.experiments.address import in_controls
from rnnviz.experiments.presets import PRESETS, matching, same
from rnnviz.experiments.settings import Settings
from rnnviz.ui import cached
from rnnviz.words import say
from tests.ui.apps import in_words, open_app, settings_of, shown
from tests.ui.test_url_controls import sidebar_only

pytestmark = pytest.mark.usefixtures("unchecked")

MENU, NAMES = "_preset_menu", list(PRESETS)
OTHERS = [
    PRESETS["latch"].settings,
    Settings(task="copying", options=(("symbols", 3),), length=30, loss="chosen",
             loss_at="12, 20-25", cells=("gru", "peephole_lstm"),
             cell_options=(("peephole", "diagonal"),), edits=(Edit("gru", "b", (1,), 2.5),)),
    Settings(task="sentence", options=(("text", "가나다"),), length=3, init="chrono"),
]  # fmt: skip


def link(app):
    """What stands in the address."""
    query = app.query_params.items()
    return {key: value if isinstance(value, str) else value[-1] for key, value in query}


def choose(app, name):
    app.selectbox(key=MENU).select(name).run()
    assert not app.exception, [one.message for one in app.exception]
    return app


def named(one):
    """A preset as the menu has it."""
    return f"{one.topic.value} · {one.title}"


def label(app):
    """What the menu shows as chosen."""
    menu = app.selectbox(key=MENU)
    return menu.proto.options[menu.index] if menu.index is not None else menu.placeholder


@pytest.mark.parametrize("settings", [*(one.settings for one in PRESETS.values()), *OTHERS])
def test_settings_survive_the_way_through_the_controls(settings):
    app = AppTest.from_function(sidebar_only, default_timeout=30)
    for key, value in in_controls(settings).items():
        app.session_state[key] = value
    app.run()
    assert not app.exception, [one.message for one in app.exception]
    assert same(app.session_state["_asked"], settings)


def test_the_app_opens_on_the_first_preset():
    app = shown()
    first, *rest = PRESETS.values()
    assert app.selectbox(key=MENU).options == [first.title, *(named(one) for one in rest)]
    assert max(len(one.title) for one in PRESETS.values()) <= 27, "would be cut off in the menu"
    assert label(app) == first.title
    assert PRESETS[NAMES[0]].source in in_words(app)


def test_choosing_one_sets_every_control_and_clears_the_rest():
    app = open_app(T=20, H=3, seed=7, edit="lstm.b.0:2.5", loss="chosen", at="3", bf=0, t=4)
    for name in ("latch", "sentence", "chrono", "stocks"):
        choose(app, name)
        assert same(settings_of(app), PRESETS[name].settings)
        assert label(app) == PRESETS[name].title
        again = open_app(**link(app))
        assert settings_of(again) == settings_of(app)
        assert label(again) == PRESETS[name].title
    assert set(app.query_params) <= {"t", "lang"}


@pytest.mark.usefixtures("unchecked")
@pytest.mark.parametrize("name", NAMES)
def test_what_to_see_stands_on_the_page_with_its_source_and_where_to_look(name):
    one = PRESETS[name]
    query = {key: ",".join(value) if isinstance(value, list) else int(value)
             if isinstance(value, bool) else value
             for key, value in in_controls(one.settings).items()}  # fmt: skip
    app = shown(**query)
    assert not app.exception
    claim = one.claim(one.settings, cached.flows)
    (line,) = (text.value for text in app.main.caption if one.source in text.value)
    assert say(one.see, **claim.numbers) in line
    assert one.title in line
    links = [link.proto.label for link in app.main.get("page_link")]
    assert any(label.startswith("Look at:") for label in links) == (one.page != "app.py")


def test_a_change_is_said_and_back_means_the_chosen_one():
    app = choose(open_app(), "forget1")
    app.slider(key="H").set_value(9).run()
    title = PRESETS["forget1"].title
    assert label(app) == title
    assert "Changed from this preset." in [one.value for one in app.sidebar.caption]
    assert f"Changed from the preset “{title}”." in in_words(app)
    assert PRESETS["forget1"].source not in in_words(app)
    next(one for one in app.button if one.label == "Back to the preset").click().run()
    assert same(settings_of(app), PRESETS["forget1"].settings)
    assert label(app) == title
    app.slider(key="H").set_value(9).run()
    app.slider(key="H").set_value(16).run()
    assert label(app) == title
    app.selectbox(key="task").select("impulse").run()
    assert label(app) == "Settings of your own"
    assert title not in in_words(app)


def test_a_link_to_other_settings_names_no_preset():
    app = shown(H=9)
    assert app.selectbox(key=MENU).value is None
    assert "Changed from" not in in_words(app)
    assert matching(settings_of(app)) is None
    app = open_app(H=9)
    next(one for one in app.button if one.label == "Back to the preset").click().run()
    assert same(settings_of(app), Settings())


def test_settings_that_happen_to_be_a_preset_are_called_so():
    app = shown(cells="rnn,lstm", bf=1)
    assert label(app) == PRESETS["forget1"].title
    (back,) = (one for one in app.button if one.label == "Back to the preset")
    assert PRESETS["forget1"].title in back.proto.help


def test_a_preset_whose_claim_fails_says_so(monkeypatch):
    one = PRESETS["stocks"]
    false = replace(one, read=lambda found: one.read(found)._replace(holds=False))
    monkeypatch.setattr("rnnviz.ui.shell.preset_menu.matching", lambda _: false)
    assert "does not hold for these numbers" in in_words(open_app())


def test_gate_biases_are_no_controls_where_the_law_draws_them():
    assert shown(init="chrono").slider(key="bf").disabled
    assert not shown().slider(key="bf").disabled
    app = shown(**{"lstm.f": 1, "cells": "lstm,gru,peephole_lstm"})
    assert app.slider(key="bf").label == "Forget bias b_f (Peephole LSTM)"
    held = [app.slider(key=key) for key in ("bf", "_bf_here", "bz")]
    assert not any(one.disabled for one in held)
    held = [one for one in shown(**{"lstm.f": 1, "gru.z": 0.5}).slider if " b_" in one.label]
    assert [one.disabled for one in held] == [True] * 3


@pytest.mark.parametrize("script", ["pages/Depth.py", "pages/Cuts.py"])
def test_a_page_that_the_preset_is_not_about_says_nothing_of_it(script):
    assert PRESETS["stocks"].source not in in_words(shown(script))


@pytest.mark.parametrize("name", ["latch_system", "encoder", "equal_count", "laws"])
def test_a_preset_is_explained_on_its_own_page(name):
    one = PRESETS[name]
    app = open_app()
    choose(app, name)
    app.switch_page(one.page).run()
    assert not app.exception
    assert one.source in in_words(app)
    assert one.title in in_words(app)
    for key, value in one.controls:
        assert app.session_state[key] == value, key


def test_presets_in_korean():
    app = shown(lang="ko")
    assert app.selectbox(key=MENU).options[0] == "실제 주가"
    assert "손실은 마지막 주 뒤에 한 번뿐입니다" in in_words(app)
