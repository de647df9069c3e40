"""PyTorch's float64 modules, imported by name and shape, give PyTorch's numbers."""

import numpy as np
import pytest

from rnnviz import backprop, from_torch, run
from tests.oracle import agree
from tests.references import (
    DATA,
    FLOWS,
    MODULES,
    PROJECTED,
    compare,
    compare_parameters,
    gradients_of,
    model_of,
    state_of,
)


def test_the_data_holds_eighteen_modules_and_three_cells() -> None:
    assert (len(MODULES), len(PROJECTED), len(FLOWS)) == (16, 2, 3)


@pytest.mark.parametrize("case", [*MODULES, *FLOWS])
def test_outputs_states_and_gradients_agree(case: str) -> None:
    compare(case, model_of(case))


@pytest.mark.parametrize("case", MODULES)
def test_float32_agrees_within_its_own_precision(case: str) -> None:
    state = {name: value.astype(np.float32) for name, value in state_of(case).items()}
    model = from_torch(state, nonlinearity="relu" if "relu" in case else "tanh")
    trace = run(model, DATA[f"{case}/x"])
    flow = backprop(trace, DATA[f"{case}/G"])
    assert trace.outputs.dtype == flow.inputs.dtype == np.float32
    agree("outputs", trace.outputs, DATA[f"{case}/y"], 1e-4)
    agree("dx", flow.inputs, DATA[f"{case}/dx"], 1e-4)
    compare_parameters(model, flow.parameters, gradients_of(case), 1e-4)


@pytest.mark.parametrize("case", PROJECTED)
def test_a_projected_lstm_agrees(case: str) -> None:
    model = from_torch(state_of(case))
    assert (model.hidden_size, model.width) == (5, 2)
    compare(case, model)


@pytest.mark.parametrize(
    ("case", "cell", "layers", "sides"),
    [
        ('RNN:{"num_layers": 2, "bidirectional": true}', "rnn", 2, 2),
        ('LSTM:{"bias": false}', "lstm", 1, 1),
        ('GRU:{"num_layers": 2}', "gru", 2, 1),
        ("flow:LSTMCell", "lstm", 1, 1),
    ],
)
def test_kind_layers_and_directions_are_inferred(
    case: str, cell: str, layers: int, sides: int
) -> None:
    model = model_of(case)
    assert (model.cell.name, model.num_layers, len(model.directions)) == (cell, layers, sides)
    assert (model.input_size, model.hidden_size) == (3, 5)
    assert model.dtype == np.float64


def test_biases_stay_apart_and_weights_are_transposed() -> None:
    state = state_of("GRU:{}")
    W = model_of("GRU:{}").parameters[0]
    assert sorted(W) == ["W_h", "W_x", "b", "b_h"]
    np.testing.assert_array_equal(W["W_x"], state["weight_ih_l0"].T)
    np.testing.assert_array_equal(W["b_h"], state["bias_hh_l0"])


def test_the_state_is_copied() -> None:
    state = {name: value.copy() for name, value in state_of("RNN:{}").items()}
    model = from_torch(state)
    before = model.parameters[0]["W_x"].copy()
    state["weight_ih_l0"][:] = 0
    np.testing.assert_array_equal(model.parameters[0]["W_x"], before)


def test_half_precision_is_widened_to_float32() -> None:
    half = {name: value.astype(np.float16) for name, value in state_of("LSTM:{}").items()}
    model = from_torch(half)
    assert model.dtype == np.float32
    np.testing.assert_array_equal(model.parameters[0]["b"], half["bias_ih_l0"].astype(np.float32))


def test_the_order_of_the_names_does_not_matter() -> None:
    case = 'LSTM:{"num_layers": 2, "bidirectional": true}'
    backwards = dict(reversed(list(state_of(case).items())))
    x = DATA[f"{case}/x"]
    np.testing.assert_array_equal(
        run(from_torch(backwards), x).outputs, run(model_of(case), x).outputs
    )
