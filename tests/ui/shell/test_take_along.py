"""The menu «Export»: its files are those of the experiment that the page shows."""

from dataclasses import replace

import numpy as np

import rnnviz
from rnnviz.experiments.settings import Settings
from rnnviz.experiments.stacked_settings import Stacked
from rnnviz.numerics.held_bytes import buffers
from rnnviz.ui.kept import RESULTS
from rnnviz.ui.shell.navigation import pages
from rnnviz.ui.shell.page_report import About, report_of
from rnnviz.ui.shell.take_along import ANALYSES, files, shows_experiment
from tests.reports.test_show import data_of, packet
from tests.ui.apps import open_app

SETTINGS = replace(Settings(), cells=("gru",), length=5, hidden_size=2, task="adding")
QUERY = {"cells": "gru", "T": 5, "H": 2, "task": "adding"}


def test_its_files_are_made_when_they_are_asked_for_and_of_what_is_shown() -> None:
    app = open_app(**QUERY)
    assert not app.get("download_button")
    app.session_state["_export"] = True
    buttons = [one.proto for one in app.run().get("download_button")]
    report, *others = [one.label for one in buttons]
    assert report == "Report of this page (HTML)"
    assert others == [one.label for one in files("app.py")]
    assert all(one.deferred_file_id and not one.url for one in buttons)
    (shown,) = app.session_state["_exported"]
    made = {one.name: one.make for one in files("app.py")}
    assert made["rnnviz-sources.bib"](shown) == rnnviz.bibtex(SETTINGS)
    assert made["rnnviz_pytorch.py"](shown) == rnnviz.as_pytorch(SETTINGS)
    assert made["rnnviz_keras.py"](shown) == rnnviz.as_keras(SETTINGS)
    assert made["rnnviz-experiment.npz"](shown)[:2] == b"PK"


def test_a_page_s_analyses_bring_their_sources() -> None:
    assert set(ANALYSES) < set(pages())
    for script in ANALYSES:
        made = files(script)[-1].make(SETTINGS)
        assert len(made) > len(rnnviz.bibtex(SETTINGS)) or not shows_experiment(script), script
    for script in ("pages/Training.py", "pages/Systems.py", "pages/Phase_diagrams.py"):
        assert [one.name for one in files(script)] == ["rnnviz-sources.bib"]
    assert not files("pages/Problem_types.py")
    assert "@misc{gilboa2019dynamical," in files("pages/Phase_diagrams.py")[0].make(SETTINGS)
    assert "cashman2018rnnbow" in files("pages/Whose_gradient.py")[-1].make(SETTINGS)


def test_a_page_of_stacks_offers_its_stack() -> None:
    app = open_app("pages/Depth.py", **QUERY, layers=2)
    (shown,) = app.session_state["_exported"]
    assert isinstance(shown, Stacked)
    assert shown.num_layers == 2


def test_a_report_has_what_the_page_shows_now_in_its_order() -> None:
    app = open_app(**QUERY)
    sent = RESULTS.find((app.session_state["_visit"].number, "_page_shown"))
    assert sent.complete
    assert sum(buffers(sent).values()) == sent.held_bytes > 10_000
    about = About("the settings", "http://nets.org/?H=2", "light", "ko")
    first = report_of(sent, about)
    data = data_of(first.decode())
    _, values = packet(data, "gradient_overview/overview")
    assert np.array_equal(values[0], rnnviz.reach(SETTINGS.flow("gru")).log10_norms)
    assert len(data["charts"]) == len(app.get("plotly_chart")) > 1
    assert data["time"]["length"] == 5
    told = report_of(sent, about).decode().split("<body>")[1]
    at = [told.index(words) for words in ("How far back", "http://nets.org/?H=2", "the settings",
                                          "Prediction and target", "1 % horizon")]  # fmt: skip
    assert at[2] < at[1] < at[3]
    assert "All pages" not in told
    app.session_state["H"] = 3
    app.run()
    _, values = packet(data_of(report_of(sent, about).decode()), "gradient_overview/overview")
    other = rnnviz.reach(replace(SETTINGS, hidden_size=3).flow("gru"))
    assert np.array_equal(values[0], other.log10_norms)
