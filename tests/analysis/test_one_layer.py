"""One layer of a stack, seen as a net of its own."""

import numpy as np
import pytest

import rnnviz
from rnnviz.analysis.one_layer import out_of_range
from rnnviz.analysis.reach import alone, reach_of_part


@pytest.mark.parametrize("cell", ["lstm", "gru"])
@pytest.mark.parametrize("direction", ["forward", "reverse"])
def test_a_layer_alone_has_the_gradients_of_the_whole_net(cell, direction):
    rng = np.random.default_rng(0)
    model = rnnviz.build(cell, 3, 4, num_layers=2, bidirectional=True, seed=2)
    dh = rng.standard_normal((7, 1, 8))
    flow = rnnviz.backprop(rnnviz.run(model, rng.standard_normal((7, 1, 3))), dh)
    part = rnnviz.one_layer(flow, 0, direction)
    again = rnnviz.backprop(rnnviz.run(part.trace.model, part.trace.x), part.outputs)
    whole = flow.layer(0, direction)
    flip = slice(None, None, -1 if direction == "reverse" else 1)
    for name in (*model.cell.states, "h"):
        np.testing.assert_allclose(again[name], whole[name][flip], rtol=1e-12, atol=1e-15)
    for name, one in whole.parameters.items():
        np.testing.assert_allclose(again.parameters[0][name], one, rtol=1e-11, atol=1e-14)
    np.testing.assert_allclose(part.inputs, again.inputs, rtol=1e-11, atol=1e-14)
    assert not out_of_range(flow, 0, direction)


def test_reach_in_a_lower_layer_follows_one_loss_through_the_layer_above():
    model = rnnviz.build("gru", 2, 3, num_layers=2, seed=1)
    flow = rnnviz.backprop(rnnviz.run(model, np.ones((6, 1, 2))), np.ones((6, 1, 3)))
    one = alone(flow, 4)[0]
    found = reach_of_part(rnnviz.one_layer(one, 0))
    assert found.start == 4
    np.testing.assert_allclose(found.log10_norms, one.layer(0).log10_norms("h")[:, 0])
