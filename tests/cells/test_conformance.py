"""What every cell must do, with every value of every option; a new cell file is tested at once."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest

from rnnviz import CELLS, Model, backprop, build, run
from rnnviz.analysis.jacobian import step_matrices
from tests.oracle import NAMES, VARIANTS, agree, agree_along, deviation, stack, states, varied

T, B, D, H = 4, 2, 2, 3
SHAPES = {"one layer": {}, "two layers, both directions": {"num_layers": 2, "bidirectional": True}}
every_variant = pytest.mark.parametrize(("cell", "options"), VARIANTS, ids=NAMES)
every_shape = pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
STACKED = ("rnn-tanh", "lstm", "gru-True")
"""Variants that stand for all in two layers and both directions, where a derivative takes long."""
each_alone_some_stacked = pytest.mark.parametrize(
    ("cell", "options", "shape"),
    [
        pytest.param(*one, shape, id=f"{what}-{name}")
        for what, shape in SHAPES.items()
        for name, one in zip(NAMES, VARIANTS, strict=True)
        if not shape or name in STACKED
    ],
)


class Case:
    """A model with random weights and biases, an input, initial states, and a projection."""

    def __init__(self, cell: str, options: dict, shape: dict, seed: int = 1) -> None:
        rng = np.random.default_rng(seed)
        self.model: Model = varied(build(cell, D, H, **options, **shape), seed)
        self.x = rng.standard_normal((T, B, D))
        self.start = states(self.model, B, rng)
        given = {f"{name}0": value for name, value in self.start.items()}
        self.trace = run(self.model, self.x, **given)
        self.dh = rng.standard_normal(self.trace.outputs.shape)
        self.flow = backprop(self.trace, self.dh)

    def loss(self, **changes: Any) -> Any:
        """The projection of the oracle's outputs, with changed arguments."""
        arguments = {"x": self.x, "start": self.start} | changes
        return (self.dh * stack(self.model, **arguments)[1]).sum()


@pytest.fixture
def case(cell: str, options: dict, shape: dict) -> Case:
    return Case(cell, options, shape)


@every_variant
@every_shape
def test_every_signal_follows_its_equation(case: Case) -> None:
    layers, outputs = stack(case.model, case.x, case.start)
    agree("outputs", case.trace.outputs, outputs, 1e-13)
    for (_, layer, direction), signals in zip(case.model.places(), layers, strict=True):
        for name, theirs in signals.items():
            ours = case.trace.layer(layer, direction)[name]
            agree(f"{name} of layer {layer}, {direction}", ours, theirs, 1e-13)


@each_alone_some_stacked
def test_parameter_gradients_are_the_derivatives(case: Case) -> None:
    for index, W in enumerate(case.model.parameters):
        assert set(case.flow.parameters[index]) == set(W)
        for name, value in W.items():

            def loss(moved: Any, index: int = index, name: str = name) -> Any:
                layers = list(case.model.parameters)
                layers[index] = {**layers[index], name: moved}
                return case.loss(parameters=layers)

            agree_along(f"{name} of {index}", case.flow.parameters[index][name], loss, value)


@every_variant
@every_shape
def test_input_and_initial_state_gradients_are_the_derivatives(case: Case) -> None:
    agree_along("dx", case.flow.inputs, lambda x: case.loss(x=x), case.x)
    for name, value in case.start.items():

        def loss(moved: Any, name: str = name) -> Any:
            return case.loss(start={**case.start, name: moved})

        agree_along(f"d{name}0", case.flow.initial[name], loss, value)


@each_alone_some_stacked
def test_the_gradient_of_every_signal_and_pre_activation_is_the_derivative(case: Case) -> None:
    """∂L/∂f_t is what the loss gains if a little is added to f_t where it is made."""
    kind = case.model.cell
    places = {(layer, direction) for _, layer, direction in case.model.places()}
    for name in [*(s.name for s in kind.signals), *(f"a_{block}" for block in kind.blocks)]:
        for place in sorted(places)[:: max(1, len(places) - 1)]:

            def loss(moved: Any, place: Any = place, name: str = name) -> Any:
                return case.loss(nudge={place: {name: moved}})

            ours = case.flow.layer(*place)[name]
            agree_along(f"d{name} of {place}", ours, loss, np.zeros((T, B, H)))


