"""Step Jacobians and the map of all pairs, against forward equations and closed forms."""

from typing import Any

import numpy as np
import pytest

import rnnviz.analysis.jacobian
import rnnviz.numerics.chain_norms
from rnnviz import backprop, build, run
from rnnviz.analysis.jacobian import jacobian_map, step_jacobians
from rnnviz.core.initialisation import orthogonal
from rnnviz.numerics.chain_norms import log10_norms
from tests.oracle import NAMES, STEP, VARIANTS, agree, replaced, series, single, states, varied

STEPS, SIZE, BATCH = 7, 3, 2


def slow_products(at: Any, batch: int) -> dict[tuple[int, int], Any]:
    """(t, k) → ∂s_t/∂s_k: s_k nudged by a complex step, the forward equations from there on."""
    names, record = at.cell.states, at.record
    steps, _, size = record["h"].shape
    found = {}
    for k in range(steps):
        count = len(names) * size
        nudged = {}
        for n, name in enumerate(names):
            rows = np.repeat(record[f"{name}_prev"][k, batch][None], count, axis=0).astype(complex)
            rows[n * size : (n + 1) * size] += 1j * STEP * np.eye(size)
            nudged[name] = rows
        x = np.repeat(record["x"][k:, batch][:, None], count, axis=1)
        later = series(at.cell, at.parameters, x, nudged)
        for t in range(k + 1, steps + 1):
            state = np.concatenate([later[name][t - k - 1] for name in names], axis=-1)
            found[t, k] = state.imag.T / STEP
    return found


def case(cell: str, options: Any, steps: int = STEPS, **more: Any) -> Any:
    model = varied(build(cell, 2, SIZE, **options, **more), seed=4)
    rng = np.random.default_rng(5)
    start = states(model, BATCH, rng)
    given = {f"{name}0": value for name, value in start.items()}
    return run(model, rng.standard_normal((steps, BATCH, 2)), **given)


@pytest.mark.parametrize(("cell", "options"), VARIANTS, ids=NAMES)
@pytest.mark.parametrize("leaf", [1, 2, 12])
def test_every_pair_of_every_cell(
    cell: str, options: Any, leaf: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rnnviz.numerics.chain_norms, "LEAF", leaf)
    trace = case(cell, options)
    slow = slow_products(trace.layers[0], 1)
    J = step_jacobians(trace, batch=1)
    for t in range(1, STEPS + 1):
        agree(f"step {t}", J[t - 1], slow[t, t - 1])
    names = trace.model.cell.states
    for state in (*names, "all"):
        found = jacobian_map(trace, state, batch=1)
        at = names.index(state) if state != "all" else 0
        block = slice(at * SIZE, (at + 1) * SIZE) if state != "all" else slice(None)
        width = SIZE if state != "all" else SIZE * len(names)
        assert found.shape == (STEPS + 1, STEPS + 1)
        np.testing.assert_allclose(np.diagonal(found), np.log10(width) / 2, rtol=1e-15)
        assert np.isnan(found[np.triu_indices(STEPS + 1, 1)]).all()
        for (t, k), product in slow.items():
            norm = np.linalg.norm(product[block, block])
            assert 10 ** found[t, k] == pytest.approx(norm, rel=1e-10, abs=1e-300), (state, t, k)


@pytest.mark.parametrize(("cell", "options"), VARIANTS, ids=NAMES)
def test_layers_and_directions_have_their_own_in_the_order_of_processing(
    cell: str, options: Any
) -> None:
    trace = case(cell, options, num_layers=2, bidirectional=True)
    for layer in (0, 1):
        for direction in ("forward", "reverse"):
            slow = slow_products(trace.layer(layer, direction), 0)
            J = step_jacobians(trace, layer=layer, direction=direction)
            found = jacobian_map(trace, layer=layer, direction=direction)
            for t in range(1, STEPS + 1):
                agree(f"{layer} {direction} {t}", J[t - 1], slow[t, t - 1])
                assert 10 ** found[t, 0] == pytest.approx(np.linalg.norm(slow[t, 0]), rel=1e-10)


