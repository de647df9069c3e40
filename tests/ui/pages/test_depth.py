"""The page of stacks: its numbers are the core's, its sentences are made from them."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from rnnviz import CELLS
from rnnviz.analysis.stacks import (
    depth_factors,
    layer_norms,
    losses_of,
    one_loss,
    path_lengths,
    time_factors,
    ways_back,
)
from rnnviz.experiments.settings import Settings
from rnnviz.experiments.stacked_settings import Stacked
from rnnviz.ui.pages.depth.findings import farthest, finding
from rnnviz.words import speak
from rnnviz.words.numbers import number, power
from tests.ui.apps import (
    alts,
    badges,
    blank,
    charts,
    in_words,
    live,
    open_app,
    settings_of,
    shown,
    stage,
)
from tests.ui.gradient_pages import SMALL

PAGE = "pages/Depth.py"
STACKS = [(1, False), (1, True), (2, True), (3, True), (4, False)]
LOSSES = [{}, {"loss": "every"}, {"loss": "chosen", "at": "3, 9"}]
NAMES = {"forward": "Forward direction", "reverse": "Reverse direction"}


def of(layers, both, cell="lstm", **query):
    """The page on one cell, and the flow that it shows."""
    app = shown(PAGE, **(SMALL | query), cells=cell, layers=layers, bi=int(both))
    assert not app.exception, [one.message for one in app.exception]
    assert not app.warning
    return app, Stacked.of(settings_of(app), layers, both).flow(cell)


def finite(logs):
    return np.where(np.isfinite(logs), logs, np.nan)


@pytest.mark.parametrize(
    ("layers", "both", "query"), [(*one, LOSSES[k % 3]) for k, one in enumerate(STACKS)]
)
def test_the_map_and_the_norms_are_the_core_s(layers, both, query):
    app, flow = of(layers, both, **query)
    logs = layer_norms(flow, "memory")
    assert not blank(app)
    maps = [one for one in charts(app)["depth_map"]["data"] if one.get("coloraxis")]
    assert [one["name"] for one in maps] == list(NAMES.values())[: 1 + both]
    np.testing.assert_allclose(np.array([one["z"] for one in maps], float), finite(logs), rtol=1e-6)
    scale = charts(app)["depth_map"]["layout"]["coloraxis"]
    assert scale["cmin"] <= finite(logs[np.isfinite(logs)]).min()
    drawn = [one for one in charts(app)["depth_norms"]["data"] if "lines" in one.get("mode", "")]
    wanted = [row for one in logs for row in one]
    for line, row in zip(drawn, wanted, strict=True):
        np.testing.assert_array_equal(line["y"], finite(row))
    for layer in range(layers):
        assert f"layer {layer + 1}, Forward direction: {power(logs[0, layer, 0])} at step 1" in (
            alts(app)["depth_map"]
        )


@pytest.mark.parametrize("cell", CELLS)
def test_what_follows_time_is_the_core_s(cell):
    app, flow = of(2, True, cell, loss="every")
    lengths, wanted = path_lengths(losses_of(flow), 2, True), []
    norms = layer_norms(flow, "memory")  # as in the map
    for side, direction in enumerate(NAMES):
        for layer in (1, 0):
            ways = ways_back(flow, layer, direction)
            wanted += [norms[side, layer], ways.down, ways.back, lengths[side, layer]]
    np.testing.assert_array_equal(live(app)["depth_now"].values, wanted)
    assert len(live(app)["depth_now"].head["rows"]) == 4


def test_the_arrows_and_the_tables_say_the_factors():
    app, flow = of(3, True, "gru", loss="every")
    across, words = depth_factors(flow).factor, in_words(app)
    layout = charts(app)["depth_map"]["layout"]
    notes = [one.get("text", "") for one in layout["annotations"]]
    beside = [*layout["yaxis"]["ticktext"], *layout["yaxis2"]["ticktext"]]
    for side, _direction in enumerate(NAMES):
        for layer in range(3):
            factor = number(time_factors(flow)[side, layer])
            assert f"{'←→'[side]} × {factor}" in beside
            assert re.search(rf"\| {layer + 1} \|.*{re.escape(factor)}", words)
            if layer < 2:
                assert f"× {number(across[side, layer])}" in notes
                assert number(across[side, layer]) in words


def test_all_cells_stand_in_the_tables():
    names = list(CELLS)[:4]
    app = shown(PAGE, **SMALL, cells=",".join(names))
    for name in names:
        assert in_words(app).count(f"| **{CELLS[name].title}** | 3 |") == 2


@pytest.mark.parametrize(
    ("layers", "both", "query", "sender"),
    [
        (1, False, {}, 12),
        (3, True, {"loss": "every"}, 7),
        (1, True, {"loss": "every", "from": 4}, 4),
        (3, True, {"loss": "chosen", "at": "3, 9", "from": 5}, 3),
    ],
)
def test_the_paths_are_the_core_s(layers, both, query, sender):
    app, flow = of(layers, both, **query)
    figure = charts(app)["depth_paths"]
    lengths = path_lengths(np.arange(1, 13) == sender, layers, both)[:, -1]
    logs = layer_norms(one_loss(flow, sender))
    lines = [one for one in figure["data"] if "lines" in one.get("mode", "")]
    for line, row in zip(lines, lengths, strict=False):
        np.testing.assert_array_equal(line["y"], finite(row))
    rest = lines[len(lengths) :]
    wanted = [one[k] for one in logs for k in sorted({layers - 1, 0}, reverse=True)]
    for line, row in zip(rest, wanted, strict=True):
        np.testing.assert_array_equal(line["y"], finite(row))
    text = alts(app)["depth_paths"]
    assert f"needs {sender - 1} steps to the loss on step {sender}" in text
    if both and sender < 12:
        assert f"From step 12 the reverse direction needs {12 - sender} steps" in text


@pytest.mark.parametrize("signal", ["f", "c", "h"])
def test_every_signal_of_every_layer_is_there(signal):
    app, flow = of(2, True, of=signal)
    for direction in NAMES:
        maps = charts(app)[f"depth_units_{direction}"]["data"]
        for one, layer in zip(maps, (1, 0), strict=True):
            wanted = flow.trace.layer(layer, direction)[signal][:, 0].T
            np.testing.assert_allclose(np.asarray(one["z"], float), wanted, rtol=1e-6, atol=1e-7)


def test_the_address_says_layers_and_directions():
    app = open_app(PAGE, **SMALL)
    assert "layers" not in app.query_params
    assert "bi" not in app.query_params
    app.session_state["layers"] = "4"
    app.main.toggle(key="bi").set_value(False).run()
    assert app.query_params["layers"] in ("4", ["4"])
    assert app.query_params["bi"] in ("0", ["0"])
    assert "layers = 4, one direction" in in_words(app)
    wrong = open_app(PAGE, **SMALL, layers=9)
    assert any("layers = 3 is shown" in one.value for one in wrong.info)


def test_only_as_many_layers_and_directions_are_offered_as_can_be_shown():
    app = open_app(PAGE, task="impulse", T=500, H=22, layers=4, cells="rnn")
    app.sidebar.slider(key="H").set_value(40).run()
    assert not app.warning
    assert app.button_group(key="layers").options == ["1", "2"]
    assert "layers = 2, one direction" in in_words(app)
    assert "bi" not in [one.key for one in app.main.toggle]
    assert not blank(app)


def test_one_step_is_shown():
    app = open_app(PAGE, task="sentence", sentence_text="한", H=1)
    assert not app.exception
    assert not blank(app)
    assert stage(app)["length"] == 1


def test_edits_are_said_to_count_in_the_first_layer():
    app, flow = of(2, True, "gru", edit="gru.W_h.1.2:2.5")
    assert "Edited weights apply only to layer 1, forward direction." in in_words(app)
    assert flow.trace.model.parameters[0]["W_h"][1, 2] == 2.5
    assert "Edited" not in in_words(of(2, True, "gru")[0])


def test_the_badge_has_every_layer_and_direction():
    app, _ = of(2, True)
    assert badges(app) == ["✓ Checks passed"]


def flow_of(cell="lstm", layers=3, both=True, **changes):
    return Stacked.of(replace(Settings(), **changes), layers, both).flow(cell)


def test_the_finding_splits_the_way_into_time_and_depth():
    flow = flow_of()
    logs = layer_norms(flow, "memory")[0]
    np.testing.assert_array_equal(logs, layer_norms(flow, "c")[0])
    said = finding(flow)
    assert "gradient on the memory state c is" in said
    total, time = logs[0, 0] - logs[2, 49], logs[2, 0] - logs[2, 49]
    for words in (f"multiplied by {power(total)}: by {power(time)} through time",
                  f"by {power(total - time)} through depth",
                  "steps with a path to the loss are 1 of 50",
                  "chosen steps “1, 50” no step would be more than 24 steps"):  # fmt: skip
        assert words in said
    assert said in in_words(shown(PAGE))
    two = flow_of(layers=2)
    lower = layer_norms(two, "memory")[0]
    words = f"{power(lower[0, 0] - lower[1, 49])} with 2 layers"
    assert words in finding(flow, {"2 layers": two})
    assert words in in_words(shown(PAGE))


def test_the_finding_names_what_two_directions_bring():
    ends = {"loss": "chosen", "loss_at": "1, 50"}
    assert "step is 24 steps from a loss; with the forward direction alone it is 48 steps" in (
        finding(flow_of(**ends))
    )
    assert farthest(np.isin(np.arange(50), (0, 49)), True) == 24
    every = finding(flow_of(loss="every"))
    assert "The gradient of the loss on step 1 reaches the steps after it" in every
    first = finding(flow_of(loss="chosen", loss_at="1"))
    assert "alone, some steps have no path to a loss" in first


def test_every_finding_is_a_sentence():
    for cell in CELLS:
        for layers, both in STACKS:
            for changes in ({}, {"loss": "every"}, {"scale": 3.0}, {"length": 2},
                            {"loss": "chosen", "loss_at": "1"}):  # fmt: skip
                said = finding(flow_of(cell, layers, both, hidden_size=4, **changes))
                assert said.endswith(".")
                assert "nan" not in said


def test_no_gradient_is_said():
    flow = flow_of(hidden_size=3, length=6)
    zero = replace(flow, outputs=np.zeros_like(flow.outputs))
    assert "No gradient reaches the forward direction" in finding(one_loss(zero, 1))


@pytest.mark.parametrize("query", [{}, {"loss": "every", "layers": 4}, {"bi": 0, "layers": 1}])
def test_the_page_is_in_korean(query):
    app = open_app(PAGE, **SMALL, lang="ko", **query)
    speak("en")
    assert not app.exception
    for text in (*in_words(app).split("\n"), *alts(app).values()):
        assert not re.search(r"(?<![A-Za-z_`])(?!plotly)[a-z]{3,}(?![A-Za-z_`])",
                             re.sub(r"\*.*?\*|<.*?>|exp|tanh|pytorch", "", text)), text  # fmt: skip
