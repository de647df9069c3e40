"""The page of truncation and clipping: its numbers and sentences are the core's."""

import re
from dataclasses import replace

import numpy as np
import pytest

import rnnviz
from rnnviz import CELLS, advice
from rnnviz.analysis.cuts import cliff, cliff_surface, clip, truncated
from rnnviz.experiments.settings import Settings
from rnnviz.ui.pages.cuts import findings as cuts
from rnnviz.ui.pages.cuts.page import CLIFF
from rnnviz.words.numbers import number, power
from rnnviz.words.symbols import lowered
from tests.ui.apps import (
    alts,
    charts,
    in_words,
    live,
    shown,
    traces,
)
from tests.ui.gradient_pages import PAGES, SMALL, finite, lines, of


@pytest.mark.parametrize(("cell", "k"), [(cell, (1, 5, 12)[n % 3]) for n, cell in enumerate(CELLS)])
def test_the_cuts_are_the_core_s(cell, k):
    app, flow, loss = of("Cuts", cell, k=k)
    found = truncated(flow.trace, loss, k)
    drawn = lines(charts(app)["truncated"])
    state = CELLS[cell].states[-1]
    np.testing.assert_array_equal(drawn["full"], finite(flow.log10_norms(state)[:, 0]))
    np.testing.assert_array_equal(drawn["truncated"], finite(found.flow.log10_norms(state)[:, 0]))
    np.testing.assert_array_equal(drawn["removed"], found.removed[0][:, 0])
    if k == 12:
        assert not np.nan_to_num(drawn["removed"]).any()
    assert traces(charts(app)["truncated"])["missing"]["fill"] == "toself"
    np.testing.assert_array_equal(live(app)["cut_now"].values[2], found.removed[0][1:, 0])
    assert lowered(cuts.missing(found)) in in_words(app)


def test_what_the_cuts_change_is_said_weight_by_weight():
    asked = Settings(length=20, hidden_size=4, loss="every")
    for cell in CELLS:
        flow, loss = asked.flow(cell), asked.loss_object(asked.example())
        found = truncated(flow.trace, loss, 3)
        text = cuts.missing(found)
        for name, full in flow.layers[0].parameters.items():
            cut = found.flow.layers[0].parameters[name]
            share = np.linalg.norm(full - cut) / np.linalg.norm(full)
            said = float(re.search(rf"∂L/∂{name} by ([\d.]+) %", text)[1])
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
        assert f"total norm from {power(np.log10(length))} to" in text
        assert f"to {power(np.log10(np.linalg.norm(scaled)))}." in text
        assert text.endswith(f"is {number(cosine)}.")
        assert ("scales" in text) == (kind == "norm")
        free = cuts.clipping(clip(flow, **{kind: 10 * length}), kind, 10 * length)
        assert free == (
            f"At θ = {number(10 * length)} nothing is clipped: the total norm is "
            f"{power(np.log10(length))}."
        )


def test_no_gradient_is_not_clipped():
    trace = rnnviz.run(rnnviz.build("rnn", 1, 4), np.zeros((5, 1)))
    found = clip(rnnviz.backprop(trace, np.zeros((5, 1, 4))), norm=1.0)
    assert "exactly 0" in cuts.clipping(found, "norm", 1.0)


def test_the_cliff_shows_the_closed_form():
    app = shown(PAGES["Cuts"], **SMALL, cells="rnn", cliff_w=5, cliff_b=-2.45)
    assert cliff(5, -2.5, 50).closed_form == pytest.approx(280255.69, abs=0.01)
    assert "the derivative ∂x_T/∂b is **2.80·10⁵**" in in_words(app)
    assert "= 2.80·10⁵; computed: 2.80·10⁵" in alts(app)["cliff"]
    here = cliff(5, -2.45, 50, target=0.5, norm=0.5)
    assert f"has the length {power(here.log10_norm)} unclipped" in in_words(app)


def test_the_arrows_show_what_clipping_is_for():
    """From the default place the clipped step lowers the loss, the unclipped one raises it."""
    here, after = cliff(*CLIFF, 50, target=0.5, norm=0.5), {}
    for name, step in (("far", here.gradient), ("near", here.clipped)):
        w, b = (at - float(by) for at, by in zip(CLIFF, step, strict=True))
        after[name] = cliff(w, b, 50, target=0.5).loss
    assert after["near"] < 0.01 * here.loss < here.loss < 0.1 * after["far"]
    words = cuts.descent(*CLIFF, 50)
    assert f"{number(after['far'])} unclipped and {number(after['near'])} clipped" in words


def test_a_longer_window_that_changes_more_is_explained():
    """What it keeps beyond k points against the rest, so leaving out both changes less."""
    asked = replace(Settings(), forget_bias=4.6, length=100)
    trace, loss = asked.flow("lstm").trace, asked.loss_object(asked.example())
    found, longer = truncated(trace, loss, 10), truncated(trace, loss, 80)
    assert longer.weights[0]["W_x"] > found.weights[0]["W_x"]
    full = found.full.parameters[0]["W_x"]
    one, other = (full - each.flow.parameters[0]["W_x"] for each in (longer, found))
    cosine = np.vdot(other - one, one) / np.linalg.norm(other - one) / np.linalg.norm(one)
    words = cuts.truncation(found, 10, {80: longer})
    assert f"points against what both leave out (cosine {number(float(cosine))})" in words
    assert "points against" not in cuts.truncation(longer, 80, {10: found})


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


@pytest.mark.parametrize("k", [1, 5, 25, 50])
def test_what_other_windows_change_is_what_they_change(k):
    asked = Settings()
    trace, loss = asked.flow("rnn").trace, asked.loss_object(asked.example())
    tried = {one: truncated(trace, loss, one) for one in cuts.others(k, 50)}
    words = cuts.truncation(truncated(trace, loss, k), k, tried)
    assert ("nothing is cut" in words) == (k == 50)
    full = asked.flow("rnn").layers[0].parameters
    for one in tried:
        cut = truncated(trace, loss, one).flow.parameters[0]
        shares = [np.linalg.norm(full[name] - cut[name]) / np.linalg.norm(full[name])
                  for name in full]  # fmt: skip
        assert f"{advice.percent(max(shares))} at k = {one}" in words


def test_a_cut_smaller_than_the_digits_is_not_printed_as_none():
    flow = Settings(length=5, hidden_size=2).flow("rnn")
    length = 10.0 ** clip(flow, norm=1e9).whole.log10_before
    text = cuts.clipping(clip(flow, norm=length / 1.0004), "norm", length / 1.0004)
    assert f"Clipping lowers the total norm of {number(length)} by 0.04 %." in text
