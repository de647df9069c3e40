"""Pages where exact maps and singular values would take too long: estimates, leading directions."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from rnnviz.analysis.jacobian_estimate import probed_map
from rnnviz.analysis.leading_directions import leading
from rnnviz.ui import affordable
from tests.ui.apps import alts, blank, charts, live, probes, settings_of, shown

QUERY = {"task": "noisy_sine", "T": 12, "H": 6, "seed": 5, "cells": "lstm"}


@pytest.fixture
def expensive(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(affordable, "MAP", 1)
    monkeypatch.setattr(affordable, "SPECTRUM", 1)
    monkeypatch.setattr(affordable, "PROBED", 1)
    monkeypatch.setattr(affordable, "PATIENCE", np.inf)


def page(name: str, **query: Any) -> Any:
    app = shown.__wrapped__(f"pages/{name}.py", **QUERY, **query)
    assert not app.exception, [one.message for one in app.exception]
    assert not app.warning
    assert not blank(app)
    return app, settings_of(app).flow("lstm")


@pytest.mark.parametrize("state", ["all", "c"])
@pytest.mark.usefixtures("expensive")
def test_the_estimated_map_is_the_core_s_and_says_so(state: str) -> None:
    app, flow = page("Gradient_flow", state=state)
    wanted = probed_map(flow.trace, state, probes=affordable.FEWEST)
    (probe,) = probes(app).values()
    np.testing.assert_array_equal(probe.values, wanted.log10)
    assert [one.value for one in app.info] == [affordable.map_note(flow.layers[0], wanted)]
    assert "jacobian" in charts(app)


@pytest.mark.usefixtures("expensive")
def test_the_leading_directions_are_the_core_s_and_it_says_so() -> None:
    app, flow = page("Spectrum")
    wanted = leading(flow.trace, 8)
    assert [one.value for one in app.info] == [affordable.spectrum_note(flow.layers[0], wanted)]
    step = [one["y"] for one in charts(app)["singular"]["data"] if "lines" in one.get("mode", "")]
    np.testing.assert_allclose(step[0], wanted.step[:, 0])
    bars = np.asarray(charts(app)["lyapunov"]["data"][0]["y"], float)
    np.testing.assert_allclose(bars, wanted.exponents)
    np.testing.assert_array_equal(live(app)["spectrum_now"].values[2], wanted.cumulative[:, 0])
    assert "direction 8" in alts(app)["singular"]


def test_the_affordable_is_exact() -> None:
    for name in ("Gradient_flow", "Spectrum"):
        app, _ = page(name)
        assert not app.info
