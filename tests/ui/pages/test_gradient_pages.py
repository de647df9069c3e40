"""Gradient flow, Whose gradient, Spectrum, Roads and Cuts: their numbers and sentences."""

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import rnnviz
from rnnviz import CELLS
from rnnviz.analysis.cuts import cliff, cliff_surface, clip, truncated
from rnnviz.analysis.gradient_paths import roads, time_constants
from rnnviz.analysis.jacobian import jacobian_map
from rnnviz.analysis.loss_attribution import itemised
from rnnviz.analysis.spectrum import lyapunov, singular_values
from rnnviz.experiments.settings import Settings
from rnnviz.plot.paths import DISTANCES, distance_shares
from rnnviz.ui import badge
from rnnviz.ui.pages.cuts import findings as cuts
from rnnviz.ui.pages.roads import findings as roads_page
from rnnviz.words.numbers import number, power
from tests.ui.apps import (
    alts,
    blank,
    charts,
    in_words,
    live,
    open_app,
    probes,
    settings_of,
    shown,
    traces,
)

SMALL = {"task": "noisy_sine", "T": 12, "H": 3, "seed": 5}
EVERY = {**SMALL, "loss": "every"}
PAGES = {name: f"pages/{name}.py"
         for name in ("Gradient_flow", "Whose_gradient", "Spectrum", "Roads", "Cuts")}  # fmt: skip
FAR = [
    {"task": "impulse", "T": 500, "H": 8, "scale": 0.05, "loss": "every", "cells": "gru"},
    {"task": "impulse", "T": 500, "H": 8, "scale": 3, "scaling": "radius", "init": "orthogonal",
     "cells": "rnn", "nonlinearity": "identity"},
    {"T": 40, "H": 4, "init": "identity", "cells": "rnn", "nonlinearity": "relu", "loss": "every"},
    {"T": 40, "H": 4, "bf": 6, "bz": 6, "cells": "lstm", "loss": "chosen", "at": "1, 7-9"},
    {"T": 40, "H": 4, "bf": -2, "bz": -2, "cells": "peephole_lstm", "peephole": "full"},
    {"T": 40, "H": 4, "cells": "peephole_lstm", "peephole": "diagonal", "loss": "every"},
]  # fmt: skip


def of(name, cell, **query):
    """A page on one cell, with its settings, flow and loss."""
    app = shown(PAGES[name], **(EVERY | query), cells=cell)
    assert not app.exception, [one.message for one in app.exception]
    asked = settings_of(app)
    return app, asked.flow(cell), asked.loss_object(asked.example())


def finite(logs):
    return np.where(np.isfinite(logs), logs, np.nan)


def lines(figure):
    """Name → y of its lines."""
    return {one["name"]: one["y"] for one in figure["data"] if "lines" in one.get("mode", "")}


def the_map(figure):
    return np.asarray(figure["data"][0]["z"], float)


@pytest.mark.parametrize("query", FAR, ids=range(len(FAR)))
@pytest.mark.parametrize("script", PAGES.values())
def test_far_settings_leave_no_blank_figure(script, query):
    app = open_app(script, **query)
    assert not app.exception, [one.message for one in app.exception]
    assert not app.warning
    assert charts(app)
    assert not blank(app)
    for words in alts(app).values():
        assert "nan" not in re.findall(r"\w+", words)


CASES = [(cell, state) for cell, kind in CELLS.items()
         for state in (("all", *kind.states) if len(kind.states) > 1 else ("h",))]  # fmt: skip


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


@pytest.mark.parametrize("cell", CELLS)
def test_the_itemised_map_is_the_core_s(cell):
    app, flow, loss = of("Whose_gradient", cell, tau=9, to=4)
    wanted = itemised(flow.trace, loss)
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
    logs = itemised(flow.trace, loss)
    tau, t = np.unravel_index(np.where(np.isfinite(logs), logs, -np.inf).argmax(), logs.shape)
    assert f"{power(logs[tau, t])}, goes from step {tau + 1} to step {t}." in alts(app)["itemised"]
    assert "GRU: 12 steps have a loss" in alts(app)["itemised"]


@pytest.mark.parametrize("cell", CELLS)
def test_bars_by_distance_add_up_to_1(cell):
    app, flow, loss = of("Whose_gradient", cell)
    parts = [np.asarray(one["y"], float) for one in charts(app)["distances"]["data"]]
    np.testing.assert_allclose(sum(parts), 1)
    sizes = 10 ** itemised(flow.trace, loss)[:, 1:]
    np.testing.assert_allclose(parts[0], np.diagonal(sizes) / sizes.sum(axis=0))


def test_one_loss_is_said_and_is_one_row():
    app, _, _ = of("Whose_gradient", "lstm", loss="last")
    assert any("one step only" in one.value for one in app.info)
    assert np.isfinite(the_map(charts(app)["itemised"])).any(axis=1).sum() == 1


