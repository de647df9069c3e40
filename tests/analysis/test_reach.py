"""How far one loss's gradient reaches, against closed forms and other ways to compute it."""

import numpy as np
import pytest

import rnnviz
from rnnviz.analysis.reach import figures, reach

T, UNITS = 30, 4


def linear(factor, losses=(T,)):
    """tanh at 0 with W_h = factor · Q: ‖∂L_S/∂h_t‖ falls by exactly ``factor`` a step back."""
    model = rnnviz.build("rnn", 2, UNITS, init="orthogonal", seed=1, gain=factor)
    dh = np.zeros((T, 1, UNITS))
    dh[np.array(losses, int) - 1] = np.arange(1.0, 1 + UNITS)
    return rnnviz.backprop(rnnviz.run(model, np.zeros((T, 2))), dh)


def random_flow(cell, losses):
    rng = np.random.default_rng(3)
    model = rnnviz.build(cell, 3, UNITS, seed=2)
    model = model.with_parameters([
        {name: rng.normal(0, 0.6, one.shape) for name, one in model.parameters[0].items()}
    ])
    dh = np.zeros((T, 1, UNITS))
    dh[np.array(losses, int) - 1] = rng.normal(size=(len(losses), 1, UNITS))
    return rnnviz.backprop(rnnviz.run(model, rng.normal(size=(T, 3))), dh)


def test_share_factor_and_horizon_of_a_constant_factor():
    found = reach(linear(0.8))
    assert (found.signal, found.start, found.straight) == ("h", T, True)
    assert found.factor == pytest.approx(0.8)
    assert found.log10_share == pytest.approx((T - 1) * np.log10(0.8))
    assert found.horizon == 21  # 0.8 ** 20 = 0.0115, 0.8 ** 21 = 0.0092


@pytest.mark.parametrize("cell", sorted(rnnviz.CELLS))
def test_the_loss_of_one_step_is_followed_alone(cell):
    flow = random_flow(cell, (9, 20, T))
    for step in (None, 20):
        found, start = reach(flow, "h", step=step), step or T
        assert found.start == start
        np.testing.assert_allclose(
            found.log10_norms, rnnviz.itemised(flow.trace, flow.outputs)[start - 1], atol=1e-9
        )
        assert found.factor ** (start - 1) == pytest.approx(10**found.log10_share)


@pytest.mark.parametrize("cell", sorted(rnnviz.CELLS))
def test_all_states_as_one_vector_are_the_product_of_step_jacobians(cell):
    flow = random_flow(cell, (T,))
    J = rnnviz.step_jacobians(flow.trace).astype(np.longdouble)
    vector = np.zeros(J.shape[1], np.longdouble)
    vector[:UNITS] = flow.outputs[-1, 0]
    want = [np.linalg.norm(vector.astype(float))]
    for one in J[::-1]:
        vector = vector @ one
        want.append(float(np.sqrt((vector * vector).sum())))
    found = reach(flow, "all")
    np.testing.assert_allclose(found.log10_norms, np.log10(want[::-1]), atol=1e-9)
    memory = reach(flow).signal
    assert memory == rnnviz.CELLS[cell].states[-1]
    if memory == "h":
        np.testing.assert_allclose(found.log10_norms, reach(flow).log10_norms, atol=1e-9)
    else:
        assert found.log10_norms[0] >= reach(flow).log10_norms[0] - 1e-9


def test_a_gradient_that_falls_once_is_not_called_straight():
    logs = np.full(T + 1, -1.5)
    logs[-1] = 0
    share, factor, horizon, straight = figures(logs, T)
    assert (share, horizon, straight) == (-1.5, None, False)
    assert factor == pytest.approx(10 ** (-1.5 / (T - 1)))


@pytest.mark.parametrize(
    ("left", "horizon"),
    [
        ([0, -3, -1.5, -1.5], None),  # below 1 % on the way, above it at step 1
        ([0, -3, -1.5, -2.1, -4], 3),  # below, above, then below for good
        ([0, -2.0, -2.1], 2),  # exactly 1 % is not below it
    ],
)
def test_the_horizon_is_where_less_than_1_percent_is_left_from_there_on(left, horizon):
    logs = np.array([-9.0, *left[::-1]])
    assert figures(logs, len(left))[2] == horizon


def test_no_loss_and_an_exact_zero():
    assert reach(linear(0.5, ())).start == 0
    found = reach(linear(1e-30, (3,)))
    assert (found.start, found.horizon) == (3, 1)
    logs = np.array([-np.inf, -np.inf, -3.0, 0.0])
    share, factor, horizon, straight = figures(logs, 3)
    assert (share, factor, horizon, straight) == (-np.inf, 0, 1, False)


def test_it_refuses_what_it_cannot_follow():
    flow = linear(0.5)
    with pytest.raises(ValueError, match="`step` must be a step that has a loss, got 4"):
        reach(flow, step=4)
    with pytest.raises(ValueError, match="`signal` must be one of 'memory', 'all', 'h', got 'c'"):
        reach(flow, "c")
    with pytest.raises(ValueError, match="`flow` must be a GradientFlow"):
        reach(flow.layers[0])
