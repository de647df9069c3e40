"""The sentences of the first page, with every number in them computed again."""

import re

import numpy as np
import pytest

import rnnviz
from rnnviz import CELLS, advice, gradient_paths
from rnnviz.analysis.reach import reach
from rnnviz.experiments.initialisation_runs import SCHEMES, measure
from rnnviz.experiments.presets import PRESETS
from rnnviz.experiments.settings import Settings
from rnnviz.experiments.tour import TOUR
from rnnviz.ui.pages.compare import findings, over_seeds
from rnnviz.words.numbers import share as in_per_cent
from tests.ui.apps import in_words, open_app, settings_of
from tests.ui.flows import clause, identity_rnn, log10, share, told


@pytest.mark.parametrize(
    "asked",
    [Settings(), Settings(forget_bias=0.0), Settings(task="noisy_sine", length=400, seed=3),
     Settings(cells=tuple(CELLS)[:4], update_bias=-2.0, hidden_size=4),
     Settings(scaling="radius", scale=2.0, cells=("gru", "rnn"))],
    ids=range(5),
)  # fmt: skip
def test_every_number_in_the_sentence_is_the_flow_s(asked):
    flows = {cell: asked.flow(cell) for cell in asked.cells}
    text = told(flows)
    for cell, flow in flows.items():
        words, (ratio, logs) = clause(text, cell), share(flow)
        state, last = CELLS[cell].states[-1], asked.length
        assert f"on the memory state {state} at step {last}" in words
        kept = re.search(rf"at step {last}, (.+) reaches|receives (.+) times", words)
        assert log10(kept[1] or kept[2]) == pytest.approx(ratio, abs=np.log10(1.06))
        factor = float(re.search(r"factor of ([\d.]+) a step", words)[1])
        assert factor == pytest.approx(10 ** (ratio / (last - 1)), rel=6e-3)
        if gone := re.search(r"Less than 1 % is left from (\d+) steps? back", words):
            back = int(gone[1])
            assert logs[::-1][back - 1] >= logs[-1] - 2
            assert (logs[::-1][back:] < logs[-1] - 2).all()
        if gate := CELLS[cell].keeping_gate:
            title = next(s.title for s in CELLS[cell].signals if s.name == gate)
            mean = float(re.search(rf"Its {title} is at ([\d.]+) on average", words)[1])
            assert mean == pytest.approx(flow.trace[gate].mean(), abs=6e-4)


@pytest.mark.parametrize(
    ("factor", "words"),
    [
        (0.5, "1.9·10⁻⁹ reaches step 1, a mean factor of 0.500 a step. Less than 1 % is left "
              "from 7 steps back on."),
        (0.005, "1.9·10⁻⁶⁷ reaches step 1, a mean factor of 0.00500 a step. Less than 1 % is left "
                "from 1 step back on."),
        (0.9, "4.7 % reaches step 1, a mean factor of 0.900 a step. More than 1 % is left all"),
        (1.0, "100 % reaches step 1"),
        (1.1, "step 1 receives 15.9 times the gradient"),
        (1e20, "step 1 receives 1·10⁵⁸⁰ times the gradient"),
        (1e-20, "1·10⁻⁵⁸⁰ reaches step 1"),
        (0.0, "0 reaches step 1, a mean factor of 0 a step. Less than 1 % is left from 1 step back "
              "on."),
    ],
)
def test_what_it_says_of_a_known_factor(factor, words):
    said = clause(told({"rnn": identity_rnn(factor)}), "rnn")
    assert words in said
    assert "not straight" not in said


@pytest.mark.parametrize("factor", [0.8544, 0.85, 0.8534, 0.9999999, 1.0001])
def test_it_never_says_1_percent_horizon_and_a_larger_share_at_once(factor):
    text = clause(told({"rnn": identity_rnn(factor)}), "rnn")
    if "Less than" in text:
        assert log10(text.split("at step 30, ")[1]) <= -1.98


def test_a_loss_in_the_middle_is_named():
    assert "at step 12, " in told({"rnn": identity_rnn(0.5, at=12)})


def test_the_last_of_several_losses_is_followed_alone():
    one, many = (Settings(loss=loss).flow("rnn") for loss in ("last", "every"))
    assert (many.outputs[:-1] != 0).any()
    found = clause(told({"rnn": many}), "rnn")
    assert found.split("reaches")[0] == clause(told({"rnn": one}), "rnn").split("reaches")[0]