LOGS = st.integers(1, 40).flatmap(
    lambda n: arrays(
        float, (n, n + 1),
        elements=st.one_of(st.floats(-400, 400), st.sampled_from([-np.inf, -1e4, 1e4, 0.0])),
    )
)  # fmt: skip


@settings(max_examples=60, deadline=None)
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
        assert "has no W_h" in in_words(app)
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


@pytest.mark.parametrize("cell", CELLS)
def test_the_roads_are_the_core_s(cell):
    app, flow, loss = of("Roads", cell)
    found = roads(flow.trace, loss)
    drawn = {}
    for one in charts(app)["roads"]["data"]:
        if "lines" in one.get("mode", ""):
            drawn.setdefault(one["name"], []).append(one["y"])
    np.testing.assert_array_equal(drawn["total"][0], finite(found.total))
    np.testing.assert_array_equal(drawn["weights"][0], finite(found.rest))
    norms, share = drawn["kept road"]
    np.testing.assert_array_equal(norms, finite(found.main))
    np.testing.assert_array_equal(share, found.share)
    wanted = np.stack([found.total, found.main, found.rest, found.share])[:, 1:]
    np.testing.assert_array_equal(live(app)["roads_now"].values, wanted)
    if found.gate is not None:
        taus = np.quantile(time_constants(flow.trace)[:, 0], 0.5, axis=1, method="nearest")
        median = lines(charts(app)["constants"])["median"]
        np.testing.assert_allclose(10 ** np.asarray(median), taus)
    kind = CELLS[cell]
    assert roads_page.finding(kind.title, found, kind.open_road) in in_words(app)


def test_what_the_roads_page_says():
    for cell, kind in CELLS.items():
        asked = replace(Settings(), length=30)
        found = roads(asked.flow(cell).trace, asked.loss_object(asked.example()))
        text = roads_page.finding(kind.title, found, kind.open_road)
        if kind.keeping_gate is None and not kind.open_road:
            assert "no road of its own for h" in text
            continue
        main, rest = 10 ** found.main[1], 10 ** found.rest[1]
        said = float(re.search(r"([\d.e+-]+) % of the gradient", text)[1])
        assert said == pytest.approx(100 * main / (main + rest), rel=6e-3)
        by = f"through {kind.keeping_gate} and nothing else"
        assert ("times 1 at every step" if kind.open_road else by) in text


def test_no_gradient_on_any_road_is_said():
    trace = rnnviz.run(rnnviz.build("gru", 1, 4), np.zeros((5, 1)))
    text = roads_page.finding("GRU", roads(trace, np.zeros((5, 1, 4))))
    assert "No gradient reaches the first step of the **GRU**" in text


@pytest.mark.parametrize("k", [1, 5, 12])
@pytest.mark.parametrize("cell", CELLS)
def test_the_cuts_are_the_core_s(cell, k):
    app, flow, loss = of("Cuts", cell, k=k)
    found = truncated(flow.trace, loss, k)
    drawn = lines(charts(app)["truncated"])
    np.testing.assert_array_equal(drawn["full"], finite(flow.log10_norms("h")[:, 0]))
    np.testing.assert_array_equal(drawn["cut"], finite(found.flow.log10_norms("h")[:, 0]))
    np.testing.assert_array_equal(drawn["removed"], found.removed[0][:, 0])
    if k == 12:
        assert not np.nan_to_num(drawn["removed"]).any()
    assert traces(charts(app)["truncated"])["missing"]["fill"] == "toself"
    np.testing.assert_array_equal(live(app)["cut_now"].values[2], found.removed[0][1:, 0])
    assert cuts.missing(found) in in_words(app)


def test_what_the_cuts_change_is_said_weight_by_weight():
    asked = Settings(length=20, hidden_size=4, loss="every")
    for cell in CELLS:
        flow, loss = asked.flow(cell), asked.loss_object(asked.example())
        found = truncated(flow.trace, loss, 3)
        text = cuts.missing(found)
        for name, full in flow.layers[0].parameters.items():
            cut = found.flow.layers[0].parameters[name]
            share = np.linalg.norm(full - cut) / np.linalg.norm(full)
            said = float(re.search(rf"([\d.e+-]+) % of ∂L/∂{name}\b", text)[1])
            assert said == pytest.approx(100 * share, rel=6e-3)


@pytest.mark.parametrize(
    ("kind", "theta"), [("norm", -2), ("norm", 4), ("value", -3), ("value", 4)]
)
def test_the_clip_table_is_the_core_s(kind, theta):
    app, flow, _ = of("Cuts", "lstm", clip=kind, theta=theta)
    found = clip(flow, **{kind: 10.0**theta})
    (table,) = app.main.table
    changes = {**found.parameters[0], **found.readout}
    assert list(table.value.index) == [f"∂L/∂{name}" for name in changes]
    for name, one in changes.items():
        row = table.value.loc[f"∂L/∂{name}"]
        assert row.tolist() == [power(one.log10_before), power(one.log10_after),
                                number(one.cosine)]  # fmt: skip
    assert cuts.clipping(found, kind, 10.0**theta) in in_words(app)


