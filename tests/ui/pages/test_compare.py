"""The sentences of the first page, with every number in them computed again."""

import re

import numpy as np
import pytest

import rnnviz
from rnnviz import CELLS
from rnnviz.analysis.memory import memory
from rnnviz.experiments.settings import Settings
from rnnviz.ui.pages.compare import findings
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
    assert f"at step {asked.length} goes back to step 1" in text
    for cell, flow in flows.items():
        words, (ratio, logs) = clause(text, cell), share(flow)
        kept = re.match(r"(?:keeps|makes) (.+)", words)[1]
        assert log10(kept) == pytest.approx(ratio, abs=np.log10(1.06))
        if gone := re.search(r"99 % is gone after (\d+) steps?", words):
            back = int(gone[1])
            assert logs[::-1][back] < logs[-1] - 2
            assert (logs[::-1][:back] >= logs[-1] - 2).all()
        if gate := CELLS[cell].keeping_gate:
            title = next(s.title for s in CELLS[cell].signals if s.name == gate)
            mean = float(re.search(rf"its {title} at ([\d.]+) on average", words)[1])
            assert mean == pytest.approx(flow.trace[gate].mean(), abs=6e-4)


@pytest.mark.parametrize(
    ("factor", "words"),
    [
        (0.5, "keeps 1.9·10⁻⁹ of it: 99 % is gone after 7 steps"),
        (0.005, "keeps 1.9·10⁻⁶⁷ of it: 99 % is gone after 1 step"),
        (0.9, "keeps 4.7 % of it"),
        (0.99, "keeps 75 % of it"),
        (1.0, "keeps 100 % of it"),
        (1.1, "makes 15.9 times as much of it"),
        (1e20, "makes 1·10⁵⁸⁰ times as much of it"),
        (1e-20, "keeps 1·10⁻⁵⁸⁰ of it: 99 % is gone after 1 step"),
        (0.0, "keeps exactly nothing: 99 % is gone after 1 step"),
    ],
)
def test_what_it_says_of_a_known_factor(factor, words):
    assert clause(told({"rnn": identity_rnn(factor)}), "rnn") == words


@pytest.mark.parametrize("factor", [0.8544, 0.85, 0.8534, 0.9999999, 1.0001])
def test_it_never_says_1_percent_horizon_and_a_larger_share_at_once(factor):
    text = clause(told({"rnn": identity_rnn(factor)}), "rnn")
    if "gone" in text:
        assert log10(text.removeprefix("keeps ")) <= -1.98


def test_a_loss_in_the_middle_is_named():
    assert "at step 12 goes back" in told({"rnn": identity_rnn(0.5, at=12)})


def test_several_losses_get_a_caution_in_place_of_advice():
    flows = {"rnn": identity_rnn(0.5)}
    assert "this is not how far a single one travels" in told(flows, one_loss=False)
    assert "gain" not in told(flows, one_loss=False)
    assert "travels" not in told(flows)


def test_no_gradient_at_all_is_said():
    model = rnnviz.build("gru", 1, 4)
    flow = rnnviz.backprop(rnnviz.run(model, np.zeros((5, 1))), np.zeros((5, 1, 4)))
    assert "exactly 0 at every step" in told({"gru": flow})
    assert "Put the loss on another step" in told({"gru": flow})
    both = told({"gru": flow, "rnn": identity_rnn(0.5)})
    assert clause(both, "gru") == "has none at any step"


def test_what_stops_being_finite_is_said():
    x = np.ones((900, 1))
    model = rnnviz.build("rnn", 1, 4, nonlinearity="identity", init="identity", gain=3.0)
    flow = rnnviz.backprop(rnnviz.run(model, x), rnnviz.SquaredError(np.zeros((900, 1, 4))))
    text = told({"rnn": flow})
    assert "nan" not in text
    assert "inf" not in text.replace("finite", "")
    assert "spectral radius, to 1 instead of 3.00" in text


def test_the_summary_names_both_ends_and_the_factor():
    flow = identity_rnn(0.5)
    text = findings.summary({"rnn": flow}, {"rnn": memory(flow)})
    assert "RNN: from 2.00 at step 30 to 3.7·10⁻⁹ at step 1, factor 0.500 a step" in text


def test_the_worst_two_get_advice_each_its_own():
    text = told({cell: Settings().flow(cell) for cell in Settings().cells}).split("\n\n")[1]
    assert text.index("Draw W_h orthogonal") < text.index("Raise the LSTM's bias")
    assert "GRU" not in text


def test_an_explosion_is_named_before_what_vanishes():
    flows = {cell: Settings(scaling="radius", scale=3.0, forget_bias=-2.0).flow(cell)
             for cell in ("lstm", "rnn")}  # fmt: skip
    flows["rnn"] = Settings(
        task="impulse", cells=("rnn",), scaling="radius", scale=1.5,
        cell_options=(("nonlinearity", "identity"),),
    ).flow("rnn")  # fmt: skip
    merits = {cell: memory(flow) for cell, flow in flows.items()}
    assert [findings._severity(flows[cell], merits[cell])[0] for cell in ("rnn", "lstm")] == [1, 2]
    text = findings.to_do(flows, merits, one_loss=True)
    assert text.index("RNN") < text.index("LSTM"), text
