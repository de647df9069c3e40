"""What would help, measured: a change is applied, leaves a thin curve, and is undone."""

import numpy as np

from rnnviz.core.weight_edits import Edit
from rnnviz.ui.pages.compare.earlier import told_apart
from tests.ui.apps import in_words, live, open_app, settings_of


def opened(**query):
    app = open_app(**query)
    app.session_state["_help"] = True
    return app.run()


def press(app, label):
    next(one for one in app.button if one.label == label).click()
    return app.run()


def ghosts(app):
    packet = live(app)["headline"]
    return dict(zip([one["name"] for one in packet.head["ghosts"]],
                    packet.values[len(packet.head["curves"]):], strict=True))  # fmt: skip


def test_a_change_is_applied_with_a_thin_curve_of_before_and_undone_exactly():
    app = opened(hold="", **{"lstm.f": "0"}, H=3, T=12)
    before, query = settings_of(app), dict(app.query_params)
    curve = live(app)["headline"].values[1]
    assert before.hold == (("lstm", "f", 0.0),)
    assert not ghosts(app)
    press(app, "f = 0 → free")
    assert settings_of(app).hold == ()
    assert "Applied: f = 0 → free" in in_words(app)
    assert "The thin lines are from before." in in_words(app)
    np.testing.assert_array_equal(ghosts(app)["LSTM"], curve)
    press(app, "b_f 3 → −2")
    assert settings_of(app).forget_bias == -2
    for _ in range(2):
        press(app, "Undo")
    assert settings_of(app) == before
    assert dict(app.query_params) == query
    assert not ghosts(app)
    assert not any(one.label == "Undo" for one in app.button)


def test_another_cell_takes_the_place_of_one_and_gives_it_back():
    app = opened(cells="rnn", H=3, T=12)
    before = settings_of(app)
    press(app, "T 12 → 6")
    assert (settings_of(app).length, len(ghosts(app)["RNN"])) == (6, 7)
    press(app, "Undo")
    press(app, next(b.label for b in app.button if "in place of RNN" in b.label))
    assert set(settings_of(app).cells) < {"lstm", "gru"}
    assert list(ghosts(app)) == ["RNN"]
    press(app, "Undo")
    assert settings_of(app) == before


def test_where_trying_takes_long_it_is_asked_for():
    app = opened(task="noisy_sine", T=300, H=2, cells="rnn")
    assert not any("ρ(W_h)" in one.label for one in app.button)
    press(app, "Try the changes")
    assert any("ρ(W_h)" in one.label for one in app.button)


def test_edited_weights_leave_the_curve_of_the_net_without_them():
    edit = Edit("rnn", "W_h", (0, 0), 2.0)
    app = open_app(cells="rnn", H=3, T=12, edit=str(edit))
    unedited = live(open_app(cells="rnn", H=3, T=12))["headline"].values[0]
    np.testing.assert_array_equal(ghosts(app)["RNN"], unedited)


def test_it_is_said_where_a_thin_line_cannot_be_told_from_that_of_now():
    rnn = np.linspace(-30.0, 0, 101)
    now, past = {"rnn": rnn, "lstm": rnn / 100}, {"lstm": rnn / 37}
    assert not told_apart(past, now), "0.5 of 30 powers of ten"
    assert told_apart(past, {"lstm": now["lstm"]})
    assert told_apart(past | {"rnn": rnn[:51] + 1}, now)
    assert told_apart({"gru": rnn}, now), "in place of which another cell is shown"
    assert told_apart({"lstm": np.where(rnn < -20, -np.inf, rnn / 100)}, now), "an exact 0"
