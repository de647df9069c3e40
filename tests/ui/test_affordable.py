"""What the pages show within the app's budget: the exact numbers or a stated estimate, always."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from rnnviz import backprop, build, jacobian_map, leading, lyapunov, probed_map, run
from rnnviz.analysis.jacobian import MOST_AT_ONCE, MOST_NUMBERS
from rnnviz.experiments.settings_checks import BUDGET
from rnnviz.ui import affordable
from tests.oracle import varied

EDGES = [(500, 63), (499, 63), (312, 80), (200, 100), (122, 128), (60, 128), (30, 32), (1, 1)]


def flow_of(cell: str, steps: int, size: int) -> Any:
    trace = run(build(cell, 1, size), np.zeros((steps, 1)))
    return backprop(trace, np.zeros((steps, size))).layers[0]


@pytest.mark.parametrize(("steps", "size"), EDGES)
@pytest.mark.parametrize("cell", ["rnn", "gru", "lstm"])
def test_something_is_affordable_all_over_the_budget(cell: str, steps: int, size: int) -> None:
    assert steps * size**2 <= BUDGET
    flow = flow_of(cell, steps, size)
    n = affordable.sizes(flow)[1]
    probes, count = affordable.map_probes(flow), affordable.directions(flow)
    if probes is None:
        assert steps * n**2 <= MOST_AT_ONCE
    else:
        assert affordable.FEWEST <= probes <= affordable.MOST
        assert probes * steps * n <= MOST_NUMBERS
        assert probes * (steps * n) ** 2 <= affordable.PROBED
    if count is not None:
        assert steps * n**2 <= MOST_NUMBERS
        assert 1 <= count <= n


def test_what_is_exact_up_to_where() -> None:
    flow = flow_of("lstm", 200, 100)
    steps, hidden = affordable._up_to(flow, affordable._map_fits)
    assert affordable.map_probes(flow_of("lstm", steps, 100)) is None
    assert affordable.map_probes(flow_of("lstm", steps + 1, 100)) is not None
    assert affordable.map_probes(flow_of("lstm", 200, hidden)) is None
    assert affordable.map_probes(flow_of("lstm", 200, hidden + 1)) is not None
    estimate = probed_map(run(build("lstm", 1, 8), np.ones((12, 1))), probes=4)
    assert f"Exact up to T = {steps} or H = {hidden}." in affordable.map_note(flow, estimate)


def test_words_of_an_estimated_map() -> None:
    trace = run(varied(build("lstm", 2, 8)), np.ones((12, 2)))
    flow = backprop(trace, np.ones((12, 1, 8))).layers[0]
    found = probed_map(trace, probes=6)
    text = affordable.map_note(flow, found)
    errors = found.standard_error[np.tril_indices(13, -1)]
    assert text.startswith("Estimated from 6 probes at every t, half of them random")
    assert f"standard error {100 * np.sqrt((errors**2).mean()):.2g} %" in text
    assert f"{100 * errors.max():.2g} % at most" in text
    exact = affordable.map_note(flow, probed_map(trace, probes=99))
    assert "standard error 0 % over all pairs (root mean square), 0 % at most" in exact


def test_words_of_followed_directions() -> None:
    trace = run(varied(build("gru", 2, 8)), np.ones((12, 2)))
    flow = backprop(trace, np.ones((12, 1, 8))).layers[0]
    text = affordable.spectrum_note(flow, leading(trace, 3))
    assert "the 3 directions" in text
    assert "All 8 singular values" in text
    wide = backprop(run(build("gru", 1, 400), np.ones((1, 1))), np.ones((1, 400))).layers[0]
    assert "With this T all singular" in affordable.spectrum_note(wide, leading(trace, 3))


@pytest.mark.parametrize(("cell", "steps", "size"), [("lstm", 100, 112), ("gru", 40, 40)])
def test_the_dear_ones_run(cell: str, steps: int, size: int) -> None:
    trace = run(build(cell, 1, size), np.ones((steps, 1)))
    flow = backprop(trace, np.ones((steps, 1, size))).layers[0]
    probes, count = affordable.map_probes(flow), affordable.directions(flow)
    if probes is None:
        assert np.isfinite(jacobian_map(trace)[-1]).all()
    else:
        found = probed_map(trace, probes=probes)
        assert found.log10.shape == (steps + 1, steps + 1)
        assert not found.exact
    assert lyapunov(trace, count=count).shape == (count or size * len(trace.model.cell.states),)


def test_the_checks_run_by_themselves_up_to_a_size() -> None:
    assert affordable.checks_by_themselves(flow_of("rnn", 20, 100))
    assert not affordable.checks_by_themselves(flow_of("rnn", 21, 100))
    wide = run(build("rnn", 1001, 1), np.zeros((200, 1001)))
    assert not affordable.checks_by_themselves(backprop(wide, np.zeros((200, 1))).layers[0])


def test_all_states_and_factors_are_there_beyond_what_memory_holds_at_once() -> None:
    large = flow_of("lstm", 310, 128)
    assert affordable.sizes(large)[0] * affordable.sizes(large)[1] ** 2 > MOST_NUMBERS
    assert affordable.joint_fits(large)
    assert affordable.factors_fit(large)
