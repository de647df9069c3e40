"""The page of gradient flow: its map and its sentences are the core's."""


import numpy as np
import pytest

from rnnviz import CELLS
from rnnviz.analysis.jacobian import jacobian_map
from rnnviz.experiments.settings import Settings
from rnnviz.ui.pages.gradient_flow import findings as gradient_flow
from rnnviz.words.numbers import power
from tests.ui.apps import (
    alts,
    charts,
    in_words,
    probes,
)
from tests.ui.gradient_pages import finite, of, the_map

CASES = [(cell, state) for cell, kind in CELLS.items()
         for state in (("all", *kind.states) if len(kind.states) > 1 else ("h",))]  # fmt: skip


def test_crosses_are_explained_where_they_are_drawn():
    """At step 1 the past is h₀ = 0, so W_h gets a gradient of exactly 0 there."""
    app, flow, _ = of("Gradient_flow", "rnn")
    assert np.isneginf(flow.layers[0].log10_weight_norms("W_h")).any()
    assert "× at the lower edge: a gradient of exactly 0" in in_words(app)
    assert "at the upper edge" not in in_words(app)


@pytest.mark.parametrize(("cell", "state"), CASES)
def test_the_jacobian_map_is_the_core_s(cell, state):
    app, flow, _ = of("Gradient_flow", cell, state=state)
    wanted = jacobian_map(flow.trace, state=state)
    np.testing.assert_allclose(
        the_map(charts(app)["jacobian"]), finite(wanted), rtol=1e-6, atol=1e-6
    )
    (probe,) = probes(app).values()
    np.testing.assert_array_equal(probe.values, wanted)
    assert (probe.head["map"], probe.head["first"], probe.head["along"]) == (
        "jacobian", 0, "column",
    )  # fmt: skip
    assert charts(app)["jacobian"]["data"][0]["meta"] == "jacobian"
    text = alts(app)["jacobian"]
    assert f"initial state {power(wanted[-1, 0])}" in text
    assert f"at the end {power(wanted[-1, -2])}" in text


def test_half_of_the_weights_gradient_is_counted_from_the_end():
    flow = Settings().flow("lstm").layers[0]
    sizes = 10 ** flow.log10_weight_norms("W_h")
    enough = [n for n in range(1, len(sizes) + 1) if sizes[-n:].sum() >= sizes.sum() / 2]
    assert gradient_flow.half_of_weights(flow) == enough[0] > 1
