"""Every function that analyses a run keeps within a stated memory, and refuses what takes too long.

Memory is that of the result and of a portion of the run: what grew with T times a matrix is given a
portion so small here that a run of moderate size would show it.
"""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import rnnviz
from rnnviz import SquaredError, backprop, build, run
from rnnviz.analysis import (
    expanded_sum,
    forgetting,
    gradient_paths,
    jacobian,
    jacobian_estimate,
    leading_directions,
    loss_attribution,
    path_split,
    reach,
    spectrum,
    streamed,
)
from rnnviz.analysis.verification import identities, live_checks, nudges, step_derivatives, weights
from rnnviz.cells import CELLS
from rnnviz.numerics.records import sealed

T, H = 120, 32
NUMBERS = T * H
"""The numbers of one signal."""
X = np.random.default_rng(0).standard_normal((T, 1, 3))
TRACE = run(build("lstm", 3, H, seed=0, output_size=2), X)
LOSS = SquaredError(np.zeros((T, 1, 2)), "last")
EVERY = SquaredError(np.zeros((T, 1, 2)), "every")
FLOW = backprop(TRACE, LOSS)
AT = TRACE.layers[0]
MOVES = {name: np.ones_like(AT.record["h"]) for name in nudges.names_of(AT.cell)}

CALLS: dict[str, tuple[Callable[[], Any], float]] = {
    "reach": (lambda: rnnviz.reach(FLOW, "all"), 12),
    "expanded_sum": (lambda: rnnviz.expanded_sum(FLOW, LOSS), 24),
    "every loss": (lambda: rnnviz.itemised(TRACE, EVERY), 30),
    "truncated": (lambda: rnnviz.truncated(TRACE, LOSS, 1), 80),
    "paths": (lambda: rnnviz.roads(TRACE, LOSS), 60),
    "forgetting": (lambda: rnnviz.forgetting(TRACE), 16),
    "verify": (lambda: nudges.states_moved(AT, MOVES), 60),
}
"""A call, and the most that it may hold: so many signals of T · H numbers."""


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Portions of a few timesteps: all Jacobians together would be 128 signals."""
    monkeypatch.setattr(jacobian, "MOST_NUMBERS", 10)
    monkeypatch.setattr(loss_attribution, "MOST_NUMBERS", 10)
    monkeypatch.setattr(streamed, "PORTION", 4 * (2 * H) ** 2)
    monkeypatch.setattr(path_split, "AT_ONCE", 8)
    monkeypatch.setattr(forgetting, "NUMBERS", 1)
    monkeypatch.setattr(expanded_sum, "MOST_WORK", 0)
    monkeypatch.setattr(nudges, "NUMBERS", 20 * H)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("name", CALLS)
def test_memory_is_that_of_the_result_and_a_portion(name: str) -> None:
    call, signals = CALLS[name]
    tracemalloc.start()
    call()
    peak = tracemalloc.get_traced_memory()[1] / (8 * NUMBERS)
    tracemalloc.stop()
    assert peak < signals, f"{peak:.0f} signals"


SHORT = run(build("lstm", 3, 4, seed=0, output_size=2), X[:9])
BEYOND: dict[str, tuple[Any, str, Callable[[], Any], str]] = {
    "reach": (reach, "MOST_ALL", lambda: rnnviz.reach(backprop(SHORT, ONE), "all"), "one state"),
    "expanded_sum": (expanded_sum, "MOST_BETWEEN",
                     lambda: rnnviz.expanded_sum(backprop(SHORT, ONE), ONE), r"rnnviz\.reach"),
    "forgetting": (forgetting, "MOST", lambda: rnnviz.forgetting(SHORT), r"rnnviz\.reach"),
    "a state of the losses": (loss_attribution, "MOST_SWEPT",
                              lambda: rnnviz.itemised(SHORT, ONE, state="c"), r"rnnviz\.reach"),
    "vectors of the losses": (loss_attribution, "MOST_NUMBERS",
                              lambda: loss_attribution.itemised_vectors(SHORT, ONE),
                              r"rnnviz\.itemised"),
    "leading": (leading_directions, "MOST", lambda: rnnviz.leading(SHORT), r"rnnviz\.reach"),
    "exponents": (spectrum, "EXPONENTS", lambda: rnnviz.lyapunov(SHORT), "count=8"),
    "singular values": (spectrum, "VALUES", lambda: rnnviz.singular_values(SHORT), "count=8"),
    "map": (jacobian, "MOST_MAP", lambda: rnnviz.jacobian_map(LONG), r"rnnviz\.probed_map"),
    "pairs of a map": (jacobian, "MOST_AT_ONCE", lambda: rnnviz.jacobian_map(SHORT),
                       r"rnnviz\.leading"),
    "probed map": (jacobian_estimate, "MOST_WORK", lambda: rnnviz.probed_map(SHORT),
                   r"rnnviz\.leading"),
}  # fmt: skip
ONE = SquaredError(np.zeros((9, 1, 2)), "every")
LONG = run(build("lstm", 3, 120, seed=0), np.zeros((90, 3)))
"""Of which all Jacobians are more than a map holds at once."""


@pytest.mark.parametrize("name", BEYOND)
def test_beyond_the_budget_a_sentence_names_the_alternative(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    module, budget, call, words = BEYOND[name]
    if name != "map":
        call()
    monkeypatch.setattr(module, budget, 1)
    monkeypatch.setattr(jacobian, "step_matrices", None)  # nothing is computed first
    with pytest.raises(ValueError, match=words):
        call()


def test_a_portion_of_timesteps_splits_the_paths_as_all_of_them_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for cell in ("rnn", "gru", "peephole_lstm"):
        trace = run(build(cell, 3, 4, seed=0), X[:9])
        dh = np.ones((9, 1, 4))
        whole = gradient_paths.path_vectors(trace, dh)
        with monkeypatch.context() as patch:
            patch.setattr(path_split, "AT_ONCE", 4)
            parts = gradient_paths.path_vectors(trace, dh)
        for name, one in whole.items():
            np.testing.assert_allclose(parts[name].true(), one.true(), rtol=1e-13, atol=1e-300)


def test_losses_streamed_are_those_of_all_jacobians(monkeypatch: pytest.MonkeyPatch) -> None:
    for both in (False, True):
        trace = run(build("lstm", 3, 4, num_layers=2, bidirectional=both, seed=0), X[:9])
        dh = np.random.default_rng(1).standard_normal(trace.outputs.shape)
        dh[3:5] = 0
        for direction in trace.model.directions:
            whole = rnnviz.itemised(trace, dh, layer=1, direction=direction)
            with monkeypatch.context() as patch:
                patch.setattr(loss_attribution, "MOST_NUMBERS", 10)
                patch.setattr(jacobian, "MOST_NUMBERS", 10)
                patch.setattr(streamed, "PORTION", 3 * 64)
                parts = rnnviz.itemised(trace, dh, layer=1, direction=direction)
            np.testing.assert_allclose(parts, whole, rtol=0, atol=1e-12)


def _beyond_the_budget(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(live_checks, "COST", 1.0)
    patch.setattr(step_derivatives, "FEW", 4)
    patch.setattr(weights, "LARGE", 1)
    patch.setattr(weights, "FEW", 4)
    patch.setattr(identities, "LARGE", 1)


def test_checks_beyond_the_budget_are_made_on_a_few_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    _beyond_the_budget(monkeypatch)
    for cell in CELLS:
        trace = run(build(cell, 3, 4, num_layers=2, bidirectional=True, seed=0), X[:9])
        found = {one.name: one for one in rnnviz.verify(trace, np.ones(trace.outputs.shape))}
        assert all(one.ok and not one.skipped for one in found.values()), cell
        assert max(one.error for one in found.values()) < 1e-12
        for name in ("derivative by x", "derivative by past states", "derivative by a_" +
                     trace.model.cell.blocks[0], "jacobians", "weight norms"):  # fmt: skip
            assert " 4 " in found[name].words
            assert "from step" in found[name].words


WRONG = {"dh_all": "past states", "da": "W_x", "dc_all": "past states"}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_record_is_found_on_a_few_steps(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    _beyond_the_budget(monkeypatch)
    flow = backprop(SHORT, ONE)
    d = dict(flow.layers[0].d)
    d[name] = d[name] * np.linspace(1, 1 + 1e-5, len(d[name]))[:, None, None]
    wrong = replace(flow, layers=(replace(flow.layers[0], d=sealed(d)),))
    found = {one.name: one.ok for one in live_checks.verify_flow(wrong)}
    assert not found[f"derivative by {WRONG[name]}"]


def test_weights_wrong_along_one_direction_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    _beyond_the_budget(monkeypatch)
    flow = backprop(SHORT, ONE)
    one = flow.layers[0]
    W = {name: array * (1 + 1e-8 * (name == "W_h")) for name, array in one.parameters.items()}
    wrong = replace(flow, layers=(replace(one, parameters=sealed(W)),))
    assert "weights" in {one.name for one in live_checks.verify_flow(wrong) if not one.ok}


@pytest.mark.parametrize("cell", ["lstm", "rnn"])
def test_a_map_streamed_is_that_of_all_jacobians(
    cell: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With growth by 10⁴⁰⁰, a nilpotent recurrence whose products cancel, and blocks."""
    model = build(cell, 3, 4, seed=0)
    if cell == "rnn":
        model = build("rnn", 3, 4, nonlinearity="identity").with_parameters(
            {**model.parameters[0], "W_h": 1e40 * np.array(
                [[1, 1, 0, 0], [-1, -1, 0, 0], [0, 0, 2, 1], [0, 0, 0, 1]])}
        )  # fmt: skip
    trace = run(model, np.zeros((11, 3)))
    for state in ("all", *model.cell.states):
        whole = rnnviz.jacobian_map(trace, state)
        with monkeypatch.context() as patch:
            patch.setattr(jacobian, "MOST_AT_ONCE", 144)
            patch.setattr(jacobian, "MAP_PORTION", 3 * 64)
            parts = rnnviz.jacobian_map(trace, state)
        np.testing.assert_allclose(parts, whole, rtol=0, atol=1e-9)
