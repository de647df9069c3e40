"""Gradients below 1e-308 and above 1e308 against a calculation without those limits."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnviz import Model, backprop, build, run
from rnnviz.core.initialisation import orthogonal
from tests import wide_oracle
from tests.oracle import VARIANTS, agree, replaced, single, states, varied


def quiet(scale: float, size: int = 4, dtype: Any = np.float64, steps: int = 400) -> Any:
    """A tanh RNN at x = 0, h = 0 with W_h = scale · Q: every Jacobian is W_h itself."""
    W_h = scale * orthogonal(np.random.default_rng(0), size)
    model = single("rnn", np.eye(size), W_h, np.zeros(size), dtype)
    return run(model, np.zeros((steps, size)))


def last(trace: Any, value: float = 1.0) -> Any:
    dh = np.zeros(trace.outputs.shape)
    dh[-1] = value
    return dh


def check(model: Model, x: Any, start: Any, dh: Any, within: float = 1e-9) -> Any:
    """All log10 norms, initial states included, and all parameters against the wide oracle."""
    trace = run(model, x, **{f"{name}0": value for name, value in start.items()})
    flow = backprop(trace, dh)
    theirs = wide_oracle.backward(model, trace.x, start, dh)
    for (index, layer, direction), wide in zip(model.places(), theirs, strict=True):
        ours = flow.layers[index]
        for name in wide.signals:
            np.testing.assert_allclose(
                ours.log10_norms(name), wide.log10_norms(name), rtol=0, atol=within,
                err_msg=f"{name} of layer {layer}, {direction}",
            )  # fmt: skip
        for name, value in wide.parameters.items():
            with np.errstate(over="ignore"):
                expected = value.astype(float).astype(model.dtype)
            compare_with_range(name, ours.parameters[name], expected, 10 * within)
    return flow, theirs


def compare_with_range(name: str, ours: Any, theirs: Any, within: float) -> None:
    """Equal where a float can hold it; infinite and zero in the same places."""
    np.testing.assert_array_equal(np.isinf(ours), np.isinf(theirs), err_msg=name)
    finite = np.isfinite(theirs)
    unit = max(np.abs(theirs[finite]).max(initial=0), np.finfo(ours.dtype).tiny)
    assert (np.abs(ours[finite] - theirs[finite]) <= within * unit).all(), name
    np.testing.assert_array_equal(np.sign(ours[~finite]), np.sign(theirs[~finite]))


@pytest.mark.parametrize(("scale", "sign"), [(0.1, -1), (10.0, 1)])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_four_hundred_steps_change_the_norm_by_four_hundred_orders(
    scale: float, sign: int, dtype: Any
) -> None:
    flow = backprop(last_trace := quiet(scale, dtype=dtype), last(last_trace))
    norms = flow.log10_norms("h")[:, 0]
    assert norms.dtype == np.float64
    steps = np.arange(len(norms))[::-1]
    within = 1e-9 if dtype == np.float64 else 1e-4
    np.testing.assert_allclose(norms - norms[-1], sign * steps, rtol=0, atol=within)


def test_what_a_float_cannot_hold_is_0_or_infinite_in_the_values() -> None:
    vanished = backprop(trace := quiet(0.1), last(trace))
    assert (vanished["h"][0] == 0).all()
    assert vanished.first_nonfinite is None
    exploded = backprop(trace := quiet(10.0), last(trace))
    assert np.isinf(exploded["h"][0]).all()
    assert np.isinf(exploded.initial["h"]).all()
    assert np.isinf(exploded.inputs[0]).all()


def test_the_values_are_right_up_to_the_ends_of_the_format() -> None:
    """∂L/∂h_t of the scalar linear RNN is w^(T − t), subnormal numbers included."""
    for w in (0.5, 2.0):
        model = single("rnn", [[1.0]], [[w]], [0.0], nonlinearity="identity")
        flow = backprop(trace := run(model, np.zeros((1100, 1))), last(trace))
        with np.errstate(over="ignore", under="ignore"):
            expected = np.float64(w) ** np.arange(1099, -1, -1.0)
        np.testing.assert_array_equal(flow["h"][:, 0, 0], expected)


@pytest.mark.parametrize("size", [1e-320, 1e-300, 1e300])
def test_an_extreme_gradient_that_comes_in_is_carried(size: float) -> None:
    for scale in (0.5, 2.0):
        trace = quiet(scale, steps=50)
        norms = backprop(trace, last(trace, size)).log10_norms("h")[:, 0]
        expected = np.log10(2 * size) + np.arange(50, -1, -1) * np.log10(scale)
        np.testing.assert_allclose(norms, expected, rtol=0, atol=1e-9 if size > 1e-310 else 1e-3)


@pytest.mark.parametrize("arriving", [1.0, 1e-90, 1e90])
@pytest.mark.parametrize("step", [1e-290, 1e-250, 1e-90, 1e90, 1e150, 1e250, 1e290])
def test_a_single_step_may_span_most_of_the_format(step: float, arriving: float) -> None:
    model = single("rnn", [[1.0]], [[step]], [0.0], nonlinearity="identity")
    flow = backprop(trace := run(model, np.zeros((30, 1))), last(trace, arriving))
    expected = np.log10(arriving) + np.arange(30, -1, -1) * np.log10(step)
    np.testing.assert_allclose(flow.log10_norms("h")[:, 0], expected, rtol=1e-12)


def mixed(cell: str, options: dict, dtype: Any, steps: int = 300) -> Any:
    """Four examples: vanishing, exploding, no loss at all, a loss at two early steps only."""
    model = varied(build(cell, 2, 3, dtype=dtype, **options), seed=4, spread=0.4)
    rng = np.random.default_rng(2)
    x = rng.standard_normal((steps, 4, 2)).astype(dtype)
    dh = np.zeros((steps, 4, 3))
    dh[-1, 0] = rng.standard_normal(3)
    dh[-1, 1] = 1e25 * rng.standard_normal(3)
    dh[[steps // 3, steps // 5], 3] = rng.standard_normal((2, 3))
    return model, x, states(model, 4, rng), dh


@settings(max_examples=25)
@given(st.integers(0, 2**32 - 1))
def test_losses_of_any_size_at_any_steps_of_a_linear_rnn(seed: int) -> None:
    """Three examples, each with its own few losses between 1e-300 and 1e300, one unit."""
    rng = np.random.default_rng(seed)
    w, steps = 10 ** rng.uniform(-80, 80), int(rng.integers(1, 60))
    model = single("rnn", [[1.0]], [[w]], [0.0], nonlinearity="identity")
    dh = np.zeros((steps, 3, 1))
    for b in range(3):
        at = rng.integers(0, steps, rng.integers(0, 4))
        dh[at, b, 0] = 10 ** rng.uniform(-300, 300, len(at))
    check(model, np.zeros((steps, 3, 1)), {"h": np.zeros((1, 3, 1))}, dh)


NARROW = [one for one in VARIANTS if one[0] in ("lstm", "gru")]


@pytest.mark.parametrize(
    ("cell", "options", "dtype"),
    [*((*one, np.float64) for one in VARIANTS), *((*one, np.float32) for one in NARROW)],
)
def test_a_mixed_batch(cell: str, options: dict, dtype: Any) -> None:
    steps = 80 if dtype == np.float64 else 60
    model, x, start, dh = mixed(cell, options, dtype, steps)
    flow, _ = check(model, x, start, dh, 1e-9 if dtype == np.float64 else 2e-3)
    assert (flow.log10_norms("h")[1:, 2] == -np.inf).all()
    assert (flow.log10_norms("h")[steps // 3 + 2 :, 3] == -np.inf).all()


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_one_batch_explodes_and_vanishes_at_once(dtype: Any) -> None:
    """Linear units; x opens and shuts ReLUs, and so decides which matrix an example sees."""
    steps = 400 if dtype == np.float64 else 150
    W_h = np.array([[20.0, 0], [0, 0.05]])
    model = single("rnn", np.eye(2), W_h, np.zeros(2), dtype, nonlinearity="identity")
    dh = np.zeros((steps, 4, 2))
    dh[-1, 0], dh[-1, 1], dh[:, 3] = [1, 0], [0, 1], [0, 1e-3]
    flow, _ = check(model, np.zeros((steps, 4, 2)), {"h": np.zeros((1, 4, 2))}, dh,
                    1e-9 if dtype == np.float64 else 1e-3)  # fmt: skip
    norms = flow.log10_norms("h")
    assert norms[0, 0] - norms[0, 1] > steps * 2.6 - 3


@pytest.mark.parametrize(("cell", "gain"), [("lstm", 0.01), ("rnn", 100.0), ("gru", 100.0)])
def test_stacks_carry_the_exponents_from_layer_to_layer(cell: str, gain: float) -> None:
    """Two layers, both directions, losses at three steps; states that would explode rest at 0."""
    shape = {"num_layers": 2, "bidirectional": True}
    model = build(cell, 2, 2, seed=3, init="orthogonal", gain=gain, **shape)
    start = states(model, 3, rng := np.random.default_rng(0))
    x, dh = 0.01 * rng.standard_normal((150, 3, 2)), np.zeros((150, 3, 4))
    if gain > 1:
        x, start = 0 * x, {name: 0 * value for name, value in start.items()}
    dh[[149, 80, 3], 0] = rng.standard_normal((3, 4))
    dh[75, 1] = 1e-200
    check(model, x, start, dh)


def test_a_deep_linear_stack_goes_beyond_the_format_between_the_layers() -> None:
    """The first layer receives 10^500 and must add its own 10^200 to it."""
    W = {"W_x": np.eye(2) * 3, "W_h": np.eye(2) * 10, "b": np.zeros(2)}
    model = build("rnn", 2, 2, num_layers=2, nonlinearity="identity")
    model = replaced(model, [W, W])
    dh = np.zeros((500, 1, 2))
    dh[-1] = [1, -2]
    flow, _ = check(model, np.zeros((500, 1, 2)), {"h": np.zeros((2, 1, 2))}, dh)
    assert flow.layer(0).log10_norms("h")[0, 0] > 500
    assert np.isinf(flow.inputs[0]).all()


def dead_relu(steps: int) -> Any:
    """Units that die: W_h pushes the state below zero for good at some step."""
    W_h = np.array([[0.9, 0.3], [0.2, 0.8]])
    model = single("rnn", np.eye(2), W_h, np.zeros(2), nonlinearity="relu")
    x = np.full((steps, 3, 2), 0.1)
    x[20, 0] = -50
    x[40, 1, 0] = -50
    return model, x


@pytest.mark.parametrize("at", [[59], [10, 59], [15, 30], [39, 40, 41]])
def test_dead_relus_give_exact_zeros_and_the_rest_stays_right(at: list[int]) -> None:
    model, x = dead_relu(60)
    dh = np.zeros((60, 3, 2))
    dh[at] = 1
    flow, _ = check(model, x, {"h": np.full((1, 3, 2), 0.1)}, dh)
    norms = flow.log10_norms("h")
    if at == [59]:
        assert (norms[:21, 0] == -np.inf).all()
        assert np.isfinite(norms[22:, 0]).all()
        assert np.isfinite(norms[:, 2]).all()


def test_parameter_gradients_where_one_example_is_beyond_the_format() -> None:
    """The bias's is infinite as a float; x = 0 and h = 0 give exact zeros, and nothing is nan."""
    trace = quiet(10.0)
    pair = run(trace.model, np.zeros((400, 2, 4)))
    flow = backprop(pair, np.concatenate([last(trace), last(trace, 1e-3)], axis=1))
    assert np.isinf(flow.parameters[0]["b"]).all()
    assert (flow.parameters[0]["W_x"] == 0).all()
    assert (flow.parameters[0]["W_h"] == 0).all()


