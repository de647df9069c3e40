"""What is to be done about a gradient: followed, the advice helps."""

from dataclasses import replace

import numpy as np
import pytest

from rnnviz.analysis.memory import memory
from rnnviz.experiments.settings import Settings
from rnnviz.ui import advice
from rnnviz.words.numbers import number, power
from tests.ui.flows import identity_rnn, to_do

RNN = Settings(cells=("rnn",))
LSTM = Settings(cells=("lstm",), forget_bias=0.0)
CASES = [
    # vanishes by W_h, by φ that the gain saturates, by σ, by units that are off
    (RNN, "rnn", "Draw W_h orthogonal or as the identity", {"init": "orthogonal"}),
    (replace(RNN, init="identity", scale=3.0), "rnn", "Lower the gain to 1/3.72", {"scale": 0.8}),
    (replace(RNN, init="orthogonal"), "rnn", "Multiply the gain by 1/γ = 1.36", {"scale": 1.35}),
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
    assert memory(after).log10_ratio > memory(before).log10_ratio + 1
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
    text, factor = to_do(flow), memory(flow).factor
    assert "Clip the norm at θ = 1" in text
    assert f"1/γ = {number(1 / factor)}" in text
    after = replace(asked, scale=round(3.0 / factor, 2)).flow("rnn")
    assert memory(after).log10_ratio < memory(flow).log10_ratio - 0.5


def test_what_is_fine_gets_a_way_to_break_it():
    flow = Settings(update_bias=3.0).flow("gru")
    assert "To see the GRU forget, lower its bias b_z from 3.00 to 0" in to_do(flow)
    assert memory(Settings(update_bias=0.0).flow("gru")).log10_ratio < -2
    assert "halve its gain" in to_do(identity_rnn(1.0))


def test_an_lstm_whose_gate_is_open_enough_is_looked_at_in_c():
    flow = Settings(forget_bias=6.0).flow("lstm")
    logs = flow.log10_norms("c")[:, 0]
    assert "Look at c, on the page Roads" in to_do(flow)
    assert f"still has {power(logs[1] - logs[50])} of its gradient" in to_do(flow)


def test_the_shares_of_phi_and_weights_multiply_to_gamma():
    flow = RNN.flow("rnn")
    found, factor = advice.shares(flow.layers[0], memory(flow).factor), memory(flow).factor
    assert found.phi * found.weights == pytest.approx(factor)
    h = flow.trace["h"][:, 0]
    slopes = (1 - h**2) * flow["h"][:, 0] if len(flow["h"]) == len(h) else None
    if slopes is not None:
        ratio = np.linalg.norm(slopes, axis=1) / np.linalg.norm(flow["h"][:, 0], axis=1)
        assert found.phi == pytest.approx(np.exp(np.log(ratio).mean()))
