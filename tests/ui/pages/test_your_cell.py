"""The page of an own cell: what is typed is shown, wrong equations leave the picture as it is."""

import importlib.util

import numpy as np
import pytest

from rnnviz import CELLS, Model, build, cell_from_equations, run
from rnnviz.cells import Cell, as_file
from rnnviz.cells._typed.names import coded
from rnnviz.ui.pages.your_cell import findings
from rnnviz.ui.pages.your_cell.suggestions import start_of, starts
from rnnviz.words import speak
from tests.ui.apps import charts, in_words, live, no_exception, open_app, settings_of

PAGE = "pages/Your_cell.py"
LEAKY = "z = σ(x Wz + bz)\nh = z ⊙ h + (1 − z) ⊙ tanh(x W + h U)"


def typed(app, text, name="Mine"):
    app.main.text_input(key="_own_title").set_value(name)
    app.main.text_area(key="_own_text").set_value(text)
    return app.run()


def test_what_is_typed_is_drawn_and_wrong_equations_leave_it():
    app = typed(open_app(PAGE, H=4, T=9), LEAKY)
    no_exception(app)
    name = cell_from_equations(LEAKY, "Mine")
    assert app.query_params["eq"] == name
    assert "**Mine**" in in_words(app)
    (drawn,) = live(app)["own_map"].head["cells"]
    assert {"z", "g", "h"} <= {node["name"] for node in drawn["nodes"]}
    before = charts(app)["own_unit"]["data"]
    wrong = typed(app, LEAKY + "\nq = x W3 +")
    no_exception(wrong)
    assert "Line 3, character 11" in wrong.main.warning[0].value
    assert wrong.main.code[0].value == "q = x W3 +\n          ^"
    assert wrong.query_params["eq"] == name
    for one, other in zip(before, charts(wrong)["own_unit"]["data"], strict=True):
        np.testing.assert_array_equal(one.get("y", 0), other.get("y", 0))
    again = typed(wrong, LEAKY.replace("tanh", "relu"), "![x](y)")
    assert "name has at most" in again.main.warning[0].value


def test_a_suggestion_that_is_changed_loses_its_name_unless_it_is_typed():
    app = open_app(PAGE, H=4, T=9)
    text = app.session_state["_own_text"]
    app.main.text_area(key="_own_text").set_value(text.replace("relu", "tanh")).run()
    no_exception(app)
    assert "**Your cell** has" in in_words(app)
    assert "Li-GRU**" not in in_words(app)
    app.main.text_input(key="_own_title").set_value("Li-GRU").run()
    app.main.text_area(key="_own_text").set_value(text.replace("relu", "σ")).run()
    assert "**Li-GRU** has" in in_words(app)


def test_names_and_mistakes_are_in_the_language_of_the_page():
    app = open_app(PAGE, H=4, T=9, lang="ko")
    speak("ko")  # for AppTest's own reading of the menus
    text = app.session_state["_own_text"]
    app.main.text_area(key="_own_text").set_value(text.replace("relu", "tanh")).run()
    assert app.session_state["_own_title"] == "나만의 셀"
    app.main.text_area(key="_own_text").set_value("h = x W +").run()
    assert app.main.warning[0].value.startswith("1번째 줄 10번째 글자: ")
    speak("en")


def test_it_is_put_among_the_cells_of_the_sidebar():
    app = typed(open_app(PAGE, H=4, T=9), LEAKY)
    app.main.button(key="own_use").click().run()
    name = cell_from_equations(LEAKY, "Mine")
    assert app.session_state["cells"] == ["rnn", "lstm", "gru", name]
    replaced = typed(app, LEAKY.replace("+ h U", ""))
    replaced.main.button(key="own_use").click().run()
    assert len(replaced.session_state["cells"]) == 4
    assert name not in replaced.session_state["cells"]


ODD = {
    "Not a number": "f = relu(x Wf)\ni = relu(x Wi)\nk = f / (f + i)\nh = k ⊙ h + (1 − k) ⊙ i",
    "Identity": "h = h + x W", "Forgetful": "h = tanh(x W)",
}  # fmt: skip


