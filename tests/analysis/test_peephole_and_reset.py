"""The peephole's parts and paths, and the two conventions of the GRU."""

from dataclasses import replace

import numpy as np
import pytest

from rnnviz import backprop, build, run
from rnnviz.analysis.peephole_and_reset import (
    SEERS,
    candidate_gap,
    cell_ways,
    conventions,
    gate_parts,
    without_peepholes,
)
from rnnviz.numerics.records import sealed
from tests.oracle import varied

T, B, D, H = 9, 2, 3, 4
FORMS = ("full", "diagonal")


def flow_of(model, seed=3, steps=T, batch=B, scale=1.0):
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((steps, batch, model.input_size))
    dh = scale * rng.standard_normal((steps, batch, model.hidden_size))
    return backprop(run(model, x), dh)


def peephole(form, seed=1, **more):
    return varied(build("peephole_lstm", D, H, peephole=form, **more), seed=seed)


def gru(size=H, seed=1, after=False):
    return varied(build("gru", D, size, reset_after=after), seed=seed)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("gate", SEERS)
def test_the_parts_add_up_to_what_the_gate_is_made_of(form, gate):
    trace = flow_of(peephole(form)).trace.layers[0]
    for batch in range(B):
        found = gate_parts(trace, gate, batch)
        recorded = trace[gate][:, batch]
        np.testing.assert_allclose(found.total, np.log(recorded / (1 - recorded)), atol=1e-12)
        (line,) = (one for one in trace.cell.lines(trace.parameters, trace.record)
                   if one.signal == gate)  # fmt: skip
        np.testing.assert_allclose(found.total, line.terms[-2][:, batch], atol=1e-12)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("gate", SEERS)
def test_seen_is_the_cell_state_by_its_own_weights(form, gate):
    trace = flow_of(peephole(form)).trace.layers[0]
    W, k = trace.parameters, SEERS.index(gate)
    before = np.concatenate([np.zeros((1, H)), trace["c"][:-1, 0]])
    c = trace["c"][:, 0] if gate == "o" else before
    wanted = (
        np.stack([[sum(c[t, m] * W["W_c"][m, k * H + n] for m in range(H)) for n in range(H)]
                  for t in range(T)])
        if form == "full" else c * W["p"][k]
    )  # fmt: skip
    np.testing.assert_allclose(gate_parts(trace, gate).seen, wanted, atol=1e-14)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("batch", range(B))
def test_the_ways_add_up_to_the_gradient_of_c(form, batch):
    flow = flow_of(peephole(form))
    ways = cell_ways(flow, batch)
    parts = [one.true() for one in (ways.out, ways.kept, ways.now, ways.later)]
    np.testing.assert_allclose(sum(parts), flow["c"][:, batch], rtol=1e-11, atol=1e-13)
    np.testing.assert_allclose(ways.peepholes.true(), parts[2] + parts[3], atol=1e-15)
    np.testing.assert_array_equal(parts[3][-1], 0)
    np.testing.assert_array_equal(parts[1][-1], 0)


def nudged(flow, t, way, seen_by):
    """The loss where only the named gates' peepholes see c_t moved by ``way``; by the equations."""
    model, x = flow.trace.model, flow.trace.x[:, 0]
    W = model.parameters[0]
    full = "W_c" in W
    sigmoid = lambda a: 1 / (1 + np.exp(-a))  # noqa: E731
    h, c, loss = np.zeros(H, complex), np.zeros(H, complex), 0.0
    for step in range(len(x)):
        a = np.split(x[step] @ W["W_x"] + h @ W["W_h"] + W["b"], 4)

        def see(gate, of, moved, W=W):
            k, at = SEERS.index(gate), of + (way if moved and gate in seen_by else 0)
            return at @ W["W_c"][:, k * H : (k + 1) * H] if full else at * W["p"][k]

        i = sigmoid(a[0] + see("i", c, step == t + 1))
        f = sigmoid(a[1] + see("f", c, step == t + 1))
        c = f * c + i * np.tanh(a[2])
        o = sigmoid(a[3] + see("o", c, step == t))
        h = o * np.tanh(c)
        loss = loss + h @ flow.outputs[step, 0]
    return loss


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("t", [0, 4, T - 1])
def test_the_peepholes_paths_are_the_complex_step_s(form, t):
    flow = flow_of(peephole(form))
    ways = cell_ways(flow)
    for one, gates in ((ways.now, "o"), (ways.later, "if")):
        found = [nudged(flow, t, 1e-30j * np.eye(H)[n], gates).imag / 1e-30 for n in range(H)]
        np.testing.assert_allclose(one.true()[t], found, rtol=1e-10, atol=1e-14)


