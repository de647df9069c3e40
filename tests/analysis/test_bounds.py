"""What theory predicts, against what backprop computes."""

from __future__ import annotations

import numpy as np
import pytest

import rnnviz
from rnnviz.analysis.bounds import predictions


def flow_of(cell: str, steps: int = 30, **options):
    model = rnnviz.build(cell, 3, 8, seed=1, **options)
    x = np.random.default_rng(2).standard_normal((steps, 1, 3))
    dh = np.zeros((steps, 1, 8))
    dh[-1] = np.random.default_rng(3).standard_normal((1, 8))
    return rnnviz.backprop(rnnviz.run(model, x), dh).layers[0]


@pytest.mark.parametrize("nonlinearity", ["tanh", "sigmoid", "relu", "identity"])
def test_the_bound_is_never_below_the_norm(nonlinearity):
    flow = flow_of("rnn", nonlinearity=nonlinearity, gain=2.0)
    bound, _ = predictions(flow)
    assert (flow.log10_norms("h")[:, 0] <= bound.log10 + 1e-12).all()
    assert bound.log10[-1] == flow.log10_norms("h")[-1, 0]


def test_the_bound_and_the_radius_are_met_by_an_orthogonal_linear_net():
    flow = flow_of("rnn", nonlinearity="identity", init="orthogonal", gain=0.7)
    for line in predictions(flow):
        np.testing.assert_allclose(line.log10, flow.log10_norms("h")[:, 0], atol=1e-9)


@pytest.mark.parametrize("cell", ["lstm", "peephole_lstm", "gru"])
def test_the_road_is_the_product_of_the_keeping_gate(cell):
    flow = flow_of(cell)
    (road,) = predictions(flow)
    gate, state = flow.trace.cell.keeping_gate, flow.trace.cell.states[-1]
    carried = flow[state][-1, 0]
    for t in range(29, -1, -1):
        carried = carried * flow.trace[gate][t, 0]
        assert road.log10[t] == pytest.approx(np.log10(np.linalg.norm(carried)), abs=1e-9)


def test_an_lstm_without_weights_takes_its_road_and_no_other():
    model = rnnviz.build("lstm", 1, 4, forget_bias=1.0)
    zero = {name: np.zeros_like(one) for name, one in model.parameters[0].items()}
    zero["b"] = zero["b"].copy()
    zero["b"][4:8] = 1.0
    model = rnnviz.Model(model.cell, 1, 4, (zero,))
    dh = np.zeros((50, 1, 4))
    dh[-1] = 1
    flow = rnnviz.backprop(rnnviz.run(model, np.zeros((50, 1))), dh).layers[0]
    (road,) = predictions(flow)
    np.testing.assert_allclose(road.log10, flow.log10_norms("c")[:, 0], atol=1e-12)


def test_no_gradient_no_prediction():
    model = rnnviz.build("rnn", 1, 2)
    flow = rnnviz.backprop(rnnviz.run(model, np.zeros((3, 1))), np.zeros((3, 1, 2)))
    assert predictions(flow.layers[0]) == []


def test_nothing_is_predicted_after_the_loss():
    model = rnnviz.build("rnn", 1, 2, seed=3)
    dh = np.zeros((9, 1, 2))
    dh[4] = 1
    flow = rnnviz.backprop(rnnviz.run(model, np.ones((9, 1))), dh).layers[0]
    for line in predictions(flow):
        assert np.isnan(line.log10[6:]).all()
        assert np.isfinite(line.log10[:6]).all()


@pytest.mark.parametrize("cell", ["rnn", "lstm"])
def test_a_reverse_layer_counts_as_it_processes(cell):
    """The loss on input 4: a reverse layer has gradients at inputs 4 to 9."""
    both = rnnviz.build(cell, 1, 2, seed=3, bidirectional=True)
    own = rnnviz.Model(both.cell, 1, 2, both.parameters[1:])
    x, dh = np.random.default_rng(0).standard_normal((9, 1)), np.zeros((9, 1, 4))
    dh[3] = 1
    flow = rnnviz.backprop(rnnviz.run(both, x), dh).layer(0, "reverse")
    alone = rnnviz.backprop(rnnviz.run(own, x[::-1]), dh[::-1, :, :2]).layers[0]
    for ours, theirs in zip(predictions(flow), predictions(alone), strict=True):
        np.testing.assert_allclose(ours.log10[1:], theirs.log10[:0:-1], rtol=1e-12)
        assert ours.log10[0] == pytest.approx(theirs.log10[0])


def test_the_non_normal_example_grows_although_its_radius_is_a_half():
    norms = 10.0 ** rnnviz.analysis.bounds.power_norms(np.array([[0.5, 10.0], [0.0, 0.5]]), 12)
    np.testing.assert_allclose(norms[:4], [10.02, 10.01, 7.50, 5.00], atol=0.01)
    assert (norms > 1).sum() == 7


def test_powers_beyond_floats():
    norms = rnnviz.analysis.bounds.power_norms(np.diag([0.1, 0.1]), 400)
    np.testing.assert_allclose(norms, -np.arange(1, 401), atol=1e-9)
    assert np.isneginf(rnnviz.analysis.bounds.power_norms(np.zeros((2, 2)), 2)).all()


def test_a_sigmoid_net_s_bound_counts_the_sigmoid_s_steepest_slope():
    flow = flow_of("rnn", nonlinearity="sigmoid", init="orthogonal", gain=0.8)
    bound, _ = predictions(flow)
    np.testing.assert_allclose(np.diff(bound.log10), -np.log10(0.8 / 4), atol=1e-12)
