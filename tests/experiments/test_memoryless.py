"""The feed-forward net: its last output depends on the last input alone, exactly."""

import numpy as np
import pytest

from rnnviz import build, forgetting, run
from rnnviz.experiments.memoryless import moved, on_first_letter, without_memory
from rnnviz.experiments.settings import Settings
from rnnviz.ui.pages.problem_types import findings
from rnnviz.words.numbers import number, power

SMALL = Settings(task="impulse", length=9, hidden_size=4)


def test_nothing_but_the_last_input_reaches_its_last_output():
    plain, recurrent = (np.asarray(forgetting(on_first_letter(SMALL, one))) for one in ("", "rnn"))
    assert np.isneginf(plain[:-1]).all()
    assert np.isfinite(recurrent).all()
    assert moved(SMALL, "") == 0 < moved(SMALL, "rnn")
    assert moved(SMALL, "rnn") < moved(SMALL, "gru")


def test_its_own_derivative_is_that_of_complex_steps():
    trace = on_first_letter(SMALL, "")
    W, readout = trace.model.parameters[0], trace.model.readout.parameters
    columns = []
    for k in range(5):
        x = trace.x[-1, 0] + 1e-30j * np.eye(5)[k]
        columns.append((np.tanh(x @ W["W_x"] + W["b"]) @ readout["W_y"]).imag / 1e-30)
    assert 10 ** forgetting(trace)[-1] == pytest.approx(np.linalg.norm(columns), rel=1e-12)


def test_a_cell_whose_state_goes_on_without_w_h_is_refused():
    with pytest.raises(ValueError, match="simple RNN"):
        without_memory(build("gru", 1, 2))
    model = without_memory(build("rnn", 1, 2))
    near, far = (run(model, np.array([[first], [1.0]])) for first in (0.0, 5.0))
    np.testing.assert_array_equal(near["h"][-1], far["h"][-1])


def test_the_sentence_has_the_numbers():
    logs = {one: np.asarray(forgetting(on_first_letter(SMALL, one))) for one in ("", "lstm")}
    changes = {one: moved(SMALL, one) for one in logs}
    said = findings.memoryless(logs, changes)
    assert f"LSTM {power(float(logs['lstm'][0]))}" in said
    assert f"LSTM {number(changes['lstm'])}" in said
    assert "change by 0," in said


def test_a_change_within_rounding_is_said_to_be_so():
    logs = {"": np.array([-np.inf, 0.0]), "rnn": np.array([-20.0, 0.0])}
    assert "RNN less than 10⁻¹⁴" in findings.memoryless(logs, {"": 0.0, "rnn": 5e-16})
