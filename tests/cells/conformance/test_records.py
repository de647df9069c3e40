"""Records of every cell: shapes, read-only arrays, every size, batch and precision."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from rnnviz import backprop, build, run
from tests.cells.conformance.cases import B, Case, D, H, T, every_shape, every_variant
from tests.oracle import agree, deviation, stack, varied


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
def test_one_timestep_and_one_unit_work(cell: str, options: dict) -> None:
    model = varied(build(cell, 1, 1, **options))
    trace = run(model, [[0.3]])
    theirs = stack(model, np.array([[[0.3]]]), {n: np.zeros((1, 1, 1)) for n in model.cell.states})
    assert deviation(trace.outputs, theirs[1]) < 1e-13
    assert np.isfinite(backprop(trace, [[1.0]]).log10_norms("h")[1:]).all()
