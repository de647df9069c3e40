"""The live checks pass for correct flows, even extreme ones, and fail for altered ones."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from rnnviz import backprop, run
from rnnviz.analysis.verification.live_checks import Check, verify, verify_flow
from rnnviz.numerics.records import sealed
from tests.analysis.test_loss_attribution import every_variant, made
from tests.oracle import single


def test_the_part_of_a_long_map_that_is_checked_is_one_that_may_be_computed():
    from rnnviz.analysis import jacobian
    from rnnviz.analysis.verification import products

    for steps in (2000, 2236, 3100, 10_000):
        count = products._affordable(steps, 2)
        assert (count + 1) ** 2 <= jacobian.MOST_AT_ONCE
        assert 4 * count >= min(steps, 2000)


def holds(checks: tuple[Check, ...]) -> None:
    failed = [(one.name, one.error, one.bound) for one in checks if not one.ok]
    assert not failed, failed


@every_variant
@pytest.mark.parametrize(
    ("dtype", "shape"), [(np.float64, (1, False)), (np.float64, (2, True)), (np.float32, (2, True))]
)
def test_it_holds(cell: str, options: dict, dtype: Any, shape: tuple) -> None:
    trace, dh = made(cell, options, dtype=dtype, num_layers=shape[0], bidirectional=shape[1])
    found = verify(trace, dh)
    holds(found)
    assert not any(one.skipped for one in found)
    names = [one.name for one in found]
    assert len(set(names)) == len(names)
    cell = trace.model.cell
    kinds = [*trace.model.parameters[0], "x", *(f"{name}_0" for name in cell.states)]
    kinds += [*(one.name for one in cell.signals), *(f"a_{name}" for name in cell.blocks)]
    assert names == [
        "equations", "handed on", "readings", *(f"derivative by {kind}" for kind in kinds),
        "jacobians", "weights", "weight norms", "itemised", "roads", "chain", "memory",
        "map", "product", "singular values", "exponents",
    ]  # fmt: skip
    assert all(one.words and "\n" not in one.words for one in found)
    if dtype == np.float64:
        assert max(one.error for one in found) < 1e-11
        assert all("complex steps" in one.words for one in found if "deriv" in one.name)


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_it_is_the_same_every_time_and_changes_nothing(cell: str) -> None:
    trace, dh = made(cell, {})
    before = {name: one.copy() for name, one in trace.layers[0].record.items()}
    assert verify(trace, dh) == verify(trace, dh)
    for name, one in before.items():
        np.testing.assert_array_equal(trace.layers[0].record[name], one)


def tampered(flow: Any, what: str) -> Any:
    """The flow with one of its gradients off by a millionth."""
    own = flow.layers[0]
    if what == "inputs":
        return replace(flow, inputs=flow.inputs * (1 + 1e-6))
    if what in own.parameters:
        changed = {**own.parameters, what: own.parameters[what] * (1 + 1e-6)}
        layer = replace(own, parameters=sealed(changed))
    else:
        d = {name: one.copy() for name, one in own.d.items()}
        d[f"d{what}_all"][0 if what == "c" else 3] *= 1 + 1e-6
        layer = replace(own, d=sealed(d))
    return replace(flow, layers=(layer, *flow.layers[1:]))


@pytest.mark.parametrize(
    ("what", "fails"),
    [
        ("W_x", {"derivative by W_x", "weights"}),
        ("W_h", {"derivative by W_h", "weights"}),
        ("b", {"derivative by b", "weights"}),
        ("inputs", {"derivative by x"}),
        ("c", {"derivative by c_0", "roads"}),
        ("h", {"itemised", "readings"}),
    ],
)
def test_a_gradient_off_by_a_millionth_is_found(what: str, fails: set[str]) -> None:
    trace, dh = made("lstm", {})
    found = verify_flow(tampered(backprop(trace, dh), what))
    assert {one.name for one in found if not one.ok} == fails


@every_variant
def test_a_wrong_record_is_found(cell: str, options: dict) -> None:
    trace, dh = made(cell, options)
    for signal in trace.model.cell.signals:
        at = trace.layers[0]
        record = {**at.record, signal.name: at.record[signal.name] + 1e-6}
        wrong = replace(trace, layers=(replace(at, record=record),))
        assert not verify(wrong, dh)[0].ok, signal.name


def test_values_that_are_not_finite_are_not_verified() -> None:
    model = single("rnn", [[1.0]], [[1e200]], [0.0], nonlinearity="identity")
    trace = run(model, np.ones((5, 1)))
    checks = verify(trace, np.ones((5, 1, 1)))
    assert not all(one.ok for one in checks)


def test_central_differences_where_complex_numbers_do_not_go(monkeypatch: Any) -> None:
    from rnnviz.analysis.verification import one_step
    from rnnviz.analysis.verification.complex_step import Lengths

    monkeypatch.setattr(one_step, "lengths", lambda _: Lengths(np.nan, np.nan))
    for cell in ("rnn", "lstm", "gru", "peephole_lstm"):
        checks = verify(*made(cell, {}))
        holds(checks)
        assert all("central differences" in one.words for one in checks if "deriv" in one.name)


def test_refusals() -> None:
    trace, dh = made("rnn", {})
    with pytest.raises(ValueError, match="`trace` must be a Trace"):
        verify(None, dh)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="`dh` must have the shape"):
        verify(trace, dh[1:])
    with pytest.raises(ValueError, match="`flow` must be a GradientFlow"):
        verify_flow(trace)  # type: ignore[arg-type]


def test_above_its_budget_a_check_is_named_as_skipped(monkeypatch: Any) -> None:
    from rnnviz.analysis import jacobian
    from rnnviz.analysis.verification import products

    trace, dh = made("gru", {})
    monkeypatch.setattr(jacobian, "MOST_NUMBERS", 10)
    monkeypatch.setattr(products, "LARGEST", 10)
    monkeypatch.setattr(products, "MOST", 10)
    found = {one.name: one for one in verify(trace, dh) if one.skipped}
    assert set(found) == {"itemised", "chain", "jacobians", "map", "product", "singular values",
                          "exponents"}  # fmt: skip
    for one in found.values():
        assert "above the limit of 10" in one.skipped
        assert one.ok
        assert np.isnan(one.error)


def test_a_map_that_would_take_long_is_checked_on_a_few_steps(monkeypatch: Any) -> None:
    from rnnviz.analysis.verification import products

    monkeypatch.setattr(products, "MOST", 10**3)
    found = {one.name: one for one in verify(*made("gru", {}))}
    assert found["map"].ok
    assert not found["map"].skipped
    assert "map of 3 steps from step" in found["map"].words


def test_too_many_jacobians_to_carry_directions(monkeypatch: Any) -> None:
    """Then every step is a complex step of all directions at once."""
    from rnnviz.analysis.verification import one_step

    monkeypatch.setattr(one_step, "FEW", 0)
    for cell, options in (("lstm", {}), ("rnn", {"nonlinearity": "relu"})):
        holds(verify(*made(cell, options, num_layers=2, bidirectional=True)))
