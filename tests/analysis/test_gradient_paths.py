"""The gradient by path: exact sums, the product of the gate, ranges, time constants."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from rnnviz import backprop, build, run
from rnnviz.analysis import path_split
from rnnviz.analysis.gradient_paths import path_vectors, roads, time_constants
from rnnviz.numerics.extended_range import norms
from tests.analysis.test_loss_attribution import every_variant, made
from tests.core.test_range import last, quiet
from tests.oracle import NAMES, VARIANTS, agree, replaced, varied

assert len(NAMES) == len(VARIANTS)


def total(flow: Any, index: int, state: str, batch: int) -> Any:
    own = flow.layers[index]
    first = flow.initial[state][index][batch : batch + 1]
    return np.concatenate([first, own[state][:, batch]])


@every_variant
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("shape", [(1, False), (2, False), (2, True)])
def test_the_parts_sum_to_the_total(cell: str, options: dict, dtype: Any, shape: tuple) -> None:
    trace, dh = made(cell, options, dtype=dtype, num_layers=shape[0], bidirectional=shape[1])
    flow, within = backprop(trace, dh), 1e-12 if dtype == np.float64 else 1e-5
    for index, layer, direction in trace.model.places():
        place = {"layer": layer, "direction": direction, "batch": 1}
        found = {name: one.true() for name, one in path_vectors(trace, dh, **place).items()}
        expected = total(flow, index, trace.model.cell.states[-1], 1)
        agree("total", found["total"], expected, within)
        agree("roads", found["main"] + found["rest"], expected, within)
        parts = found["arrived"] + found["kept"] + found["milled"]
        agree("one step", parts, expected, within)


@every_variant
def test_the_kept_path_is_the_product_of_the_gate_and_nothing_else(
    cell: str, options: dict
) -> None:
    """Recomputed by hand from the recorded gates."""
    trace, dh = made(cell, options)
    kind, at = trace.model.cell, trace.layers[0]
    found = {name: one.true() for name, one in path_vectors(trace, dh, batch=1).items()}
    entry = dh[:, 1].copy()
    if kind.states[-1] == "c":
        entry = entry * trace["o"][:, 1] * (1 - np.tanh(trace["c"][:, 1]) ** 2)
    gate = np.full_like(entry, float(kind.open_path))
    if kind.keeping_gate is not None:
        gate = at[kind.keeping_gate][:, 1]
    main, kept, later = np.zeros((2, *found["main"].shape)), None, np.zeros(entry.shape[1])
    main, kept = main
    for t in reversed(range(len(entry))):
        main[t + 1] = entry[t] + later
        later = gate[t] * main[t + 1]
        kept[t] = gate[t] * found["total"][t + 1]
    main[0] = later
    agree("main", found["main"], main, 1e-13)
    agree("arrived", found["arrived"][1:], entry, 1e-13)
    np.testing.assert_allclose(found["kept"], kept, rtol=1e-13)


@every_variant
def test_norms_and_shares_are_those_of_the_vectors(cell: str, options: dict) -> None:
    trace, dh = made(cell, options)
    one, vectors = roads(trace, dh), path_vectors(trace, dh)
    assert one.state == trace.model.cell.states[-1]
    assert one.gate == trace.model.cell.keeping_gate
    for name, vector in vectors.items():
        assert getattr(one, name).shape == (8,)
        np.testing.assert_allclose(getattr(one, name), vector.log10_norms(), rtol=0, atol=1e-12)
    main, rest, whole = (norms(vectors[name].true()) for name in ("main", "rest", "total"))
    np.testing.assert_allclose(one.share, main / (main + rest), rtol=1e-12)
    product = (vectors["main"].true() * vectors["total"].true()).sum(axis=-1)
    np.testing.assert_allclose(one.along, product / whole**2, rtol=1e-10, atol=1e-12)
    assert one.rest[-1] == -np.inf or "peephole" in cell
    assert one.kept[-1] == -np.inf


def test_the_plain_rnn_has_no_road_of_its_own() -> None:
    trace, dh = made("rnn", {})
    dh[:-1] = 0
    one = roads(trace, dh)
    assert one.gate is None
    assert (one.main[:-1] == -np.inf).all()
    np.testing.assert_array_equal(one.share, [0] * 7 + [1])


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_without_recurrent_weights_there_is_only_the_kept_path(cell: str) -> None:
    """W_h = 0 and, in the GRU, nothing else reads h: the rest is an exact zero."""
    trace, dh = made(cell, {})
    W = dict(trace.model.parameters[0])
    W["W_h"] = np.zeros_like(W["W_h"])
    trace = run(replaced(trace.model, [W]), trace.x)
    one = roads(trace, dh)
    assert (one.rest == -np.inf).all()
    np.testing.assert_array_equal(one.share, 1)


def test_lstm_with_all_weights_zero_is_the_forget_gate_to_the_power_t() -> None:
    for bias, expected in ((0, 8.8818e-16), (1, 1.57619e-7), (3, 8.80925e-2), (5, 0.714789)):
        model = build("lstm", 1, 1, forget_bias=bias)
        W = {name: np.zeros_like(one) for name, one in model.parameters[0].items()}
        model.cell.block("f", W["b"])[:] = bias
        model.cell.block("o", W["b"])[:] = 0.3
        found = roads(trace := run(replaced(model, [W]), np.zeros((50, 1))), last(trace))
        ratio = 10 ** (found.main[0] - found.main[50])
        np.testing.assert_allclose(ratio, expected, rtol=1e-5)
        assert (found.rest == -np.inf).all()


@pytest.mark.parametrize(("scale", "sign"), [(0.1, -1), (10.0, 1)])
def test_beyond_the_format(scale: float, sign: int) -> None:
    trace = quiet(scale)
    one = roads(trace, last(trace))
    expected = sign * np.arange(400, 0, -1) + np.log10(2)
    np.testing.assert_allclose(one.rest[:400], expected, rtol=0, atol=1e-9)
    np.testing.assert_allclose(one.milled[:400], expected, rtol=0, atol=1e-9)
    assert (one.main[:400] == -np.inf).all()


def test_a_tiny_rest_keeps_its_digits() -> None:
    """Recurrent weights of 1e-30 beside an open kept path: 30 orders below, not rounding."""
    trace, dh = made("gru", {})
    rests = []
    for size in (1e-30, 1e-40):
        W = dict(trace.model.parameters[0])
        W["W_h"] = size * trace.model.parameters[0]["W_h"]
        rests.append(roads(run(replaced(trace.model, [W]), trace.x), dh).rest[:-1])
    np.testing.assert_allclose(rests[0] - rests[1], 10, rtol=0, atol=1e-9)


@every_variant
def test_one_timestep_one_unit_and_no_loss(cell: str, options: dict) -> None:
    trace, dh = made(cell, options, steps=1, size=1)
    one = roads(trace, dh)
    assert one.main.shape == (2,)
    nothing = roads(trace, 0 * dh)
    assert (nothing.total == -np.inf).all()
    assert np.isnan(nothing.share).all()
    assert np.isnan(nothing.along).all()


@pytest.mark.parametrize(("cell", "gate"), [("lstm", "f"), ("peephole_lstm", "f"), ("gru", "z")])
def test_time_constants(cell: str, gate: str) -> None:
    trace, _ = made(cell, {}, bidirectional=True)
    found = time_constants(trace, direction="reverse")
    np.testing.assert_allclose(found, 1 / (1 - trace.layer(0, "reverse")[gate]), rtol=1e-15)
    assert found.shape == (7, 2, 4)
    model = build(cell, 1, 1, **{"forget_bias" if gate == "f" else "update_bias": 800.0})
    assert np.isinf(time_constants(run(model, np.zeros((3, 1))))).all()


def test_refusals() -> None:
    trace, dh = made("rnn", {})
    with pytest.raises(ValueError, match="must be of a cell with a gate that keeps, got 'rnn'"):
        time_constants(trace)
    with pytest.raises(ValueError, match="`trace` must be a Trace"):
        time_constants(None)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="`batch` must be"):
        roads(trace, dh, batch=2)
    with pytest.raises(ValueError, match="`layer` must be"):
        roads(trace, dh, layer=3)
    with pytest.raises(ValueError, match="`dh` must have the shape"):
        roads(trace, dh[1:])


def test_it_changes_no_record() -> None:
    trace, dh = made("gru", {})
    before = {name: one.copy() for name, one in trace.layers[0].record.items()}
    roads(trace, dh)
    for name, one in before.items():
        np.testing.assert_array_equal(trace.layers[0].record[name], one)
    assert varied(trace.model).cell is trace.model.cell


@every_variant
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_portions_and_single_steps_give_the_same(
    cell: str, options: dict, dtype: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With one power of two for a portion of timesteps, and with one for every step."""
    trace, dh = made(cell, options, dtype=dtype, steps=70)
    found = path_vectors(trace, dh)
    monkeypatch.setattr(path_split._Split, "_at_once", lambda *_: None)
    again = path_vectors(trace, dh)
    for name in ("main", "rest"):
        one, other = found[name], again[name]
        apart = (one - other).log10_norms()
        assert (apart <= other.log10_norms() + np.log10(500 * np.finfo(dtype).eps))[1:-1].all()
