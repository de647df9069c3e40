"""Values that are not finite are reported with timestep and signal, and left in the arrays."""

from typing import Any

import numpy as np
import pytest

from rnnviz import CrossEntropy, SquaredError, backprop, build, run
from tests.oracle import replaced, single, varied


def growing(dtype: Any = np.float64, steps: int = 400, **shape: Any) -> Any:
    """Unit 1 of a linear RNN grows tenfold each step from 1; unit 0 stays 0."""
    model = build("rnn", 1, 2, nonlinearity="identity", dtype=dtype, **shape)
    layers = []
    for W in model.parameters:
        zero = {name: np.zeros_like(value) for name, value in W.items()}
        layers.append({**zero, "W_h": np.diag([1.0, 10.0]).astype(dtype)})
    model = replaced(model, layers)
    h0 = np.zeros((len(layers), 2, 2))
    h0[:, 1, 1] = 1
    return run(model, np.zeros((steps, 2, 1)), h0=h0)


@pytest.mark.parametrize(("dtype", "t"), [(np.float64, 309), (np.float32, 39)])
def test_the_first_timestep_example_and_unit_are_named(dtype: Any, t: int) -> None:
    found = growing(dtype).first_nonfinite
    assert (found.signal, found.layer, found.direction) == ("h", 0, "forward")
    assert (found.t, found.batch, found.unit, found.value) == (t, 1, 1, np.inf)
    assert str(found) == f"h is ∞ from timestep {t} on (unit 1, example 1, layer 1, forward)."


def test_a_run_that_stays_finite_has_none() -> None:
    trace = growing(steps=300)
    assert trace.first_nonfinite is None
    assert backprop(trace, np.ones((300, 2, 2)) * 1e-3).first_nonfinite is None


def test_a_reverse_layer_counts_in_the_order_of_processing() -> None:
    trace = growing(bidirectional=True)
    assert trace.layer(0, "forward").first_nonfinite.t == 309
    found = trace.layer(0, "reverse").first_nonfinite
    assert (found.t, found.direction) == (309, "reverse")
    assert np.isinf(trace.layer(0, "reverse")["h"][400 - 309, 1, 1])
    assert np.isfinite(trace.layer(0, "reverse")["h"][400 - 308, 1, 1])


def test_the_lowest_layer_that_has_it_is_named() -> None:
    trace = growing(num_layers=2)
    assert trace.first_nonfinite.layer == 0
    assert trace.layer(1).first_nonfinite is not None


def test_nan_and_infinity_stay_in_the_record() -> None:
    trace = growing()
    assert np.isfinite(trace["h"][:308]).all()
    assert np.isinf(trace["h"][308, 1, 1])
    assert not np.isfinite(trace["h"][308:, 1, 1]).any()
    assert not np.isfinite(trace.outputs[-1, 1, 1])
    assert (trace["h"][:, 0] == 0).all()
    lost = ~np.isfinite(trace.to_frame()["value"].to_numpy())
    assert lost.sum() == (~np.isfinite(trace["h"])).sum() >= 400 - 308


def test_a_gradient_that_overflows_is_named_on_the_way_back() -> None:
    """∂L/∂h_t = 10^(400 − t): beyond 1.8e308 from t = 91 down."""
    model = single("rnn", [[1.0]], [[10.0]], [0.0], nonlinearity="identity")
    trace = run(model, np.zeros((400, 1)))
    dh = np.zeros((400, 1, 1))
    dh[-1] = 1
    found = backprop(trace, dh).first_nonfinite
    assert (found.signal, found.t, found.unit, found.value) == ("∂L/∂h", 91, 0, np.inf)
    assert "from timestep 91 back" in str(found)


def test_the_top_layer_is_named_first_on_the_way_back() -> None:
    W = {"W_x": np.eye(1), "W_h": np.array([[10.0]]), "b": np.zeros(1)}
    model = replaced(build("rnn", 1, 1, num_layers=2, nonlinearity="identity"), [W, W])
    flow = backprop(run(model, np.zeros((400, 1))), np.ones((400, 1)))
    assert flow.first_nonfinite.layer == 1
    assert flow.layer(0).first_nonfinite.layer == 0


