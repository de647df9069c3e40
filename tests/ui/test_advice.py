"""What a step multiplies the gradient by, and which of the changes tried helps most."""

from dataclasses import replace

import numpy as np
import pytest

from rnnviz import advice
from rnnviz.analysis.reach import alone, reach
from rnnviz.experiments import remedies
from rnnviz.experiments.settings import Settings
from rnnviz.words.numbers import number

RNN = Settings(cells=("rnn",))


@pytest.mark.parametrize("phi", ["tanh", "sigmoid"])
def test_what_w_h_and_phi_multiply_by_makes_exactly_the_mean_factor(phi):
    asked = replace(RNN, cell_options=(("nonlinearity", phi),), loss="every")
    flow = alone(asked.flow("rnn"), 40)[0]
    found, reached = advice.shares(flow.layers[0], 40), reach(flow)
    assert reached.start == 40
    assert found.phi * found.weights == pytest.approx(reached.factor, rel=1e-12)
    h, dh = flow.trace["h"][1:40, 0], flow["h"][1:40, 0]
    slopes = 1 - h**2 if phi == "tanh" else h * (1 - h)
    ratio = np.linalg.norm(slopes * dh, axis=1) / np.linalg.norm(dh, axis=1)
    assert found.phi == pytest.approx(np.exp(np.log(ratio).mean()))
    parts = f"{number(found.weights)} (W_h) × {number(found.phi)} ({phi}′)"
    assert f"{parts} = {number(reached.factor)}" in advice.why(flow.layers[0], reached)


def test_the_change_that_helps_most_is_said_with_what_it_gives():
    found = list(remedies.remedies(RNN, "rnn"))
    said = advice.best(found, "rnn")
    first = remedies.best_first(found, "rnn")[0]
    assert f"Of {len(found)} changes tried on the RNN, “{first.change.words}” helps most" in said
    assert advice.gives(first) in said


def test_nothing_is_advised_untried_or_where_a_third_is_left():
    assert advice.best(None, "rnn") == ""
    fine = Settings(update_bias=6.0, cells=("gru",))
    assert remedies.left(fine, "gru").log10_share > -0.5
    assert advice.best(list(remedies.remedies(fine, "gru")), "gru") == ""


def test_where_no_change_helps_that_is_said():
    found = [one._replace(after=one.before) for one in remedies.remedies(RNN, "rnn")]
    assert f"None of {len(found)} changes tried on the RNN" in advice.best(found, "rnn")
