"""A loss's value, its timesteps, and its gradient against differences."""

from typing import Any

import numpy as np
import pytest

from rnnviz import CrossEntropy, Loss, Model, SquaredError, backprop, build, run
from tests.oracle import agree, replaced, varied

T, B, K = 5, 3, 4
MASK = np.array([True, False, True, True, False])
PLACES = {"last": "last", "every": "every", "mask": MASK}
COUNTED = {"last": [4], "every": range(5), "mask": [0, 2, 3]}
every_place = pytest.mark.parametrize("at", PLACES)


def model_with(readout: str | None, **shape: Any) -> Model:
    size = {} if readout is None else {"output_size": K, "readout": readout}
    return varied(build("gru", 2, 3, seed=2, **size, **shape))


def traced(readout: str | None, **shape: Any) -> Any:
    return run(model_with(readout, **shape), np.random.default_rng(0).standard_normal((T, B, 2)))


def targets_of(readout: str | None, trace: Any) -> Any:
    rng = np.random.default_rng(1)
    if readout == "softmax":
        return rng.integers(0, K, (T, B))
    return rng.standard_normal((trace.outputs if readout is None else trace.scores).shape)


def loss_of(readout: str | None, trace: Any, at: str) -> Loss:
    kind = CrossEntropy if readout == "softmax" else SquaredError
    return kind(targets_of(readout, trace), at=PLACES[at])


@every_place
def test_squared_error_is_half_the_squared_distance_averaged_over_its_steps(at: str) -> None:
    trace = traced("identity")
    loss = loss_of("identity", trace, at)
    expected = np.zeros((T, B))
    for t in COUNTED[at]:
        for b in range(B):
            error = trace.scores[t, b] - loss.targets[t, b]
            expected[t, b] = sum(one**2 for one in error) / 2 / len(COUNTED[at])
    np.testing.assert_allclose(loss.terms(trace), expected, rtol=1e-13)
    assert loss.value(trace) == pytest.approx(expected.sum(), rel=1e-13)


@every_place
def test_cross_entropy_is_minus_the_log_of_the_target_s_probability(at: str) -> None:
    trace = traced("softmax")
    loss = loss_of("softmax", trace, at)
    expected = np.zeros((T, B))
    for t in COUNTED[at]:
        for b in range(B):
            likelihood = trace.predictions[t, b, loss.targets[t, b]]
            expected[t, b] = -np.log(likelihood) / len(COUNTED[at])
    np.testing.assert_allclose(loss.terms(trace), expected, rtol=1e-12)


def test_a_loss_sits_on_the_last_step_unless_told_otherwise() -> None:
    trace = traced("identity")
    targets = targets_of("identity", trace)
    assert SquaredError(targets).value(trace) == SquaredError(targets, at="last").value(trace)
    mask = np.arange(T) == T - 1
    assert SquaredError(targets, at=mask).value(trace) == SquaredError(targets).value(trace)


@every_place
@pytest.mark.parametrize("readout", [None, "identity", "softmax"])
def test_every_gradient_is_the_loss_s_derivative(readout: str | None, at: str) -> None:
    """Parameters, readout and input, by central differences, two layers and both directions."""
    trace = traced(readout, num_layers=2, bidirectional=True)
    loss, model = loss_of(readout, trace, at), trace.model
    flow = backprop(trace, loss)
    rng = np.random.default_rng(3)

    def value(layers: Any, x: Any) -> float:
        return loss.value(run(replaced(model, layers), x))

    def check(told: float, moved: Any) -> None:
        measured = (moved(1e-6) - moved(-1e-6)) / 2e-6
        assert abs(told - measured) < 1e-8 * max(1, abs(told)), (told, measured)

    for index, W in enumerate(model.parameters):
        v = {name: rng.standard_normal(one.shape) for name, one in W.items()}

        def moved(step: float, index: int = index, v: Any = v, W: Any = W) -> float:
            layers = list(model.parameters)
            layers[index] = {name: one + step * v[name] for name, one in W.items()}
            return value(layers, trace.x)

        check(sum((flow.parameters[index][name] * v[name]).sum() for name in W), moved)
    v = rng.standard_normal(trace.x.shape)
    check((flow.inputs * v).sum(), lambda step: value(model.parameters, trace.x + step * v))


