"""Gates held by the sidebar's menus and by links."""

import numpy as np
import pytest

from rnnviz import CELLS
from rnnviz.experiments.address import in_controls
from rnnviz.experiments.presets import plain
from rnnviz.experiments.settings import Settings
from tests.ui.apps import SCRIPTS, in_words, live, open_app, settings_of, shown, with_cell_options

SMALL = {"task": "impulse", "T": 8, "H": 3, "seed": 5}
HELD = {"lstm.f": "1", "gru.z": "0.5"}


def test_a_link_holds_gates_and_keeps_saying_so():
    app = shown(**SMALL, **HELD)
    settings = settings_of(app)
    assert settings.hold == (("lstm", "f", 1.0), ("gru", "z", 0.5))
    assert (settings.flow("lstm").trace["f"] == 1).all()
    assert {key: app.query_params[key] for key in HELD} == HELD
    assert "held: lstm.f = 1, gru.z = 0.5" in in_words(app)


def test_a_menu_holds_and_frees_a_gate():
    app = open_app(**SMALL)
    assert "lstm.o" not in {one.key for one in app.selectbox}, "the box is closed"
    with_cell_options(app).selectbox(key="lstm.o").select("0").run()
    assert settings_of(app).hold == (("lstm", "o", 0.0),)
    assert app.query_params["lstm.o"] == "0"
    app.session_state["_cell_options"] = False
    assert settings_of(app.run()).hold == (("lstm", "o", 0.0),), "a closed box changes nothing"
    with_cell_options(app).selectbox(key="lstm.o").select("free").run()
    assert settings_of(app).hold == ()
    assert "lstm.o" not in app.query_params


def test_a_link_to_a_value_that_no_menu_has_is_told():
    app = shown(**SMALL, **{"lstm.f": "0.7"})
    assert settings_of(app).hold == ()
    assert any("0.7" in one.value for one in app.info)


def test_every_cell_s_own_gates_have_a_menu():
    names = [name for name, kind in CELLS.items() if kind.holdable()]
    for start in range(0, len(names), 4):
        app = with_cell_options(open_app(**SMALL, cells=",".join(names[start : start + 4])))
        keys = {one.key for one in app.selectbox}
        for name in names[start : start + 4]:
            assert {f"{name}.{gate}" for gate in CELLS[name].holdable()} <= keys


@pytest.mark.usefixtures("unchecked")
@pytest.mark.parametrize("script", SCRIPTS)
def test_every_page_shows_held_gates(script):
    app = shown(script, **SMALL, **HELD, cells="lstm,gru")
    assert not app.exception
    assert not app.error


def test_the_drawing_says_which_gate_is_held():
    packet = live(shown("pages/Step.py", **SMALL, cells="lstm", **{"lstm.f": "1"}))["cell_large"]
    node = next(one for one in packet.head["cells"][0]["nodes"] if one["name"] == "f")
    assert node["title"] == "forget gate, held at 1"
    np.testing.assert_array_equal(packet.values[node["value"]], 1)


def test_settings_refuse_what_cannot_be_held():
    for hold in ((("lstm", "z", 1.0),), (("lstm", "f", 2.0),), (("rnn", "h", 1.0),)):
        with pytest.raises(ValueError, match="cannot be held"):
            Settings(hold=hold).check()
    Settings(cells=("rnn",), hold=(("lstm", "z", 1.0),)).check()


def test_controls_and_plain_settings_know_held_gates():
    settings = Settings(hold=(("gru", "z", 0.5), ("lstm", "f", 1.0), ("janet", "f", 0.0)))
    assert plain(settings).hold == (("gru", "z", 0.5), ("lstm", "f", 1.0))
    values = in_controls(settings)
    assert (values["lstm.f"], values["gru.z"]) == ("1", "0.5")
