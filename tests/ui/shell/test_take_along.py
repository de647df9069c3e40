"""The menu «Export»: its files are those of the experiment that the page shows."""

from dataclasses import replace

import rnnviz
from rnnviz.experiments.settings import Settings
from rnnviz.experiments.stacked_settings import Stacked
from rnnviz.ui.shell.take_along import files
from tests.ui.apps import open_app

SETTINGS = replace(Settings(), cells=("gru",), length=5, hidden_size=2, task="adding")
QUERY = {"cells": "gru", "T": 5, "H": 2, "task": "adding"}


def test_its_files_are_made_when_they_are_asked_for_and_of_what_is_shown() -> None:
    app = open_app(**QUERY)
    assert not app.get("download_button")
    app.session_state["_export"] = True
    buttons = [one.proto for one in app.run().get("download_button")]
    assert [one.label for one in buttons] == [one.label for one in files("app.py")]
    assert all(one.deferred_file_id and not one.url for one in buttons)
    (shown,) = app.session_state["_exported"]
    made = {one.name: one.make for one in files("app.py")}
    assert made["rnnviz-sources.bib"](shown) == rnnviz.bibtex(SETTINGS)
    assert made["rnnviz_pytorch.py"](shown) == rnnviz.as_pytorch(SETTINGS)
    assert made["rnnviz_keras.py"](shown) == rnnviz.as_keras(SETTINGS)
    assert made["rnnviz-experiment.npz"](shown)[:2] == b"PK"


def test_a_page_of_stacks_offers_its_stack() -> None:
    app = open_app("pages/Depth.py", **QUERY, layers=2)
    (shown,) = app.session_state["_exported"]
    assert isinstance(shown, Stacked)
    assert shown.num_layers == 2
