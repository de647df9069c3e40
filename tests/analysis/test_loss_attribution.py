"""Each loss's own gradient: sums, single losses carried back alone, ranges, orders, refusals."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from rnnviz import SquaredError, backprop, build, run
from rnnviz.analysis import loss_attribution as module
from rnnviz.analysis.loss_attribution import itemised, itemised_vectors
from tests.core.test_range import quiet
from tests.oracle import NAMES, VARIANTS, agree, single, states, varied

every_variant = pytest.mark.parametrize(("cell", "options"), VARIANTS, ids=NAMES)


def made(cell: str, options: dict, *, steps: int = 7, size: int = 4, **more: Any) -> Any:
    """A random trace with B = 2 and random initial states, and a random ∂L/∂outputs."""
    model = varied(build(cell, 3, size, **options, **more))
    rng = np.random.default_rng(1)
    start = {f"{name}0": value for name, value in states(model, 2, rng).items()}
    trace = run(model, rng.standard_normal((steps, 2, 3)).astype(model.dtype), **start)
    return trace, rng.standard_normal(trace.outputs.shape).astype(model.dtype)


def whole(flow: Any, index: int, batch: int) -> Any:
    """∂L/∂h_t (T + 1, H) in input time, 0 the initial state."""
    own = flow.layers[index]
    return np.concatenate([flow.initial["h"][index][batch : batch + 1], own["h"][:, batch]])


@every_variant
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("shape", [(1, False), (2, False), (1, True), (2, True)])
def test_the_vectors_sum_to_backpropagation_s(
    cell: str, options: dict, dtype: Any, shape: tuple
) -> None:
    trace, dh = made(cell, options, dtype=dtype, num_layers=shape[0], bidirectional=shape[1])
    flow, within = backprop(trace, dh), 1e-12 if dtype == np.float64 else 1e-5
    for index, layer, direction in trace.model.places():
        place = {"layer": layer, "direction": direction, "batch": 1}
        vectors = itemised_vectors(trace, dh, **place)
        agree(f"{place}", vectors.true().sum(axis=0), whole(flow, index, 1), within)
        found = itemised(trace, dh, **place)
        assert found.shape == (7, 8)
        assert found.dtype == np.float64
        np.testing.assert_allclose(found, vectors.log10_norms(), rtol=0, atol=1e-6)


@pytest.mark.parametrize("cell", ["lstm", "peephole_lstm"])
def test_by_another_state_each_row_is_its_loss_carried_back_alone(cell: str) -> None:
    trace, dh = made(cell, {})
    found = itemised(trace, dh, state="c", batch=1)
    np.testing.assert_array_equal(itemised(trace, dh, state="h", batch=1)[3],
                                  itemised(trace, dh, batch=1)[3])  # fmt: skip
    for tau in range(7):
        one = np.zeros_like(dh)
        one[tau] = dh[tau]
        wanted = backprop(trace, one).log10_norms("c")[:, 1]
        np.testing.assert_allclose(found[tau], wanted, rtol=0, atol=1e-9)
    with pytest.raises(ValueError, match="`state` must be one of 'h', 'c', got 'f'"):
        itemised(trace, dh, state="f")


@every_variant
@pytest.mark.parametrize("general", [False, True])
def test_each_row_is_its_loss_carried_back_alone(
    cell: str, options: dict, general: bool, monkeypatch: Any
) -> None:
    if general:
        monkeypatch.setattr(module, "MOST_NUMBERS", 0)
        monkeypatch.setattr(module, "ROWS", 3)
    trace, dh = made(cell, options, num_layers=2, bidirectional=True)
    for tau in range(7):
        alone = np.zeros_like(dh)
        alone[tau] = dh[tau]
        flow = backprop(trace, alone)
        for _, layer, direction in trace.model.places():
            found = itemised(trace, dh, layer=layer, direction=direction)[tau]
            norms = flow.layer(layer, direction).log10_norms("h")[:, 0]
            np.testing.assert_allclose(found, norms, rtol=0, atol=1e-10)


def test_a_later_timestep_gets_nothing_and_a_loss_in_the_middle_stays_there() -> None:
    trace, dh = made("lstm", {})
    found = itemised(trace, dh)
    rows, columns = np.indices(found.shape)
    np.testing.assert_array_equal(found == -np.inf, columns > rows + 1)
    only = np.zeros_like(dh)
    only[3] = dh[3]
    found = itemised(trace, only)
    assert (found[[0, 1, 2, 4, 5, 6]] == -np.inf).all()
    assert np.isfinite(found[3, :5]).all()
    assert (found[3, 5:] == -np.inf).all()


def test_a_reverse_direction_sends_its_gradient_to_later_inputs() -> None:
    trace, dh = made("gru", {}, bidirectional=True)
    found = itemised(trace, dh, direction="reverse")
    rows, columns = np.indices(found.shape)
    np.testing.assert_array_equal(found == -np.inf, (columns > 0) & (columns < rows + 1))


@every_variant
def test_one_timestep_and_one_unit(cell: str, options: dict) -> None:
    trace, dh = made(cell, options, steps=1, size=1)
    norms = backprop(trace, dh).log10_norms("h")[:, 0]
    np.testing.assert_allclose(itemised(trace, dh), norms[None], rtol=0, atol=1e-12)


def test_no_loss_at_all_is_nothing_anywhere() -> None:
    trace, dh = made("lstm", {})
    assert (itemised(trace, 0 * dh) == -np.inf).all()
    assert not itemised_vectors(trace, 0 * dh).mantissa.any()


@pytest.mark.parametrize(("scale", "sign"), [(0.1, -1), (10.0, 1)])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_four_hundred_steps_lose_or_gain_four_hundred_orders(
    scale: float, sign: int, dtype: Any
) -> None:
    trace = quiet(scale, dtype=dtype)
    dh = np.zeros(trace.outputs.shape)
    dh[[399, 200, 7]] = np.array([1.0, 1e-3, 1e3])[:, None, None]
    found = itemised(trace, dh)
    within = 1e-9 if dtype == np.float64 else 1e-4
    for tau, log in ((399, 0), (200, -3), (7, 3)):
        expected = np.log10(2) + log + sign * np.arange(tau + 1, -1, -1)
        np.testing.assert_allclose(found[tau, : tau + 2], expected, rtol=0, atol=within)
        assert (found[tau, tau + 2 :] == -np.inf).all()


@pytest.mark.parametrize("size", [1e-300, 1e300])
def test_extreme_losses_stay_apart(size: float) -> None:
    trace, dh = made("gru", {})
    usual = itemised(trace, dh)
    np.testing.assert_allclose(itemised(trace, dh * size), usual + np.log10(size), atol=1e-9)


def test_dead_units_give_exact_zeros() -> None:
    """ReLU units that are off at step 4 pass nothing on: later losses end there."""
    W = {"W_x": np.ones((1, 2)), "W_h": 0.9 * np.eye(2), "b": np.zeros(2)}
    x = np.ones((6, 1))
    x[3] = -50
    model = single("rnn", *W.values(), nonlinearity="relu")
    found = itemised(run(model, x), np.ones((6, 1, 2)))
    rows, columns = np.indices(found.shape)
    through_4 = (rows >= 3) & (columns <= 3)
    np.testing.assert_array_equal(found == -np.inf, through_4 | (columns > rows + 1))


def test_a_loss_object_counts_by_its_terms() -> None:
    model = varied(build("lstm", 3, 4, output_size=2))
    rng = np.random.default_rng(0)
    trace = run(model, rng.standard_normal((6, 2, 3)))
    loss = SquaredError(rng.standard_normal((6, 2, 2)), "every")
    flow = backprop(trace, loss)
    vectors = itemised_vectors(trace, loss, batch=1).true()
    agree("sum", vectors.sum(axis=0), whole(flow, 0, 1), 1e-12)
    np.testing.assert_array_equal(itemised(trace, loss), itemised(trace, flow.outputs))


def test_refusals() -> None:
    trace, dh = made("rnn", {})
    for arguments, words in (
        ((None, dh), "`trace` must be a Trace"),
        ((trace, dh[:3]), "`dh` must have the shape"),
        ((trace, dh * np.nan), "`dh` must be finite"),
    ):
        with pytest.raises(ValueError, match=words):
            itemised(*arguments)
    for place, words in (
        ({"layer": 1}, "`layer` must be"),
        ({"direction": "reverse"}, "`direction` must be"),
        ({"batch": 2}, "`batch` must be"),
    ):
        with pytest.raises(ValueError, match=words):
            itemised(trace, dh, **place)


def test_x_without_a_batch_takes_dh_without_one() -> None:
    model = build("rnn", 3, 4)
    rng = np.random.default_rng(0)
    trace, dh = run(model, rng.standard_normal((5, 3))), rng.standard_normal((5, 4))
    np.testing.assert_array_equal(itemised(trace, dh), itemised(trace, dh[:, None]))