def test_what_no_float_holds_keeps_its_logarithm():
    model = peephole("diagonal", hold={"f": 0.0})
    small, usual = (cell_ways(flow_of(model, scale=scale, steps=400, batch=1))
                    for scale in (1e-290, 1.0))  # fmt: skip
    for one, other in zip(small, usual, strict=True):
        finite = np.isfinite(other.log10_norms())
        gap = one.log10_norms()[finite] - other.log10_norms()[finite]
        np.testing.assert_allclose(gap, -290, atol=1e-6)


@pytest.mark.parametrize("form", FORMS)
def test_with_peepholes_of_zero_the_plain_lstm_is_the_same(form):
    model = peephole(form)
    W = {name: one * (name not in ("p", "W_c")) for name, one in model.parameters[0].items()}
    flow = flow_of(replace(model, parameters=(sealed(W),)))
    plain = without_peepholes(flow)
    np.testing.assert_allclose(plain.trace.outputs, flow.trace.outputs, atol=1e-15)
    np.testing.assert_allclose(plain["c"], flow["c"], atol=1e-13)
    assert np.isneginf(cell_ways(flow).peepholes.log10_norms()).all()
    assert np.abs(without_peepholes(flow_of(model)).trace.outputs
                  - flow_of(model).trace.outputs).max() > 1e-3  # fmt: skip


@pytest.mark.parametrize("seed", range(5))
def test_the_two_conventions_agree_at_one_unit(seed):
    found = conventions(flow_of(gru(1, seed)))
    assert found.most() < 1e-15
    np.testing.assert_allclose(found.after["h"], found.before["h"], rtol=1e-13, atol=1e-15)
    np.testing.assert_allclose(found.after.inputs, found.before.inputs, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("seed", range(5))
def test_they_differ_above_and_at_one_unit_with_a_bias_inside_the_product(seed):
    assert conventions(flow_of(gru(H, seed))).most() > 1e-3
    assert conventions(flow_of(gru(2, seed))).most() > 1e-4
    assert conventions(flow_of(gru(1, seed)), 0.5).most() > 1e-3


def with_candidate(model, W_g):
    W = {name: one.copy() for name, one in model.parameters[0].items()}
    W["W_h"][:, 2 * model.hidden_size :] = W_g
    return replace(model, parameters=(sealed(W),))


def test_they_agree_for_a_diagonal_candidate_matrix_and_for_equal_resets():
    rng = np.random.default_rng(0)
    diagonal = with_candidate(gru(), np.diag(rng.standard_normal(H)))
    assert conventions(flow_of(diagonal)).most() < 1e-15
    assert conventions(flow_of(diagonal), 0.5).most() > 1e-3
    held = varied(build("gru", D, H, hold={"r": 0.5}), seed=2)
    assert conventions(flow_of(held)).most() < 1e-15
    shut = varied(build("gru", D, H, hold={"r": 1.0}), seed=2)
    assert conventions(flow_of(shut), 0.7).most() < 1e-15


@pytest.mark.parametrize(("size", "inner"), [(1, 0.0), (1, 0.4), (H, 0.0), (H, -0.3)])
def test_the_gap_of_the_candidates_is_the_closed_form(size, inner):
    """From the same h_{t−1} and r, straight from the two equations."""
    flow = flow_of(gru(size))
    trace = flow.trace.layers[0]
    W = trace.parameters["W_h"][:, 2 * size :]
    r, h = trace["r"][:, 0], trace.record["h_prev"][:, 0]
    after, before = r * (h @ W + inner), (r * h) @ W + inner
    np.testing.assert_allclose(candidate_gap(flow, inner), after - before, atol=1e-14)


@pytest.mark.parametrize("after", [False, True])
def test_each_convention_is_the_model_of_its_own(after):
    model = gru(H, 4, after)
    if after:
        W = dict(model.parameters[0])
        b_h = W["b_h"].copy()
        b_h[2 * H :] = 0.25
        model = replace(model, parameters=(sealed({**W, "b_h": b_h}),))
    flow = flow_of(model)
    found = conventions(flow, 0.25 if after else 0.0)[after]
    np.testing.assert_allclose(found.trace.outputs, flow.trace.outputs, atol=1e-14)
    np.testing.assert_allclose(found["h"], flow["h"], atol=1e-12)


def test_other_cells_are_refused():
    flow = flow_of(build("lstm", D, H))
    with pytest.raises(ValueError, match="`cell` must be"):
        gate_parts(flow.trace.layers[0], "i")
    with pytest.raises(ValueError, match="`cell` must be"):
        cell_ways(flow)
    with pytest.raises(ValueError, match="`cell` must be"):
        conventions(flow)
    with pytest.raises(ValueError, match="`gate` must be"):
        gate_parts(flow_of(peephole("full")).trace.layers[0], "g")
