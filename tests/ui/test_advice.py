"""What is to be done about a gradient: followed, the advice helps."""

from dataclasses import replace

import numpy as np
import pytest

from rnnviz.analysis.reach import alone, reach
from rnnviz.experiments.settings import Settings
from rnnviz.ui import advice
from rnnviz.words.numbers import number
from tests.ui.flows import identity_rnn, to_do

RNN = Settings(cells=("rnn",))
LSTM = Settings(cells=("lstm",), forget_bias=0.0)
CASES = [
    # vanishes by W_h, by φ that the gain saturates, by σ, by units that are off
    (RNN, "rnn", "Draw W_h orthogonal or as the identity", {"init": "orthogonal"}),
    (replace(RNN, init="identity", scale=3.0), "rnn", "Lower the gain to 1/3.00", {"scale": 0.8}),
    (replace(RNN, init="orthogonal"), "rnn", "Multiply the gain by 1.36", {"scale": 1.35}),
    (replace(RNN, cell_options=(("nonlinearity", "sigmoid"),)), "rnn", "Choose tanh",
     {"cell_options": ()}),
    (replace(RNN, cell_options=(("nonlinearity", "relu"),)), "rnn", "as the identity, with gain 1",
     {"init": "identity"}),
    (LSTM, "lstm", "Raise the LSTM's bias b_f from 0 to at least ln(T − 1) = 3.89",
     {"forget_bias": 4.0}),
    (Settings(update_bias=-1.0), "gru", "Raise the GRU's bias b_z from −1.00 to at least",
     {"update_bias": 4.0}),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "cell", "words", "change"), CASES, ids=range(len(CASES)))
def test_a_vanishing_gradient_gets_the_advice_that_helps_it(asked, cell, words, change):
    before, after = asked.flow(cell), replace(asked, **change).flow(cell)
    assert words in to_do(before)
    assert reach(after).log10_share > reach(before).log10_share + 1
    assert "Clip" not in to_do(before)


@pytest.mark.parametrize("steps", [2, 10, 50, 200])
def test_the_wanted_bias_is_ln_of_t_minus_1(steps):
    asked = replace(LSTM, task="impulse", length=steps, forget_bias=-2.0)
    text = advice.raise_bias(asked.flow("lstm").layers[0])
    assert f"ln(T − 1) = {number(np.log(steps - 1))}" in text
    assert f"about T = {steps} steps" in text


def test_an_exploding_gradient_is_clipped_or_shrunk():
    asked = Settings(scale=3.0, scaling="radius", hidden_size=32)
    flow = asked.flow("rnn")
    text, factor = to_do(flow), reach(flow).factor
    assert "Clip the norm at θ = 1" in text
    assert f"1/{number(factor)} = {number(1 / factor)}" in text
    after = replace(asked, scale=round(3.0 / factor, 2)).flow("rnn")
    assert reach(after).log10_share < reach(flow).log10_share


def test_what_is_fine_gets_a_way_to_break_it():
    flow = Settings(update_bias=3.0).flow("gru")
    assert "To see the GRU forget, lower its bias b_z from 3.00 to 0" in to_do(flow)
    assert reach(Settings(update_bias=0.0).flow("gru")).log10_share < -2
    assert "halve its gain" in to_do(identity_rnn(1.0))


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