def test_vanished_shares_do_not_disappear_beside_an_example_without_a_loss() -> None:
    """log10 of a step's share of the weight gradient does not depend on idle neighbours."""
    trace = quiet(0.1)
    alone = backprop(trace, last(trace)).log10_weight_norms("b")
    pair = run(trace.model, np.zeros((400, 2, 4)))
    dh = np.concatenate([last(trace), 0 * last(trace)], axis=1)
    np.testing.assert_allclose(backprop(pair, dh).log10_weight_norms("b"), alone, atol=1e-9)
    np.testing.assert_allclose(np.diff(alone), 1, atol=1e-9)


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_per_step_weight_norms_beyond_the_format(cell: str) -> None:
    """Against decimals: the bias's share at t is the sum over examples of ∂L/∂a_t."""
    model, x, start, dh = mixed(cell, {}, np.float64, 120)
    given = {f"{name}0": value for name, value in start.items()}
    flow = backprop(run(model, x, **given), dh * 1e-290)
    wide = wide_oracle.backward(model, x, start, dh * 1e-290)[0]
    blocks = [wide.signals[f"a_{block}"].sum(axis=1) for block in model.cell.blocks]
    expected = wide_oracle.log10_norms(np.concatenate(blocks, axis=-1))
    np.testing.assert_allclose(flow.log10_weight_norms("b"), expected, rtol=0, atol=1e-9)


