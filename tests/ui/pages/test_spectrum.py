"""The page of singular values, exponents and eigenvalues: its numbers are the core's."""


import numpy as np
import pytest

from rnnviz import CELLS
from rnnviz.analysis.spectrum import lyapunov, singular_values
from rnnviz.experiments.settings import Settings
from rnnviz.ui.pages.spectrum import findings as spectrum
from rnnviz.words.numbers import number, power
from tests.ui.apps import (
    alts,
    charts,
    in_words,
    live,
    settings_of,
    shown,
)
from tests.ui.flows import identity_rnn
from tests.ui.gradient_pages import PAGES, SMALL, finite, lines, of


@pytest.mark.parametrize("cell", CELLS)
def test_the_spectrum_is_the_core_s(cell):
    app, flow, _ = of("Spectrum", cell)
    found, exponents = singular_values(flow.trace), lyapunov(flow.trace)
    ends = np.stack([found.step[:, 0], found.step[:, -1], found.cumulative[:, 0],
                     found.cumulative[:, -1]])  # fmt: skip
    np.testing.assert_array_equal(live(app)["spectrum_now"].values, ends)
    drawn = [one["y"] for one in charts(app)["singular"]["data"] if one.get("mode") == "lines"]
    both = [*found.step.T, *found.cumulative.T]
    np.testing.assert_array_equal(drawn, [finite(one) for one in both])
    (one,) = charts(app)["lyapunov"]["data"]
    np.testing.assert_array_equal(np.array(one["y"], float), exponents)
    assert f"largest exponent {number(exponents[0])}" in alts(app)["lyapunov"]


@pytest.mark.parametrize("cell", CELLS)
def test_the_eigenvalues_are_those_of_every_block(cell):
    app, flow, _ = of("Spectrum", cell)
    if not CELLS[cell].sees_past:
        assert "has no Wₕ" in in_words(app)
        assert "eigenvalues" not in charts(app)
        return
    own, W_h = flow.layers[0].trace.cell, flow.trace.model.parameters[0]["W_h"]
    groups = charts(app)["eigenvalues"]["data"][1:]
    assert len(groups) == len(own.blocks)
    for block, one in zip(own.blocks, groups, strict=True):
        wanted = np.sort(np.abs(np.linalg.eigvals(own.block(block, W_h))))
        np.testing.assert_allclose(np.sort(np.hypot(one["x"], one["y"])), wanted)
        assert f"{one['name']} {number(wanted[-1])}" in alts(app)["eigenvalues"]


@pytest.mark.parametrize(
    ("corner", "first"), [(10.0, "10.0, 10.0, 7.50, 5.00"), (0.0, "0.500, 0.250, 0.125, 0.0625")]
)
def test_the_non_normal_norms_are_the_known_ones(corner, first):
    app = shown(PAGES["Spectrum"], **SMALL, cells="rnn", corner=corner)
    drawn = lines(charts(app)["nonnormal"])
    W_h = np.array([[0.5, corner], [0, 0.5]])
    norms = [np.linalg.norm(np.linalg.matrix_power(W_h, n), 2) for n in range(31)]
    np.testing.assert_allclose(drawn["‖W<sub>h</sub>ⁿ‖"], np.log10(norms), atol=1e-12)
    np.testing.assert_allclose(drawn["ρⁿ"], np.log10(0.5) * np.arange(31))
    assert {one["x"][0] for one in charts(app)["nonnormal"]["data"]} == {0}, "where both are 1"
    above = sum(norm > 1 for norm in norms)
    text = alts(app)["nonnormal"]
    assert f"the norms {first}; the norm stays above 1 for {above} steps" in text


def test_the_spectrum_tells_dying_from_exploding():
    for scale, words in [(0.5, "vanish."), (1.0, "keeps its length"), (3.0, "explode.")]:
        flow = identity_rnn(scale)
        text = spectrum.finding(
            flow.layers[0], lyapunov(flow.trace), singular_values(flow.trace)
        )
        assert f"a mean factor of {number(scale)} a step" in text
        assert words in text


@pytest.mark.parametrize(
    ("scale", "words"),
    [(0.94, "kept best shrinks, but more than 1 % of its length is"), (0.99, "shrinks, but more"),
     (1.0, "× 1.00 over all 30 steps. The direction kept best keeps its length."),
     (1.05, "best grows, though less than tenfold")],
)  # fmt: skip
def test_what_all_steps_do_is_said_no_stronger_than_it_is(scale, words):
    flow = identity_rnn(scale)
    text = spectrum.finding(flow.layers[0], lyapunov(flow.trace))
    assert words in text
    assert power(30 * np.log10(scale)) in text


def test_all_cells_stand_side_by_side_where_that_is_quick(monkeypatch):
    app = shown(PAGES["Spectrum"], **SMALL)
    drawn = charts(app)["all_singular"]["data"]
    largest = [one["y"] for one in drawn if one["name"] == "σ1"]
    asked = settings_of(app)
    for cell, one in zip(asked.cells, largest, strict=True):
        wanted = singular_values(asked.flow(cell).trace).cumulative[:, 0]
        np.testing.assert_array_equal(one, finite(wanted))
    monkeypatch.setattr("rnnviz.ui.affordable.SPECTRUM", 0)
    app = shown(PAGES["Spectrum"], **SMALL | {"seed": 6})
    assert "all_singular" not in charts(app)
    assert "only the chosen cell is computed" in in_words(app)


def test_a_state_of_one_number_has_one_direction():
    flow = Settings(cells=("gru",), hidden_size=1, length=20).flow("gru")
    text = spectrum.finding(flow.layers[0], lyapunov(flow.trace), singular_values(flow.trace))
    assert "a small change of its one number by 0.627, a mean factor of" in text
    assert "neither" not in text