@pytest.mark.parametrize(("cell", "options"), VARIANTS, ids=NAMES)
def test_backprop_is_the_last_gradient_times_the_product(cell: str, options: Any) -> None:
    trace = case(cell, options, steps=20)
    dh = np.zeros(trace.outputs.shape)
    dh[-1] = np.random.default_rng(6).standard_normal(dh.shape[1:])
    flow = backprop(trace, dh)
    names = trace.model.cell.states
    for batch in range(BATCH):
        J = step_jacobians(trace, batch=batch)
        gradient = np.zeros(len(names) * SIZE)
        gradient[:SIZE] = dh[-1, batch]
        for t in range(len(J) - 1, 0, -1):
            gradient = gradient @ J[t]
            # flow["c"] also holds what c_t sends through its own h_t, here an entry of its own.
            agree(f"∂L/∂h_{t}", gradient[:SIZE], flow["h"][t - 1, batch])
        first = np.concatenate([flow.initial[name][0, batch] for name in names])
        agree("∂L/∂s_0", gradient @ J[0], first)


def plain(W_h: Any, steps: int, h0: Any = None, x: Any = None, **options: Any) -> Any:
    """The trace of an RNN without biases; without x and h0 it stays at 0, where tanh′ = 1."""
    size = len(W_h)
    model = single("rnn", np.eye(size), W_h, np.zeros(size), **options)
    return run(model, np.zeros((steps, size)) if x is None else x, h0=h0)


@pytest.mark.parametrize("factor", [0.1, 10.0])
@pytest.mark.parametrize("steps", [400, 401])
def test_norms_beyond_the_range_of_floats(factor: float, steps: int) -> None:
    size = 6
    found = jacobian_map(plain(factor * orthogonal(np.random.default_rng(0), size), steps))
    t, k = np.tril_indices(steps + 1)
    expected = (t - k) * np.log10(factor) + np.log10(size) / 2
    np.testing.assert_allclose(found[t, k], expected, rtol=1e-12, atol=1e-11)
    assert found[400, 0] - found[0, 0] == pytest.approx(400 * np.log10(factor), abs=1e-10)


@pytest.mark.parametrize("scale", [1e-200, 1e200])
def test_steps_that_alone_take_most_of_the_range(scale: float) -> None:
    trace = plain(scale * np.eye(2), 30, nonlinearity="identity")
    t, k = np.tril_indices(31)
    expected = (t - k) * np.log10(scale) + np.log10(2) / 2
    np.testing.assert_allclose(jacobian_map(trace)[t, k], expected, rtol=1e-13, atol=1e-13)


@pytest.mark.parametrize("w", [0.5, 4.0, 5.0])
def test_one_sigmoid_unit(w: float) -> None:
    model = single("rnn", [[0.0]], [[w]], [-w / 2], nonlinearity="sigmoid")
    trace = run(model, np.zeros((40, 1)), h0=[[0.5]])
    assert (step_jacobians(trace) == w / 4).all()
    t, k = np.tril_indices(41)
    found = jacobian_map(trace)[t, k]
    np.testing.assert_allclose(found, (t - k) * np.log10(w / 4), rtol=1e-13, atol=1e-13)


def test_a_non_normal_matrix_amplifies_before_it_forgets() -> None:
    trace = plain(np.array([[0.5, 10], [0, 0.5]]), 40, nonlinearity="identity")
    J = step_jacobians(trace)
    product, norms = np.eye(2), []
    for one in J[:8]:
        product = one @ product
        norms.append(np.linalg.norm(product, 2))
    np.testing.assert_allclose(norms[:4], [10.02, 10.01, 7.50, 5.00], atol=0.01)
    assert [norm > 1 for norm in norms] == [True] * 7 + [False]
    t, k = np.tril_indices(41)
    p = t - k
    expected = p * np.log10(0.5) + np.log10(2 + (20.0 * p) ** 2) / 2
    np.testing.assert_allclose(jacobian_map(trace)[t, k], expected, rtol=1e-13, atol=1e-13)


def test_500_steps_of_an_identity_relu_rnn_multiply_to_exactly_the_identity() -> None:
    trace = plain(np.eye(4), 500, h0=[[0.1, 1.0, 2.0, 3.0]], nonlinearity="relu")
    product = np.eye(4)
    for J in step_jacobians(trace):
        product = J @ product
    np.testing.assert_array_equal(product, np.eye(4))
    t, k = np.tril_indices(501)
    assert (jacobian_map(trace)[t, k] == np.log10(4) / 2).all()


@pytest.mark.parametrize(("cell", "options"), VARIANTS, ids=NAMES)
def test_the_norm_of_a_product_is_at_most_the_product_of_the_norms(cell: str, options: Any) -> None:
    found = jacobian_map(case(cell, options, steps=30))
    for m in range(31):
        pairs = found[m:, m, None] + found[None, m, : m + 1]
        assert (found[m:, : m + 1] <= pairs + 1e-12).all()