def test_every_page_shows_own_cells_however_odd():
    odd = {title: cell_from_equations(text, title) for title, text in ODD.items()}
    cells = ",".join([cell_from_equations(LEAKY, "Mine"), *odd.values()])
    large = {"pages/Gradient_flow.py": "Forgetful", "pages/Roads.py": "Not a number"}
    for script in ("app.py", "pages/Step.py", *large, "pages/Spectrum.py",
                   "pages/Whose_gradient.py", "pages/Initialisation.py"):  # fmt: skip
        cell = odd[large.get(script, "Identity")]
        app = open_app(script, cells=cells, H=2, T=8, cell=cell, init="chrono")
        no_exception(app)
        assert not any("The link asked" in one.value for one in app.info)
        assert settings_of(app).cells == tuple(cells.split(","))
    for title in ("Mine", *ODD):
        assert title in in_words(open_app(cells=cells, H=2, T=8)), title


def test_a_weight_of_an_own_cell_is_set_by_hand_and_one_that_it_has_not_is_left_out():
    name = cell_from_equations(LEAKY, "Mine")
    plain, moved = (open_app(PAGE, H=3, T=8, eq=name, edit=edit) for edit in
                    (f"{name}.W_q.0.0:1", f"{name}.W_h.0.1:2.5,{name}.b.0:-1"))  # fmt: skip
    heads = []
    for app in (plain, moved):
        no_exception(app)
        heads.append(live(app)["own_map"].head["cells"][0]["sums"])
    assert [sum(sum(term["edited"]) for one in head.values() for term in one["terms"])
            for head in heads] == [0, 1]  # fmt: skip


@pytest.mark.parametrize("name", [
    "own:AAAA", "own:" + "A" * 3000, "own:<script>", "lstm", coded("# **x**\nh = x W"),
])  # fmt: skip
def test_a_link_to_what_is_no_cell_is_said_and_the_default_shown(name):
    app = open_app(PAGE, eq=name, cells=f"rnn,{name}", H=2, T=5)
    no_exception(app)
    assert "**Li-GRU**" in in_words(app)
    assert any("The link asked for eq" in one.value for one in app.info)


def test_two_cells_of_one_name_are_not_shown_together():
    cells = ",".join(cell_from_equations(text, "Mine") for text in ODD.values())
    app = open_app(cells=cells)
    no_exception(app)
    assert "have the name Mine" in app.warning[0].value


def test_the_file_states_the_same_cell(tmp_path):
    for key in starts():
        one = start_of(key)
        kind = CELLS[cell_from_equations(one.text, one.title)]
        file, text = as_file(kind, tuple(CELLS))
        (tmp_path / file).write_text(text, encoding="utf-8")
        assert max(map(len, text.splitlines())) <= 100
        spec = importlib.util.spec_from_file_location(f"rnnviz.cells.{file[:-3]}", tmp_path / file)
        assert spec
        assert spec.loader
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        (same,) = (found for found in vars(module).values() if isinstance(found, type)
                   and issubclass(found, Cell) and found.__module__ == module.__name__)  # fmt: skip
        assert same.signals == kind.signals
        assert (same.roles, same.bias_blocks, same.places) == (
            kind.roles, kind.bias_blocks, kind.places)  # fmt: skip
        W = build(kind.name, 2, 3, seed=1).parameters
        x = np.random.default_rng(0).standard_normal((9, 1, 2))
        ours, theirs = (run(Model(cell(), 2, 3, W), x) for cell in (kind, same))
        np.testing.assert_array_equal(ours["h"], theirs["h"])


def test_every_start_can_be_read_and_is_what_it_is_called():
    for key in starts():
        one = start_of(key)
        kind = CELLS[cell_from_equations(one.text, one.title)]
        assert kind.title == one.title
        assert findings.unused(kind) == []
        rows = findings.parameters(kind, 3, 5)
        assert sum(row.numbers for row in rows) == sum(
            int(np.prod(shape)) for shape in kind().shapes(3, 5).values()
        )
    assert findings.unused(CELLS[cell_from_equations("q = σ(x W)\nh = tanh(x V)")]) == ["q"]
