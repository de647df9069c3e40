"""Records have a short repr and a small picture, and can be copied and pickled."""

import copy
import pickle
import re

import numpy as np
import pytest

import rnnviz
from rnnviz.core.losses import SquaredError
from rnnviz.experiments.settings import Settings


@pytest.fixture(scope="module")
def flow():
    model = rnnviz.build("lstm", 4, 32, seed=0, num_layers=2, bidirectional=True, hold={"f": 1.0})
    trace = rnnviz.run(model, np.random.default_rng(0).standard_normal((50, 1, 4)))
    return rnnviz.backprop(trace, np.ones((50, 1, 64)))


WAYS = {
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "pickle": lambda one: pickle.loads(pickle.dumps(one)),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_copy_is_equal_read_only_and_works(way, flow):
    again = WAYS[way](flow)
    for name in ("f", "c", "h"):
        for one, two in zip(flow.layers, again.layers, strict=True):
            np.testing.assert_array_equal(one[name], two[name])
            np.testing.assert_array_equal(one.trace[name], two.trace[name])
    arrays = [again.outputs, again.inputs, again.trace.x, again.trace.outputs,
              again.layers[0].d["da"], again.layers[0].parameters["W_h"],
              again.trace.layers[0].record["h"],
              again.trace.model.parameters[0]["W_x"]]  # fmt: skip
    assert not any(array.flags.writeable for array in arrays)
    with pytest.raises(TypeError, match="read-only"):
        again.trace.model.parameters[0]["W_x"] = np.zeros(1)
    model = WAYS[way](flow.trace.model)
    assert model.hold == {"f": 1.0}
    redone = rnnviz.backprop(rnnviz.run(model, WAYS[way](flow.trace).x), flow.outputs)
    np.testing.assert_array_equal(redone.inputs, flow.inputs)
    np.testing.assert_array_equal(rnnviz.backprop(again.trace, flow.outputs).inputs, flow.inputs)


@pytest.mark.parametrize("way", WAYS)
def test_settings_are_copied_as_they_are(way):
    settings = Settings(cells=("lstm",), hidden_size=3)
    assert WAYS[way](settings) == settings
    assert hash(WAYS[way](settings)) == hash(settings)


def test_reprs_are_one_short_line(flow):
    assert repr(rnnviz.build("lstm", 4, 32)) == (
        "Model(lstm, 4 → 32, 1 layer, 4,736 parameters, float64)"
    )
    one = rnnviz.build("gru", 2, 3, output_size=5, readout="softmax")
    trace = rnnviz.run(one, np.ones((7, 1, 2)))
    assert repr(trace) == "Trace(gru, T=7, B=1, H=3)"
    assert repr(one.readout) == "Readout(softmax, 3 → 5)"
    back = rnnviz.backprop(trace, np.ones((7, 1, 3)))
    assert re.fullmatch(r"GradientFlow\(gru, T=7, B=1, H=3: ‖∂L/∂h‖ \S+ at t = 1, \S+ at t = 7\)",
                        repr(back))  # fmt: skip
    shown = [flow, flow.trace, flow.trace.model, flow.layers[0], flow.trace.layers[0], back,
             SquaredError(np.zeros((50, 1, 4))), rnnviz.memory(back),
             rnnviz.roads(trace, np.ones((7, 1, 3))), rnnviz.singular_values(trace),
             rnnviz.truncated(trace, np.ones((7, 1, 3)), k=2), rnnviz.clip(back, norm=1.0),
             rnnviz.leading(trace, 2), flow.trace.model.parameters[0]]  # fmt: skip
    for record in shown:
        assert "\n" not in repr(record)
        assert len(repr(record)) <= 400, repr(record)


@pytest.mark.parametrize("of", ["flow", "trace", "model"])
def test_small_pictures_are_small_and_escape_everything(of, flow):
    record = {"flow": flow, "trace": flow.trace, "model": flow.trace.model}[of]
    html = record._repr_html_()
    assert 300 < len(html) < 8000
    assert "<svg" in html or "data:image/png" in html
    assert "<script" not in record._repr_html_()


def test_pictures_of_what_is_not_finite_or_empty():
    from rnnviz.core import _html

    nothing = _html.sparkline(np.full(3, -np.inf), "<b>")
    assert "<b>" not in nothing
    assert "polyline" not in nothing
    odd = _html.heatmap(np.array([[np.nan, np.inf, 1e300]]), 'a"b', gate=False)
    assert 'a"b' not in odd


def test_the_version_is_that_of_the_package():
    import tomllib
    from pathlib import Path

    assert re.fullmatch(r"\d+\.\d+\.\d+", rnnviz.__version__)
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())
    assert "version" in project["project"]["dynamic"]