@every_place
@pytest.mark.parametrize("readout", ["identity", "softmax"])
def test_the_readout_s_gradients_are_the_loss_s_derivatives(readout: str, at: str) -> None:
    trace = traced(readout)
    loss, model = loss_of(readout, trace, at), trace.model
    gradients, rng = backprop(trace, loss).readout, np.random.default_rng(3)
    for name, W in model.readout.parameters.items():
        v = rng.standard_normal(W.shape)

        def value(step: float, name: str = name, W: Any = W, v: Any = v) -> float:
            arrays = {**model.readout.parameters, name: W + step * v}
            head = type(model.readout)(readout, arrays)
            cells = (model.cell, 2, 3, model.parameters, 1, False)
            return loss.value(run(Model(*cells, head), trace.x))

        told, measured = (gradients[name] * v).sum(), (value(1e-6) - value(-1e-6)) / 2e-6
        assert abs(told - measured) < 1e-8 * max(1, abs(told)), (name, told, measured)


def test_the_gradient_is_zero_where_the_loss_does_not_count() -> None:
    trace = traced("softmax")
    gradient = loss_of("softmax", trace, "mask").gradient(trace)
    assert not gradient[~MASK].any()
    assert (gradient[MASK] != 0).all()
    np.testing.assert_allclose(gradient.sum(axis=-1), 0, atol=1e-16)


def test_the_flow_keeps_the_loss_s_terms() -> None:
    trace = traced("softmax")
    loss = loss_of("softmax", trace, "every")
    flow = backprop(trace, loss)
    np.testing.assert_array_equal(flow.loss, loss.terms(trace))
    assert not flow.loss.flags.writeable


def test_large_scores_neither_overflow_nor_lose_the_loss() -> None:
    model = build("rnn", 1, 1, output_size=2, readout="softmax")
    head = type(model.readout)("softmax", {"W_y": np.array([[1e4, -1e4]]), "b_y": np.zeros(2)})
    trace = run(Model(model.cell, 1, 1, model.parameters, 1, False, head), [[3.0]], h0=[[3.0]])
    gap = 2e4 * abs(trace["h"][0, 0, 0])
    worse = int(trace["h"][0, 0, 0] > 0)
    assert CrossEntropy([[worse]]).value(trace) == pytest.approx(gap, rel=1e-12)
    assert CrossEntropy([[1 - worse]]).value(trace) == 0


def test_predictions_are_a_distribution() -> None:
    trace = traced("softmax")
    np.testing.assert_allclose(trace.predictions.sum(axis=-1), 1, rtol=1e-14)
    scores = np.exp(trace.scores)
    agree("softmax", trace.predictions, scores / scores.sum(axis=-1, keepdims=True), 1e-14)
    identity = traced("identity")
    np.testing.assert_array_equal(identity.predictions, identity.scores)
    W = identity.model.readout.parameters
    agree("scores", identity.scores, identity.outputs @ W["W_y"] + W["b_y"], 1e-14)


def test_an_example_s_gradient_does_not_depend_on_its_neighbours() -> None:
    trace = traced("softmax")
    loss = loss_of("softmax", trace, "every")
    alone = run(trace.model, trace.x[:, 1:2])
    one = backprop(alone, CrossEntropy(loss.targets[:, 1:2], at="every")).inputs
    agree("dx", one[:, 0], backprop(trace, loss).inputs[:, 1], 1e-12)


def test_float32_losses_stay_float32() -> None:
    model = build("lstm", 2, 3, output_size=K, dtype="float32")
    trace = run(model, np.ones((T, B, 2)))
    loss = SquaredError(np.ones((T, B, K)), at="every")
    assert loss.gradient(trace).dtype == np.float32
    assert backprop(trace, loss).readout["W_y"].dtype == np.float32
