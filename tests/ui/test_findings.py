"""The sentences, with every number in them computed again."""

import re

import numpy as np
import pytest

import rnnviz
from rnnviz import CELLS
from rnnviz.experiment import Settings
from rnnviz.memory import memory
from rnnviz.ui import findings

RAISED = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹−", "-0123456789-")


def told(flows, *, one_loss=True):
    """The sentence on these flows."""
    return findings.compared(flows, {c: memory(f) for c, f in flows.items()}, one_loss=one_loss)


def clause(text, cell):
    """What it says of one cell."""
    after = text.split(f"the **{CELLS[cell].title}** ")[1]
    return re.split(r"; the \*\*|\.(?: |$)", after)[0]


def log10(text):
    """log10 of "2.4·10⁻¹⁶", "0.00291" or "11 %"."""
    shape = r"([\d.]+)(?:·10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+))?( %)?"
    mantissa, exponent, percent = re.match(shape, text).groups()
    power = int(exponent.translate(RAISED)) if exponent else 0
    return np.log10(float(mantissa)) + power - (2 if percent else 0)


def share(flow):
    """log10 of what is left at step 1 of the norm at the last step that has any."""
    logs = flow.log10_norms("h")[1:, 0]
    last = np.flatnonzero(logs > -np.inf)[-1]
    return logs[0] - logs[last], logs[: last + 1]


def identity_rnn(factor, steps=30, at=None):
    """An RNN whose gradient changes by exactly ``factor`` a step."""
    model = rnnviz.build("rnn", 1, 4, init="identity", gain=factor)
    dh = np.zeros((steps, 1, 4))
    dh[(at or steps) - 1] = 1
    return rnnviz.backprop(rnnviz.run(model, np.zeros((steps, 1))), dh)


@pytest.mark.parametrize(
    "settings",
    [Settings(), Settings(forget_bias=0.0), Settings(task="noisy_sine", length=400, seed=3),
     Settings(cells=tuple(CELLS), update_bias=-2.0, hidden_size=4),
     Settings(scaling="radius", scale=2.0, cells=("gru", "rnn"))],
    ids=range(5),
)  # fmt: skip
def test_every_number_in_the_sentence_is_the_flow_s(settings):
    flows = {cell: settings.flow(cell) for cell in settings.cells}
    text = told(flows)
    assert f"at step {settings.length}, going back to step 1" in text
    for cell, flow in flows.items():
        words, (ratio, logs) = clause(text, cell), share(flow)
        kept = re.match(r"(?:keeps|makes) (.+)", words)[1]
        assert log10(kept) == pytest.approx(ratio, abs=np.log10(1.06))
        if gone := re.search(r"99 % gone after (\d+) steps?", words):
            back = int(gone[1])
            assert logs[::-1][back] < logs[-1] - 2
            assert (logs[::-1][:back] >= logs[-1] - 2).all()
        for gate in CELLS[cell].bias_blocks.values():
            title = next(s.title for s in CELLS[cell].signals if s.name == gate)
            mean = float(re.search(rf"its {title} at ([\d.]+) on average", words)[1])
            assert mean == pytest.approx(flow.trace[gate].mean(), abs=6e-4)


@pytest.mark.parametrize(
    ("factor", "words"),
    [
        (0.5, "keeps 1.9·10⁻⁹, 99 % gone after 7 steps"),
        (0.005, "keeps 1.9·10⁻⁶⁷, 99 % gone after 1 step"),
        (0.9, "keeps 4.7 %"),
        (0.99, "keeps 75 %"),
        (1.0, "keeps 100 %"),
        (1.1, "makes 15.9 times as much"),
        (1e20, "makes 1·10⁵⁸⁰ times as much"),
        (1e-20, "keeps 1·10⁻⁵⁸⁰, 99 % gone after 1 step"),
        (0.0, "keeps exactly nothing, 99 % gone after 1 step"),
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
    assert "at step 12, going back" in told({"rnn": identity_rnn(0.5, at=12)})


def test_several_losses_get_a_caution():
    flows = {"rnn": identity_rnn(0.5)}
    assert "this is not how far a single one travels" in told(flows, one_loss=False)
    assert "travels" not in told(flows)


def test_no_gradient_at_all_is_said():
    model = rnnviz.build("gru", 1, 4)
    flow = rnnviz.backprop(rnnviz.run(model, np.zeros((5, 1))), np.zeros((5, 1, 4)))
    assert "exactly 0 at every step" in told({"gru": flow})
    both = told({"gru": flow, "rnn": identity_rnn(0.5)})
    assert clause(both, "gru") == "has none at any step"


def test_what_stops_being_finite_is_said():
    x = np.ones((900, 1))
    model = rnnviz.build("rnn", 1, 4, nonlinearity="identity", init="identity", gain=3.0)
    flow = rnnviz.backprop(rnnviz.run(model, x), rnnviz.SquaredError(np.zeros((900, 1, 4))))
    text = told({"rnn": flow})
    assert "nan" not in text
    assert "inf" not in text.replace("finite", "")


def test_the_summary_names_both_ends_and_the_factor():
    flow = identity_rnn(0.5)
    text = findings.summary({"rnn": flow}, {"rnn": memory(flow)})
    assert "RNN: from 2.00 at step 30 to 3.7·10⁻⁹ at step 1, factor 0.500 a step" in text


def test_no_sentence_says_nan():
    model = rnnviz.build("gru", 1, 4)
    empty = rnnviz.backprop(rnnviz.run(model, np.zeros((5, 1))), np.zeros((5, 1, 4)))
    for flow in (empty, identity_rnn(0.0), identity_rnn(0.5, steps=1)):
        name = flow.trace.model.cell.name
        for text in (told({name: flow}), findings.summary({name: flow}, {name: memory(flow)})):
            assert "nan" not in text
            assert "not finite" not in text, "nothing here has left the floats: there is no slope"