def everything(gradients):
    return np.concatenate([one.ravel() for group in gradients for one in group.values()])


@pytest.mark.parametrize("cell", CELLS)
def test_what_clipping_says_is_what_it_did(cell):
    flow = Settings(length=20, hidden_size=4, loss="every").flow(cell)
    before = everything([flow.layers[0].parameters, flow.readout])
    length = np.linalg.norm(before)
    for kind, limit in [("norm", length / 7), ("value", np.abs(before).max() / 7)]:
        found = clip(flow, **{kind: limit})
        scaled = before / 7 if kind == "norm" else np.clip(before, -limit, limit)
        cosine = before @ scaled / length / np.linalg.norm(scaled)
        text = cuts.clipping(found, kind, limit)
        assert f"{power(np.log10(length))} long" in text
        assert f"to {power(np.log10(np.linalg.norm(scaled)))};" in text
        assert text.endswith(f"is {number(cosine)}.")
        assert ("shortened" in text) == (kind == "norm")
        free = cuts.clipping(clip(flow, **{kind: 10 * length}), kind, 10 * length)
        assert free == (
            f"At θ = {number(10 * length)} nothing is clipped: the norm of all is "
            f"{power(np.log10(length))}."
        )


def test_no_gradient_is_not_clipped():
    trace = rnnviz.run(rnnviz.build("rnn", 1, 4), np.zeros((5, 1)))
    found = clip(rnnviz.backprop(trace, np.zeros((5, 1, 4))), norm=1.0)
    assert "exactly 0" in cuts.clipping(found, "norm", 1.0)


def test_the_cliff_shows_the_closed_form():
    app = shown(PAGES["Cuts"], **SMALL, cells="rnn")
    assert cliff(5, -2.5, 50).closed_form == pytest.approx(280255.69, abs=0.01)
    assert "the slope ∂x_T/∂b is **2.80·10⁵**" in in_words(app)
    assert "= 2.80·10⁵; computed: 2.80·10⁵" in alts(app)["cliff"]
    here = cliff(5, -2.45, 50, target=0.5, norm=0.5)
    assert f"One step of rate 1 is {power(here.log10_norm)} long unclipped" in in_words(app)


@pytest.mark.parametrize(
    "where", [(5.0, -2.45, 50), (0.0, 0.0, 1), (8.0, -4.0, 100), (8.0, 0.0, 100)]
)
def test_the_cliff_s_surface_is_the_core_s(where):
    w, b, steps = where
    app = shown(PAGES["Cuts"], **SMALL, cells="rnn", cliff_w=w, cliff_b=b, cliff_T=steps)
    assert not app.exception
    found = traces(charts(app)["cliff"])
    heat = next(one for one in found.values() if one["type"] == "heatmap")
    loss = cliff_surface(heat["x"], heat["y"], steps, target=0.5)
    np.testing.assert_allclose(heat["z"], np.log10(np.maximum(loss, 1e-12)), rtol=1e-5, atol=1e-5)
    assert (found["here"]["x"], found["here"]["y"]) == ([w], [b])
    for note in charts(app)["cliff"]["layout"]["annotations"]:
        assert 0 <= note["x"] <= 8
        assert -4 <= note["y"] <= 0


@pytest.mark.parametrize("script", PAGES.values())
def test_a_page_s_own_controls_stand_in_the_link(script):
    query = {"state": "c", "tau": 5, "to": 2, "corner": 2.5, "k": 3, "clip": "value", "theta": -1.5,
             "cliff_w": 4.5, "cliff_b": -2, "cliff_T": 30}  # fmt: skip
    app = open_app(script, **EVERY, cells="lstm", **query)
    assert not app.exception
    assert not app.info
    for key, value in query.items():
        try:
            shown_as = app.session_state[key]
        except KeyError:
            continue
        assert shown_as == value
        assert app.query_params[key] in (str(value), [str(value)])


@pytest.mark.parametrize("cell", CELLS)
def test_every_check_of_the_preset_holds(cell):
    found = badge.cell_checks(Settings(), cell)
    assert len(found) >= 8
    for one in found:
        assert one.ok == (one.error <= one.bound)
        assert one.ok, one


def test_every_page_has_a_badge():
    for script in ("app.py", "pages/Step.py", *PAGES.values()):
        badges = shown(script, **EVERY, cells="gru").get("popover")
        labels = [one.proto.popover.label for one in badges]
        assert labels == ["✓ verified"], script
