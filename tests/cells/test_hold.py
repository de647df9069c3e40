"""A gate held at a value: exact values, exact gradients, for every cell found."""

from typing import Any

import numpy as np
import pytest

from rnnviz import CELLS, Model, backprop, build, itemised, run, step_jacobians
from rnnviz.analysis.cell_graph import currents
from rnnviz.analysis.gradient_paths import path_vectors
from rnnviz.analysis.jacobian import step_matrices
from rnnviz.analysis.verification.live_checks import verify
from rnnviz.cells import Cell
from tests.analysis.test_cell_graph import agrees
from tests.oracle import VARIANTS, agree, agree_along, stack, states, varied

T, B, D, H = 4, 2, 2, 3
HELD = [(cell, options, gate, value) for cell, options in VARIANTS
        for k, gate in enumerate(CELLS[cell].holdable()) for value in (0.3, float(k % 2))]
ids = [f"{cell}-{'-'.join(map(str, options.values()))}-{gate}={value}"
       for cell, options, gate, value in HELD]  # fmt: skip
every_hold = pytest.mark.parametrize(("cell", "options", "gate", "value"), HELD, ids=ids)
each_gate = pytest.mark.parametrize(
    ("cell", "options", "gate", "value"), [HELD[k + k // 2 % 2] for k in range(0, len(HELD), 2)]
)
"""One of the two values, in turn."""


class Case:
    def __init__(self, cell: str, options: Any, hold: dict, **shape: Any) -> None:
        rng = np.random.default_rng(1)
        self.model: Model = varied(build(cell, D, H, hold=hold, **options, **shape), 1)
        self.x = rng.standard_normal((T, B, D))
        self.start = states(self.model, B, rng)
        self.trace = run(self.model, self.x, **{f"{n}0": v for n, v in self.start.items()})
        self.dh = rng.standard_normal(self.trace.outputs.shape)
        self.flow = backprop(self.trace, self.dh)

    def loss(self, **changes: Any) -> Any:
        arguments = {"x": self.x, "start": self.start} | changes
        return (self.dh * stack(self.model, **arguments)[1]).sum()


@every_hold
def test_the_gate_is_that_value_and_the_rest_follows_its_equation(
    cell: str, options: dict, gate: str, value: float
) -> None:
    case = Case(cell, options, {gate: value}, num_layers=2, bidirectional=True)
    layers, outputs = stack(case.model, case.x, case.start)
    agree("outputs", case.trace.outputs, outputs, 1e-13)
    for (_, layer, direction), signals in zip(case.model.places(), layers, strict=True):
        at = case.trace.layer(layer, direction)
        for name, theirs in signals.items():
            agree(name, at[name], theirs, 1e-13)
        if value in (0, 0.5, 1):
            np.testing.assert_array_equal(at[gate], value)
        np.testing.assert_allclose(at[gate], value, rtol=4e-16)


@each_gate
def test_gradients_are_those_of_the_held_model(
    cell: str, options: dict, gate: str, value: float
) -> None:
    case = Case(cell, options, {gate: value})
    kind, W = case.model.cell, case.model.parameters[0]
    for name, given in W.items():

        def by_weight(moved: Any, name: str = name) -> Any:
            return case.loss(parameters=[{**W, name: moved}])

        agree_along(name, case.flow.parameters[0][name], by_weight, given)
        assert not kind.part(case.flow.parameters[0], name, gate).any()
    agree_along("dx", case.flow.inputs, lambda x: case.loss(x=x), case.x)
    for name, first in case.start.items():

        def by_start(moved: Any, name: str = name) -> Any:
            return case.loss(start={**case.start, name: moved})

        agree_along(f"d{name}0", case.flow.initial[name], by_start, first)
    for name in [*(s.name for s in kind.signals), *(f"a_{block}" for block in kind.blocks)]:

        def by_nudge(moved: Any, name: str = name) -> Any:
            return case.loss(nudge={(0, "forward"): {name: moved}})

        agree_along(f"d{name}", case.flow[name], by_nudge, np.zeros((T, B, H)))
    assert not case.flow[f"a_{gate}"].any()


@every_hold
def test_the_other_views_agree(
    cell: str, options: dict, gate: str, value: float, monkeypatch: Any
) -> None:
    case = Case(cell, options, {gate: value})
    for check in verify(case.trace, case.dh):
        assert check.ok, check
        assert "central" not in check.words
    parts = path_vectors(case.trace, case.dh)
    total = parts["main"].true() + parts["rest"].true()
    agree("roads", total, parts["total"].true(), 1e-12)
    logs = itemised(case.trace, case.dh)
    assert logs.shape == (T, T + 1)
    closed = step_jacobians(case.trace)
    monkeypatch.setattr(type(case.model.cell), "jacobians", Cell.jacobians)
    agree("Jacobian", closed, step_matrices(case.trace.layers[0], 0, np.float64), 1e-14)
    found = currents(case.flow, 1)
    np.testing.assert_allclose(found.values[gate], value, rtol=1e-15)
    assert not found.before[gate].true().any()


@every_hold
def test_the_drawing_of_a_held_model_is_what_is_on_record(
    cell: str, options: dict, gate: str, value: float
) -> None:
    flow = Case(cell, options, {gate: value}).flow
    if value:  # at 0 nothing comes from t + 1, and differences of totals are rounding
        agrees(flow, currents(flow, 1))


@every_hold
def test_a_held_gate_in_numbers_is_its_number(
    cell: str, options: dict, gate: str, value: float
) -> None:
    at = Case(cell, options, {gate: value}).trace.layers[0]
    line = next(one for one in at.cell.lines(at.parameters, at.record) if one.signal == gate)
    assert line.template == "{0} = {1}"
    np.testing.assert_array_equal(line.terms[1], at.record[gate])


@pytest.mark.parametrize("cell", [name for name, kind in CELLS.items() if kind.holdable()])
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_against_central_differences_of_our_own_run(cell: str, dtype: str) -> None:
    gates = dict(zip(CELLS[cell].holdable(), (0.0, 1.0, 0.25), strict=False))
    model = varied(build(cell, D, H, hold=gates, dtype=dtype), 4)
    for gate, value in gates.items():
        np.testing.assert_allclose(run(model, np.ones((3, D)))[gate], value, rtol=2e-7)
    if dtype == "float32":
        return
    rng = np.random.default_rng(0)
    x, dx, dh = (rng.standard_normal((T, B, n)) for n in (D, D, H))
    ends = [float((dh * run(model, x + at * dx).outputs).sum()) for at in (1e-6, -1e-6)]
    measured = (ends[0] - ends[1]) / 2e-6
    told = float((backprop(run(model, x), dh).inputs * dx).sum())
    assert abs(told - measured) < 1e-7 * max(1, abs(measured))


def test_weights_of_a_held_gate_count_for_nothing() -> None:
    one = build("lstm", D, H, hold={"f": 1.0}, forget_bias=5.0)
    other = build("lstm", D, H, hold={"f": 1.0}, forget_bias=-5.0)
    x = np.random.default_rng(0).standard_normal((T, D))
    np.testing.assert_array_equal(run(one, x).outputs, run(other, x).outputs)
    assert one.hold == {"f": 1.0}
    assert one.parameters[0]["b"].std() > 0, "the parameters are kept as drawn"


def test_a_model_without_biases_can_be_held() -> None:
    model = build("lstm", D, H, hold={"f": 0.0})
    W = {name: one for name, one in model.parameters[0].items() if name != "b"}
    bare = Model(model.cell, D, H, (W,))
    flow = backprop(run(bare, np.ones((T, D))), np.ones((T, H)))
    assert not flow.trace["f"].any()
    assert set(flow.parameters[0]) == {"W_x", "W_h"}


@pytest.mark.parametrize(
    ("cell", "hold", "words"),
    [
        ("lstm", {"z": 1.0}, "gate to hold of 'lstm'"),
        ("lstm", {"g": 1.0}, "'f', 'i', 'o', got 'g'"),
        ("rnn", {"h": 1.0}, "(it has none)"),
        ("cifg_lstm", {"i": 1.0}, "'f', 'o', got 'i'"),
        ("lstm", {"f": 1.5}, "`hold['f']` must be from 0 to 1, got 1.5"),
        ("lstm", {"f": -0.1}, "`hold['f']` must be from 0 to 1, got -0.1"),
        ("lstm", {"f": float("nan")}, "`hold['f']` must be a finite number"),
        ("lstm", {"f": "1"}, "`hold['f']` must be a finite number"),
        ("lstm", {"f": True}, "`hold['f']` must be a finite number"),
        ("lstm", ["f"], "`hold` must map gates to values"),
        ("lstm", {3: 1.0}, "gate to hold of 'lstm'"),
    ],
)
def test_refusals(cell: str, hold: Any, words: str) -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011
        build(cell, D, H, hold=hold)
    assert words in str(refused.value)
