"""The numbers that docs/numerics.md lists, each from a closed form or another calculation."""

import hashlib
import os
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from rnnviz import Model, backprop, build, run
from rnnviz.core.initialisation import orthogonal, spectral_radius
from tests.oracle import agree, replaced, sigmoid, single, varied


def constant(cell: str, **options: Any) -> Model:
    """H = D = 1, every weight 0.5, every bias 0."""
    model = build(cell, 1, 1, **options)
    layers = [
        {name: np.full_like(W, 0.0 if name.startswith("b") else 0.5) for name, W in one.items()}
        for one in model.parameters
    ]
    return replaced(model, layers)


def step_jacobians(model: Model, x: Any, h0: Any, name: str = "h") -> Any:
    """∂state_T/∂state_0 (H, H), row k for output unit k: one backward run of a batch of units."""
    size = model.hidden_size
    trace = run(model, np.repeat(x, size, axis=1), h0=np.repeat(h0, size, axis=0))
    dh = np.zeros(trace.outputs.shape)
    dh[-1] = np.eye(size)
    return backprop(trace, dh).initial[name][0]


@pytest.mark.parametrize(
    ("cell", "h"),
    [
        ("rnn", [0.462117157, 0.623712550, 0.670612999]),
        ("lstm", [0.174269719, 0.309058931, 0.407190655]),
        ("gru", [0.174468021, 0.292576456, 0.375649699]),
    ],
)
def test_golden_values(cell: str, h: list[float]) -> None:
    trace = run(constant(cell), np.ones((3, 1)))
    np.testing.assert_allclose(trace["h"].ravel(), h, rtol=0, atol=5e-10)
    if cell == "lstm":
        assert trace["c"][-1, 0, 0] == pytest.approx(0.723061615, abs=5e-10)


def reset_pair(size: int, candidate_bias: float) -> tuple[Any, Any]:
    """Hidden states of the two forms with the same parameters."""
    after = varied(build("gru", 2, size, reset_after=True), seed=3)
    W = {name: value.copy() for name, value in after.parameters[0].items()}
    after.cell.block("g", W["b_h"])[:] = candidate_bias
    merged = {"W_x": W["W_x"], "W_h": W["W_h"], "b": W["b"] + W["b_h"]}
    before = replaced(build("gru", 2, size), [merged])
    x = np.random.default_rng(0).standard_normal((6, 2, 2))
    return run(before, x)["h"], run(replaced(after, [W]), x)["h"]


def test_reset_before_and_after_agree_for_one_unit_without_candidate_bias() -> None:
    agree("h", *reset_pair(1, 0.0), within=1e-13)


@pytest.mark.parametrize(("size", "bias"), [(1, 0.5), (2, 0.0), (3, 0.0)])
def test_reset_before_and_after_differ_otherwise(size: int, bias: float) -> None:
    before, after = reset_pair(size, bias)
    assert np.abs(before - after).max() > 1e-3


@pytest.mark.parametrize(("radius", "product"), [(0.9, 2.6561e-5), (1.1, 1.37806e4)])
def test_scaled_orthogonal_recurrence_multiplies_every_direction_alike(
    radius: float, product: float
) -> None:
    """All singular values of ∂h_T/∂h_0 are ρ^T, so all Lyapunov exponents are ln ρ."""
    size, steps = 32, 100
    W_h = radius * orthogonal(np.random.default_rng(1), size)
    model = single("rnn", np.zeros((1, size)), W_h, np.zeros(size))
    jacobian = step_jacobians(model, np.zeros((steps, 1, 1)), np.zeros((1, size)))
    values = np.linalg.svd(jacobian, compute_uv=False)
    np.testing.assert_allclose(values, radius**steps, rtol=1e-12)
    assert values[0] == pytest.approx(product, rel=2e-5)
    np.testing.assert_allclose(np.log(values) / steps, np.log(radius), rtol=1e-12)


@pytest.mark.parametrize("w", [0.5, 2.0, 4.0, 5.0])
def test_the_scalar_sigmoid_at_its_fixed_point_has_the_slope_w_over_4(w: float) -> None:
    model = single("rnn", [[0.0]], [[w]], [-w / 2], nonlinearity="sigmoid")
    trace = run(model, np.zeros((40, 1)), h0=[[0.5]])
    assert (trace["h"] == 0.5).all()
    dh = np.zeros((40, 1, 1))
    dh[-1] = 1
    norms = backprop(trace, dh).log10_norms("h")[:, 0]
    expected = np.arange(40, -1, -1) * np.log10(w / 4)
    np.testing.assert_allclose(norms, expected, rtol=0, atol=1e-12)