def test_no_weights_leave_exact_zeros() -> None:
    found = jacobian_map(plain(np.zeros((3, 3)), 30))
    assert (found[np.tril_indices(31, -1)] == -np.inf).all()
    assert (np.diagonal(found) == np.log10(3) / 2).all()


def test_a_nilpotent_matrix_ends_after_as_many_steps_as_units() -> None:
    found = jacobian_map(plain(np.diag(np.ones(4), 1), 60, nonlinearity="identity"))
    t, k = np.tril_indices(61)
    with np.errstate(divide="ignore"):
        expected = np.log10(np.maximum(5 - (t - k), 0)) / 2
    np.testing.assert_allclose(found[t, k], expected, atol=1e-15)


def test_an_lstm_without_weights_has_the_cell_state_road_alone() -> None:
    model = build("lstm", 1, 3, init="glorot", forget_bias=1.0)
    empty = {name: np.zeros_like(W) for name, W in model.parameters[0].items()}
    trace = run(replaced(model, [empty | {"b": model.parameters[0]["b"]}]), np.ones((50, 1)))
    t, k = np.tril_indices(51, -1)
    expected = (t - k) * np.log10(1 / (1 + np.exp(-1.0))) + np.log10(3) / 2
    np.testing.assert_allclose(jacobian_map(trace, "c")[t, k], expected, rtol=1e-13, atol=1e-13)
    assert (jacobian_map(trace, "h")[t, k] == -np.inf).all()
    assert 10 ** jacobian_map(trace, "c")[50, 0] == pytest.approx(1.57619e-7 * 3**0.5, rel=1e-5)


def test_what_cancels_is_multiplied_out() -> None:
    """The first half leaves one direction, which the second half nearly maps to 0."""
    angle = 0.3
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    W_h = 100.0 * turn @ np.diag([1, 1e-7]) @ turn.T
    model = single("rnn", np.eye(2), W_h, np.zeros(2), nonlinearity="relu")
    x = np.random.default_rng(0).uniform(-150, 150, (60, 2))
    trace = run(model, x)
    J = step_jacobians(trace)
    found = jacobian_map(trace)
    for k in range(60):
        product, scale = np.eye(2), 0.0
        for t in range(k + 1, 61):
            product = J[t - 1] @ product
            norm = np.linalg.norm(product)
            if norm == 0:
                assert (found[t:, k] == -np.inf).all()
                break
            product, scale = product / norm, scale + np.log10(norm)
            assert found[t, k] == pytest.approx(scale, rel=1e-10, abs=1e-10)


