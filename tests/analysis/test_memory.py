"""Figures of merit, against flows whose norms have a closed form."""

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import rnnviz
from rnnviz.analysis.memory import memory

STEPS, UNITS = 40, 5


def flow_of(factor, *, steps=STEPS, loss=None, init="orthogonal", size=1.0, scale=None):
    """tanh at 0 with W_h = factor · Q and ‖∂L/∂h‖ = size at each step of ``loss`` (the last).

    Without input, bias or initial state h stays 0, where tanh′ = 1: ‖∂L/∂h_t‖ falls by exactly
    ``factor`` a step back.
    """
    gain = {"gain": factor} if scale is None else {"spectral_radius": scale}
    model = rnnviz.build("rnn", 2, UNITS, init=init, seed=1, **gain)
    dh = np.zeros((steps, 1, UNITS))
    for t in loss or [steps]:
        dh[t - 1, 0] = size / np.sqrt(UNITS)
    return rnnviz.backprop(rnnviz.run(model, np.zeros((steps, 2))), dh)


@settings(max_examples=30)
@given(st.floats(0.001, 0.999))
@example(0.5)
@example(0.9)
@example(1e-6)
def test_an_orthogonal_rnn_at_0_loses_exactly_its_factor_a_step(factor):
    found = memory(flow_of(factor))
    assert found.start == STEPS
    assert found.factor == pytest.approx(factor, rel=1e-9)
    assert found.log10_ratio == pytest.approx((STEPS - 1) * np.log10(factor), rel=1e-9)
    assert found.half_life == pytest.approx(np.log(2) / -np.log(factor), rel=1e-6)
    below = [k for k in range(STEPS) if k * np.log10(factor) < -2 - 1e-9]
    near = [k for k in range(STEPS) if abs(k * np.log10(factor) + 2) <= 1e-9]
    assert found.horizon == (min(below) if below else None) or found.horizon in near


@pytest.mark.parametrize(
    ("factor", "horizon"), [(0.5, 7), (0.9, 44), (0.0999, 2), (0.00999, 1), (0.99, None)]
)
def test_the_horizon_is_where_less_than_1_percent_is_left_from_there_on(factor, horizon):
    assert memory(flow_of(factor, steps=60)).horizon == horizon


def test_a_half_life_halves():
    found = memory(flow_of(0.5))
    assert found.half_life == pytest.approx(1)
    assert found.factor**found.half_life == pytest.approx(0.5)


def test_a_growing_norm_has_a_doubling_time():
    found = memory(flow_of(2.0))
    assert found.factor == pytest.approx(2)
    assert found.half_life == pytest.approx(-1)
    assert found.log10_ratio == pytest.approx((STEPS - 1) * np.log10(2))
    assert found.horizon is None


def test_a_norm_that_stays_has_no_half_life():
    found = memory(flow_of(1.0, init="identity"))
    assert found.factor == 1
    assert found.log10_ratio == 0
    assert found.half_life == np.inf
    assert found.horizon is None


@pytest.mark.parametrize("factor", [1e-3, 1e3])
def test_beyond_the_range_of_floats_nothing_changes(factor):
    found = memory(flow_of(factor, steps=400))
    assert found.log10_ratio == pytest.approx(399 * np.log10(factor), rel=1e-12)
    assert found.factor == pytest.approx(factor, rel=1e-9)


@settings(max_examples=20)
@given(st.floats(0.1, 2), st.integers(-900, 900))
def test_how_large_the_loss_is_does_not_matter(factor, power):
    one = memory(flow_of(factor))
    other = memory(flow_of(factor, size=2.0**power))
    assert other.start == one.start
    assert other.log10_ratio == pytest.approx(one.log10_ratio, rel=1e-9, abs=1e-9)
    assert other.factor == pytest.approx(one.factor, rel=1e-9)


@pytest.mark.parametrize("start", [1, 2, 20, 39])
def test_a_loss_in_the_middle_is_where_counting_starts(start):
    found = memory(flow_of(0.8, loss=[start]))
    assert found.start == start
    assert found.log10_ratio == pytest.approx((start - 1) * np.log10(0.8), abs=1e-12)
    if start > 1:
        assert found.factor == pytest.approx(0.8)
    else:
        assert np.isnan(found.factor)