def test_a_line_that_turns_says_where():
    """In the preset that explodes the LSTM's norm sinks before it grows."""
    asked = PRESETS["exploding"].settings
    found = rnnviz.reach(asked.flow("lstm"))
    sunk = found.log10_norms - found.log10_norms[found.start]
    t = int(np.argmin(sunk[1:])) + 1
    assert t > 1
    assert sunk[t] < -0.1 < found.log10_share
    said = advice.left(asked.flow("lstm").layers[0], found)
    fallen = in_per_cent(float(sunk[t]))
    assert f"first falls to {fallen} of what it was, at step {t}, then rises" in said


def test_a_decay_that_is_no_straight_line_is_not_called_one():
    lstm = Settings().flow("lstm")
    by = {signal: reach(lstm, signal) for signal in ("h", "memory")}
    assert not by["h"].straight
    for signal, found in by.items():
        said = findings.seen({"lstm": lstm}, {"lstm": found})
        assert ("The line is not straight" in said) == (not found.straight), signal


def test_no_gradient_at_all_is_said():
    model = rnnviz.build("gru", 1, 4)
    flow = rnnviz.backprop(rnnviz.run(model, np.zeros((5, 1))), np.zeros((5, 1, 4)))
    assert clause(told({"gru": flow}), "gru") == "no gradient arrives at any step."
    both = told({"gru": flow, "rnn": identity_rnn(0.5)})
    assert clause(both, "gru") == "no gradient arrives at any step."


def test_what_stops_being_finite_is_said():
    x = np.ones((900, 1))
    model = rnnviz.build("rnn", 1, 4, nonlinearity="identity", init="identity", gain=3.0)
    flow = rnnviz.backprop(rnnviz.run(model, x), rnnviz.SquaredError(np.zeros((900, 1, 4))))
    text = told({"rnn": flow})
    assert "nan" not in text
    assert "inf" not in text.replace("finite", "")


def test_the_summary_names_both_ends_and_the_factor():
    flow = identity_rnn(0.5)
    text = findings.summary({"rnn": flow}, {"rnn": reach(flow)})
    assert "RNN, memory state h: from 2.00 at step 30 to 3.7·10⁻⁹ at step 1." in text
    assert "a mean factor of 0.500 a step" in text


def test_the_two_parts_are_those_of_the_page_two_paths_and_of_the_tour():
    flow = Settings().flow("lstm")
    text = findings.two_parts(gradient_paths(flow.trace, flow.outputs), 50)
    assert "at step 50 they are 10 % and 9.4 %, together 8.4 %" in text
    told = TOUR[4].read({cell: Settings().flow(cell) for cell in ("rnn", "lstm")}, {}).numbers
    assert (f"{told['kept']}", f"{told['through']}") == ("10 %", "9.4 %")
    rnn = Settings().flow("rnn")
    assert findings.two_parts(gradient_paths(rnn.trace, rnn.outputs), 50) == ""


def test_other_seeds_are_compared_on_demand():
    logs = {"rnn": np.full(5, -9.0), "lstm": np.log10([0.1, 0.2, 0.3, 0.4, 0.5]),
            "gru": np.full(5, np.log10(0.15))}  # fmt: skip
    text = over_seeds.finding(logs, 7)
    assert "over the seeds 7 to 11: RNN 1·10⁻⁹, LSTM 30 %, GRU 15 %." in text
    assert text.endswith("The LSTM keeps more than the GRU with 4 of 5 seeds.")
    app = open_app(T=12, H=3, on="all")
    assert any("its share can be smaller than that of c alone" in one.value for one in app.caption)
    app.button(key="_seeds").click().run()
    asked = settings_of(app)
    ratios = {cell: measure(asked, cell, SCHEMES["yours"]).ratios() for cell in asked.cells}
    assert over_seeds.finding(ratios, asked.seed) in in_words(app)


def test_beside_t_stands_why_a_longer_sequence_leaves_more():
    """With T = 100 less comes along c, and more through the gates' weights."""
    words = in_words(open_app(T=100, cells="rnn,lstm")).replace("\N{NO-BREAK SPACE}", " ")
    assert "LSTM: 8.4 % with T = 50, 16 % with T = 100. Along c alone 10 % and 0.34 %" in words
    assert "with T = 50" not in in_words(open_app())


def test_the_panel_of_figures_is_the_same_one_when_a_setting_changes(unchecked):
    """A browser keeps a panel open as long as its name and label stay, and it asks for nothing."""
    app = open_app(T=6, H=2)
    seen = []
    for length in (6, 7):
        app.slider("T").set_value(length).run()
        (panel,) = [one for one in app.expander if one.label.startswith("The figures")]
        seen.append((panel._block_id, panel.label, panel.proto.expanded))
        assert "left at step 1" in panel.markdown[0].value
    assert seen[0] == seen[1]
    assert "_figures" in seen[0][0]
    assert not seen[0][2]
