"""A gradient flow's arrays, their alignment in time, and their norms."""

from typing import Any

import numpy as np
import pytest

from rnnviz import SquaredError, backprop, build, run
from tests.oracle import NAMES, VARIANTS, agree, states, varied


def deep(cell: str = "lstm", **options: Any) -> Any:
    model = varied(build(cell, 2, 3, num_layers=2, bidirectional=True, **options), spread=0.4)
    rng = np.random.default_rng(0)
    start = {f"{name}0": value for name, value in states(model, 2, rng).items()}
    trace = run(model, rng.standard_normal((6, 2, 2)), **start)
    return trace, backprop(trace, rng.standard_normal(trace.outputs.shape))


def test_it_holds_its_trace_and_what_came_in() -> None:
    trace, flow = deep()
    assert flow.trace is trace
    assert flow.loss is None
    assert dict(flow.readout) == {}
    assert flow.layer(1, "reverse").trace is trace.layer(1, "reverse")


@pytest.mark.parametrize(("cell", "options"), VARIANTS, ids=NAMES)
def test_norms_are_the_norms_of_what_is_shown_initial_state_first(cell: str, options: dict) -> None:
    trace, flow = deep(cell, **options)
    kind = trace.model.cell
    for index, layer, direction in trace.model.places():
        at = flow.layer(layer, direction)
        for name in [*(s.name for s in kind.signals), *(f"a_{block}" for block in kind.blocks)]:
            found, values = at.log10_norms(name), at[name]
            assert found.shape == (7, 2)
            assert found.dtype == np.float64
            np.testing.assert_allclose(10 ** found[1:], np.linalg.norm(values, axis=-1), rtol=1e-12)
            if name in kind.states:
                norms = np.linalg.norm(flow.initial[name][index], axis=-1)
                np.testing.assert_allclose(10 ** found[0], norms, rtol=1e-12)
            else:
                assert np.isnan(found[0]).all()


def test_the_gradient_of_the_last_state_is_what_came_in() -> None:
    """At input time T for the forward direction, at 1 for the reverse one: its last step."""
    _, flow = deep()
    np.testing.assert_array_equal(flow.layer(1, "forward")["h"][-1], flow.outputs[-1, :, :3])
    np.testing.assert_array_equal(flow.layer(1, "reverse")["h"][0], flow.outputs[0, :, 3:])


def test_a_reverse_layer_s_norms_are_aligned_with_input_time() -> None:
    """A loss on step 2 alone reaches the reverse direction at steps 2 … T and not before."""
    model = varied(build("gru", 2, 3, bidirectional=True))
    trace = run(model, np.random.default_rng(0).standard_normal((6, 1, 2)))
    dh = np.zeros((6, 1, 6))
    dh[1] = 1
    flow = backprop(trace, dh)
    reverse, forward = (flow.layer(0, one).log10_norms("h")[:, 0] for one in ("reverse", "forward"))
    assert np.isfinite(reverse[[0, 2, 3, 4, 5, 6]]).all()
    assert reverse[1] == -np.inf
    assert np.isfinite(forward[[0, 1, 2]]).all()
    assert (forward[3:] == -np.inf).all()
    for one, row in (("reverse", slice(1, None)), ("forward", slice(0, 2))):
        weights = flow.layer(0, one).log10_weight_norms("W_h")
        assert np.isfinite(weights[row]).sum() >= weights[row].size - 1
        assert np.isfinite(weights).sum() <= weights[row].size


def test_pre_activation_gradients_are_kept_for_every_block() -> None:
    model = varied(build("lstm", 2, 3))
    trace = run(model, np.random.default_rng(0).standard_normal((5, 2, 2)))
    flow = backprop(trace, np.ones((5, 2, 3)))
    for gate in "ifo":
        agree(gate, flow[f"a_{gate}"], flow[gate] * trace[gate] * (1 - trace[gate]), 1e-12)
    agree("g", flow["a_g"], flow["g"] * (1 - trace["g"] ** 2), 1e-12)


def test_bias_gradients_are_sums_of_pre_activation_gradients() -> None:
    trace, flow = deep("gru", reset_after=True)
    at = flow.layer(0, "reverse")
    stacked = np.concatenate([at[f"a_{block}"] for block in "rzg"], axis=-1)
    agree("b", at.parameters["b"], stacked.sum(axis=(0, 1)), 1e-12)
    reset = trace.layer(0, "reverse")["r"]
    agree("b_h of g", at.parameters["b_h"][6:], (at["a_g"] * reset).sum(axis=(0, 1)), 1e-12)


@pytest.mark.parametrize("name", ["W_x", "W_h", "b"])
def test_weight_norms_sum_over_the_batch_before_the_norm(name: str) -> None:
    model = varied(build("rnn", 2, 3))
    trace = run(model, np.random.default_rng(0).standard_normal((5, 3, 2)), h0=np.ones((3, 3)))
    flow = backprop(trace, np.random.default_rng(1).standard_normal((5, 3, 3)))
    left = {"W_x": trace.x, "W_h": np.concatenate([np.ones((1, 3, 3)), trace["h"][:-1]])}
    ones = np.ones((5, 3, 1))
    shares = np.einsum("tbm,tbn->tmn", left.get(name, ones), flow["a_h"])
    norms = np.linalg.norm(shares.reshape(5, -1), axis=1)
    np.testing.assert_allclose(10 ** flow.log10_weight_norms(name), norms, rtol=1e-12)


def test_dh_without_a_batch_axis_belongs_to_a_batch_of_one() -> None:
    trace = run(build("lstm", 2, 3), np.ones((4, 2)))
    dh = np.arange(12.0).reshape(4, 3)
    np.testing.assert_array_equal(
        backprop(trace, dh).inputs, backprop(trace, dh[:, None].tolist()).inputs
    )


def test_a_flow_says_how_to_choose_among_layers() -> None:
    _, flow = deep()
    asks = (flow.__getitem__, "h"), (flow.log10_norms, "h"), (flow.log10_weight_norms, "b")
    for ask, name in asks:
        with pytest.raises(ValueError, match=r"4 of them: use `flow\.layer\(layer, direction\)"):
            ask(name)


def test_one_layer_s_answers_are_the_flow_s_own() -> None:
    trace = run(build("gru", 2, 3), np.ones((4, 2)))
    flow = backprop(trace, np.ones((4, 3)))
    at = flow.layer(0)
    np.testing.assert_array_equal(flow["z"], at["z"])
    np.testing.assert_array_equal(flow.log10_norms("h"), at.log10_norms("h"))
    np.testing.assert_array_equal(flow.log10_weight_norms("b"), at.log10_weight_norms("b"))


def test_asking_twice_gives_the_same_and_changes_nothing() -> None:
    _, flow = deep()
    at = flow.layer(0, "reverse")
    before = at.log10_norms("h").copy()
    found = at.log10_norms("h")
    found[:] = 0
    np.testing.assert_array_equal(at.log10_norms("h"), before)


def test_a_loss_and_its_gradient_as_an_array_give_the_same_flow() -> None:
    trace, _ = deep()
    loss = SquaredError(np.ones(trace.outputs.shape), at="every")
    one, other = backprop(trace, loss), backprop(trace, (trace.outputs - 1) / 6)
    agree("inputs", one.inputs, other.inputs, 1e-13)
    assert one.loss is not None
    agree("loss", one.loss.sum(), loss.value(trace), 1e-13)
