"""The live checks give no alarm for gates and gradients that floats hardly hold, and kinks."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from rnnviz import backprop, build, cell_from_equations, run
from rnnviz.analysis.spectrum import stretched
from rnnviz.analysis.verification.exponents import exponent_check
from rnnviz.analysis.verification.live_checks import verify, verify_flow
from rnnviz.experiments.settings import Settings
from tests.analysis.test_loss_attribution import every_variant, made
from tests.analysis.verification.test_live_checks import holds, tampered
from tests.core.test_range import last, quiet
from tests.oracle import replaced, single, varied


@pytest.mark.parametrize("scale", [0.1, 10.0])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_it_holds_beyond_the_format(scale: float, dtype: Any) -> None:
    trace = quiet(scale, dtype=dtype)
    dh = last(trace)
    holds(verify(trace, dh))
    dh[100] = 1e-30
    holds(verify(trace, dh))


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru", "peephole_lstm"])
@pytest.mark.parametrize(
    ("gain", "where"),
    [(0.0, "every"), (0.05, "last"), (3.0, "middle"), (30.0, "last"), (30.0, "every")],
)
def test_it_holds_for_extreme_settings(cell: str, gain: float, where: str) -> None:
    """Chaotic, dead and saturated networks; 1 − h² may have lost its digits, and words say so."""
    rng = np.random.default_rng(0)
    trace = run(build(cell, 4, 16, gain=gain), 10 * rng.standard_normal((60, 4)))
    dh = rng.standard_normal(trace.outputs.shape)
    dh *= {"last": np.arange(60) == 59, "every": np.ones(60), "middle": np.arange(60) == 20}[where][
        :, None, None
    ]
    holds(verify(trace, dh))


@pytest.mark.parametrize("cell", ["lstm", "cifg_lstm", "janet"])
def test_a_gate_that_is_nearly_one_gives_no_alarm(cell: str) -> None:
    """1 − f has three digits left here, recorded or not, and all gradients through it as well."""
    trace, dh = made(cell, {}, steps=20)
    W = {**trace.model.parameters[0]}
    trace.model.cell.block("f", b := W["b"].copy())[:] = 30
    trace = run(replaced(trace.model, [{**W, "b": b}]), trace.x)
    holds(verify(trace, dh))


@pytest.mark.parametrize(("cell", "seed", "bias"), [
    ("lstm", 0, 300), ("lstm", 2, 340), ("lstm", 2, 600), ("gru", 3, 360),
])  # fmt: skip
def test_gates_of_1e_130_and_less_give_no_alarm(cell: str, seed: int, bias: float) -> None:
    """Products of two of them leave the range in which complex steps or squares keep digits."""
    rng = np.random.default_rng(seed)
    model = build(cell, 2, 1, seed=seed)
    W = {**model.parameters[0]}
    shape = W["b"].shape
    W["b"] = W["b"] + bias * rng.choice([-1, 0, 1], shape) * rng.uniform(0.8, 1.2, shape)
    trace = run(replaced(model, [W]), rng.standard_normal((6, 2)))
    holds(verify(trace, rng.standard_normal((6, 1, 1))))


@pytest.mark.parametrize(("cell", "biases"), [
    ("minlstm", {"f": -310, "i": -310}), ("minlstm", {"f": -600, "i": -601}),
    ("minlstm", {"f": -690, "i": -308}), ("mingru", {"z": -699}),
])  # fmt: skip
def test_a_share_of_two_tiny_gates_is_as_right_as_that_of_others(cell: str, biases: Any) -> None:
    """f / (f + i) is of order 1 where f and i are 1e-130, and the check still finds an error."""
    model = build(cell, 2, 2, seed=1)
    W = {**model.parameters[0], "b": model.parameters[0]["b"].copy()}
    for gate, bias in biases.items():
        model.cell.block(gate, W["b"])[:] += bias
    rng = np.random.default_rng(0)
    trace = run(replaced(model, [W]), rng.standard_normal((8, 2)))
    dh = rng.standard_normal((8, 1, 2))
    holds(verify(trace, dh))
    found = verify_flow(tampered(backprop(trace, dh), "W_x"))
    assert {one.name for one in found if not one.ok} == {"derivative by W_x", "weights"}


@pytest.mark.parametrize("cell", [
    "cifg_lstm", "gru", "lstm", "lstm_1997", "minlstm", "peephole_lstm",
])  # fmt: skip
def test_gates_below_the_smallest_floats_give_no_alarm(cell: str) -> None:
    """In float32 from 1e-38 on; a gate is 0 where 1 + exp(−a) is above all floats."""
    for seed in (1, 3, 12, 17, 23):
        rng, model = np.random.default_rng(seed), build(cell, 2, 2, seed=seed, dtype=np.float32)
        W = {**model.parameters[0]}
        shape = W["b"].shape
        steep = 100 * rng.choice([-1, 0, 1], shape) * rng.uniform(0.8, 1, shape)
        W["b"] = (W["b"] + steep).astype(np.float32)
        trace = run(replaced(model, [W]), rng.standard_normal((3, 2)))
        holds(verify(trace, rng.standard_normal((3, 1, 2))))


def test_shares_of_gates_near_1e_39_in_float32_give_no_alarm() -> None:
    """One gate is recorded as 0 and k as 0 or 1; ∂k/∂i is above all floats of 32 bits."""
    model = build("minlstm", 1, 3, seed=0, dtype=np.float32)
    W = {**model.parameters[0], "b": model.parameters[0]["b"].copy()}
    model.cell.block("f", W["b"])[:] = [-89.2, -88.0, -87.5]
    model.cell.block("i", W["b"])[:] = [-87.9, -88.1, -89.0]
    trace = run(replaced(model, [W]), np.linspace(-1, 1, 6)[:, None])
    dh = np.full((6, 1, 3), 3)
    holds(verify(trace, dh))
    flow, r = backprop(trace, dh), {name: trace[name].astype(float) for name in "fik"}
    past = np.concatenate([np.zeros((1, 1, 3)), trace["h"][:-1]])
    wanted = flow["h"] * (trace["g"] - past) * r["k"] / (r["f"] + r["i"])
    assert np.isinf(flow["i"]).any()
    found = flow.layers[0].log10_magnitudes("i")[..., 1:]
    np.testing.assert_allclose(found, np.log10(np.abs(wanted[..., 1:])), atol=1e-5)


@pytest.mark.parametrize("biases", [
    {"i": -350, "f": 300, "g": 300, "o": -470}, {"i": -690, "f": 40, "g": 1, "o": -20},
])  # fmt: skip
def test_gradients_of_h_may_be_far_below_those_of_c(biases: dict[str, float]) -> None:
    """∂L/∂h_0 is 1e-356 and less where ∂L/∂c_0 is 1e-204; other units are checked as ever."""
    for size in (1, 2):
        model = build("lstm", 2, size, seed=1)
        W = {**model.parameters[0], "b": model.parameters[0]["b"].copy()}
        for gate, bias in biases.items():
            model.cell.block(gate, W["b"])[0] += bias
        rng = np.random.default_rng(0)
        trace = run(replaced(model, [W]), rng.standard_normal((8, 2)))
        flow = backprop(trace, rng.standard_normal((8, 1, size)))
        holds(verify_flow(flow))
    failed = {one.name for one in verify_flow(tampered(flow, "W_h")) if not one.ok}
    assert failed == {"derivative by W_h", "weights"}


def test_directions_that_end_leave_the_volume_of_the_others() -> None:
    """A direction that a step shrinks to 1e-297 ends in the next one; the other grows."""
    J = np.array([[[-8.897e-298, 2], [-8.856e-298, 2]], [[0, 2], [0, 2]]])
    with np.errstate(all="ignore"):
        found = np.sort(stretched(lambda: J, lambda: J[::-1], 2))[::-1] / 2
        np.testing.assert_allclose(found, [np.log(np.sqrt(32)) / 2, -np.inf])
        assert exponent_check(J, found, "").ok
        assert not exponent_check(J, found + 1e-6, "").ok
        assert not exponent_check(J, np.full(2, -np.inf), "").ok


@pytest.mark.parametrize(("powers", "J"), [
    ([45, 38, 45, 0], [[-0.8, -0.1, 0.3, 0], [2, 1.6, 0, 1e-8], [-2, 1.5, 0.9, 0], [0, 0, 0, 1]]),
    ([28, 28, 0, 0], [[0.1, 0, -4e27, 3e27], [-1, 13, 4e27, -5e27], [0, 0, 1, 0], [0, 0, 0, 1]]),
])  # fmt: skip
def test_units_that_keep_their_state_beside_units_that_end(powers: list[int], J: Any) -> None:
    """No rounding of rows of 1e-28 and less reaches the rows of units with the exponent 0."""
    steps = np.array([10.0 ** -np.array(powers)[:, None] * J] * 2)
    with np.errstate(all="ignore"):
        found = np.sort(stretched(lambda: steps, lambda: steps[::-1], 4))[::-1] / 2
        wanted = [0.0] * powers.count(0)
        np.testing.assert_allclose(found[: len(wanted)], wanted, atol=1e-12)
        assert exponent_check(steps, found, "").ok


def test_an_exponent_is_compared_to_the_digits_that_two_steps_leave_it() -> None:
    """The first step leaves a direction 1e-6 of its terms, the second shortens it to 1e-4."""
    first = np.ones((3, 3)) + 1e-6 * np.random.default_rng(0).standard_normal((3, 3))
    second = np.array([[1, 0, 0], [0, 1e-4, 1], [0, 0, 1]]) @ np.linalg.qr(first)[0].T
    steps = np.array([first, second])
    found = np.sort(stretched(lambda: steps, lambda: steps[::-1], 3))[::-1] / 2
    noise = 1 + np.finfo(float).eps * np.random.default_rng(1).choice([-1, 1], steps.shape)
    other = np.sort(stretched(lambda: steps * noise, lambda: (steps * noise)[::-1], 3))[::-1] / 2
    assert np.abs(found - other).max() > 2e-6
    assert exponent_check(steps, found, "").ok
    assert exponent_check(steps, other, "").ok
    assert not exponent_check(steps, found + 1e-2, "").ok


def test_saturation_is_named() -> None:
    model = single("rnn", [[1.0]], [[50.0]], [0.0])
    trace = run(model, np.ones((20, 1)))
    checks = verify(trace, last(trace))
    holds(checks)
    assert any("saturated" in one.words for one in checks)


def test_a_kink_takes_the_cell_s_own_slope() -> None:
    """ReLU at exactly 0, where the derivative is 0 by definition here."""
    model = varied(build("rnn", 2, 4, nonlinearity="relu"))
    W = {**model.parameters[0], "b": np.zeros(4)}
    model = single("rnn", W["W_x"], W["W_h"], W["b"], nonlinearity="relu")
    trace = run(model, np.zeros((5, 2)))
    holds(verify(trace, np.ones((5, 1, 4))))


@pytest.mark.parametrize("text", [
    "g = tanh(x W + h U + b)\nh = tanh(g) ⊙ g + relu(h ⊙ g)",  # one side goes on, one does not
    "g = tanh(x W + h U)\nm = relu(g ⊙ h)\nh = m ⊙ g + (1 − h)",  # both factors move
    "z = σ(x W + h U)\nh = z ⊙ relu(1 − h)",  # saturated, and at the kink
    "g = softplus(x W + h U)\nh = relu(h ⊙ g ⊙ h) + (1 − h)",  # 1 + e is 1 there
])  # fmt: skip
def test_a_kink_inside_a_sum_takes_the_cell_s_own_slope_too(text: str) -> None:
    """Which of two sides has the smaller result does not tell it."""
    x = np.linspace(-1, 1, 12).reshape(6, 1, 2)
    for size in (1, 100):
        trace = run(build(cell_from_equations(text), 2, 3, seed=3), size * x)
        holds(verify(trace, np.ones((6, 1, 3))))


@every_variant
def test_one_timestep_one_unit_and_no_loss(cell: str, options: dict) -> None:
    trace, dh = made(cell, options, steps=1, size=1)
    holds(verify(trace, dh))
    trace, dh = made(cell, options)
    holds(verify(trace, 0 * dh))


@pytest.mark.parametrize("steps", [1, 2])
@every_variant
def test_the_smallest_net_there_is(cell: str, options: dict, steps: int) -> None:
    model = varied(build(cell, 1, 1, seed=3, **options))
    holds(verify(run(model, np.full((steps, 1, 1), 0.7)), np.ones((steps, 1, 1))))


def test_a_weight_whose_gradient_no_float_holds_is_checked_all_the_same():
    """The input acts on the first step alone, where 1e-450 of the gradient is left."""
    one = Settings(task="impulse", length=500, hidden_size=4, cells=("lstm",), forget_bias=-2,
                   scale=0.05)  # fmt: skip
    flow = one.flow("lstm")
    assert flow.log10_weight_norms("W_x")[0] < -400
    found = verify(flow.trace, one.loss_object(one.example()))
    assert all(check.ok for check in found), [check for check in found if not check.ok]
