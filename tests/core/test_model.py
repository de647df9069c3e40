"""What `build` draws: schemes, seeds, options, readouts and types."""

from typing import Any

import numpy as np
import pytest

from rnnviz import CELLS, build, run
from rnnviz.core import initialisation
from rnnviz.core.initialisation import spectral_radius
from tests.oracle import NAMES, VARIANTS

H, D = 24, 10
every_cell = pytest.mark.parametrize("cell", sorted(CELLS))
with_W_h = pytest.mark.parametrize(
    "cell", [name for name, kind in sorted(CELLS.items()) if kind.sees_past]
)


def blocks(model: Any, name: str) -> list[Any]:
    W = model.parameters[0][name]
    return np.split(W, W.shape[-1] // model.hidden_size, axis=-1)


@with_W_h
def test_orthogonal_blocks_are_orthogonal_and_differ(cell: str) -> None:
    found = blocks(build(cell, D, H, init="orthogonal", seed=1), "W_h")
    for block in found:
        np.testing.assert_allclose(block @ block.T, np.eye(H), atol=1e-13)
    assert len({block.tobytes() for block in found}) == len(found)
    assert any(np.diag(block).min() < 0 for block in found)


def test_orthogonal_matrices_have_no_preferred_sign() -> None:
    rng = np.random.default_rng(0)
    corners = [initialisation.orthogonal(rng, 3)[0, 0] for _ in range(400)]
    assert abs(np.mean(corners)) < 0.1
    assert 0.25 < np.mean(np.square(corners)) < 0.42


@with_W_h
def test_identity_blocks_are_the_identity_times_the_gain(cell: str) -> None:
    for block in blocks(build(cell, D, H, init="identity", gain=0.5), "W_h"):
        np.testing.assert_array_equal(block, 0.5 * np.eye(H))


@with_W_h
def test_glorot_fills_its_bounds(cell: str) -> None:
    model = build(cell, D, H, init="glorot")
    for name, rows in (("W_x", D), ("W_h", H)):
        bound = np.sqrt(6 / (rows + H))
        for block in blocks(model, name):
            assert 0.9 * bound < np.abs(block).max() <= bound
            assert abs(block.mean()) < 0.15 * bound


@with_W_h
def test_pytorch_s_default_fills_one_over_root_h(cell: str) -> None:
    model = build(cell, D, H)
    bound = H**-0.5
    for name in ("W_x", "W_h"):
        for block in blocks(model, name):
            assert 0.9 * bound < np.abs(block).max() <= bound
    b = model.parameters[0]["b"]
    assert np.abs(b).max() <= 2 * bound
    assert np.abs(b).max() > bound, "one bias stands for the sum of two"


def test_two_biases_are_drawn_one_by_one() -> None:
    W = build("gru", D, 200, reset_after=True).parameters[0]
    for name in ("b", "b_h"):
        assert 0.9 * 200**-0.5 < np.abs(W[name]).max() <= 200**-0.5


@every_cell
@pytest.mark.parametrize("init", ["glorot", "orthogonal", "identity"])
def test_other_laws_start_with_biases_of_0(cell: str, init: str) -> None:
    W = build(cell, D, H, init=init).parameters[0]
    assert not W["b"].any()


def test_gain_multiplies_the_recurrent_matrix_and_nothing_else() -> None:
    one, two = (build("lstm", D, H, seed=4, gain=gain).parameters[0] for gain in (1.0, 2.0))
    np.testing.assert_array_equal(two["W_h"], 2 * one["W_h"])
    np.testing.assert_array_equal(two["W_x"], one["W_x"])
    np.testing.assert_array_equal(two["b"], one["b"])


@with_W_h
@pytest.mark.parametrize("init", ["pytorch", "glorot", "orthogonal", "identity"])
def test_the_spectral_radius_is_reached_in_every_block_layer_and_direction(
    cell: str, init: str
) -> None:
    model = build(
        cell, D, H, init=init, spectral_radius=1.3, num_layers=2, bidirectional=True, seed=2
    )
    for W in model.parameters:
        for block in np.split(W["W_h"], W["W_h"].shape[1] // H, axis=1):
            assert np.abs(np.linalg.eigvals(block)).max() == pytest.approx(1.3, rel=1e-10)


def test_spectral_radius_of_a_matrix_without_one_is_refused() -> None:
    with pytest.raises(ValueError, match="`spectral_radius` needs"):
        initialisation.with_spectral_radius(np.array([[0.0, 1.0], [0.0, 0.0]]), 0.9)
    assert spectral_radius(np.array([[0.0, -2.0], [2.0, 0.0]])) == pytest.approx(2)


@pytest.mark.parametrize("init", ["pytorch", "orthogonal"])
@pytest.mark.parametrize(
    ("cell", "options", "argument", "block"),
    [
        ("lstm", {}, "forget_bias", "f"),
        ("peephole_lstm", {}, "forget_bias", "f"),
        ("gru", {}, "update_bias", "z"),
        ("gru", {"reset_after": True}, "update_bias", "z"),
    ],
)
def test_a_gate_s_bias_is_set_and_the_others_left(
    cell: str, options: dict, argument: str, block: str, init: str
) -> None:
    plain = build(cell, D, H, num_layers=2, init=init, **options)
    model = build(cell, D, H, num_layers=2, init=init, **options, **{argument: 3.0})
    for before, W in zip(plain.parameters, model.parameters, strict=True):
        total = sum(model.cell.block(block, W[name]) for name in ("b", "b_h") if name in W)
        assert (total == 3.0).all()
        for other in set(model.cell.blocks) - {block}:
            for name in W:
                if name not in ("p", "W_c"):
                    np.testing.assert_array_equal(
                        model.cell.block(other, W[name]), model.cell.block(other, before[name])
                    )


def test_a_forget_bias_of_0_is_not_the_same_as_none() -> None:
    drawn, zero = (build("lstm", D, H, forget_bias=value) for value in (None, 0.0))
    cell = drawn.cell
    assert cell.block("f", drawn.parameters[0]["b"]).any()
    assert not cell.block("f", zero.parameters[0]["b"]).any()


@pytest.mark.parametrize(("cell", "options"), VARIANTS, ids=NAMES)
def test_the_same_seed_gives_the_same_model_and_another_one_another(
    cell: str, options: dict
) -> None:
    one, same, other = (build(cell, D, H, seed=seed, **options) for seed in (3, 3, 4))
    for name, W in one.parameters[0].items():
        np.testing.assert_array_equal(W, same.parameters[0][name])
        assert (other.parameters[0][name] != W).any()


def test_layers_and_directions_are_drawn_apart() -> None:
    model = build("gru", H, H, num_layers=2, bidirectional=True)
    assert len({W["W_h"].tobytes() for W in model.parameters}) == 4
    assert [W["W_x"].shape[0] for W in model.parameters] == [H, H, 2 * H, 2 * H]


@pytest.mark.parametrize("bidirectional", [False, True])
def test_every_cell_gets_the_same_readout_from_the_same_seed(bidirectional: bool) -> None:
    models = [
        build(cell, 3, 4, seed=9, output_size=2, num_layers=layers, bidirectional=bidirectional)
        for cell in CELLS
        for layers in (1, 2)
    ]
    first = models[0].readout.parameters
    assert first["W_y"].shape == (4 * (1 + bidirectional), 2)
    assert np.abs(first["W_y"]).max() <= first["W_y"].shape[0] ** -0.5
    for model in models:
        for name, value in model.readout.parameters.items():
            np.testing.assert_array_equal(value, first[name])
    other = build("rnn", 3, 4, seed=10, output_size=2, bidirectional=bidirectional)
    assert (other.readout.parameters["W_y"] != first["W_y"]).all()


@every_cell
@pytest.mark.parametrize("dtype", ["float32", np.float32, np.dtype("float32"), float, "f8"])
def test_the_float_type_goes_through(cell: str, dtype: Any) -> None:
    model = build(cell, 2, 3, dtype=dtype, output_size=2)
    assert model.dtype == np.dtype(dtype)
    arrays = [*model.parameters[0].values(), *model.readout.parameters.values()]
    arrays.append(run(model, np.ones((3, 2))).outputs)
    assert {array.dtype for array in arrays} == {np.dtype(dtype)}


def test_float32_is_float64_rounded() -> None:
    wide, narrow = (build("lstm", 2, 3, dtype=dtype) for dtype in ("float64", "float32"))
    for name, W in wide.parameters[0].items():
        np.testing.assert_array_equal(W.astype(np.float32), narrow.parameters[0][name])


def test_places_follow_pytorch_s_order() -> None:
    model = build("rnn", 1, 2, num_layers=2, bidirectional=True)
    assert list(model.places()) == [
        (0, 0, "forward"), (1, 0, "reverse"), (2, 1, "forward"), (3, 1, "reverse"),
    ]  # fmt: skip
    assert [model.index(layer, direction) for _, layer, direction in model.places()] == [0, 1, 2, 3]
