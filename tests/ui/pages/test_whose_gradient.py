"""The page of losses and the timesteps that they reach: its numbers are the core's."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from rnnviz import CELLS
from rnnviz.analysis.loss_attribution import itemised
from rnnviz.analysis.reach import reach
from rnnviz.experiments.settings import Settings
from rnnviz.plot.paths import DISTANCES, distance_shares
from rnnviz.ui.pages.whose_gradient import findings as whose
from rnnviz.words.numbers import power, share
from tests.ui.apps import (
    alts,
    charts,
    in_words,
    live,
    probes,
    settings_of,
    shown,
)
from tests.ui.gradient_pages import EVERY, PAGES, finite, lines, of, the_map

LOGS = st.integers(1, 40).flatmap(
    lambda n: arrays(
        float, (n, n + 1),
        elements=st.one_of(st.floats(-400, 400), st.sampled_from([-np.inf, -1e4, 1e4, 0.0])),
    )
)  # fmt: skip


def by_memory(flow, loss):
    """log10 ‖∂L_τ/∂s_t‖, s the cell's memory state."""
    return itemised(flow.trace, loss, state=flow.trace.model.cell.states[-1])


@pytest.mark.parametrize("cell", CELLS)
def test_the_itemised_map_is_the_core_s(cell):
    app, flow, loss = of("Whose_gradient", cell, tau=9, to=4)
    wanted = by_memory(flow, loss)
    np.testing.assert_allclose(
        the_map(charts(app)["itemised"]), finite(wanted), rtol=1e-6, atol=1e-6
    )
    (probe,) = probes(app).values()
    np.testing.assert_array_equal(probe.values, wanted)
    assert (probe.head["map"], probe.head["first"], probe.head["along"]) == ("itemised", 1, "row")
    drawn = lines(charts(app)["row_and_column"])
    np.testing.assert_array_equal(drawn["τ = 9"], finite(wanted[8]))
    np.testing.assert_array_equal(drawn["t = 4"], finite(wanted[:, 4]))
    total = np.log10(np.linalg.norm(10 ** wanted[:, 4]))
    assert f"Timestep 4 receives {power(total)} in all" in alts(app)["row_and_column"]
    own, all_ = live(app)["whose_now"].values
    np.testing.assert_array_equal(own, np.diagonal(wanted[:, 1:]))
    np.testing.assert_allclose(10**all_, np.linalg.norm(10 ** wanted[:, 1:], axis=0))


def test_the_most_that_one_loss_sends_is_named_with_its_place():
    app, flow, loss = of("Whose_gradient", "gru")
    logs = by_memory(flow, loss)
    tau, t = np.unravel_index(np.where(np.isfinite(logs), logs, -np.inf).argmax(), logs.shape)
    assert f"{power(logs[tau, t])}, goes from step {tau + 1} to step {t}." in alts(app)["itemised"]
    assert "GRU: 12 steps have a loss" in alts(app)["itemised"]


@pytest.mark.parametrize("cell", CELLS)
def test_bars_by_distance_add_up_to_1(cell):
    app, flow, loss = of("Whose_gradient", cell)
    parts = [np.asarray(one["y"], float) for one in charts(app)["distances"]["data"]]
    np.testing.assert_allclose(sum(parts), 1)
    sizes = 10 ** by_memory(flow, loss)[:, 1:]
    np.testing.assert_allclose(parts[0], np.diagonal(sizes) / sizes.sum(axis=0))


def test_it_opens_on_a_loss_at_every_step_and_shows_the_one_that_is_set_when_asked():
    app, flow, loss = of("Whose_gradient", "lstm", loss="last")
    asked = replace(settings_of(app), loss="every")
    every = by_memory(flow, asked.loss_object(asked.example()))
    np.testing.assert_allclose(the_map(charts(app)["itemised"]), finite(every), rtol=1e-6)
    assert settings_of(app).loss == "last", "the other pages keep theirs"
    app, _, _ = of("Whose_gradient", "lstm", loss="last", losses="sidebar")
    alone = by_memory(flow, loss)
    np.testing.assert_allclose(the_map(charts(app)["itemised"]), finite(alone), rtol=1e-6)
    assert charts(app)["itemised"]["layout"]["yaxis"]["range"] == [11.5, 12.5]
    app, _, _ = of("Whose_gradient", "lstm", loss="chosen", at="3")
    assert charts(app)["itemised"]["layout"]["yaxis"]["range"] == [2.5, 3.5], "is not overruled"


def test_all_cells_stand_side_by_side_on_one_scale_where_that_is_quick(monkeypatch):
    app = shown(PAGES["Whose_gradient"], **EVERY)
    drawn = charts(app)["all_itemised"]
    maps = [one for one in drawn["data"] if one.get("coloraxis")]
    asked = settings_of(app)
    for cell, one in zip(asked.cells, maps, strict=True):
        wanted = by_memory(asked.flow(cell), asked.loss_object(asked.example()))
        np.testing.assert_allclose(np.asarray(one["z"], float), finite(wanted), atol=1e-6)
    monkeypatch.setattr("rnnviz.ui.affordable.MAPS", 1)
    monkeypatch.setattr("rnnviz.ui.affordable.PATIENCE", np.inf)
    app = shown(PAGES["Whose_gradient"], **EVERY | {"seed": 6})
    assert "all_itemised" not in charts(app)
    assert "only the chosen cell is computed" in in_words(app)


@settings(max_examples=60)
@given(LOGS)
def test_shares_add_up_to_1_or_nothing(logs):
    logs = np.where(np.tri(*logs.shape, 1, bool), logs, -np.inf)
    found = distance_shares(logs)
    assert found.shape == (len(DISTANCES), len(logs))
    assert ((found >= 0) & (found <= 1)).all()
    reached = np.isfinite(logs[:, 1:]).any(axis=0)
    np.testing.assert_allclose(found.sum(axis=0), reached, atol=1e-12)


def test_shares_group_by_the_steps_between():
    logs = np.full((30, 31), -np.inf)
    logs[29, 1:] = 0
    found = distance_shares(logs)
    assert found.argmax(axis=0).tolist() == [5] * 9 + [4] * 10 + [3] * 5 + [2] * 3 + [1] * 2 + [0]


def test_what_is_said_of_a_loss_is_its_reach_and_the_losses_that_reach_step_1_are_counted():
    asked = Settings(loss="every", length=20, cells=("rnn",))
    flow = asked.flow("rnn")
    logs = by_memory(flow, asked.loss_object(asked.example()))
    text = whose.finding(logs, "rnn")
    found = reach(flow)
    assert f"{share(found.log10_share)} reaches step 1" in text
    assert f"the 1 % horizon is {found.horizon} steps" in text
    there = [tau for tau in range(1, 21) if reach(flow, step=tau).log10_share >= -2]
    assert f"Of 20 losses, {len(there)} reach step 1 with 1 % or more" in text
    assert f"the last of them from step {there[-1]}." in text
    one = reach(flow, step=7)
    assert f"on step 7 sends to its own step, {share(one.log10_share)} reaches" in (
        whose.one_loss(logs, 7)
    )


def test_a_gradient_that_grows_is_a_number_of_times_not_a_share():
    logs = np.full((9, 10), -np.inf)
    logs[8, 1:] = np.linspace(2, 0, 9)
    text = whose.finding(logs, "rnn")
    assert "step 1 receives 100 times the gradient that the loss on step 9 sends" in text
    assert "Raise T" not in text
