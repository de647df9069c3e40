"""Other functions in a cell's equations, and the limit of what they are given."""

from __future__ import annotations

import pickle
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from rnnviz import CELLS, Model, backprop, build, run
from rnnviz.analysis.cell_graph import currents
from rnnviz.analysis.jacobian import step_matrices
from rnnviz.analysis.verification.live_checks import verify
from rnnviz.cells._function_names import NUMBERS, parsed
from rnnviz.cells._functions import function
from tests.cells.conformance.test_step_jacobian import by_unit_vectors
from tests.oracle import STEP, agree, agree_along, stack, states, varied

CHANGED: list[tuple[str, dict[str, Any]]] = [
    ("rnn", {"activations": {"h": "hard_sigmoid"}}),
    ("rnn", {"clip": 0.8}),
    ("gru", {"activations": {"r": "hard_sigmoid_6", "z": "softsign", "g": "elu(1.4)"}}),
    ("gru", {"reset_after": True, "clip": 0.7, "activations": {"g": "softplus"}}),
    ("lstm", {"activations": {"f": "hard_sigmoid(0.3, 0.4)", "g": "selu", "m": "relu"}}),
    ("lstm", {"clip": 0.9, "activations": {"i": "exponential", "g": "affine(0.5, 0.1)"}}),
    ("lstm", {"clip": 0.9, "hold": {"f": 0.3}, "activations": {"f": "tanh", "o": "tanh"}}),
    ("peephole_lstm", {"peephole": "diagonal", "clip": 1.1, "activations": {"m": "elu"}}),
    ("cifg_lstm", {"activations": {"f": "hard_sigmoid", "g": "leaky_relu(0.3)"}}),
    ("mingru", {"activations": {"g": "tanh"}, "clip": 0.8}),
    ("cifg_lstm", {"coupled": "f", "activations": {"i": "hard_sigmoid(0.3, 0.6)"}}),
    ("cifg_lstm", {"coupled": "f", "peephole": "diagonal", "clip": 1.2}),
    ("cifg_lstm", {"peephole": "diagonal"}),
]  # fmt: skip


@pytest.mark.parametrize("phi", [one for one in NUMBERS if one != "clip"])
def test_slopes_are_the_derivatives_of_the_values(phi: str) -> None:
    a = np.linspace(-4, 4, 41) + 0.013
    for name in (phi, f"{phi}∘clip(1.5)"):
        of = function(name)
        theirs = of.value(a + STEP * 1j).imag / STEP
        np.testing.assert_allclose(of.slope(of.value(a)), theirs, rtol=1e-9, atol=1e-14)
        assert of.steepest is None or abs(theirs).max() <= of.steepest * (1 + 1e-12)
        narrow = of.value(a.astype(np.float32))
        assert narrow.dtype == of.slope(narrow).dtype == np.float32
    for one, other in pairwise(np.broadcast_to(function(f"{phi}∘clip(1.5)").value(a[-5:]), 5)):
        assert one == other


@pytest.mark.parametrize(("cell", "options"), CHANGED)
def test_signals_gradients_jacobians_arithmetic_and_drawing_follow(
    cell: str, options: dict[str, Any]
) -> None:
    rng = np.random.default_rng(1)
    model = varied(build(cell, 2, 3, **options), 1)
    x, start = rng.standard_normal((4, 2, 2)), states(model, 2, rng)
    trace = run(model, x, **{f"{name}0": one for name, one in start.items()})
    dh = rng.standard_normal(trace.outputs.shape)
    flow, W = backprop(trace, dh), model.parameters[0]

    def loss(**changes: Any) -> Any:
        return (dh * stack(model, **({"x": x, "start": start} | changes))[1]).sum()

    (signals,), _ = stack(model, x, start)
    for name, theirs in signals.items():
        agree(name, trace[name], theirs, 1e-13)

        def by_nudge(v: Any, name: str = name) -> Any:
            return loss(nudge={(0, "forward"): {name: v}})

        agree_along(f"d{name}", flow[name], by_nudge, 0 * dh)
    for name, one in W.items():

        def by_weight(v: Any, name: str = name) -> Any:
            return loss(parameters=[{**W, name: v}])

        agree_along(f"d{name}", flow.parameters[0][name], by_weight, one, 1e-9)
    agree_along("dx", flow.inputs, lambda v: loss(x=v), x)
    at = trace.layers[0]
    agree("J", step_matrices(at, 1, np.float64), by_unit_vectors(at, 1, np.float64), 1e-13)
    for name, value in currents(flow).values.items():
        if name in signals:
            agree(f"drawn {name}", value, trace[name][:, 0], 1e-12)
    for check in verify(trace, dh):
        assert check.ok, check


