"""The drawing of a cell, evaluated by the chain rule alone, equals the records."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from rnnviz import CELLS, SquaredError, backprop, build, run
from rnnviz.analysis.cell_graph import Currents, currents, of_unit, terms
from rnnviz.cells import Node
from rnnviz.core.gradients import GradientFlow
from tests.oracle import NAMES, VARIANTS, varied

T, B, D, H, EXAMPLE = 9, 3, 2, 5, 1


def flow_of(cell: str, options: dict[str, Any], **more: Any) -> GradientFlow:
    rng = np.random.default_rng(3)
    model = varied(build(cell, D, H, output_size=2, **options), seed=4, **more)
    x = rng.standard_normal((T, B, D))
    loss = SquaredError(rng.standard_normal((T, B, 2)), np.arange(T) % 3 != 1)
    initial = {f"{name}0": rng.standard_normal((B, H)) for name in model.cell.states}
    return backprop(run(model, x, **initial), loss)


@pytest.fixture(params=VARIANTS, ids=NAMES, scope="module")
def case(request: pytest.FixtureRequest) -> tuple[GradientFlow, Currents]:
    flow = flow_of(*request.param)
    return flow, currents(flow, EXAMPLE)


def close(found: Any, wanted: Any) -> None:
    np.testing.assert_allclose(found, wanted, rtol=1e-12, atol=1e-12 * np.abs(wanted).max())


def agrees(flow: GradientFlow, found: Currents) -> None:
    """Every value and every gradient of the drawing against the records."""
    layer = flow.layers[0]
    cell = layer.trace.cell
    for signal in cell.signals:
        close(found.values[signal.name], layer.trace[signal.name][:, EXAMPLE])
        close(found.gradients[signal.name].true(), layer[signal.name][:, EXAMPLE])
    for node in cell.graph:
        if node.op == "affine" and not (cell.name == "gru" and node.name == "q"):
            block = f"a_{node.block or node.name}"
            close(found.before[node.name].true(), layer[block][:, EXAMPLE])
    for state in cell.states:
        past = found.gradients[f"{state}_prev"].true()
        wanted = np.concatenate([layer.initial[state][None], layer[state][:-1]])[:, EXAMPLE]
        if state == "h":
            wanted[1:] -= flow.outputs[:-1, EXAMPLE]
        else:
            wanted[1:] -= sum(
                part.true() for (source, target), part in found.back.items()
                if source == state and target != f"{state}_out"
            )[:-1]
        close(past, wanted)
    close(found.gradients["x"].true(), flow.inputs[:, EXAMPLE])


def test_values_and_gradients_are_those_on_record(case):
    agrees(*case)


def test_what_meets_at_a_node_adds_up(case):
    """At every fork: the parts that come back by the wires, from t + 1, and from the loss."""
    _, found = case
    for node in found.graph:
        if node.op == "out":
            continue
        parts = [part.true() for (source, _), part in found.back.items() if source == node.name]
        close(sum(parts), found.gradients[node.name].true())
    for state, later in found.arriving.items():
        own = found.direct.true() if state == "h" else 0
        close(later.true() + own, found.back[state, f"{state}_out"].true())
        close(later.true()[:-1], found.gradients[f"{state}_prev"].true()[1:])


def test_a_unit_s_terms_add_up_to_its_sum(case):
    _, found = case
    trace, unit = found.trace, 3
    for node in found.graph:
        if node.op != "affine":
            continue
        total = sum(
            found.brings[wire.source, node.name][:, unit] for wire in node.of if not wire.weight
        )
        for term in terms(trace, node, unit):
            flat = trace.parameters[term.parameter].ravel()
            np.testing.assert_array_equal(flat[term.entries], term.weights)
            past = found.values[term.source] if term.source else np.ones((T, 1))
            if term.parameter == "p":
                past = past[:, unit : unit + 1]
            total = total + past @ term.weights
        if node.phi == "sigmoid":
            close(1 / (1 + np.exp(-total)), found.values[node.name][:, unit])
        elif node.phi == "tanh":
            close(np.tanh(total), found.values[node.name][:, unit])


def test_every_cell_describes_its_drawing():
    for name, options in VARIANTS:
        cell = CELLS[name](**options)
        names = [node.name for node in cell.graph]
        assert len(set(names)) == len(names)
        for k, node in enumerate(cell.graph):
            assert {wire.source for wire in node.of} <= set(names[:k]), "operands come first"
            assert (node.op in ("past", "input")) == (not node.of)
        assert {signal.name for signal in cell.signals} <= set(names)
        assert {f"{state}_out" for state in cell.states} <= set(names)
        places = [node.at for node in cell.graph]
        assert len(set(places)) == len(places), "no two nodes in one place"
        assert all(0 <= column <= 7 and 0 <= lane <= 4 for column, lane in places)


def mutants() -> list[Any]:
    def swapped(node: Node) -> Node:
        other = {"f": "i", "i": "f"}
        of = tuple(replace(wire, source=other.get(wire.source, wire.source)) for wire in node.of)
        return replace(node, of=of)

    def without_rest(node: Node) -> Node:
        return replace(node, op="phi", phi="identity") if node.op == "rest" else node

    def linear(node: Node) -> Node:
        return replace(node, phi="identity") if node.name in ("g", "h") else node

    def unbiased(node: Node) -> Node:
        return replace(node, biases=()) if node.op == "affine" else node

    return [("lstm", swapped), ("gru", without_rest), ("gru", linear), ("lstm", linear),
            ("rnn", linear), ("rnn", unbiased), ("gru", unbiased)]  # fmt: skip


@pytest.mark.parametrize(("cell", "change"), mutants())
def test_a_wrong_drawing_does_not_agree(cell, change, monkeypatch):
    flow, kind = flow_of(cell, {}), CELLS[cell]
    graph = tuple(change(node) for node in kind().graph)
    monkeypatch.setattr(kind, "graph", property(lambda self: graph))
    with pytest.raises(AssertionError):
        agrees(flow, currents(flow, EXAMPLE))


def test_gradients_beyond_the_range_of_floats_keep_their_logarithms():
    model = build("rnn", 1, 4, output_size=1, gain=1e-3, nonlinearity="identity")
    x = np.ones((150, 1, 1))
    flow = backprop(run(model, x), SquaredError(np.ones((150, 1, 1)), np.arange(150) == 149))
    found, layer = currents(flow), flow.layers[0]
    logs, signs = of_unit(found.gradients["h"], 2)
    np.testing.assert_allclose(logs, layer.log10_magnitudes("h")[:, 0, 2], rtol=1e-12)
    np.testing.assert_array_equal(signs, layer.signs("h")[:, 0, 2])
    assert logs.min() < -400
    came, _ = of_unit(found.arriving["h"], 2)
    np.testing.assert_allclose(came[:-1], logs[:-1], rtol=1e-9)


def test_a_model_of_two_layers_is_refused():
    model = build("rnn", 1, 2, num_layers=2)
    flow = backprop(run(model, np.ones((3, 1))), np.ones((3, 1, 2)))
    with pytest.raises(ValueError, match="one layer and one direction"):
        currents(flow)
