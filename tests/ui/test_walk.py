"""A person who changes settings at random, over all pages: no traceback, ever.

40 changes by default. A longer walk, from another start and with all sizes:

    CHANGES=1000 WALK=7 python -m pytest -n0 -s tests/ui/test_walk.py
"""

from __future__ import annotations

import logging
import os
import random
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import ButtonGroup, InitialValue

from rnnviz.words import speak
from tests.ui.apps import ROOT, SCRIPTS, WORDS_ALONE, with_cell_options

CHANGES = int(os.environ.get("CHANGES", "40"))
LONG = "CHANGES" in os.environ
WIDGETS = ("slider", "number_input", "selectbox", "button_group", "multiselect", "toggle",
           "text_input", "text_area", "button")  # fmt: skip
TEXTS = ("", "a", "3, 5-9", "10, 20-25", "999999", "한글 🙂", "[\\", "x" * 200)
FROM_THE_BROWSER = (
    ("edit", "lstm.W_h.0.0:2.5"), ("edit", "gru.b.40:-3,rnn.W_x.0.0:1"), ("edit", ""),
    ("edit", "rnn.W_h.0.0:1000"),
    ("x0", "3.5,-60"), ("x0", "1"), ("tour", "3"), ("tour", "end"), ("tour", ""), ("unit", 0),
)  # fmt: skip
"""What components set: AppTest has none of them."""
EXPENSIVE = {"upd": 100, "H": 8}
"""Key → the most that a short walk asks for."""


@pytest.fixture(autouse=True)
def _labels_in_both_languages(monkeypatch):
    """AppTest turns an option into its label outside the run; here it is told the label."""

    def chosen(self: ButtonGroup[Any]) -> list[str]:
        if isinstance(self._value, InitialValue):
            value = self.value
            values = value if isinstance(value, list) else [] if value is None else [value]
            return [self.format_func(one) for one in values]
        return list(self._value) if isinstance(self._value, list) else [self._value]

    monkeypatch.setattr(ButtonGroup, "formatted_values", property(chosen))
    yield
    speak("en")


def number(rng: random.Random, low: float, high: float, step: float) -> float:
    """An end, or one of the numbers between them."""
    if rng.random() < 0.3:
        return rng.choice((low, high))
    return min(low + step * rng.randint(0, int((high - low) / step)), high)


def set_at_random(rng: random.Random, widget: Any) -> object:
    """Give a widget one of its legal values."""
    proto = widget.proto
    match widget.type:
        case "slider" | "number_input":
            high = proto.max if LONG else min(proto.max, EXPENSIVE.get(widget.key, proto.max))
            value = number(rng, proto.min, high, proto.step or 1)
            whole = isinstance(widget.value, int)
            widget.set_value(value := int(value) if whole else round(value, 6))
        case "selectbox":
            widget.select_index(rng.randrange(len(widget.options)))
            value = widget.value
        case "button_group" if widget._is_single_select:
            widget.set_value(value := rng.choice(widget.options))
        case "button_group":
            count = rng.randint(0, min(len(widget.options), 5))
            widget.set_value(value := rng.sample(widget.options, count))
        case "multiselect":
            most = min(proto.max_selections or len(widget.options), 5)
            widget.set_value(value := rng.sample(widget.options, rng.randint(0, most)))
        case "toggle":
            widget.set_value(value := not widget.value)
        case "button":
            value = widget.label
            widget.click()
        case _:
            widget.set_value(value := rng.choice(TEXTS)[: proto.max_chars or None])
    return value


def change(rng: random.Random, app: AppTest) -> str:
    """One change, and what it was."""
    # A widget's label is looked up in this thread.
    speak(app.session_state["_language"])
    if rng.random() < 0.25:
        page = rng.choice([*SCRIPTS, *WORDS_ALONE])
        if rng.random() < 0.5:
            app.query_params.clear()  # as the browser does where a link leads to another page
        app.switch_page(page).run()
        return page
    if rng.random() < 0.06:
        key, value = rng.choice(FROM_THE_BROWSER)
        app.session_state[key] = value
        app.run()
        return f"{key} = {value!r}, by a component"
    widgets = [one for kind in WIDGETS for one in app.get(kind) if not one.disabled]
    widget = rng.choice(widgets)
    said = f"{widget.key or widget.label} = {set_at_random(rng, widget)!r}"
    app.run()
    return said


def test_settings_changed_at_random_never_give_a_traceback(caplog):
    caplog.set_level(logging.WARNING)
    rng = random.Random(int(os.environ.get("WALK", "0")))
    app = with_cell_options(AppTest.from_file(ROOT / "app.py", default_timeout=120))
    done = ["app.py"]
    for _ in range(CHANGES):
        done.append(change(rng, app))
        assert not app.exception, (done[-12:], [one.message for one in app.exception])
        assert app.title, done[-12:]
    assert not [one for one in caplog.records if one.exc_info], done
