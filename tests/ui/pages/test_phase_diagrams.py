"""The page of phase diagrams: its findings from numbers, a point of a map, a map of own sizes."""

from dataclasses import replace

import numpy as np
import pytest

from rnnviz.sweeps import DIAGRAMS, RESULTS, Sweep, lines, read_sweep
from rnnviz.sweeps.diagrams import resized
from rnnviz.sweeps.going import Seen
from rnnviz.ui import swept
from rnnviz.ui.pages.phase_diagrams import findings, own, point
from tests.ui.apps import alts, charts, in_words, no_exception, open_app, settings_of

PAGE = "pages/Phase_diagrams.py"


def ramp(name: str, at: float) -> Sweep:
    """A map of 5 × 5 points whose critical value lies at one x in every row."""
    spec = resized(name, points=5, seeds=1)
    x = spec.columns[next(iter(spec.axes))]
    values = {one: (x - at) - 2 * (one == "log10_share") for one in spec.figures}
    return Sweep(spec, values, {}, np.ones(len(spec), bool))


def test_findings_say_where_the_line_lies_and_how_far_theory_is_from_it() -> None:
    (theory,) = lines("rnn_gain_input")
    flat = theory._replace(x=np.full(40, 1.5))
    said = findings.finding("rnn_gain_input", ramp("rnn_gain_input", 1.25), [flat])
    assert "amplitude 0.1, λ₁ = 0 lies at a gain of **1.25**, and with 10 at **1.25**" in said
    assert "stable" not in said  # it does not move
    assert "0.250 apart in the gain (median), and 0.250 at most" in said
    said = findings.finding("lstm_forget_length", ramp("lstm_forget_length", 1.0),
                            lines("lstm_forget_length"))  # fmt: skip
    assert "**1.00** with T = 5, and **1.00** with T = 200" in said
    assert "line ends at T = 151, it would take 3.47 there, and the nets need 1.00: " in said
    said = findings.finding("gru_gain_update", ramp("gru_gain_update", 2.5),
                            lines("gru_gain_update"))  # fmt: skip
    assert "from **2.50** to **2.50** for update biases from −4 to 4" in said
    assert "a gain of 2 for all of them; the nets are 0.500 away from that (median)" in said
    assert "it would move from 2.09 at a bias of −4" in said
    shipped = read_sweep(RESULTS / "gru_gain_update.parquet")
    said = findings.finding("gru_gain_update", shipped, lines("gru_gain_update"))
    assert "within 10 % of the nets up to an update bias of" in said
    assert "No line" in findings.finding("gru_gain_update", ramp("gru_gain_update", 9.0), [])
    part = replace(ramp("gru_gain_update", 2.5), done=np.arange(25) < 5)
    assert "5 of 25 nets" in findings.finding("gru_gain_update", part, [])


def test_own_sizes_are_those_of_the_map_and_their_time_grows_with_them() -> None:
    assert all(resized(name) == spec for name, spec in DIAGRAMS.items())
    small = resized("lstm_forget_length", points=8, seeds=1, length=50, hidden_size=16)
    assert small.values("length")[-1] == 50
    assert 30 < own.estimate(DIAGRAMS["gru_gain_update"]) < 60
    assert own.estimate(small) < 3


def test_a_map_opens_on_what_is_shipped_and_a_point_of_it_on_every_page() -> None:
    app = open_app(PAGE, diagram="gru_gain_update", px=32, py=12)
    no_exception(app)
    assert len(charts(app)["phase_map"]["data"][0]["z"]) == 40
    assert "λ₁ = 0 lies at gains" in alts(app)["phase_map"]
    shipped = read_sweep(RESULTS / "gru_gain_update.parquet")
    number = point.at_point(shipped, (32, 12))[1]
    assert "gain of Wₕ = 4.96, update bias b_z = −1.54" in in_words(app)
    app.button(key="_open_seed_1").click().run()
    no_exception(app)
    opened, wanted = settings_of(app), shipped.settings(number)
    assert (opened.scale, opened.update_bias, opened.seed) == (
        wanted.scale, wanted.update_bias, 1)  # fmt: skip
    assert "The net of seed 1 is open on every page:" in in_words(app)
    assert app.query_params["px"] in ("32", ["32"])
    assert opened.hidden_size == 64
    assert not app.info  # nothing of it is out of a control's range