def test_nothing_downstream_of_an_overflow_pretends_to_be_finite() -> None:
    """∞ · 0 is nan and stays nan; the example that did not overflow is unchanged."""
    trace = growing()
    dh = np.zeros((400, 2, 2))
    dh[-1] = 1
    flow = backprop(trace, dh)
    assert np.isnan(flow.parameters[0]["W_h"]).any() or np.isinf(flow.parameters[0]["W_h"]).any()
    np.testing.assert_array_equal(flow.log10_norms("h")[-1], np.log10(np.sqrt(2)))
    np.testing.assert_allclose(np.diff(flow.log10_norms("h")[:350, 0]), -1, atol=1e-9)


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_extreme_weights_saturate_without_a_warning(cell: str) -> None:
    model = varied(build(cell, 2, 3), spread=1e300)
    trace = run(model, np.ones((5, 2)) * 1e5)
    flow = backprop(trace, np.ones((5, 3)))
    assert np.isfinite(trace["h"]).all()
    flow.log10_norms("h")
    flow.log10_weight_norms("W_h")


def test_a_nan_that_a_relu_receives_is_handed_back() -> None:
    """inf − inf in the pre-activation: neither the state nor its slope becomes 0."""
    W_h = np.array([[1e200, 1e200], [-1e200, -1e200]])
    model = single("rnn", np.eye(2), W_h, np.zeros(2), nonlinearity="relu")
    trace = run(model, np.zeros((4, 2)), h0=np.array([[1e200, 1e200]]))
    assert np.isnan(trace["h"][-1]).all()
    flow = backprop(trace, np.ones((4, 2)))
    assert np.isnan(flow["a_h"][-1]).all()


def test_a_loss_before_the_overflow_has_a_finite_gradient() -> None:
    """What the loss does not count adds exactly 0, however large it is."""
    trace = growing()
    mask = np.arange(400) == 100
    loss = SquaredError(np.zeros((400, 2, 2)), at=mask)
    gradient = loss.gradient(trace)
    assert np.isfinite(gradient).all()
    assert not gradient[~mask].any()
    assert np.isfinite(loss.value(trace))
    assert loss.terms(trace)[~mask].max() == 0


def test_losses_and_predictions_of_overflowed_outputs_are_not_finite_and_do_not_warn() -> None:
    trace = growing()
    assert not np.isfinite(SquaredError(np.zeros((400, 2, 2))).value(trace))
    model = build("rnn", 1, 2, nonlinearity="identity", output_size=2, readout="softmax")
    W = {"W_x": np.zeros((1, 2)), "W_h": np.diag([1.0, 10.0]), "b": np.zeros(2)}
    trace = run(replaced(model, [W]), np.zeros((400, 1)), h0=np.ones((1, 2)))
    assert np.isnan(trace.predictions[-1]).all()
    assert np.isnan(CrossEntropy(np.zeros((400, 1), int)).value(trace))


def test_a_loss_on_values_that_overflowed_sends_no_number_not_nothing():
    model = build("rnn", 2, 8, init="identity", gain=3.0, nonlinearity="identity")
    trace = run(model, np.random.default_rng(0).standard_normal((900, 1, 2)))
    assert trace.first_nonfinite is not None
    flow = backprop(trace, SquaredError(np.zeros((900, 1, 8)), at="last"))
    assert np.isnan(flow.log10_norms("h")).all()
    assert flow.first_nonfinite is not None
    assert flow.first_nonfinite.t == 900


def test_no_gradient_through_gates_of_1e_39_is_none() -> None:
    """∂k/∂i = −f / (f + i)² is above all floats of 32 bits; where ∂L/∂h is 0, ∂L/∂i is 0."""
    model = build("minlstm", 1, 1, dtype=np.float32)
    W = {name: np.zeros_like(one) for name, one in model.parameters[0].items()}
    for gate, bias in {"f": -87.5, "i": -88.5, "g": 90.0}.items():
        model.cell.block(gate, W["b"])[:] = bias
    trace = run(model.with_parameters(W), np.zeros((3, 1)))
    dh = np.zeros((3, 1, 1), np.float32)
    dh[0] = 1
    flow = backprop(trace, dh)
    assert not flow["i"][1:].any()
    assert not np.isfinite(flow["i"][0]).any()
