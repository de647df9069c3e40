"""The page of an own cell: what is typed is shown, wrong equations leave the picture as it is."""

import numpy as np

from rnnviz import CELLS, cell_from_equations
from rnnviz.ui.pages.your_cell import findings
from rnnviz.ui.pages.your_cell.suggestions import start_of, starts
from tests.ui.apps import alts, charts, in_words, live, no_exception, open_app, settings_of

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
    assert app.query_params["own"] == name
    assert "**Mine**" in in_words(app)
    (drawn,) = live(app)["own_map"].head["cells"]
    assert {"z", "g", "h"} <= {node["name"] for node in drawn["nodes"]}
    before = charts(app)["own_unit"]["data"]
    wrong = typed(app, LEAKY + "\nq = x W3 +")
    no_exception(wrong)
    assert "Line 3, character 11" in wrong.main.warning[0].value
    assert wrong.main.code[0].value == "q = x W3 +\n          ^"
    assert wrong.query_params["own"] == name
    for one, other in zip(before, charts(wrong)["own_unit"]["data"], strict=True):
        np.testing.assert_array_equal(one.get("y", 0), other.get("y", 0))
    again = typed(wrong, LEAKY.replace("tanh", "relu"), "![x](y)")
    assert "name has at most" in again.main.warning[0].value


def test_it_is_used_on_the_other_pages_and_trained_there():
    app = typed(open_app(PAGE, H=4, T=9), LEAKY)
    app.main.button(key="own_use").click().run()
    name = cell_from_equations(LEAKY, "Mine")
    assert app.session_state["cells"] == ["rnn", "lstm", "gru", name]
    replaced = typed(app, LEAKY.replace("+ h U", ""))
    replaced.main.button(key="own_use").click().run()
    assert len(replaced.session_state["cells"]) == 4
    assert name not in replaced.session_state["cells"]


def test_every_page_shows_an_own_cell():
    odd = cell_from_equations("r = σ(h R + br)\nh = relu(x W + r ⊙ h) + h ⊙ p1", "Odd (1)")
    good = cell_from_equations(LEAKY, "Mine")
    for script in ("app.py", "pages/Step.py", "pages/Gradient_flow.py", "pages/Spectrum.py",
                   "pages/Roads.py", "pages/Whose_gradient.py", "pages/Cuts.py"):  # fmt: skip
        app = open_app(script, cells=f"{good},{odd}", H=3, T=8, cell=good, state="h")
        no_exception(app)
        assert not any("The link asked" in one.value for one in app.info)
        assert settings_of(app).cells == (good, odd)
        assert "Mine" in in_words(app) + " ".join(alts(app).values()), script


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
