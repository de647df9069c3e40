"""Step Jacobians and the map of all pairs, against forward equations."""

from typing import Any

import numpy as np
import pytest

import rnnviz.analysis.jacobian
import rnnviz.numerics.chain_norms
from rnnviz import backprop, build, run
from rnnviz.analysis.jacobian import jacobian_map, step_jacobians
from tests.oracle import NAMES, STEP, VARIANTS, agree, series, states, varied

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


@pytest.mark.parametrize(("cell", "options"), VARIANTS, ids=NAMES)
def test_the_norm_of_a_product_is_at_most_the_product_of_the_norms(cell: str, options: Any) -> None:
    found = jacobian_map(case(cell, options, steps=30))
    for m in range(31):
        pairs = found[m:, m, None] + found[None, m, : m + 1]
        assert (found[m:, : m + 1] <= pairs + 1e-12).all()


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
