"""The systems page: its numbers are the core's, its controls stand in the link."""

import numpy as np
import pytest

from rnnviz.analysis.systems import classify, drive, fixed_points, fold, latch, orbit, system
from rnnviz.analysis.systems.examples import EXAMPLES, FIRST
from rnnviz.figures.phase_portrait import REACHES, reach
from rnnviz.ui.pages.systems import checks
from rnnviz.ui.pages.systems.controls import DEFAULTS, _text, read, values_of, written
from tests.ui.apps import alts, blank, charts, in_words, live, open_app, shown, stage, traces

SCRIPT = "pages/Systems.py"


def link(name):
    """The query that asks for an example."""
    return {k: int(v) if isinstance(v, bool) else v for k, v in values_of(EXAMPLES[name]).items()}


def test_a_control_without_a_value_asks_for_no_example():
    assert (_text(None), _text("0.50"), _text(0.5)) == ("None", "0.5", "0.5")


def core(name, steps=50):
    one = EXAMPLES[name]
    n = 1 if len(one.W) == 1 else 2
    made = system(np.reshape(one.W, (n, n)), np.array(one.U[:n])[:, None], one.b[:n], [one.C[:n]],
                  [[one.D]], nonlinearity="tanh" if one.tanh else "identity")  # fmt: skip
    return orbit(made, one.x0[:n], drive(one.drive, steps, amplitude=one.amplitude, when=one.when))


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_is_shown_by_its_link(name):
    app = shown(SCRIPT, **link(name))
    assert not app.exception, [one.message for one in app.exception]
    assert not app.info
    assert not app.warning
    assert not blank(app)
    assert app.session_state["_system"] == name
    found = core(name)
    rows = live(app)["system_now"].values
    n = found.system.size
    np.testing.assert_array_equal(rows[:n], found.x[1:].T)
    np.testing.assert_array_equal(rows[n], found.y[:, 0])
    np.testing.assert_array_equal(rows[n + 1], found.log10_state[1:])
    np.testing.assert_array_equal(rows[n + 2], found.log10_gradient[1:, 0])
    portrait = live(app)["portrait"]
    assert portrait.head["x0"] == found.x[0].tolist()
    assert portrait.head["W"] == found.system.W.tolist()
    assert len(portrait.head["fixed"]) == len(fixed_points(found.system))
    np.testing.assert_array_equal(portrait.values, (found.u @ found.system.U.T + found.system.b).T)
    drawn = [one["y"] for one in charts(app)["system_time"]["data"] if one["name"] in ("x", "x₁")]
    np.testing.assert_array_equal(drawn[0], found.x[:, 0])
    assert ("latch_price" in charts(app)) == (n == 1 and EXAMPLES[name].tanh)


KOREAN = list(EXAMPLES)[::5]


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_finding_ends_in_something_to_do(name):
    for asked in ({}, {"lang": "ko"}) if name in KOREAN else ({},):
        words = shown(SCRIPT, **link(name), **asked).main.markdown[0].value
        assert words.endswith("**")
        assert "{" not in words
    assert "nan" not in words


def test_it_opens_on_the_first_example_with_nothing_in_the_link():
    app = shown(SCRIPT)
    assert app.query_params == {}
    assert app.session_state["_system"] == FIRST
    assert stage(app)["length"] == 50


def test_a_button_sets_every_control_and_pressed_again_changes_nothing():
    app = open_app(SCRIPT)
    pills = next(one for one in app.get("button_group") if one.key == "_system")
    pills.set_value("latch").run()
    assert not app.exception
    assert (app.session_state["dim"], app.session_state["phi"]) == ("1", True)
    assert app.query_params["w11"] in ("2", ["2"])
    assert "A latch: two states are stable" in app.main.markdown[0].value
    next(one for one in app.get("button_group") if one.key == "_system").set_value(None).run()
    assert app.session_state["_system"] == "latch"
    app.slider(key="w11").set_value(1.5).run()
    assert app.session_state["_system"] is None