def test_a_product_of_a_millionth_of_its_factors_keeps_its_digits() -> None:
    """Across the cut AᵀA and BBᵀ share no direction: their trace is a sum that cancels."""
    steps, small = 40, 1e-6
    rng = np.random.default_rng(0)
    chain = np.stack([np.linalg.qr(rng.standard_normal((2, 2)))[0] for _ in range(steps)])
    turn = np.linalg.qr(rng.standard_normal((2, 2)))[0]
    chain[steps // 2 - 1] = turn @ np.diag([1, small])
    chain[steps // 2] = np.diag([small, 1]) @ turn.T
    found = log10_norms(chain, slice(0, 2))
    want = np.log10(small) + np.log10(2) / 2
    np.testing.assert_allclose(found[steps // 2 + 1 :, : steps // 2], want, rtol=0, atol=1e-9)


def test_pairs_on_two_sides_that_all_but_annihilate_each_other() -> None:
    """What a product of Gram matrices would make exactly 0 is found step by step."""
    early, late = np.diag([1e-25, 1.0]), np.diag([1.0, 1e-25])
    jacobians = np.stack([early] * 12 + [late] * 12)
    found = rnnviz.numerics.chain_norms.log10_norms(jacobians, slice(0, 2))
    for k in range(12):
        for t in range(13, 25):
            a, b = 25.0 * (12 - k), 25.0 * (t - 12)
            expected = -min(a, b) + (np.log10(2) / 2 if a == b else 0)
            assert found[t, k] == pytest.approx(expected, abs=1e-9), (t, k)


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_halving_and_multiplying_out_agree(cell: str, monkeypatch: pytest.MonkeyPatch) -> None:
    model = varied(build(cell, 2, 8), seed=1)
    trace = run(model, np.random.default_rng(2).standard_normal((70, 2)))
    found = {state: jacobian_map(trace, state) for state in (*model.cell.states, "all")}
    monkeypatch.setattr(rnnviz.numerics.chain_norms, "LEAF", 1000)
    for state, one in found.items():
        np.testing.assert_allclose(one, jacobian_map(trace, state), rtol=0, atol=1e-11)


@pytest.mark.parametrize("steps", [1, 2, 3, 16, 17, 33, 35, 100])
@pytest.mark.parametrize("size", [1, 2, 5])
def test_any_length_and_size_against_the_products_themselves(steps: int, size: int) -> None:
    rng = np.random.default_rng(steps)
    chain = rng.standard_normal((steps, size, size)) * 10.0 ** rng.integers(-60, 60, (steps, 1, 1))
    given = chain.copy()
    for block in (slice(0, size), slice(size // 2, size)):
        found = rnnviz.numerics.chain_norms.log10_norms(chain, block)
        for k in range(0, steps, 1 + steps // 9):
            product, scale = np.eye(size), 0.0
            for t in range(k, steps):
                product = chain[t] @ product
                whole = np.linalg.norm(product)
                product, scale = product / whole, scale + np.log10(whole)
                norm = scale + np.log10(np.linalg.norm(product[block, block]))
                assert found[t + 1, k] == pytest.approx(norm, rel=1e-11, abs=1e-9), (t, k)
    np.testing.assert_array_equal(chain, given)


def test_one_step_and_one_unit() -> None:
    trace = run(varied(build("gru", 1, 1)), np.ones((1, 1)))
    J = step_jacobians(trace)
    assert J.shape == (1, 1, 1)
    found = jacobian_map(trace)
    assert np.isnan(found[0, 1])
    np.testing.assert_allclose(found[1], [np.log10(abs(J[0, 0, 0])), 0], rtol=1e-14)


def test_float32_models_are_differentiated_in_float64() -> None:
    wide = varied(build("lstm", 2, 4), seed=3)
    narrow = varied(build("lstm", 2, 4, dtype=np.float32), seed=3)
    x = np.random.default_rng(0).standard_normal((20, 2))
    found = jacobian_map(run(narrow, x))
    assert found.dtype == np.float64
    np.testing.assert_allclose(found, jacobian_map(run(wide, x)), rtol=0, atol=1e-5)


def test_what_is_not_finite_stays_visible() -> None:
    trace = plain(1e200 * np.ones((2, 2)), 8, h0=[[1.0, 1.0]], nonlinearity="sigmoid", x=None)
    assert np.isfinite(jacobian_map(trace)[np.diag_indices(9)]).all()
    model = single("rnn", np.eye(2), 1e200 * np.ones((2, 2)), np.zeros(2), nonlinearity="identity")
    trace = run(model, np.zeros((8, 2)), h0=[[1.0, 1.0]])
    assert trace.first_nonfinite is not None
    assert jacobian_map(trace)[8, 0] == pytest.approx(8 * 200 + np.log10(2**8), rel=1e-12)


def test_records_are_read_only() -> None:
    trace = run(build("rnn", 1, 2), np.ones((3, 1)))
    for array in (step_jacobians(trace), jacobian_map(trace)):
        with pytest.raises(ValueError, match="read-only"):
            array[0, 0] = 1


@pytest.mark.parametrize("call", [step_jacobians, jacobian_map])
def test_refusals(call: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    trace = run(build("rnn", 1, 2), np.ones((3, 1)))
    with pytest.raises(ValueError, match=r"`trace` must be a Trace of rnnviz, got 'no'\."):
        call("no")
    with pytest.raises(ValueError, match=r"`layer` must be .* at most 0, got 1\."):
        call(trace, layer=1)
    with pytest.raises(ValueError, match=r"`direction` must be one of 'forward', got 'reverse'\."):
        call(trace, direction="reverse")
    with pytest.raises(ValueError, match=r"`batch` must be .* at most 0, got 1\."):
        call(trace, batch=1)
    monkeypatch.setattr(rnnviz.analysis.jacobian, "MOST_NUMBERS", 11)
    monkeypatch.setattr(rnnviz.analysis.jacobian, "MOST_AT_ONCE", 11)
    with pytest.raises(ValueError, match=r"`trace` must have at most .*, got"):
        call(trace)


def test_refusals_of_a_state() -> None:
    trace = run(build("rnn", 1, 2), np.ones((3, 1)))
    with pytest.raises(ValueError, match=r"`state` must be one of 'h', 'all', got 'c'\."):
        jacobian_map(trace, "c")


def test_too_many_steps_for_a_map(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rnnviz.analysis.jacobian, "MOST_AT_ONCE", 25)
    trace = run(build("rnn", 1, 1), np.ones((5, 1)))
    with pytest.raises(ValueError, match=r"at most 4 timesteps for a map of all pairs, got 5: "):
        jacobian_map(trace)