def test_of_several_losses_the_last_counts():
    found = memory(flow_of(0.5, loss=[10, 30]))
    assert found.start == 30
    late = flow_of(0.5, loss=[10, 30]).log10_norms("h")[:, 0]
    assert found.log10_ratio == pytest.approx(late[1] - late[30])


def test_without_any_gradient_there_is_nothing_to_measure():
    found = memory(flow_of(0.5, size=0.0))
    assert found.start == 0
    assert np.isnan([found.log10_ratio, found.factor, found.half_life]).all()
    assert found.horizon is None


def test_one_timestep():
    found = memory(flow_of(0.5, steps=1))
    assert (found.start, found.log10_ratio, found.horizon) == (1, 0, None)
    assert np.isnan([found.factor, found.half_life]).all()


def test_a_gradient_that_ends_is_exactly_nothing_and_not_a_slope():
    found = memory(flow_of(0.0))
    assert found.start == STEPS
    assert found.log10_ratio == -np.inf
    assert np.isnan(found.factor)
    assert found.horizon == 1


def test_the_slope_is_a_least_squares_fit_of_what_is_finite():
    model = rnnviz.build("lstm", 2, UNITS, seed=3)
    x = np.random.default_rng(0).standard_normal((STEPS, 2))
    flow = rnnviz.backprop(rnnviz.run(model, x), rnnviz.SquaredError(np.ones((STEPS, 1, UNITS))))
    logs = flow.log10_norms("h")[1:, 0]
    slope = np.polyfit(np.arange(STEPS)[::-1], logs, 1)[0]
    assert memory(flow).factor == pytest.approx(10**slope, rel=1e-9)


def test_each_example_of_a_batch_and_each_layer_has_its_own():
    model = rnnviz.build("gru", 2, UNITS, num_layers=2, seed=3)
    x = np.random.default_rng(0).standard_normal((STEPS, 3, 2))
    dh = np.zeros((STEPS, 3, UNITS))
    for example_, start in enumerate((40, 20, 7)):
        dh[start - 1, example_] = 1
    flow = rnnviz.backprop(rnnviz.run(model, x), dh)
    for layer in (0, 1):
        found = [memory(flow.layer(layer), batch) for batch in range(3)]
        assert [one.start for one in found] == [40, 20, 7]
        alone = rnnviz.backprop(rnnviz.run(model, x[:, 1]), dh[:, 1])
        other = memory(alone.layer(layer))
        assert other.log10_ratio == pytest.approx(found[1].log10_ratio, rel=1e-9)
        assert other.factor == pytest.approx(found[1].factor, rel=1e-9)
        assert other.horizon == found[1].horizon


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("factor", [0.0, 1e-200, 1.0, 1e150])
def test_no_setting_makes_numpy_complain(factor):
    memory(flow_of(factor))


def linear(direction="forward", steps=8):
    """h_t = x_t + ½ h_{t−1} both ways, a loss on the last step that ``direction`` processes."""
    model = rnnviz.build("rnn", 2, 2, bidirectional=True, nonlinearity="identity")
    W = {"W_x": np.eye(2), "W_h": np.eye(2) / 2, "b": np.zeros(2)}
    model = replace(model, parameters=(W, W))
    dh = np.zeros((steps, 3, 4))
    dh[-1 if direction == "forward" else 0] = 1
    return rnnviz.backprop(rnnviz.run(model, np.ones((steps, 3, 2))), dh).layer(0, direction)


@pytest.mark.parametrize("direction", ["forward", "reverse"])
def test_time_runs_as_the_layer_processes_it(direction):
    found = memory(linear(direction), batch=2)
    assert found.start == 8
    assert found.factor == pytest.approx(0.5)
    assert found.half_life == pytest.approx(1)
    assert found.log10_ratio == pytest.approx(7 * np.log10(0.5))
    assert found.horizon == 7


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((3,), "`flow` must be a GradientFlow or a LayerFlow of rnnviz, got 3."),
        ((flow_of(0.5), 1), "`batch` must be an integer of at least 0 and at most 0, got 1."),
        ((linear(), -1), "`batch` must be an integer of at least 0 and at most 2, got -1."),
        ((linear(), 0.0), "`batch` must be an integer of at least 0 and at most 2, got 0.0."),
    ],
)
def test_what_arrived_is_refused_with_argument_and_rule(arguments, sentence):
    with pytest.raises(ValueError, match=re.escape(sentence)):
        memory(*arguments)
