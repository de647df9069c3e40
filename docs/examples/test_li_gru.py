"""The Li-GRU: what its paper says of it, beside the conformance that every cell must pass."""

import numpy as np

from rnnviz import backprop, build, run


def test_with_its_gate_shut_it_is_a_relu_rnn() -> None:
    model = build("li_gru", 3, 4, seed=0, hold={"z": 0.0})
    W, cell = model.parameters[0], model.cell
    x = np.random.default_rng(0).standard_normal((6, 2, 3))
    relu = build("rnn", 3, 4, nonlinearity="relu").with_parameters(
        [{name: cell.block("g", W[name]) for name in ("W_x", "W_h", "b")}]
    )
    np.testing.assert_allclose(run(model, x)["h"], run(relu, x)["h"], atol=1e-15)
    dh = np.ones((6, 2, 4))
    ours, theirs = (backprop(run(one, x), dh).inputs for one in (model, relu))
    np.testing.assert_allclose(ours, theirs, atol=1e-15)
