"""Initialisation and cost in a browser: laws laid over each other, and time measured when asked."""

import numpy as np
from playwright.sync_api import expect

from rnnviz.experiments.initialisation_runs import SCHEMES, measure, quantiles
from rnnviz.experiments.settings import Settings

from .pictures import assert_cursors_at, lines, numbers, query, slider, wait_for_t
from .visit import wait_until_idle

SMALL = Settings(task="noisy_sine", length=12, hidden_size=3, seed=5)
LINK = {"task": "noisy_sine", "T": 12, "H": 3, "seed": 5}


def test_laws_lie_over_each_other_and_follow_time(open_app, page, no_errors):
    open_app(page, "/Initialisation", **LINK, laws="pytorch,chrono", cell="lstm")
    for name, label in (("pytorch", "PyTorch"), ("chrono", "chrono")):
        wanted = quantiles(measure(SMALL, "lstm", SCHEMES[name]).state)
        np.testing.assert_array_equal(lines(page, "laws_norms")[label]["y"], wanted[1])
    slider(page).press("Home")
    wait_for_t(page, 1)
    assert_cursors_at(page, 1)
    text = page.locator(".st-key-laws_now .rv-readout").inner_text()
    shown = numbers(text.split("PyTorch")[1])[0]
    wanted = quantiles(measure(SMALL, "lstm", SCHEMES["pytorch"]).state)[1, 1]
    assert abs(np.log10(shown) - wanted) < 0.05
    page.get_by_test_id("stMain").get_by_role("combobox").first.click()
    page.get_by_role("option", name="Keras", exact=True).click()
    page.wait_for_function("() => new URLSearchParams(location.search).get('laws')"
                           ".includes('keras')")  # fmt: skip
    wait_until_idle(page)
    assert "Keras" in lines(page, "laws_norms")
    page.set_viewport_size({"width": 390, "height": 844})
    main = page.get_by_test_id("stMain")
    assert main.evaluate("one => one.scrollWidth - one.clientWidth") <= 0
    no_errors(page)


def test_time_is_measured_when_asked(open_app, page, no_errors):
    open_app(page, "/Cost", **LINK, by="count")
    main = page.get_by_test_id("stMain")
    expect(main.get_by_text("Not measured yet")).to_be_visible()
    assert "Time a step forward, µs" not in lines(page, "cost_bars")
    main.get_by_role("button", name="Measure the time").click()
    expect(main.get_by_text("on this machine")).to_be_visible()
    wait_until_idle(page)
    assert min(lines(page, "cost_bars")["Time a step back, µs"]["x"]) > 0
    assert query(page)["by"] == "count"
    page.set_viewport_size({"width": 390, "height": 844})
    assert main.evaluate("one => one.scrollWidth - one.clientWidth") <= 0
    no_errors(page)