def test_a_map_of_own_sizes_comes_in_and_can_be_left(monkeypatch: pytest.MonkeyPatch) -> None:
    spec = resized("lstm_forget_length", points=4, seeds=1)
    part = Sweep(spec, {one: np.where(np.arange(16) < 6, -1.0, np.nan) for one in spec.figures},
                 {}, np.arange(16) < 6)  # fmt: skip
    now = Seen("computing", part, 6, 16, 1.0, 2.0, (), "")
    asked: list[object] = []
    cancelled: list[object] = []
    monkeypatch.setattr(swept, "ask", lambda name, one: asked.append(one) or now)
    monkeypatch.setattr(swept, "see", lambda one: now)
    monkeypatch.setattr(swept, "cancel", lambda one: cancelled.append(one))
    app = open_app(PAGE, diagram="lstm_forget_length", px=30, py=30)
    app.number_input(key="map_points").set_value(4).run()
    app.number_input(key="map_seeds").set_value(1).run()
    app.button(key="_sweep_go").click().run()
    assert asked == [spec]
    assert "phase_map_live" in charts(app)
    assert "_sweep_go" not in [one.key for one in app.button]
    assert (app.query_params["map_points"], app.query_params["map_seeds"]) == ("4", "1")
    app.number_input(key="map_H").set_value(8).run()
    assert "_sweep_go" in [one.key for one in app.button], "in place of the one that goes on"
    app.number_input(key="map_H").set_value(64).run()
    now = now._replace(stage="cancelled")
    app.run()
    assert asked == [spec, spec], "it goes on where its visitor has not stopped it"
    now = now._replace(stage="spent")
    app.run()
    assert "6 of 16 nets" in in_words(app)
    assert (app.session_state["px"], app.session_state["py"]) == (2, 2)  # b_f 4.15, T 155
    assert "This point is not computed." in in_words(app)
    app.select_slider(key="px").set_value(0).run()
    assert "forget bias b_f = −2, T, length = 135; seed 0:" in in_words(app)
    assert [one.value[:7] for one in app.info] == ["Ended a"]  # and no notice of other places
    app.button(key="_sweep_back").click().run()
    assert len(charts(app)["phase_map"]["data"][0]["z"]) == 40
    assert (app.session_state["px"], app.session_state["py"]) == (0, 26)
    app.button(key="_sweep_go").click().run()
    app.button_group(key="diagram").set_value("rnn_gain_input").run()
    assert cancelled == [spec], "nobody looks at it"


def test_a_link_to_sizes_of_its_own_shows_their_map_where_it_is_computed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    link = {"diagram": "gru_gain_update", "map_points": 5, "map_seeds": 1}
    app = open_app(PAGE, **link, map_H="<b>")
    no_exception(app)
    assert [one.value for one in app.info] == [
        "The link asked for map_H = “＜b＞”; map_H = 64 is shown instead.",
        "The link asks for these sizes. Their map is not computed; the shipped one is shown.",
    ]
    assert len(charts(app)["phase_map"]["data"][0]["z"]) == 40
    there = ramp("gru_gain_update", 2.5)
    monkeypatch.setattr(swept, "is_finished", lambda one: one == there.spec)
    monkeypatch.setattr(swept, "see", lambda one: Seen("finished", there, 25, 25, 1, 0, (), ""))
    app = open_app(PAGE, **link)
    assert len(charts(app)["phase_map"]["data"][0]["z"]) == 5
    assert not app.info
