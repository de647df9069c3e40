"""How much an output depends on each input, against complex steps through the forward equations."""

import numpy as np
import pytest

from rnnviz import backprop, build, forgetting, run
from tests.oracle import NAMES, VARIANTS, slope, stack, states, varied


@pytest.mark.parametrize(("cell", "options"), VARIANTS, ids=NAMES)
@pytest.mark.parametrize("shape", [(1, False), (2, True)])
def test_it_is_the_size_of_the_derivative_of_the_output_by_each_input(cell, options, shape):
    layers, both = shape
    shape = {"num_layers": layers, "bidirectional": both, "output_size": 2}
    model = varied(build(cell, 3, 2, **shape, **options))
    rng = np.random.default_rng(1)
    x, start = rng.standard_normal((5, 1, 3)), states(model, 1, rng)
    trace = run(model, x, **{f"{name}0": value for name, value in start.items()})
    W_y = trace.model.readout.parameters["W_y"]
    slopes = slope(lambda v: (stack(model, v, start)[1] @ W_y)[:, 0], x)
    for step in (5, 3):
        size = np.sqrt(np.square(slopes[step - 1]).sum(axis=(0, 2, 3)))
        with np.errstate(divide="ignore"):
            np.testing.assert_allclose(forgetting(trace, step), np.log10(size), atol=1e-9)


def test_without_a_readout_it_is_that_of_the_outputs_and_norms_below_floats_are_right():
    model = build("rnn", 1, 2, nonlinearity="identity", init="identity", gain=0.01)
    found = forgetting(run(model, np.zeros((400, 1, 1))))
    np.testing.assert_allclose(np.diff(found), 2, atol=1e-9)
    own = np.linalg.norm(model.parameters[0]["W_x"])
    assert found[-1] == pytest.approx(np.log10(own))
    assert found[0] < -790


def test_one_output_s_gradient_is_a_loss_s():
    trace = run(build("gru", 2, 3, seed=1, output_size=1), np.ones((6, 1, 2)))
    dh = np.zeros((6, 1, 3))
    dh[-1] = trace.model.readout.parameters["W_y"].T
    norms = np.log10(np.linalg.norm(backprop(trace, dh).inputs[:, 0], axis=1))
    np.testing.assert_allclose(forgetting(trace), norms, atol=1e-12)


@pytest.mark.parametrize("step", [0, 7, 1.5])
def test_a_step_that_is_not_there_is_refused(step):
    trace = run(build("gru", 2, 3), np.ones((6, 1, 2)))
    with pytest.raises(ValueError, match="`step` must be"):
        forgetting(trace, step)