@every_variant
def test_a_random_direction_in_everything_at_once(cell: str, options: dict) -> None:
    """∂L/∂(all) · direction against central differences of our own forward run."""
    case, rng = Case(cell, options, SHAPES["two layers, both directions"]), np.random.default_rng(5)
    directions = [{k: rng.standard_normal(W.shape) for k, W in one.items()}
                  for one in case.model.parameters]  # fmt: skip
    dx, step = rng.standard_normal(case.x.shape), 1e-6

    def loss(at: float) -> float:
        layers = [{k: W + at * v[k] for k, W in one.items()}
                  for one, v in zip(case.model.parameters, directions, strict=True)]  # fmt: skip
        model = Model(case.model.cell, D, H, tuple(layers), 2, True)
        start = {f"{name}0": value for name, value in case.start.items()}
        return float((case.dh * run(model, case.x + at * dx, **start).outputs).sum())

    measured = (loss(step) - loss(-step)) / (2 * step)
    told = (case.flow.inputs * dx).sum() + sum(
        (gradient[k] * v[k]).sum()
        for gradient, v in zip(case.flow.parameters, directions, strict=True)
        for k in v
    )
    assert abs(told - measured) < 1e-7 * max(1, abs(measured)), (told, measured)


@every_variant
def test_shapes(cell: str, options: dict) -> None:
    case = Case(cell, options, {})
    for signal in case.model.cell.signals:
        assert case.trace[signal.name].shape == case.flow[signal.name].shape == (T, B, H)
        assert case.flow.log10_norms(signal.name).shape == (T + 1, B)
    assert case.flow.inputs.shape == (T, B, D)
    for name, shape in case.model.cell.shapes(D, H).items():
        assert case.model.parameters[0][name].shape == case.flow.parameters[0][name].shape == shape
        assert case.flow.log10_weight_norms(name).shape == (T,)
    assert {name: value.shape for name, value in case.flow.initial.items()} == dict.fromkeys(
        case.model.cell.states, (1, B, H)
    )


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


@every_variant
@every_shape
def test_records_are_read_only(case: Case) -> None:
    arrays = {"x": case.trace.x, "outputs": case.trace.outputs}
    arrays |= {"d outputs": case.flow.outputs, "d inputs": case.flow.inputs}
    for (_, layer, direction), W in zip(case.model.places(), case.model.parameters, strict=True):
        at, flow = case.trace.layer(layer, direction), case.flow.layer(layer, direction)
        arrays |= {f"{name} {at.layer}": value for name, value in [*W.items(), *at.record.items()]}
        arrays |= {f"d {name}": value for name, value in flow.parameters.items()}
        for signal in case.model.cell.signals:
            arrays |= {signal.name: at[signal.name], f"flow {signal.name}": flow[signal.name]}
        for mapping in (W, at.record, flow.parameters, flow.d):
            with pytest.raises(TypeError):
                mapping["new"] = 0  # type: ignore[index]
    for name, array in arrays.items():
        assert not array.flags.writeable, name


@every_variant
def test_what_the_caller_changes_later_does_not_reach_the_record(cell: str, options: dict) -> None:
    model = build(cell, D, H, **options)
    x, dh = np.ones((T, B, D)), np.ones((T, B, H))
    start = {f"{name}0": np.ones((B, H)) for name in model.cell.states}
    trace = run(model, x, **start)
    flow = backprop(trace, dh)
    before = trace.x.copy(), trace["h"].copy(), flow.outputs.copy(), trace.initial["h"].copy()
    for array in (x, dh, *start.values()):
        array[:] = 9
    after = trace.x, trace["h"], flow.outputs, trace.initial["h"]
    for one, other in zip(before, after, strict=True):
        np.testing.assert_array_equal(one, other)


