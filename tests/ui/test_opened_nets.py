"""An opened net and an opened sequence on the pages."""

from dataclasses import replace

import numpy as np
import pytest

from rnnviz import backprop, build, run
from rnnviz.experiments.paths import STOPS
from rnnviz.experiments.presets import PRESETS
from rnnviz.experiments.settings import Settings
from rnnviz.ui import affordable
from rnnviz.ui.shell import edited_weights
from rnnviz.ui.shell.navigation import pages
from tests.ui.apps import (
    blank,
    charts,
    drawn,
    in_words,
    live,
    no_exception,
    settings_of,
    with_cell_options,
)
from tests.ui.opened_nets import app_with, opened, sequence, small

SHOWN = [script for script, page in pages().items() if "plan" in page.counts]
X = np.random.default_rng(3).standard_normal((12, 2))
STACK = {"num_layers": 2, "bidirectional": True}


@pytest.mark.parametrize("script", SHOWN)
def test_every_page_of_trained_nets_shows_an_opened_one(script):
    net = opened(small(output_size=1))
    app = app_with(script, net, sequence(X))
    no_exception(app)
    assert not app.warning
    assert charts(app)
    assert not blank(app)
    assert settings_of(app).net == net
    assert any("net.safetensors" in one.value for one in app.sidebar.text)


@pytest.mark.parametrize("script", SHOWN)
def test_every_page_shows_one_layer_of_a_stack_without_an_output_layer(script):
    net = opened(small(**STACK))
    app = app_with(script, net, sequence(X), layer="0", side="reverse", flow="back")
    no_exception(app)
    assert not app.warning
    assert not blank(app)
    flow = backprop(run(net.model, X), settings_of(app).loss_object(settings_of(app).example()))
    assert settings_of(app).net.layer == 0
    assert "layer 1, reverse" in str(settings_of(app).in_words()), "layers are counted from 1"
    assert settings_of(app).net.direction == "reverse"
    assert flow.layers[1].trace.direction == "reverse"


def test_a_weight_of_the_layer_that_is_shown_can_be_set_by_hand():
    net = opened(small(**STACK))
    app = app_with("pages/Step.py", net, sequence(X), layer="1", side="reverse", unit=1,
                   edit="lstm@1r.b.1:2.5,lstm.b.2:7")  # fmt: skip
    no_exception(app)
    (cell,) = live(app)["cell_large"].head["cells"]
    bias = next(one for one in cell["sums"]["i"]["terms"] if one["parameter"] == "b")
    assert (bias["weights"], bias["edited"], bias["places"]) == ([2.5], [1], [1])
    assert not cell["sums"]["i"].get("fixed")
    assert "2 weights edited" in in_words(app)
    assert any("b[1], layer 2, reverse = 2.5" in str(one.help) for one in app.main.markdown)
    model = settings_of(app).model("lstm")
    assert (model.parameters[3]["b"][1], model.parameters[0]["b"][2]) == (2.5, 7)


def test_what_the_browser_sends_is_of_the_layer_that_is_shown(monkeypatch):
    state = {"edit": ""}
    monkeypatch.setattr(edited_weights.st, "session_state", state)
    monkeypatch.setattr(edited_weights.url_controls, "kept", lambda key, **_: state[key])
    net = opened(small(**STACK)).at(1, "reverse")
    settings = Settings(net=net, cells=("lstm",), length=6)
    edited_weights.take(settings, {"cell": "lstm", "parameter": "W_x", "place": 17, "value": 0.5})
    assert state["edit"] == "lstm@1r.W_x.1.1:0.5"
    edited_weights.take(settings, {"cell": "lstm", "parameter": "W_y", "place": 0, "value": 0.5})
    assert state["edit"] == "lstm@1r.W_x.1.1:0.5"


def test_a_page_leaves_out_what_would_take_too_long():
    net = opened(small(num_layers=1))
    flow = backprop(run(net.model, X), np.ones((12, 1, 4))).layers[0]
    assert affordable.map_left_out(flow) == ""
    assert affordable.every_loss_left_out(flow, 12) == ""
    assert affordable.spectrum_left_out(flow) == ""
    assert "up to T" in affordable.every_loss_left_out(flow, 10**9)


def test_files_do_not_count_on_the_other_pages():
    app = app_with("pages/Cost.py", opened(small()), sequence(X))
    no_exception(app)
    assert settings_of(app).net is None
    assert any("do not count" in one.value for one in app.sidebar.caption)