@pytest.mark.parametrize(
    ("bias", "product"), [(0, 8.8818e-16), (1, 1.57619e-7), (3, 8.80925e-2), (5, 0.714789)]
)
def test_an_lstm_without_weights_forgets_by_its_bias_alone(bias: float, product: float) -> None:
    """∂c_T/∂c_0 = σ(b_f)^T; a loss on h_T reaches c_0 as that times o_T (1 − tanh² c_T)."""
    model = build("lstm", 1, 3, init="glorot", gain=0.0, forget_bias=bias)
    empty = {name: np.zeros_like(W) for name, W in model.parameters[0].items()}
    empty["b"] = model.parameters[0]["b"]
    trace = run(replaced(model, [empty]), np.zeros((50, 1)))
    dh = np.zeros((50, 1, 3))
    dh[-1] = 1
    flow = backprop(trace, dh)
    found = flow.initial["c"][0, 0] / flow["c"][-1, 0]
    np.testing.assert_allclose(found, sigmoid(bias) ** 50, rtol=1e-12)
    np.testing.assert_allclose(found, product, rtol=1e-5)
    assert (flow.initial["h"] == 0).all()
    assert (flow.log10_norms("h")[:-1] == -np.inf).all()


@pytest.mark.parametrize(("cell", "count"), [("rnn", 288), ("gru", 864), ("lstm", 1152)])
def test_parameter_counts(cell: str, count: int) -> None:
    assert build(cell, 1, 16).parameter_count == count


def test_parameter_counts_of_deeper_models() -> None:
    assert build("rnn", 1, 16, bidirectional=True).parameter_count == 2 * 288
    assert build("lstm", 3, 4, num_layers=2).parameter_count == 4 * 4 * (3 + 4 + 1 + 4 + 4 + 1)
    assert build("gru", 1, 16, reset_after=True).parameter_count == 864 + 48
    assert build("rnn", 1, 16, output_size=5).parameter_count == 288


def test_a_non_normal_matrix_amplifies_before_it_forgets() -> None:
    W_h = np.array([[0.5, 10], [0, 0.5]])
    assert spectral_radius(W_h) == 0.5
    model = single("rnn", np.zeros((1, 2)), W_h, np.zeros(2), nonlinearity="identity")
    found = [
        np.linalg.norm(step_jacobians(model, np.zeros((k, 1, 1)), np.zeros((1, 2))), 2)
        for k in range(1, 9)
    ]
    np.testing.assert_allclose(found[:4], [10.02, 10.01, 7.50, 5.00], atol=0.01)
    assert [one > 1 for one in found] == [True] * 7 + [False]


def test_an_identity_relu_rnn_carries_the_gradient_untouched() -> None:
    size = 4
    model = single("rnn", np.zeros((1, size)), np.eye(size), np.zeros(size), nonlinearity="relu")
    start = np.array([[0.1, 1.0, 2.0, 3.0]])
    jacobian = step_jacobians(model, np.zeros((500, 1, 1)), start)
    np.testing.assert_array_equal(jacobian, np.eye(size))


SCRIPT = """
import hashlib, sys
sys.path[:0] = {path!r}
from tests.test_must_hold import fingerprint
print(*(fingerprint(cell, {seed}) for cell in {cells!r}))
"""


def fingerprint(cell: str, seed: int) -> str:
    """Every array of a model, its trace and its flow."""
    model = build(cell, 3, 4, seed=seed, num_layers=2, bidirectional=True, output_size=2)
    trace = run(model, np.sin(np.arange(45.0)).reshape(5, 3, 3))
    flow = backprop(trace, np.cos(np.arange(120.0)).reshape(5, 3, 8))
    assert model.readout is not None
    arrays = [*model.readout.parameters.values(), trace.outputs, flow.inputs]
    for index, W in enumerate(model.parameters):
        arrays += [*W.values(), *flow.parameters[index].values()]
        names = [signal.name for signal in model.cell.signals]
        arrays += [trace.layers[index][name] for name in names]
        arrays += [flow.layers[index][name] for name in names]
    return hashlib.sha256(b"".join(array.tobytes() for array in arrays)).hexdigest()


def test_another_process_makes_the_same_arrays() -> None:
    cells = ["rnn", "lstm", "peephole_lstm", "gru"]
    script = SCRIPT.format(path=sys.path, cells=cells, seed=7)
    made = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True, text=True, check=True, env=os.environ | {"PYTHONHASHSEED": "99"},
    )  # fmt: skip
    assert made.stdout.split() == [fingerprint(cell, 7) for cell in cells]
    assert all(fingerprint(cell, 8) != fingerprint(cell, 7) for cell in cells)