@every_variant
def test_every_size_batch_and_precision_follows_the_equations(cell: str, options: dict) -> None:
    """H = 1, 2, 3 and B = 1, 3: float64 against the equations, float32 against float64."""
    rng = np.random.default_rng(1)
    for size, batch in product((1, 2, 3), (1, 3)):
        x, dh = rng.standard_normal((T, batch, D)), rng.standard_normal((T, batch, size))
        wide, narrow = (
            varied(build(cell, D, size, dtype=dtype, **options)) for dtype in (float, "float32")
        )
        zeros = {name: np.zeros((1, batch, size)) for name in wide.cell.states}
        (theirs,), _ = stack(wide, x, zeros)
        trace, other = run(wide, x), run(narrow, x)
        flow, back = backprop(trace, dh), backprop(other, dh)
        for signal in theirs:
            what = f"{signal} of H = {size}, B = {batch}"
            assert other[signal].dtype == back[signal].dtype == np.float32
            agree(what, trace[signal], theirs[signal], 1e-13)
            agree(what, other[signal], trace[signal], 1e-5)
            agree(f"d{what}", back[signal], flow[signal], 1e-5)
        for name, gradient in back.parameters[0].items():
            assert gradient.dtype == np.float32
            agree(f"d{name} of H = {size}, B = {batch}", gradient, flow.parameters[0][name], 1e-5)


@every_variant
def test_the_steps_contributions_sum_to_the_full_gradient(cell: str, options: dict) -> None:
    """Step t's share is the whole gradient of the loss with that step's parameters moved alone."""
    case = Case(cell, options, {})
    at, flow = case.trace.layers[0], case.flow.layers[0]
    shares = at.cell.contributions(at.parameters, at.record, flow.d)
    for name, total in flow.parameters.items():
        share = shares[name]
        if isinstance(share, tuple):
            parts = [np.einsum("tbm,tbn->tmn", left, right) for left, right in share]
            share = np.concatenate(parts, axis=-1)
        else:
            share = share.sum(axis=1)
        agree(name, share.sum(axis=0), total, 1e-12)
        lengths = np.sqrt((share**2).reshape(T, -1).sum(axis=1))
        np.testing.assert_allclose(10 ** flow.log10_weight_norms(name), lengths, rtol=1e-12)


@every_variant
@every_shape
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_the_step_jacobian_is_what_the_backward_step_does(case: Case, dtype: Any) -> None:
    """Against unit vectors sent through the backward step."""
    within = 1e-14 if dtype == np.float64 else 1e-6
    for at in case.trace.layers:
        for example in range(B):
            ours = step_matrices(at, example, dtype)
            assert ours.dtype == dtype
            theirs = by_unit_vectors(at, example, dtype)
            agree(f"{at.layer} {at.direction}", ours, theirs, within)


def by_unit_vectors(at: Any, example: int, dtype: Any) -> Any:
    """∂s_t/∂s_{t−1} (T, n, n): one backward step of n examples, each with one unit vector."""
    size, names = at.record["h"].shape[-1], at.cell.states
    n = len(names) * size
    W = {name: one.astype(dtype) for name, one in at.parameters.items()}
    record = {
        name: np.repeat(one[:, example : example + 1].astype(dtype), n, axis=1)
        for name, one in at.record.items()
    }
    d = at.cell.gradient_records(record["h"].shape, dtype)
    for k, name in enumerate(names):
        unit = np.eye(n, dtype=dtype)[:, k * size : (k + 1) * size]
        d[f"d{name}"] = np.repeat(unit[None], len(record["h"]), axis=0)
        d[f"d{name}_prev"] = np.zeros_like(record["h"])
    step = at.cell.backward_loop(W, n, size, dtype).bound(record, d)
    for t in range(len(record["h"])):
        step(t)
    return np.concatenate([d[f"d{name}_prev"] for name in names], axis=-1)


@every_variant
def test_one_timestep_and_one_unit_work(cell: str, options: dict) -> None:
    model = varied(build(cell, 1, 1, **options))
    trace = run(model, [[0.3]])
    theirs = stack(model, np.array([[[0.3]]]), {n: np.zeros((1, 1, 1)) for n in model.cell.states})
    assert deviation(trace.outputs, theirs[1]) < 1e-13
    assert np.isfinite(backprop(trace, [[1.0]]).log10_norms("h")[1:]).all()
