"""The output layer: its costs against their definitions, its gradients against differences."""

from dataclasses import replace

import numpy as np
import pytest

from rnnviz import CrossEntropy, Readout, SquaredError, backprop, build, output_layer, run

T, H = 7, 4


def case(kind):
    rng = np.random.default_rng(3)
    size = 3
    model = build("lstm", 2, H, seed=1, output_size=size, readout=kind)
    x = rng.standard_normal((T, 2))
    at = np.arange(T) % 3 != 1
    targets = rng.standard_normal((T, 1, size)) if kind == "identity" else (
        rng.integers(size, size=(T, 1)))  # fmt: skip
    loss = (SquaredError if kind == "identity" else CrossEntropy)(targets, at)
    return run(model, x), loss


@pytest.mark.parametrize("kind", ["identity", "softmax"])
def test_costs_and_first_factors_are_what_they_say(kind):
    trace, loss = case(kind)
    found, flow = output_layer(trace, loss), backprop(trace, loss)
    assert found.loss == pytest.approx(flow.loss.sum(), rel=1e-14)
    assert found.costs[found.weights > 0].mean() == pytest.approx(found.loss, rel=1e-14)
    for unit in range(H):
        sent = found.to_hidden(unit).sum(axis=1)
        np.testing.assert_allclose(sent, flow.outputs[:, 0, unit], rtol=1e-12, atol=1e-16)
    if kind == "softmax":
        np.testing.assert_allclose(found.costs, -np.log(found.of_target), rtol=1e-12)
    else:
        wanted = ((found.scores - loss.targets[:, 0]) ** 2).sum(axis=1) / 2
        np.testing.assert_allclose(found.costs, wanted, rtol=1e-14)


@pytest.mark.parametrize("kind", ["identity", "softmax"])
def test_the_gradient_by_the_output_is_that_of_central_differences(kind):
    trace, loss = case(kind)
    found, step = output_layer(trace, loss), 1e-6

    def cost(y, t):
        if kind == "identity":
            return ((y - loss.targets[t, 0]) ** 2).sum() / 2
        return np.log(np.exp(y).sum()) - y[loss.targets[t, 0]]

    for t in range(T):
        for k in range(3):
            nudge = step * np.eye(3)[k]
            slope = (cost(found.scores[t] + nudge, t) - cost(found.scores[t] - nudge, t)) / 2 / step
            wanted = slope * found.weights[t]
            assert found.slope[t, k] == pytest.approx(wanted, rel=1e-7, abs=1e-9)


def test_a_squared_error_beyond_the_largest_float_is_infinite_and_a_cross_entropy_is_not():
    x, far = np.ones((1, 1)), {"W_y": np.full((1, 2), 1e200), "b_y": [0.0, -1e200]}
    for kind, loss, wanted in [
        ("identity", SquaredError(np.zeros((1, 1, 2))), np.inf),
        ("softmax", CrossEntropy(np.ones((1, 1), int)), 1e200),
    ]:
        model = build("rnn", 1, 1, output_size=2, readout=kind)
        model = replace(model, readout=Readout(kind, far))
        found = output_layer(run(model, x), loss)
        assert found.loss == pytest.approx(wanted, rel=1e-9)
        assert kind == "identity" or found.of_target[0] == 0


def test_a_trace_without_a_readout_is_refused():
    trace, loss = case("identity")
    bare = run(build("lstm", 2, H), trace.x)
    with pytest.raises(ValueError, match="must be of a model with a readout"):
        output_layer(bare, loss)
