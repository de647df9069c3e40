"""Signals of every cell: equations, ranges, words, places in the drawing, arithmetic."""

from __future__ import annotations

import numpy as np
import pytest

from rnnviz import CELLS, build, run
from tests.cells.conformance.cases import Case, D, H, every_shape, every_variant
from tests.oracle import VARIANTS, agree, stack, varied


@every_variant
@every_shape
def test_every_signal_follows_its_equation(case: Case) -> None:
    layers, outputs = stack(case.model, case.x, case.start)
    agree("outputs", case.trace.outputs, outputs, 1e-13)
    for (_, layer, direction), signals in zip(case.model.places(), layers, strict=True):
        for name, theirs in signals.items():
            ours = case.trace.layer(layer, direction)[name]
            agree(f"{name} of layer {layer}, {direction}", ours, theirs, 1e-13)


@every_variant
def test_signals_stay_in_the_range_of_their_functions(cell: str, options: dict) -> None:
    model = varied(build(cell, D, H, **options), seed=3, spread=60.0)
    trace = run(model, np.random.default_rng(0).standard_normal((6, 2, D)))
    ends = {"sigmoid": (0, 1), "tanh": (-1, 1), "relu": (0, np.inf), "identity": (-np.inf, np.inf)}
    for signal in model.cell.signals:
        if signal.kind != "state":
            gate = signal.kind == "gate"
            low, high = (0, 1) if gate else ends[model.cell.statement.node(signal.name).phi]
            values = trace[signal.name]
            assert low <= values.min() <= values.max() <= high
            assert values.max() - values.min() > 0.9, "saturated both ways"


@pytest.mark.parametrize("cell", CELLS)
def test_every_place_is_that_of_a_node_or_a_wire(cell: str) -> None:
    known = set[str]()
    for name, options in VARIANTS:
        if name == cell:
            for node in CELLS[cell](**options).graph:
                known |= {node.name, *(f"{wire.source} → {node.name}" for wire in node.of)}
    assert set(CELLS[cell]().places) <= known


@every_variant
def test_signals_have_words(cell: str, options: dict) -> None:
    kind = CELLS[cell](**options)
    assert kind.title
    assert kind.source
    names = [signal.name for signal in kind.signals]
    assert len(set(names)) == len(names)
    assert set(kind.states) <= set(names)
    for signal in kind.signals:
        assert signal.kind in ("gate", "candidate", "state")
        assert signal.title
        assert signal.equation.startswith(f"{signal.name}_t = ")
        if signal.kind == "gate":
            assert signal.at_0
            assert signal.at_1
            assert signal.at_0 in signal.meaning
            assert signal.at_1 in signal.meaning
        else:
            assert signal.meaning == ""
        assert (signal.kind == "state") == (signal.name in kind.states)


@every_variant
def test_the_arithmetic_shown_is_the_arithmetic_done(cell: str, options: dict) -> None:
    at = Case(cell, options, {}).trace.layers[0]
    lines = at.cell.lines(at.parameters, at.record)
    assert sorted(line.signal for line in lines) == sorted(s.name for s in at.cell.signals)
    for line in lines:
        np.testing.assert_array_equal(line.terms[-1], at.record[line.signal])
        text = line.template.format(*(float(term[1, 0, 2]) for term in line.terms))
        for side in text.split(" = "):
            value = eval(
                side.replace("·", "*").replace("−", "-"),
                {"tanh": np.tanh, "σ": lambda a: 1 / (1 + np.exp(-a)), "relu": lambda a: max(a, 0)},
            )
            assert abs(value - at.record[line.signal][1, 0, 2]) < 1e-12, text
