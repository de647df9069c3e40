"""Every link of the marked paths opens its page with its settings."""

import pytest

from rnnviz.experiments.paths import PATHS, STOPS
from rnnviz.experiments.presets import same
from rnnviz.ui.shell.navigation import pages
from tests.ui.apps import no_exception, open_app, settings_of


@pytest.mark.parametrize("name", STOPS)
def test_every_stop_opens_its_page_with_its_settings(name):
    stop = STOPS[name]
    stop.settings.check()
    app = open_app(stop.page, path=name)
    no_exception(app)
    assert same(settings_of(app), stop.settings)
    assert "path" not in app.query_params
    if stop.page != "pages/Training.py":  # the test asks that page for less
        assert {key: app.session_state[key] for key, _ in stop.controls} == dict(stop.controls)


def test_a_stop_counts_more_than_what_was_set_before():
    app = open_app(H=9, cells="gru")
    app.query_params["path"] = "first-5"
    app.run()
    assert same(settings_of(app), STOPS["first-5"].settings)


def test_the_page_lists_all_stops_in_order_in_both_languages():
    for language in ("en", "ko"):
        app = open_app("pages/Paths.py", lang=language)
        no_exception(app)
        links = [one.proto for one in app.main.get("page_link")]
        assert [one.query_string for one in links] == [f"path={name}" for name in STOPS]
        assert [f"/{one.page}" for one in links] == [
            pages()[stop.page].path for stop in STOPS.values()
        ]
    assert sum(stop.minutes for stop in PATHS[1].stops) == 45


def test_a_link_to_no_stop_changes_nothing():
    app = open_app(H=9, path="first-99")
    assert settings_of(app).hidden_size == 9
    assert "path" not in app.query_params
