"""The weights' gradient as a sum of terms: against backprop, and every factor against others."""

import numpy as np
import pytest

from rnnviz import SquaredError, backprop, build, expanded_sum, run, step_jacobians
from rnnviz.analysis.expanded_sum import direct_derivatives
from rnnviz.core.weight_gradients import summed
from tests.oracle import NAMES, VARIANTS, varied

T, D, H = 6, 2, 3


def flow_of(cell, options, at="last"):
    rng = np.random.default_rng(5)
    model = varied(build(cell, D, H, output_size=2, **options), seed=4)
    x = rng.standard_normal((T, 1, D))
    loss = SquaredError(rng.standard_normal((T, 1, 2)), at)
    initial = {f"{name}0": rng.standard_normal((1, H)) for name in model.cell.states}
    return backprop(run(model, x, **initial), loss), loss


@pytest.fixture(params=VARIANTS, ids=NAMES, scope="module")
def case(request):
    return flow_of(*request.param)


def test_the_terms_add_up_to_the_gradient_of_backprop(case):
    flow, loss = case
    for name, wanted in flow.parameters[0].items():
        found = expanded_sum(flow, loss, name)
        np.testing.assert_allclose(found.total, wanted, rtol=1e-10, atol=1e-12)
        assert 10 ** found.sums[0] == pytest.approx(np.linalg.norm(wanted), rel=1e-10)
        assert found.sums[-1] == pytest.approx(found.terms[-1], abs=1e-10)


def test_every_term_is_the_product_of_its_factors(case):
    """∂L/∂y · ∂y/∂h · ∏ J · ∂⁺s/∂W, multiplied out, is what each step adds to the gradient."""
    flow, loss = case
    at, J = flow.layers[0].trace, step_jacobians(flow.trace)
    name = "W_h" if "W_h" in at.parameters else "W_x"
    found, n = expanded_sum(flow, loss, name), J.shape[1]
    seeds = direct_derivatives(at, name)
    row = np.zeros(n)
    row[:H] = loss.gradient(flow.trace)[-1, 0] @ flow.trace.model.readout.parameters["W_y"].T
    product = np.eye(n)[:H]
    for k in range(T, 0, -1):
        rows = np.stack([_one(share, k - 1) for share in seeds])
        term = np.tensordot(row, rows, axes=1)
        logs = found.output + found.readout + found.between[k - 1] + found.direct[k - 1]
        assert 10 ** found.between[k - 1] == pytest.approx(np.linalg.norm(product), rel=1e-10)
        assert 10 ** found.direct[k - 1] == pytest.approx(np.linalg.norm(rows), rel=1e-10)
        assert 10 ** found.arriving[k - 1] == pytest.approx(np.linalg.norm(row), rel=1e-10)
        assert found.terms[k - 1] <= found.arriving[k - 1] + found.direct[k - 1] + 1e-9
        assert 10 ** found.terms[k - 1] == pytest.approx(np.linalg.norm(term), rel=1e-9)
        assert found.terms[k - 1] <= logs + 1e-9
        row, product = row @ J[k - 1], product @ J[k - 1]


def _one(share, k):
    """One step's contribution, in the parameter's shape, flat."""
    if isinstance(share, tuple):
        share = tuple((left[:, k], right[:, k]) for left, right in share)
        return summed(share, slice(None)).ravel()
    return share[0, k].ravel()


@pytest.mark.parametrize("cell", ["lstm", "gru", "rnn"])
def test_the_direct_derivative_is_that_of_central_differences(cell):
    flow, loss = flow_of(cell, {})
    model, trace, k, step = flow.trace.model, flow.trace, 3, 1e-6
    start = {f"{name}0": flow.layers[0].trace[name][k - 1] for name in model.cell.states}

    def after(W):
        found = run(model.with_parameters(W), trace.x[k : k + 1], **start).final
        return np.concatenate([found[name].ravel() for name in model.cell.states])

    W = {name: np.array(one) for name, one in model.parameters[0].items()}
    square = 0.0
    for place in np.ndindex(W["W_h"].shape):
        ends = []
        for sign in (1, -1):
            W["W_h"][place] += sign * step
            ends.append(after(W))
            W["W_h"][place] -= sign * step
        square += (((ends[0] - ends[1]) / 2 / step) ** 2).sum()
    assert 10 ** expanded_sum(flow, loss).direct[k] == pytest.approx(np.sqrt(square), rel=1e-6)


def test_of_losses_on_every_step_one_is_followed():
    flow, loss = flow_of("gru", {}, at="every")
    found = expanded_sum(flow, loss, step=4)
    alone = SquaredError(loss.targets, np.arange(T) == 3)
    wanted = backprop(flow.trace, alone).parameters[0]["W_h"] / T
    np.testing.assert_allclose(found.total, wanted, rtol=1e-10, atol=1e-12)
    assert np.isneginf(found.terms[4:]).all()
    with pytest.raises(ValueError, match="batch of 1"):
        expanded_sum(backprop(run(flow.trace.model, np.ones((T, 2, D))), np.ones((T, 2, H))), loss)