def test_the_arithmetic_shown_has_the_functions_and_their_numbers() -> None:
    options = {"activations": {"f": "hard_sigmoid", "g": "elu(1.5)"}, "clip": 0.5}
    trace = run(varied(build("lstm", 2, 3, **options)), np.ones((2, 1, 2)))
    at = trace.layers[0]
    known = {
        "σ": lambda a: 1 / (1 + np.exp(-a)), "tanh": np.tanh,
        "clip": lambda a, c: min(max(a, -c), c),
        "hard_sigmoid": lambda a: min(max(0.2 * a + 0.5, 0), 1),
        "elu": lambda a, alpha: a if a > 0 else alpha * np.expm1(a),
    }
    for line in at.cell.lines(at.parameters, at.record):
        text = line.template.format(*(float(term[1, 0, 2]) for term in line.terms))
        for side in text.split(" = "):
            value = eval(side.replace("·", "*").replace("−", "-"), known)
            assert abs(value - at.record[line.signal][1, 0, 2]) < 1e-12, text
    assert "elu(clip(" in next(s.equation for s in at.cell.signals if s.name == "g")


def test_units_first_in_memory_gives_the_same() -> None:
    cell = CELLS["lstm"](activations={"g": "softsign", "i": "hard_sigmoid"}, clip=1.0)
    model = varied(Model(cell, 2, 3, build("lstm", 2, 3).parameters))
    x, W = np.random.default_rng(0).standard_normal((5, 4, 2)), model.parameters[0]
    zeros = {name: np.zeros((4, 3)) for name in cell.states}
    one = cell.forward_pass(W, x.shape, np.float64, units_first=True)(W, x, zeros)
    agree("h", one["h"], run(model, x)["h"], 1e-14)


def test_what_the_cell_states_itself_changes_nothing() -> None:
    cell = CELLS["lstm"](activations={"f": "σ", "g": "tanh"})
    assert cell.options == {}
    assert cell.steps is CELLS["lstm"]().steps
    assert CELLS["rnn"](activations={"h": "relu"}).options == {"nonlinearity": "relu"}


def test_a_cell_with_other_functions_can_be_pickled_and_its_options_hashed() -> None:
    cell = CELLS["gru"](activations=[("g", "relu")], clip=2, reset_after=True)
    again = pickle.loads(pickle.dumps(cell))
    assert again.written == cell.written
    assert hash(tuple(again.options.items())) == hash(tuple(cell.options.items()))
    assert "g by relu, clipped to ±2" in repr(build("gru", 1, 2, **cell.options))


def test_spellings() -> None:
    assert parsed("σ") == parsed("sigmoid") == "sigmoid"
    assert parsed("hard_sigmoid(0.2, 0.5)") == "hard_sigmoid"
    assert parsed("affine(-1, 2)") == "affine(-1.0, 2.0)"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"activations": {"q": "relu"}}, "`a symbol of `activations` of 'lstm'` must be one of"),
        ({"activations": {"c": "relu"}}, "must be one of 'i', 'f', 'g', 'o', 'm', got 'c'"),
        ({"activations": {"g": "swish"}}, r"`activations\['g'\]` must be one of sigmoid"),
        ({"activations": {"g": "elu(1, 2)"}}, "must have 1 numbers for elu, got 2"),
        ({"activations": {"g": "elu(-1)"}}, "must have a number above zero for elu"),
        ({"activations": {"g": "elu(x)"}}, "must have numbers in its brackets, got 'x'"),
        ({"activations": {"g": "elu(1e999)"}}, "must have finite numbers"),
        ({"activations": {"g": "clip(1)"}}, "must be one of"),
        ({"activations": {"g": 3}}, "must be one of"),
        ({"activations": "relu"}, "`activations` must map symbols to functions, got 'relu'"),
        ({"clip": 0}, "`clip` must be above zero"),
        ({"clip": "1"}, "`clip` must be a finite number"),
    ],
)
def test_what_is_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        build("lstm", 1, 2, **options)


def test_a_gate_with_weights_can_be_held_and_the_other_not() -> None:
    cell = CELLS["cifg_lstm"](coupled="f", hold={"i": 0.25}, peephole="diagonal")
    trace = run(varied(Model(cell, 2, 3, build("cifg_lstm", 2, 3, peephole="diagonal").parameters)),
                np.ones((3, 2)))  # fmt: skip
    np.testing.assert_array_equal(trace["f"], 0.75)
    with pytest.raises(ValueError, match="gate to hold of 'cifg_lstm'` must be one of 'i', 'o'"):
        CELLS["cifg_lstm"](coupled="f", hold={"f": 0.5})
    with pytest.raises(ValueError, match="`coupled` must be one of 'i', 'f', got 'o'"):
        build("cifg_lstm", 1, 2, coupled="o")
