"""Each page shows the settings that count on it, and no others."""

import pytest

from rnnviz.ui.shell.navigation import WITH_TRAINED, pages
from tests.ui.apps import drawn, no_exception, open_app, with_cell_options

pytestmark = pytest.mark.usefixtures("unchecked")

BASE = {"T": 8, "H": 2, "cells": "lstm,gru"}
NOT_ASKED = ("lang", "_preset_menu", "_weights")
OTHER = {
    "task": "noisy_sine", "T": 6, "cells": ["gru", "rnn"], "H": 3, "bf": 0.5, "bz": 0.5,
    "lstm.o": "1", "gru.r": "1", "seed": 3, "init": "glorot", "scale": 1.5, "loss": "every",
    "edit": "lstm.W_h.0.0:2.5,gru.W_h.0.0:2.5", "stocks_quantity": "log_return",
    "stocks_companies": "AAPL", "stocks_scale": "training_weeks",
    "plan": "stocks,T:6,H:2,U:2",
    "reset_after": True, "peephole": "diagonal", "peephole_lstm.i": "1", "scaling": "radius",
}  # fmt: skip
"""Key of a control → another value than in `BASE`."""
WIDGETS = ("slider", "number_input", "selectbox", "button_group", "multiselect", "toggle",
           "text_input", "text_area")  # fmt: skip


def asked(app):
    """The keys of the sidebar's controls of settings that can be used."""
    found = [one for kind in WIDGETS for one in app.sidebar.get(kind) if not one.disabled]
    return [one.key for one in found if one.key not in NOT_ASKED]


def changed(app, base, **values):
    """What is drawn otherwise with these values, after which all are as they were."""
    keys = (*values, "cell", "k", "tau", "to")
    before = {key: app.session_state[key] for key in keys if key in app.session_state}
    for key, value in values.items():
        app.session_state[key] = value
    app.run()
    no_exception(app)
    found = [kind for kind, seen in drawn(app).items() if seen != base[kind]]
    for key, value in before.items():
        app.session_state[key] = value
    return found


SAME = {"stocks_quantity": "task", "stocks_companies": "task", "stocks_scale": "task",
        "reset_after": "cell_options", "peephole": "cell_options", "scaling": "scale"}  # fmt: skip
"""Key of a control → the setting that it is a part of: `Page.counts` knows no more."""


def by_turns(controls, turn):
    """One control of every setting, another one on every page; held gates are one setting."""
    parts = {}
    for key in controls:
        if "." not in key or key in OTHER:
            parts.setdefault(SAME.get(key, "cell_options" if "." in key else key), []).append(key)
    return [keys[turn % len(keys)] for keys in parts.values()]


@pytest.mark.parametrize("script", pages())
def test_every_shown_control_changes_something_and_no_hidden_one_does(script):
    app = with_cell_options(open_app(script, **BASE))
    controls = asked(app)
    controls += [key for key in ("edit", "plan") if key in pages()[script].counts]
    base, turn = drawn(app), list(pages()).index(script)
    idle = [key for key in by_turns(controls, turn)
            if not changed(app, base, **{key: OTHER[key]})]  # fmt: skip
    assert not idle, "shown, and changes nothing"
    hidden = {key: OTHER[key] for key in WITH_TRAINED & set(OTHER) - set(controls)}
    assert not changed(app, base, **hidden), "changes something, and is not shown"
