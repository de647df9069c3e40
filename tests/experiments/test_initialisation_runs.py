"""Laws over seeds, and closed forms where they are exact or nearly so."""

from dataclasses import replace

import numpy as np
import pytest

from rnnviz import CELLS, build
from rnnviz.core.initialisation import RECURRENT, spectral_radius
from rnnviz.experiments.initialisation_runs import (
    BIASES,
    SCHEMES,
    SEEDS,
    Runs,
    Scheme,
    has_bias,
    measure,
    quantiles,
    swept,
)
from rnnviz.experiments.initialisation_theory import (
    PHI,
    gate_at_biases,
    mean_field,
    predicted,
    rms_factor,
)
from rnnviz.experiments.settings import Settings

SILENT = Settings(task="impulse", options=(("amplitude", 0.0),), length=12, hidden_size=200)
LINEAR = replace(SILENT, cell_options=(("nonlinearity", "identity"),), cells=("rnn",))
KEEPING = [name for name, kind in CELLS.items() if kind.keeping_gate is not None]
SMALL = Settings(task="noisy_sine", length=8, hidden_size=3, seed=5)


def middle(settings, cell, law, seeds=SEEDS):
    return quantiles(measure(settings, cell, law, seeds).factors())[1]


@pytest.mark.parametrize(("name", "factor"), [("pytorch", 3**-0.5), ("glorot", 1.0)])
def test_independent_weights_in_a_linear_net_are_the_circular_law_s(name, factor):
    law = SCHEMES[name]
    assert predicted(LINEAR, "rnn", law).factor == pytest.approx(factor)
    assert middle(LINEAR, "rnn", law) == pytest.approx(factor, rel=0.02)
    W_h = build("rnn", 1, 400, init=law.init).parameters[0]["W_h"]
    assert spectral_radius(W_h) == pytest.approx(factor, rel=0.06)


def test_a_gain_and_a_radius_scale_the_closed_form():
    gain = replace(LINEAR, scale=1.5)
    assert predicted(gain, "rnn", SCHEMES["pytorch"]).factor == pytest.approx(1.5 * 3**-0.5)
    radius = replace(LINEAR, scaling="radius", scale=0.8)
    assert predicted(radius, "rnn", SCHEMES["pytorch"]).factor == pytest.approx(0.8)
    assert middle(radius, "rnn", SCHEMES["pytorch"], 8) == pytest.approx(0.8, rel=0.05)


@pytest.mark.parametrize("name", ["orthogonal", "keras"])
def test_orthogonal_weights_keep_every_length_exactly(name):
    found = measure(replace(LINEAR, hidden_size=40), "rnn", SCHEMES[name])
    np.testing.assert_allclose(found.factors(), 1, rtol=1e-12)
    assert predicted(LINEAR, "rnn", SCHEMES[name]).factor == 1


@pytest.mark.parametrize(
    ("name", "phi"), [("pytorch", "tanh"), ("glorot", "relu"), ("orthogonal", "sigmoid")]
)
def test_mean_field_is_the_large_net(name, phi):
    one = Settings(task="noisy_sine", length=15, hidden_size=300, cells=("rnn",),
                   cell_options=(("nonlinearity", phi),))  # fmt: skip
    wanted = predicted(one, "rnn", SCHEMES[name]).factor
    assert middle(one, "rnn", SCHEMES[name], 10) == pytest.approx(wanted, rel=0.03)


@pytest.mark.parametrize("phi", PHI)
def test_slopes_are_derivatives(phi):
    value, slope = PHI[phi]
    a = np.array([-1.3, -0.2, 0.4, 2.0])
    central = (value(a + 1e-6) - value(a - 1e-6)) / 2e-6
    np.testing.assert_allclose(slope(a), central, atol=1e-8)


def test_mean_field_without_a_slope_is_1():
    assert mean_field(LINEAR, "identity", 1.0) == 1


def test_identity_relu_loses_half_of_its_units_once():
    """An impulse, then silence: each unit stays on or off; 1/√2 of the norm over any T."""
    one = Settings(task="impulse", length=30, hidden_size=400, cells=("rnn",))
    found = measure(one, "rnn", SCHEMES["identity"])
    assert 10 ** quantiles(found.ratios())[1] == pytest.approx(2**-0.5, rel=0.03)
    factor = predicted(one, "rnn", SCHEMES["identity"]).factor
    assert factor**29 == pytest.approx(2**-0.5)
    np.testing.assert_allclose(found.h[:, 1:29], found.h[:, 28:29] * np.ones(28))


@pytest.mark.parametrize("bias", [-2.0, 0.0, 1.0, 6.0])
@pytest.mark.parametrize("cell", KEEPING)
def test_the_road_is_exact_where_nothing_else_reaches_the_gate(cell, bias):
    """W_h = 0 and x = 0: what is left is the gate at its bias, every step."""
    one = replace(SILENT, hidden_size=6, cells=(cell,))
    if CELLS[cell].sees_past:
        one = replace(one, scale=0.0)
    law = Scheme("glorot", bias)
    wanted = predicted(one, cell, law).factor
    np.testing.assert_allclose(measure(one, cell, law).factors(), wanted, rtol=1e-9)
    if CELLS[cell].keeping_block is None:
        assert wanted == pytest.approx(1 / (1 + np.exp(-bias)), rel=1e-12)