def test_the_golden_latch_is_said():
    app = shown(SCRIPT, **link("latch"))
    text = in_words(app)
    for number in ("0.958", "−0.958", "0.533", "0.166", "2.6·10⁻¹⁶"):
        assert number in text
    drawn = traces(charts(app)["bifurcation"])
    assert list(drawn["here"]["y"]) == [float(one.x[0]) for one in latch(2.0, 0.0).points]
    assert "fold at |b| = 0.533" in alts(app)["bifurcation"]


@pytest.mark.parametrize(
    ("query", "said"),
    [({"w11": 0.5}, "There is one fixed point"), ({"w11": 1, "b1": 0}, "There is one fixed point"),
     ({"w11": 2, "b1": 0.54}, "not below the fold"), ({"w11": -3}, "swings from side to side"),
     ({"w11": 2, "b1": 0.53}, "A latch"), ({"w11": 2, "x0": 0.1}, "Drag x₀ across 0"),
     ({"w11": 2, "x0": 0.1, "in": "impulse", "amp": -3}, "the input flips the bit"),
     ({"w11": 2, "x0": 0.1, "in": "impulse", "amp": -1}, "withstands the input")],
)  # fmt: skip
def test_one_unit_with_tanh_is_told_by_its_fold(query, said):
    app = shown(SCRIPT, dim=1, phi=1, **query)
    assert said in app.main.markdown[0].value
    text = app.main.markdown[0].value
    assert (abs(query.get("b1", 0)) < fold(query["w11"])) == text.startswith("A latch")


WILD = [
    {"w11": 3, "w12": -3, "w21": 3, "w22": 3, "x0": "60,-60", "in": "step", "amp": 4, "when": 100},
    {"w11": 0, "w12": 0, "w21": 0, "w22": 0, "c1": 0, "x0": "0,0"},
    {"w11": 3, "w12": -3, "w21": 3, "w22": 3, "phi": 1, "b1": 2, "b2": -2, "in": "sine", "when": 1},
    {"dim": 1, "w11": 0, "x0": "0", "phi": 1}, {"dim": 1, "w11": -3, "x0": "-60"},
]  # fmt: skip


@pytest.mark.usefixtures("unchecked")
@pytest.mark.parametrize(
    ("query", "T"), [*((one, (2, 500)[k % 2]) for k, one in enumerate(WILD)), (WILD[0], 500)]
)
def test_extremes_are_shown(query, T):
    app = open_app(SCRIPT, task="impulse", T=T, **query)
    assert not app.exception, [one.message for one in app.exception]
    assert not app.info
    assert charts(app)
    assert not blank(app)


def test_what_a_link_cannot_have_is_said():
    app = open_app(SCRIPT, x0="1,2,3", w11="7", dim="4", **{"in": "ramp"})
    assert not app.exception
    said = " ".join(one.value for one in app.info)
    for key in ("x0", "w11", "dim", "in"):
        assert f"asked for {key} =" in said
    assert app.session_state["x0"] == DEFAULTS["x0"]


def test_starts_are_read_as_they_are_written():
    assert read(written((0.25, -1.5))) == (0.25, -1.5)
    assert read("2") == (2.0, 0.0)
    for text in ("", "1,2,3", "nan", "inf,0", "1e400", "61", "a"):
        assert read(text) is None


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_portrait_holds_where_it_starts_and_what_stands_still(name):
    found = core(name)
    points = fixed_points(found.system)
    far = reach(found, classify(found.system.W), points)
    assert far in REACHES
    assert np.abs(found.x[0]).max() < far
    assert all(np.abs(one.x).max() < far for one in points)


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_check_of_the_badge_holds(name):
    found = checks.checks(core(name))
    assert len(found) >= 5
    assert all(one.ok for one in found), [one for one in found if not one.ok]