def test_no_loss_at_all_gives_zeros_everywhere() -> None:
    for cell, options in VARIANTS:
        model = varied(build(cell, 2, 3, **options))
        flow = backprop(run(model, np.ones((5, 2, 2))), np.zeros((5, 2, 3)))
        assert (flow.log10_norms("h") == -np.inf).all()
        assert (flow.log10_weight_norms("W_x") == -np.inf).all()
        assert not any(gradient.any() for gradient in flow.parameters[0].values())
        assert not flow.inputs.any()
        assert flow.first_nonfinite is None


def test_the_common_case_is_not_rescaled() -> None:
    """Ordinary gradients equal the plain recursion to the last bit: no power of two was applied."""
    model = build("rnn", 2, 3, seed=1)
    trace = run(model, np.random.default_rng(0).standard_normal((20, 1, 2)))
    dh = np.random.default_rng(1).standard_normal((20, 1, 3))
    flow, W_hT = backprop(trace, dh), model.parameters[0]["W_h"].T
    assert not flow.layers[0].exponent.any()
    later = np.zeros((1, 3))
    for t in reversed(range(20)):
        total = dh[t] + later
        agree(f"dh at {t}", flow["h"][t], total, 1e-14)
        later = (total * (1 - trace["h"][t] ** 2)) @ W_hT
