"""The cell variants against PyTorch and against the cells that they are special cases of."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rnnviz import CELLS, backprop, build, roads, run, step_jacobians
from rnnviz.analysis.bounds import predictions
from rnnviz.analysis.verification.live_checks import verify
from rnnviz.experiments.settings import Settings
from tests.oracle import agree, replaced, varied

STORED = np.load(Path(__file__).parents[1] / "data" / "torch_variants_f64.npz")
VARIANTS = sorted({key.split(".")[0] for key in STORED})
BLIND = [name for name, kind in CELLS.items() if not kind.sees_past]
T, B, D, H = 9, 3, 2, 4


def flow_of(model: Any, seed: int = 3) -> Any:
    rng = np.random.default_rng(seed)
    x, dh = rng.standard_normal((T, B, D)), rng.standard_normal((T, B, H))
    start = {f"{name}0": rng.standard_normal((B, H)) for name in ("h", "c")}
    start = {name: one for name, one in start.items() if name[0] in model.cell.states}
    return backprop(run(model, x, **start), dh)


def split(model: Any, W: Any, name: str) -> dict[str, Any]:
    return {block: model.cell.block(block, W[name]) for block in model.cell.blocks}


def joined(model: Any, parts: dict[str, dict[str, Any]]) -> Any:
    """The model with parameter → block → values."""
    W = {name: np.concatenate([of[block] for block in model.cell.blocks], axis=-1)
         for name, of in parts.items()}  # fmt: skip
    return replaced(model, [W])


def parts(model: Any) -> dict[str, dict[str, Any]]:
    return {name: split(model, model.parameters[0], name) for name in model.parameters[0]}


@pytest.mark.parametrize("cell", VARIANTS)
def test_pytorch_finds_the_same(cell: str) -> None:
    given = {key.split(".")[1]: STORED[key] for key in STORED if key.startswith(f"{cell}.")}
    W = {name: given[name] for name in CELLS[cell]().shapes(1, 1)}
    model = replaced(build(cell, given["x"].shape[-1], given["h0"].shape[-1]), [W])
    start = {name: given[name] for name in ("h0", "c0") if name in given}
    trace = run(model, given["x"], **start)
    agree("outputs", trace.outputs, given["outputs"], 1e-13)
    flow = backprop(trace, given["dh"])
    agree("dx", flow.inputs, given["dx"], 1e-12)
    for name, gradient in flow.parameters[0].items():
        agree(f"d{name}", gradient, given[f"d{name}"], 1e-12)
    for name, gradient in flow.initial.items():
        agree(f"d{name}0", gradient[0], given[f"d{name}0"], 1e-12)


def test_the_lstm_of_1997_is_the_lstm_whose_forget_gate_is_held_at_1() -> None:
    lstm = varied(build("lstm", D, H, hold={"f": 1.0}), seed=5)
    first = build("lstm_1997", D, H)
    first = joined(first, {name: {b: of[b] for b in "igo"} for name, of in parts(lstm).items()})
    one, other = flow_of(lstm), flow_of(first)
    agree("outputs", other.trace.outputs, one.trace.outputs, 1e-14)
    agree("dx", other.inputs, one.inputs, 1e-13)
    for name in ("h", "c", "i", "g", "o", "a_i", "a_g", "a_o"):
        agree(name, other[name], one[name], 1e-13)
    assert (one.trace["f"] == 1).all()


def test_the_coupled_lstm_is_the_lstm_with_opposite_weights_in_i_and_f() -> None:
    coupled = varied(build("cifg_lstm", D, H), seed=6)
    own = parts(coupled)
    lstm = joined(build("lstm", D, H), {name: {**of, "i": -of["f"]} for name, of in own.items()})
    one, other = flow_of(coupled), flow_of(lstm)
    agree("outputs", one.trace.outputs, other.trace.outputs, 1e-14)
    agree("i", one.trace["i"], other.trace["i"], 1e-14)
    agree("a_f", one["a_f"], other["a_f"] - other["a_i"], 1e-12)
    agree("dc", one["c"], other["c"], 1e-13)
    np.testing.assert_array_equal(one.trace["i"], 1 - one.trace["f"])


def test_janet_is_the_gru_whose_reset_gate_is_held_at_1() -> None:
    janet = varied(build("janet", D, H), seed=7)
    gru = varied(build("gru", D, H, hold={"r": 1.0}), seed=8)
    changed = parts(gru)
    for name, of in parts(janet).items():
        changed[name] |= {"z": of["f"], "g": of["g"]}
    one, other = flow_of(janet), flow_of(joined(gru, changed))
    agree("outputs", one.trace.outputs, other.trace.outputs, 1e-14)
    agree("dx", one.inputs, other.inputs, 1e-13)
    agree("a_f", one["a_f"], other["a_z"], 1e-13)
    agree("Jacobian", step_jacobians(one.trace), step_jacobians(other.trace), 1e-13)


def test_the_minimal_lstm_with_opposite_gates_is_the_minimal_gru() -> None:
    gru = varied(build("mingru", D, H), seed=9)
    shared = {name: {"f": of["z"], "i": -of["z"], "g": of["g"]} for name, of in parts(gru).items()}
    one, other = flow_of(gru), flow_of(joined(build("minlstm", D, H), shared))
    agree("outputs", other.trace.outputs, one.trace.outputs, 1e-14)
    agree("k", other.trace["k"], one.trace["z"], 1e-14)
    agree("dx", other.inputs, one.inputs, 1e-12)


@pytest.mark.parametrize("cell", BLIND)
def test_without_recurrent_weights_the_step_jacobian_is_exactly_diagonal(cell: str) -> None:
    model = varied(build(cell, D, H), seed=1)
    flow = flow_of(model)
    gate = flow.trace[model.cell.keeping_gate]
    for batch in range(B):
        found = step_jacobians(flow.trace, batch=batch)
        for t, matrix in enumerate(found):
            np.testing.assert_array_equal(matrix, np.diag(gate[t, batch]))


@pytest.mark.parametrize("cell", BLIND)
def test_without_recurrent_weights_all_gradient_takes_the_kept_road(cell: str) -> None:
    flow = flow_of(varied(build(cell, D, H), seed=2))
    found = roads(flow.trace, flow.outputs)
    assert np.isneginf(found.rest).all()
    np.testing.assert_array_equal(found.share, 1)
    np.testing.assert_allclose(found.main, found.total, atol=1e-14)


@pytest.mark.parametrize("cell", BLIND)
def test_there_is_no_recurrent_matrix_and_no_control_for_one(cell: str) -> None:
    model = build(cell, D, H, init="orthogonal")
    assert set(model.parameters[0]) == {"W_x", "b"}
    assert model.dtype == np.float64
    with pytest.raises(ValueError, match=f"`gain` must be 1 for the cell '{cell}', which has no"):
        build(cell, D, H, gain=2.0)
    with pytest.raises(ValueError, match="`spectral_radius` must be None for"):
        build(cell, D, H, spectral_radius=1.0)
    one, two = (Settings(cells=(cell,), length=5, hidden_size=3, scale=scale, scaling=scaling)
                for scale, scaling in ((1.0, "gain"), (2.0, "radius")))  # fmt: skip
    np.testing.assert_array_equal(one.flow(cell).inputs, two.flow(cell).inputs)


def test_the_paper_s_chrono_biases_keep_the_minimal_lstm_as_long_as_any_other() -> None:
    model = build("minlstm", 1, 50, init="chrono", longest=100)
    k = run(model, np.zeros((3, 1)))["k"]
    lasts = 1 / (1 - k[0, 0])
    assert lasts.min() >= 2
    assert lasts.max() <= 100
    assert np.ptp(lasts) > 60


def test_the_road_of_the_lstm_of_1997_multiplies_by_1() -> None:
    model = replaced(build("lstm_1997", 1, H), [
        {name: 0 * W for name, W in build("lstm_1997", 1, H).parameters[0].items()}
    ])  # fmt: skip
    trace = run(model, np.zeros((200, 1)))
    dh = np.zeros((200, 1, H))
    dh[-1] = 1
    flow = backprop(trace, dh)
    np.testing.assert_array_equal(flow["c"], np.full((200, 1, H), 0.5))
    (line,) = predictions(flow.layers[0])
    assert line.name == "∏ 1"
    np.testing.assert_allclose(line.log10, flow.log10_norms("c")[:, 0])


@pytest.mark.parametrize("cell", VARIANTS)
def test_everything_the_pages_check_is_true(cell: str) -> None:
    flow = flow_of(varied(build(cell, D, H), seed=4))
    for check in verify(flow.trace, flow.outputs):
        assert check.ok, check


def test_where_both_gates_are_exactly_shut_the_minimal_lstm_says_so() -> None:
    trace = run(build("minlstm", 1, 2, hold={"f": 0.0, "i": 0.0}), np.ones((3, 1)))
    assert trace.first_nonfinite is not None
    assert trace.first_nonfinite.signal == "k"
