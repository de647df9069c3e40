"""Every page opens, is drawn in the theme, keeps the settings and goes back to the preset."""

import json
from dataclasses import replace

import plotly.graph_objects as go
import pytest

from rnnviz.experiments.presets import same
from rnnviz.experiments.settings import Settings
from rnnviz.figures.palette import TEXT
from rnnviz.ui.shell.navigation import pages
from tests.ui.apps import (
    FOUR,
    ROOT,
    SCRIPTS,
    SHORT,
    WORDS_ALONE,
    alts,
    charts,
    in_words,
    open_app,
    settings_of,
    shown,
    stage,
)
from tests.ui.every_page.looks import is_the_preset, shows_a_picture
from tests.ui.shell.test_tour import card


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


def test_captions_state_seed_and_sizes():
    for script in ("app.py", "pages/Gradient_flow.py"):
        app = open_app(script, seed=41, cells="gru")
        assert replace(Settings(), seed=41).in_words() in in_words(app)
