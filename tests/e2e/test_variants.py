"""The page of variants in a browser: drawn, followed in time, changed, and narrow."""

from __future__ import annotations

import numpy as np
from playwright.sync_api import expect

from rnnviz.analysis.peephole_and_reset import gate_parts
from rnnviz.experiments.settings import Settings

from .pictures import go_to_step_1_by_key, lines, query
from .visit import wait_until_idle

LINK = {"task": "noisy_sine", "T": 12, "H": 3, "seed": 5}
SMALL = Settings(task="noisy_sine", length=12, hidden_size=3, seed=5, cells=("peephole_lstm",))


def test_another_gate_is_chosen_and_time_moves_over_all_of_it(open_app, page, no_errors):
    open_app(page, "/Variants", **LINK)
    go_to_step_1_by_key(page)
    main = page.get_by_test_id("stMain")
    main.get_by_role("radiogroup", name="Gate").get_by_text("o", exact=True).click()
    page.wait_for_function("() => new URLSearchParams(location.search).get('see') === 'o'")
    wait_until_idle(page)
    parts = gate_parts(SMALL.flow("peephole_lstm").trace.layers[0], "o")
    drawn = lines(page, "peephole_parts")
    np.testing.assert_allclose(drawn["c W<sub>c</sub>"]["y"], parts.seen[:, 0])
    assert query(page)["see"] == "o"
    expect(page.get_by_role("button", name="✓ Checks passed")).to_be_visible()
    no_errors(page)
