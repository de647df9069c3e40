"""What the five pages of gradients have in common: far settings, and controls in the link."""

import re

import pytest

from tests.ui.apps import (
    alts,
    blank,
    charts,
    open_app,
)
from tests.ui.gradient_pages import EVERY, PAGES

FAR = [
    {"T": 40, "H": 4, "init": "identity", "cells": "rnn", "nonlinearity": "relu", "loss": "every"},
    {"T": 40, "H": 4, "bf": 6, "bz": 6, "cells": "lstm", "loss": "chosen", "at": "1, 7-9"},
    {"T": 40, "H": 4, "bf": -2, "bz": -2, "cells": "peephole_lstm", "peephole": "full"},
    {"T": 40, "H": 4, "cells": "peephole_lstm", "peephole": "diagonal", "loss": "every"},
]  # fmt: skip


@pytest.mark.usefixtures("unchecked")
@pytest.mark.parametrize(
    ("script", "query"),
    [(script, query) for k, script in enumerate(PAGES.values()) for query in FAR[k % 2 :: 2]],
)
def test_far_settings_leave_no_blank_figure(script, query):
    app = open_app(script, **query)
    assert not app.exception, [one.message for one in app.exception]
    assert not app.warning
    assert charts(app)
    assert not blank(app)
    for words in alts(app).values():
        assert "nan" not in re.findall(r"\w+", words)


@pytest.mark.parametrize("script", PAGES.values())
def test_a_page_s_own_controls_stand_in_the_link(script):
    query = {"state": "c", "tau": 5, "to": 2, "corner": 2.5, "k": 3, "clip": "value", "theta": -1.5,
             "cliff_w": 4.5, "cliff_b": -2, "cliff_T": 30}  # fmt: skip
    app = open_app(script, **EVERY, cells="lstm", **query)
    assert not app.exception
    assert not app.info
    for key, value in query.items():
        try:
            shown_as = app.session_state[key]
        except KeyError:
            continue
        assert shown_as == value
        assert app.query_params[key] in (str(value), [str(value)])
