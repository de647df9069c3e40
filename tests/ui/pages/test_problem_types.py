"""The page of problem types: its numbers are the core's, its sentences say what they are."""

import numpy as np
import pytest

from rnnviz import CELLS
from rnnviz.experiments.problem_types import PROBLEMS, SYMBOLS, models_of, ways
from rnnviz.experiments.settings import Settings
from rnnviz.experiments.unrolling import unroll
from rnnviz.figures.unrolled import Answers, probabilities
from rnnviz.plot.unrolled import ROWS, right
from rnnviz.ui.components.problem_graph.graph import table
from rnnviz.ui.pages.problem_types import findings
from rnnviz.ui.pages.problem_types.checks import checks
from rnnviz.words.numbers import power
from rnnviz.words.symbols import lowered
from tests.ui.apps import alts, charts, in_words, live, open_app, settings_of, shown, stage, traces

PAGE = "pages/Problem_types.py"
SMALL = {"T": 12, "H": 4, "seed": 5}


def solved(app, cell, name, own=False):
    """What the page must show, from the core alone."""
    asked, problem = settings_of(app), PROBLEMS[name]
    sequence = problem.sequence(len(asked.example().x), seed=asked.seed)
    return unroll(problem, models_of(asked, cell, problem), sequence, fed=own or problem.fed_back)


@pytest.mark.parametrize(("name", "own"), [*((one, 0) for one in PROBLEMS), ("seq_to_seq", 1)])
def test_every_number_is_the_core_s(name, own):
    app = shown(PAGE, **SMALL, problem=name, own=own)
    assert not app.exception, [one.message for one in app.exception]
    one = solved(app, "lstm", name, bool(own))
    assert stage(app)["length"] == one.steps
    packet = live(app)["problem_graph"]
    for row, values in zip(ROWS, packet.values, strict=False):
        np.testing.assert_array_equal(values, one.log10(row)[:, 0])
    np.testing.assert_array_equal(packet.values[-1], right(one))
    head = packet.head
    assert head["answers"] == one.problem.answers(one.steps).tolist()
    assert head["handed"] == one.problem.handed(one.steps)
    assert any(head["fed"]) == one.fed
    drawn = traces(charts(app)["problem_norms"])
    near, far = ways(one.problem, one.steps)
    several = bool((near != far).any())
    np.testing.assert_array_equal(drawn["farthest" if several else "the one loss"]["y"], far)
    if several:
        np.testing.assert_array_equal(drawn["nearest"]["y"], near)
    for cell in ("rnn", "lstm", "gru"):
        wanted = solved(app, cell, name, bool(own))
        np.testing.assert_array_equal(drawn[CELLS[cell].title]["y"], wanted.log10("h")[:, 0])
    maps = [t for t in charts(app)["problem_answers"]["data"] if t["type"] == "heatmap"]
    np.testing.assert_allclose(np.array(maps[1]["z"], float).T,
                               one.probabilities[:, 0], rtol=1e-6)  # fmt: skip


def test_rings_stand_where_losses_sit_on_what_was_to_be_answered():
    app = shown(PAGE, **SMALL, problem="seq_to_seq")
    one = solved(app, "lstm", "seq_to_seq")
    rings = traces(charts(app)["problem_answers"])["right answer"]
    assert list(rings["x"]) == [7, 8, 9, 10, 11, 12]
    assert "".join(rings["y"]) == "".join(SYMBOLS[k] for k in one.sequence.symbols[:6, 0])


def test_the_finding_has_the_numbers_and_ends_in_something_to_do():
    for name, problem in PROBLEMS.items():
        app = shown(PAGE, **SMALL, problem=name)
        found = {cell: solved(app, cell, name) for cell in ("rnn", "lstm", "gru")}
        words = findings.finding(found)
        assert lowered(words) in in_words(app)
        assert words.endswith(findings.TO_DO[name])
        start = problem.handed(12) or 12
        for cell, one in found.items():
            h = one.log10("h")[:, 0]
            if name != "one_to_one":
                assert f"**{CELLS[cell].title}** {power(h[0] - h[start - 1])}" in words
    assert "goes through the encoder's last state" in words
    assert "there are 6 steps" in words


def test_all_types_are_compared_on_the_same_cells():
    app = shown(PAGE, **SMALL)
    (text,) = (one.value for one in app.main.markdown if "letters given" in one.value)
    rows = [row.split(" | ") for row in text.splitlines()[2:]]
    assert [row[0].strip("| ") for row in rows] == [one.title for one in PROBLEMS.values()]
    assert [row[1:5] for row in rows] == [
        ["1", "1", "0", "0"], ["12", "1", "0", "11"], ["1", "12", "0", "11"],
        ["12", "12", "0", "11"], ["6", "6", "1", "11"],
    ]  # fmt: skip
    for row, name in zip(rows, PROBLEMS, strict=True):
        assert row[6] == power(solved(app, "lstm", name).log10("h")[0, 0])


def test_the_first_model_is_the_same_in_every_type():
    settings = Settings(hidden_size=3)
    first = models_of(settings, "gru", PROBLEMS["many_to_one"])[0]
    encoder, decoder = models_of(settings, "gru", PROBLEMS["seq_to_seq"])
    for name, one in first.parameters[0].items():
        np.testing.assert_array_equal(one, encoder.parameters[0][name])
    assert not np.array_equal(encoder.parameters[0]["W_h"], decoder.parameters[0]["W_h"])


@pytest.mark.parametrize("name", PROBLEMS)
def test_the_checks_hold_and_can_fail(name):
    app = shown(PAGE, **SMALL, problem=name)
    one = solved(app, "lstm", name)
    found = checks(one)
    assert all(check.ok for check in found), found
    part = one.stretches[-1]
    part.flow.parameters["W_x"].flags.writeable = True
    part.flow.parameters["W_x"][:] *= 1.5
    assert not checks(one)[0].ok


def test_what_is_too_steep_for_differences_is_not_checked_by_them():
    app = shown(PAGE, task="impulse", T=300, H=4, cells="rnn", nonlinearity="identity",
                scaling="radius", scale=3)  # fmt: skip
    found = checks(solved(app, "rnn", "seq_to_seq"))
    assert [one.name for one in found] == ["sums"]
    assert all(one.ok for one in found)


def test_the_address_holds_the_type():
    app = open_app(PAGE, **SMALL, problem="one_to_many")
    assert app.query_params["problem"] in ("one_to_many", ["one_to_many"])
    app.main.button_group(key="problem").set_value("seq_to_seq").run()
    assert "problem" not in app.query_params
    assert not app.exception


def test_the_table_has_what_the_graph_shows():
    app = shown(PAGE, **SMALL, problem="one_to_many")
    one = solved(app, "lstm", "one_to_many")
    found = table(one)
    assert list(found.index) == list(range(1, 13))
    assert list(found["reads"])[1:3] == ["p_1", "p_2"]
    np.testing.assert_array_equal(found["from x_{t+1} (log₁₀)"], one.log10("fed")[:, 0])


def test_figures_of_nothing_and_of_what_is_not_finite():
    assert len(probabilities([], SYMBOLS, []).data) == 0
    values = np.full((3, 5), np.nan)
    fig = probabilities([Answers("x", values)], SYMBOLS, [0, None, 4])
    assert "not finite" in [one.name for one in fig.data]


def test_alts_say_how_far():
    app = shown(PAGE, **SMALL)
    assert "nearest loss is 6 steps away and the farthest 11" in alts(app)["problem_norms"]
