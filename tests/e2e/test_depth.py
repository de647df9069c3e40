"""The page of stacks in a browser: drawn, followed in time, changed, and narrow."""

from __future__ import annotations

import numpy as np
from playwright.sync_api import expect

from rnnviz.analysis.stacks import layer_norms
from rnnviz.experiments.settings import Settings
from rnnviz.experiments.stacked_settings import Stacked

from .pictures import go_to_step_1_by_key, lines, query
from .visit import wait_until_idle

LINK = {"task": "noisy_sine", "T": 12, "H": 3, "seed": 5}
SMALL = Settings(task="noisy_sine", length=12, hidden_size=3, seed=5)


def test_layers_and_directions_are_chosen_and_time_moves_over_all_of_it(
    open_app, page, no_errors
):
    open_app(page, "/Depth", **LINK)
    go_to_step_1_by_key(page)
    main = page.get_by_test_id("stMain")
    main.get_by_role("radiogroup", name="Layers").get_by_text("4", exact=True).click()
    page.wait_for_function("() => new URLSearchParams(location.search).get('layers') === '4'")
    main.get_by_text("Two directions", exact=True).click()
    page.wait_for_function("() => new URLSearchParams(location.search).get('bi') === '0'")
    wait_until_idle(page)
    logs = layer_norms(Stacked.of(SMALL, 4, False).flow("lstm"), "memory")[0]
    drawn = lines(page, "depth_norms")
    for layer, row in enumerate(logs):
        np.testing.assert_allclose(drawn[f"layer {layer + 1}"]["y"], row)
    assert query(page)["layers"] == "4"
    expect(page.get_by_role("button", name="✓ Checks passed")).to_be_visible()
    no_errors(page)
