"""Initialisation schemes against the definitions in their papers."""

import numpy as np
import pytest

from rnnviz import CELLS, build
from rnnviz.core.initialisation import OWN_GATE_BIASES, RECURRENT
from rnnviz.experiments.settings import Settings

OPENS = {name: kind().keeps_by for name, kind in CELLS.items() if kind().keeps_by is not None}
"""Cell → the block whose bias opens the gate that keeps."""
KEEPING = list(OPENS)
T_MAX, H = 200, 4000


def biases(cell, longest=T_MAX, size=H, seed=0, **more):
    """Block → bias (H,), of one draw."""
    model = build(cell, 2, size, init="chrono", longest=longest, seed=seed, **more)
    b = model.parameters[0]["b"]
    return {name: model.cell.block(name, b) for name in model.cell.blocks}


@pytest.fixture(scope="module")
def drawn():
    # W_h has 4·H² entries: the law is per unit, so many narrow models are drawn instead.
    def all_of(cell):
        found = [biases(cell, size=40, seed=seed) for seed in range(100)]
        return {name: np.concatenate([one[name] for one in found]) for name in found[0]}

    return {cell: all_of(cell) for cell in [*KEEPING, "rnn"]}


@pytest.mark.parametrize("cell", KEEPING)
def test_chrono_draws_memories_evenly_from_2_to_t_max(drawn, cell):
    """Tallec and Ollivier 2018: b_f = ln U(1, T_max − 1), so that 1 + e^b_f = 1 / (1 − σ(b_f))."""
    keeps = drawn[cell][OPENS[cell]]
    memory = 1 + np.exp(keeps)
    np.testing.assert_allclose(1 / (1 - 1 / (1 + np.exp(-keeps))), memory)
    assert memory.min() >= 2
    assert memory.max() <= T_MAX
    deciles = np.quantile(memory, np.arange(1, 10) / 10)
    np.testing.assert_allclose(deciles, 2 + (T_MAX - 2) * np.arange(1, 10) / 10, atol=8)


@pytest.mark.parametrize("cell", KEEPING)
def test_chrono_shuts_the_input_gate_as_far_as_the_other_is_open(drawn, cell):
    blocks, gate = drawn[cell], OPENS[cell]
    rest = set(blocks) - {gate, "i"}
    if "i" in blocks:
        np.testing.assert_array_equal(blocks["i"], -blocks[gate])
    for name in rest:
        assert not blocks[name].any(), name


def test_chrono_without_a_gate_is_glorot_without_biases(drawn):
    (one,) = drawn["rnn"].values()
    assert not one.any()
    chrono, glorot = (build("rnn", 3, 5, init=law, **more).parameters[0]
                      for law, more in (("chrono", {"longest": 9}), ("glorot", {})))  # fmt: skip
    for name in glorot:
        np.testing.assert_array_equal(chrono[name], glorot[name])


def test_a_gru_that_resets_after_has_the_bias_once():
    model = build("gru", 2, 6, init="chrono", longest=50, reset_after=True)
    assert model.cell.block("z", model.parameters[0]["b"]).all()
    assert not model.parameters[0]["b_h"].any()


def test_the_shortest_memory_is_one_half():
    assert not biases("lstm", longest=2, size=3)["f"].any()


def test_every_layer_and_direction_draws_its_own():
    model = build("lstm", 2, 8, init="chrono", longest=30, num_layers=2, bidirectional=True)
    found = {tuple(model.cell.block("f", one["b"])) for one in model.parameters}
    assert len(found) == 4


@pytest.mark.parametrize("longest", [None, 1, 0, -3, 2.5, True, "50", 10**10])
def test_chrono_wants_to_know_how_long(longest):
    with pytest.raises(ValueError, match="`longest` must be an integer of at least 2"):
        build("lstm", 2, 3, init="chrono", longest=longest)


@pytest.mark.parametrize("law", [name for name in RECURRENT if name != "chrono"])
def test_no_other_law_does(law):
    with pytest.raises(ValueError, match="`longest` must be None"):
        build("lstm", 2, 3, init=law, longest=50)


@pytest.mark.parametrize("cell", KEEPING)
def test_settings_leave_the_law_s_own_biases_alone(cell):
    one = Settings(task="impulse", length=40, hidden_size=6, cells=(cell,), init="chrono")
    model = one.flow(cell).trace.model
    wanted = build(cell, 1, 6, init="chrono", longest=40, output_size=1).parameters[0]
    for name, array in model.parameters[0].items():
        np.testing.assert_array_equal(array, wanted[name])
    assert OWN_GATE_BIASES == ("chrono",)


def test_identity_relu_is_the_irnn():
    """Le, Jaitly and Hinton 2015: W_h = I, b = 0, ReLU; an open unit then hands h on as it is."""
    one = Settings(task="impulse", length=30, hidden_size=12, cells=("rnn",), init="identity",
                   cell_options=(("nonlinearity", "relu"),))  # fmt: skip
    trace = one.flow("rnn").trace
    W, h = trace.model.parameters[0], trace["h"][:, 0]
    np.testing.assert_array_equal(W["W_h"], np.eye(12))
    assert not W["b"].any()
    np.testing.assert_array_equal(h[1:], h[:-1])
    np.testing.assert_array_equal(h[0], np.maximum(W["W_x"][0], 0))