def test_the_page_of_stacks_shows_all_layers_and_directions_of_the_net():
    net = opened(small(**STACK))
    app = app_with("pages/Depth.py", net, sequence(X), layer="0", side="reverse", layers="3")
    no_exception(app)
    assert {"layers", "bi"}.isdisjoint(one.key for one in (*app.button_group, *app.toggle))
    settings = settings_of(app)
    flow = backprop(run(net.model, X), settings.loss_object(settings.example()))
    maps = [one["z"] for one in charts(app)["depth_map"]["data"]]
    for side, shown in enumerate(one for one in maps if np.isfinite(one).all()):
        for layer in range(2):
            norms = flow.layers[2 * layer + side].log10_norms("c")[1:, 0]
            np.testing.assert_allclose(shown[layer], norms, rtol=1e-6)
    assert "layers = 2, two directions" in in_words(app)
    assert "initialisation are the same" not in in_words(app)
    from_the_end = opened(small(direction="reverse"))
    app = app_with("pages/Depth.py", from_the_end, sequence(X))
    no_exception(app)
    assert "reads from the end alone" in in_words(app)
    assert not charts(app)


def test_what_comes_from_above_beyond_the_range_of_floats_is_said():
    model = build("rnn", 2, 4, num_layers=2, seed=1, output_size=1)
    steep = dict(model.parameters[1], W_h=1e200 * np.eye(4), b=np.zeros(4))
    flat = dict(model.parameters[0], b=np.zeros(4))
    usual = build("rnn", 2, 4, num_layers=2, seed=2, output_size=1)
    for net, said in ((replace(model, parameters=(flat, steep)), True), (usual, False)):
        app = app_with("pages/Roads.py", opened(net), sequence(0 * X), layer="0")
        no_exception(app)
        assert any("beyond the range" in one.value for one in app.main.info) is said


def test_the_page_of_variants_says_where_the_net_is_shown():
    app = app_with("pages/Variants.py", opened(small()), sequence(X))
    no_exception(app)
    assert "shown on “One step”" in in_words(app)


def test_other_cells_are_fresh_nets_of_the_same_sizes():
    net = opened(small(num_layers=2))
    app = app_with("app.py", net, sequence(X))
    app.session_state["cells"] = ["lstm", "gru"]
    no_exception(app.run())
    settings = settings_of(app)
    other = settings.model("gru")
    assert settings.model("lstm") == net.model
    assert (other.num_layers, other.hidden_size, other.input_size) == (2, 4, 2)
    assert any("fresh nets" in one.value for one in app.sidebar.caption)
    assert "reads **prices.csv**; beside it: fresh GRU." in in_words(app)
    assert "**fresh GRU**: " in in_words(app)
    assert "**LSTM**: " in in_words(app)
    (chips,) = (one.proto.body for one in app.main.get("html") if "rv-chips" in one.proto.body)
    assert ">fresh GRU<" in chips
    app.session_state["cells"] = ["rnn"]
    no_exception(app.run())
    assert "is not shown. Reading **prices.csv**: fresh RNN." in in_words(app)


def test_a_net_without_a_fitting_sequence_reads_random_numbers_and_says_so():
    app = app_with("app.py", opened(small(inputs=7)))
    no_exception(app)
    assert settings_of(app).example().x.shape == (50, 1, 7)
    assert "random numbers" in in_words(app)


def keys_of(app):
    """The keys of the sidebar's controls that can be used."""
    kinds = ("slider", "number_input", "selectbox", "button_group", "multiselect", "toggle")
    found = {one.key for kind in kinds for one in app.sidebar.get(kind) if not one.disabled}
    return {key for key in found if key and not key.startswith(("_", "lang"))}


def test_the_sidebar_shows_what_counts_for_an_opened_net_alone():
    holds = {f"lstm.{gate}" for gate in "fio"}
    alone = app_with("app.py", opened(small(inputs=7)))
    assert keys_of(with_cell_options(alone)) == {"T", "cells", "seed", "loss", *holds}
    before = drawn(alone)
    alone.session_state["seed"] = 5
    assert drawn(alone.run()) != before
    both = app_with("app.py", opened(small(**STACK)), sequence(X))
    assert keys_of(with_cell_options(both)) == {"layer", "side", "cells", "loss", *holds}


def test_settings_that_a_path_asks_for_close_the_files():
    app = app_with("app.py", opened(small()), sequence(X))
    preset = "Changed from the preset"
    assert preset not in in_words(app)
    app.query_params["path"] = next(iter(STOPS))
    app.run()
    no_exception(app)
    assert settings_of(app).net is None
    assert any("were closed" in one.value for one in app.main.info)


def test_files_that_do_not_fit_leave_no_word_about_a_preset():
    app = app_with("app.py", opened(small(inputs=3)), sequence(X))
    no_exception(app)
    assert app.main.warning
    assert next(iter(PRESETS.values())).source not in in_words(app)