@pytest.mark.parametrize(
    ("cell", "name"), [(cell, ("pytorch", "chrono")[k % 2]) for k, cell in enumerate(KEEPING)]
)
def test_biases_that_differ_by_unit_count_by_their_root_mean_square(cell, name):
    one = replace(SILENT, hidden_size=150, cells=(cell,))
    if CELLS[cell].sees_past:
        one = replace(one, scale=0.0)
    wanted = predicted(one, cell, SCHEMES[name]).factor
    assert middle(one, cell, SCHEMES[name]) == pytest.approx(wanted, rel=0.01)


def test_the_mean_factor_of_units_survives_underflow():
    assert rms_factor(np.array([0.5, 0.25]), 1) == pytest.approx(((0.25 + 0.0625) / 2) ** 0.5)
    assert rms_factor(np.array([1e-300, 1e-200]), 50) == pytest.approx(1e-200, rel=0.01)
    assert rms_factor(np.zeros(3), 4) == 0


def test_gates_at_their_biases():
    kind = CELLS["lstm"]()
    biases = {name: np.zeros(3) for name in kind.blocks} | {"f": np.array([-2.0, 0.0, 3.0])}
    np.testing.assert_allclose(gate_at_biases(kind, biases), 1 / (1 + np.exp([2.0, 0, -3.0])))


@pytest.mark.parametrize("name", SCHEMES)
@pytest.mark.parametrize("cell", CELLS)
def test_every_law_measures_and_predicts_every_cell(cell, name):
    one = replace(SMALL, cells=(cell,))
    found = measure(one, cell, SCHEMES[name], 3)
    assert found.h.shape == found.state.shape == (3, 9)
    assert np.isfinite(found.factors()).all()
    closed = predicted(one, cell, SCHEMES[name])
    assert np.isnan(closed.factor) or 0 < closed.factor < 2
    assert closed.words
    again = measure(one, cell, SCHEMES[name], 3)
    np.testing.assert_array_equal(found.h, again.h)


def test_the_sidebar_s_law_is_the_settings_own_and_seeds_count_up():
    found = measure(SMALL, "gru", SCHEMES["yours"], 2)
    for k in range(2):
        flow = replace(SMALL, seed=5 + k).flow("gru")
        np.testing.assert_array_equal(found.h[k], flow.log10_norms("h")[:, 0])


def test_sweeps_set_the_bias_and_nothing_else():
    assert swept(SMALL, 2.0) == Scheme("pytorch", 2.0)
    assert swept(replace(SMALL, init="chrono"), 2.0) == Scheme("pytorch", 2.0)
    assert (BIASES[0], BIASES[-1]) == (-2, 6)
    own = measure(replace(SMALL, forget_bias=2.0), "lstm", SCHEMES["yours"], 2)
    np.testing.assert_array_equal(own.h, measure(SMALL, "lstm", swept(SMALL, 2.0), 2).h)
    assert not has_bias("rnn")
    assert has_bias("lstm")


def test_runs_count_from_the_last_step_that_has_a_gradient():
    h = np.array([[0, -4.0, -2.0, 0.0, -np.inf], [0, -330, 1.0, 2.0, -np.inf],
                  [0, np.nan, np.nan, 400.0, 1.0]])  # fmt: skip
    found = Runs(h, h)
    assert found.last().tolist() == [3, 3, 4]
    np.testing.assert_array_equal(found.ratios(), [-4, -332, np.nan])
    np.testing.assert_allclose(found.factors()[:1], [10**-2.0])
    assert found.beyond(-307, 308) == (1 / 3, 1 / 3)
    nothing = np.full((1, 4), -np.inf)
    assert np.isnan(Runs(nothing, nothing).ratios()).all()


def test_quantiles_are_seeds_and_take_infinities():
    values = np.arange(20.0)
    np.testing.assert_array_equal(quantiles(values), [1, 9, 17])
    values[3], values[5], values[7:] = np.nan, -np.inf, np.inf
    np.testing.assert_array_equal(quantiles(values), [0, np.inf, np.inf])


@pytest.mark.parametrize("cell", CELLS)
def test_keras_draws_all_gates_as_one_matrix(cell):
    one = build(cell, 3, 7, init="keras", seed=2)
    W, kind = one.parameters[0], one.cell
    if "W_h" in W:
        np.testing.assert_allclose(W["W_h"] @ W["W_h"].T, np.eye(7), atol=1e-12)
    assert np.abs(W["W_x"]).max() <= np.sqrt(6 / (3 + 7 * len(kind.blocks)))
    for name in kind.blocks:
        assert (kind.block(name, W["b"]) == (name == kind.bias_blocks.get("forget_bias"))).all()


def test_keras_and_orthogonal_are_one_law_for_an_rnn():
    one, other = (build("rnn", 3, 7, init=name).parameters[0] for name in ("keras", "orthogonal"))
    for name in one:
        np.testing.assert_array_equal(one[name], other[name])
    assert {law.init for law in SCHEMES.values()} - {""} == set(RECURRENT)
