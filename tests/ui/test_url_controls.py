"""Settings → address → settings: a link opens the same picture."""

from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from rnnviz import CELLS
from rnnviz.core.initialisation import RECURRENT
from rnnviz.experiments.settings import LOSS_PLACES
from rnnviz.tasks import TASKS
from rnnviz.ui.shell.sidebar_limits import PRESET
from rnnviz.ui.task_options import TEXT_LIMIT

pytestmark = pytest.mark.usefixtures("unchecked")

KEYS = {"task", "T", "cells", "H", "seed", "init", "scaling", "scale", "bf", "bz", "loss", "at",
        "nonlinearity", "reset_after", "peephole"}  # fmt: skip


def sidebar_only():
    """The sidebar, and what it asks for."""
    import streamlit as st

    from rnnviz.ui import link_notices
    from rnnviz.ui.shell.sidebar import sidebar

    st.session_state["_asked"] = sidebar()
    st.session_state["_said"] = link_notices.notices()


def opened(query):
    """The sidebar alone at an address, without errors."""
    app = AppTest.from_function(sidebar_only, default_timeout=30)
    app.query_params.update(query)
    app.run()
    assert not app.exception, [one.message for one in app.exception]
    return app


def hundredths(low, high, step):
    """Numbers that a slider of this step can stand at."""
    return st.integers(round(low / step), round(high / step)).map(lambda k: round(k * step, 2))


def option_values(option):
    match option.kind:
        case "choice":
            return st.sampled_from(option.choices)
        case "text":
            plain = st.characters(codec="utf-8", exclude_categories=("Cs", "Cc"))
            return st.text(plain, min_size=1, max_size=20)
        case "whole":
            return st.integers(int(option.minimum), min(int(option.maximum), 100))
    return st.floats(option.minimum, option.maximum, allow_subnormal=False)


@st.composite
def widget_values(draw):
    """A value for each control, as a person could set them."""
    task = TASKS[draw(st.sampled_from(list(TASKS)))]
    cells = draw(st.lists(st.sampled_from(list(CELLS)), min_size=1, max_size=4, unique=True))
    loss = draw(st.sampled_from(LOSS_PLACES))
    found = {
        "task": task.name, "cells": cells, "H": draw(st.integers(1, 128)),
        "seed": draw(st.integers(0, 999_999)), "init": draw(st.sampled_from(list(RECURRENT))),
        "scaling": draw(st.sampled_from(["gain", "radius"])), "loss": loss,
        "scale": draw(hundredths(0.05, 3, 0.05)), "bf": draw(hundredths(-2, 6, 0.25)),
        "bz": draw(hundredths(-2, 6, 0.25)),
    }  # fmt: skip
    if task.length_is == "exact":
        found["T"] = draw(st.integers(2, 500))
    if loss == "chosen":
        found["at"] = draw(st.from_regex(r"\A[1-9]{1,2}(, [1-9]{1,2}-[1-9]{1,2})?\Z"))
    for option in task.options:
        found[f"{task.name}_{option.name}"] = draw(option_values(option))
    choices = {name: of for cell in cells for name, of in CELLS[cell].choices.items()}
    return found | {name: draw(st.sampled_from(of)) for name, of in choices.items()}


@settings(
    max_examples=25, suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # to shrink would take a minute
)  # fmt: skip
@given(widget_values())
def test_settings_survive_the_way_through_the_address(values):
    first = AppTest.from_function(sidebar_only, default_timeout=30)
    for key, value in values.items():
        first.session_state[key] = value
    first.run()
    assert not first.exception, [one.message for one in first.exception]
    second = opened(first.query_params)
    assert second.session_state["_said"] == []
    assert second.session_state["_asked"] == first.session_state["_asked"]
    assert second.query_params == first.query_params


def test_the_preset_s_address_is_bare():
    assert opened({}).query_params == {}


def test_addresses_hold_option_names_and_plain_numbers_and_are_short():
    query = {"task": "copying", "copying_symbols": "3", "T": "100", "cells": "rnn,peephole_lstm",
             "H": "32", "nonlinearity": "relu", "peephole": "diagonal", "seed": "12345",
             "init": "orthogonal", "scaling": "radius", "scale": "1.15", "bf": "-0.25", "bz": "0",
             "loss": "chosen", "at": "10, 20-25"}  # fmt: skip
    app = opened(query)
    assert app.query_params == query
    assert len(urlencode(query)) <= 300


def test_a_default_spelled_out_is_left_out():
    assert opened({"T": str(PRESET.length), "seed": "0", "task": PRESET.task}).query_params == {}


@pytest.mark.parametrize("value", ["0.1", "123456.789", "99.99999", "-0.001", "1e-07"])
def test_a_typed_number_keeps_every_digit(value):
    """`impulse_amplitude` may be any number within ±100, and the link must give that number."""
    app = opened({"task": "impulse"})
    number = min(float(value), 100.0)
    app.number_input(key="impulse_amplitude").set_value(number).run()
    again = opened(app.query_params)
    assert again.session_state["_asked"] == app.session_state["_asked"]


@given(st.text(max_size=60), st.sampled_from(sorted(KEYS)))
@settings(max_examples=40)
def test_any_text_in_any_place_gives_settings(text, key):
    app = opened({key: text.encode("utf-8", "replace").decode()})
    asked = app.session_state["_asked"]
    assert asked.task in TASKS
    assert 2 <= asked.length <= 500
    assert 1 <= asked.hidden_size <= 128
    assert set(asked.cells) <= set(CELLS)
    assert len(asked.cells) == len(set(asked.cells))
    assert 0.05 <= asked.scale <= 3


def test_a_text_at_its_limit_is_read_and_beyond_it_is_not():
    texts = {"x" * TEXT_LIMIT: 0, "x" * (TEXT_LIMIT + 1): 1}
    for text, notices in texts.items():
        app = opened({"task": "sentence", "sentence_text": text})
        assert len(app.session_state["_said"]) == notices


def test_where_all_cells_are_taken_away_the_last_are_shown_again_and_it_is_said():
    app = opened({"cells": "rnn,gru"})
    app.multiselect(key="cells").set_value([]).run()
    assert app.multiselect(key="cells").value == ["rnn", "gru"]
    kept = "At least one must be chosen: the last choice is shown again."
    assert kept in [one.value for one in app.sidebar.caption]
    assert not app.session_state["_said"]
    app.multiselect(key="cells").set_value(["gru"]).run()
    assert kept not in [one.value for one in app.sidebar.caption]


def test_a_repeated_key_is_read_once():
    app = opened({"T": ["20", "30"], "seed": ["1", "x"]})
    assert app.session_state["_asked"].length in (20, 30)


@pytest.mark.parametrize("task", TASKS)
def test_no_control_offers_what_is_refused(task):
    """Every slider and number to its ends, one after the other, and then the other way round."""
    app = opened({"task": task, "loss": "chosen", "at": "3, 10-20"})
    for end in ("max", "min", "max"):
        for kind in ("slider", "number_input"):
            for key in [one.key for one in app.get(kind) if not one.disabled]:
                widget = next((one for one in app.get(kind) if one.key == key), None)
                if widget is None or widget.disabled:
                    continue
                value = getattr(widget.proto, end)
                widget.set_value(int(value) if isinstance(widget.value, int) else value).run()
                assert not app.exception, (key, end, [one.message for one in app.exception])
                app.session_state["_asked"].check()
    app.multiselect(key="cells").set_value([]).run()
    app.session_state["_asked"].check()
