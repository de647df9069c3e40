"""Every page of gradients in a browser: drawn, asked, verified, and narrow."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from rnnviz.analysis.cuts import truncated
from rnnviz.analysis.jacobian import jacobian_map
from rnnviz.analysis.loss_attribution import itemised
from rnnviz.experiments.settings import Settings

from .pictures import assert_all_is_drawn, lines, numbers, query
from .visit import wait_until_idle

SMALL = Settings(task="noisy_sine", length=12, hidden_size=3, seed=5, loss="every")
LINK = {"task": "noisy_sine", "T": 12, "H": 3, "seed": 5, "loss": "every"}
EXTREME = {
    "/Step": {"task": "sentence", "sentence_text": "x", "H": 1},
    "/Gradient_flow": {"task": "impulse", "T": 500, "H": 63, "loss": "every", "cells": "rnn"},
    "/Roads": {"task": "impulse", "T": 500, "H": 63, "bf": -2, "loss": "every", "cells": "lstm"},
    "/Cuts": {"task": "impulse", "T": 500, "cells": "rnn", "nonlinearity": "identity", "scale": 3,
              "scaling": "radius", "init": "orthogonal", "cliff_w": 8, "cliff_b": -4,
              "cliff_T": 100, "theta": -8},
    "/Systems": {"task": "impulse", "T": 500, "w11": 3, "w12": -3, "w21": 3, "w22": 3, "in": "step",
                 "amp": 4, "x0": "60,-60"},
}  # fmt: skip

CELL = """([key, t, k]) => {
  const gd = document.querySelector(`.st-key-${key} .js-plotly-plot`);
  gd.scrollIntoView({block: 'center'});
  const {xaxis: x, yaxis: y} = gd._fullLayout;
  const home = gd.querySelector('.svg-container').getBoundingClientRect();
  return [home.left + x._offset + x.d2p(k), home.top + y._offset + y.d2p(t)];
}"""


@pytest.mark.parametrize("path", EXTREME)
def test_the_far_ends_of_the_settings_are_drawn(open_app, page, path, no_errors):
    """What all pages draw with one hard setting is looked at on a phone, in test_first_look."""
    open_app(page, path, **EXTREME[path])
    assert_all_is_drawn(page)
    no_errors(page)


def answer(page, t, k):
    """What the probe says of (t, k), once it says it."""
    page.wait_for_selector(f'.rv-probe-answer[data-t="{t}"][data-k="{k}"]')
    return page.locator(".rv-probe-answer").inner_text()


def assert_says(text, logs, t, k, *, first, symbol):
    """The value of one pair, and the step that shrank it most, are the core's."""
    value = logs[t - first, k]
    if np.isnan(value):
        assert text == "The future does not reach the past."
        return
    said = re.match(rf"‖∂{symbol}.*?‖ = (.+?)[.:](?: |$)", text)[1]
    if np.isneginf(value):
        assert said == "0"
        return
    assert np.log10(numbers(said)[0]) == pytest.approx(value, abs=4e-3)
    if worst := re.search(r"[Ss]tep (\d+)(?: shrank it most| the least)?: × (.+)\.$", text):
        j, loss = int(worst[1]), worst[2]
        if symbol == "L":
            steps = logs[t - first, k:t] - logs[t - first, k + 1 : t + 1]
        else:
            steps = np.diff(logs[k : t + 1, k])
        assert j == k + 1 + steps.argmin()
        assert np.log10(numbers(loss)[0]) == pytest.approx(steps.min(), abs=4e-3)


def ask(page, label, value):
    page.locator(".rv-probe").get_by_label(label).fill(str(value))


def test_the_jacobian_map_answers_typing_and_clicks(open_app, page, no_errors):
    open_app(page, "/Gradient_flow", **LINK, cells="rnn")
    logs = jacobian_map(SMALL.flow("rnn").trace)
    words = {"first": 0, "symbol": "s"}
    assert_says(answer(page, 12, 1), logs, 12, 1, **words)
    for t, k in [(9, 4), (7, 7), (3, 8), (12, 0)]:
        ask(page, "from step t", t)
        ask(page, "back to step k", k)
        assert_says(answer(page, t, k), logs, t, k, **words)
    for t, k in [(10, 2), (5, 4), (6, 6)]:
        page.wait_for_timeout(400)  # sooner, Plotly takes two clicks for a double one
        page.mouse.click(*page.evaluate(CELL, ["jacobian", t, k]))
        assert_says(answer(page, t, k), logs, t, k, **words)
        assert page.locator(".rv-probe").get_by_label("from step t").input_value() == str(t)
    ask(page, "from step t", 99)
    ask(page, "back to step k", -4)
    assert_says(answer(page, 12, 0), logs, 12, 0, **words)
    no_errors(page)


def test_the_itemised_map_answers_typing_and_clicks(open_app, page, no_errors):
    open_app(page, "/Whose_gradient", **LINK, cells="gru")
    flow = SMALL.flow("gru")
    logs = itemised(flow.trace, SMALL.loss_object(SMALL.example()))
    words = {"first": 1, "symbol": "L"}
    assert_says(answer(page, 12, 1), logs, 12, 1, **words)
    for label, value in (("Loss on step τ", "9"), ("Timestep t", "4")):
        field = page.get_by_test_id("stNumberInput").get_by_label(label)
        field.fill(value)
        field.press("Enter")
    assert_says(answer(page, 9, 4), logs, 9, 4, **words)
    page.wait_for_timeout(400)  # sooner, Plotly takes two clicks for a double one
    page.mouse.click(*page.evaluate(CELL, ["itemised", 11, 3]))
    assert_says(answer(page, 11, 3), logs, 11, 3, **words)
    assert not page.locator(".rv-probe-form").is_visible()
    page.wait_for_function("() => new URLSearchParams(location.search).get('tau') === '11'")
    wait_until_idle(page)
    assert (query(page)["tau"], query(page)["to"]) == ("11", "3")  # the page's own fields
    no_errors(page)


def test_a_question_survives_another_setting(open_app, page, no_errors):
    """The map is another one then, and the answer is that map's."""
    open_app(page, "/Gradient_flow", **LINK, cells="lstm")
    ask(page, "from step t", 8)
    ask(page, "back to step k", 3)
    answer(page, 8, 3)
    page.get_by_test_id("stMain").get_by_text("c alone", exact=True).click()
    page.wait_for_function("() => new URLSearchParams(location.search).get('state') === 'c'")
    wait_until_idle(page)
    logs = jacobian_map(SMALL.flow("lstm").trace, state="c")
    assert_says(answer(page, 8, 3), logs, 8, 3, first=0, symbol="s")
    page.wait_for_timeout(400)  # sooner, Plotly takes two clicks for a double one
    page.mouse.click(*page.evaluate(CELL, ["jacobian", 9, 2]))
    assert_says(answer(page, 9, 2), logs, 9, 2, first=0, symbol="s")
    no_errors(page)


def the_badge_opens_the_checks(page):
    page.get_by_role("button", name="✓ Checks passed").click()
    wait_until_idle(page)
    box = page.get_by_test_id("stPopoverBody")
    expect(box).to_contain_text("Each error must stay below its bound")
    expect(box.get_by_text("every recorded signal, put into")).to_be_attached()
    rows = [one.locator("th, td").all_inner_texts() for one in box.locator("tbody tr").all()]
    checks = [one for one in rows if len(one) == 4]
    assert len(checks) >= 8, rows
    for _, error, bound, holds in checks:
        assert numbers(error)[0] <= numbers(bound)[0]
        assert holds == "yes"


def test_the_slider_k_cuts_the_chart_and_the_badge_opens_the_checks(open_app, page, no_errors):
    open_app(page, "/Cuts", **LINK, cells="rnn")
    loss = SMALL.loss_object(SMALL.example())
    flow = SMALL.flow("rnn")
    slider = page.get_by_role("slider", name=re.compile("^k, "))
    for keys, k in [([], 10), (["Home"], 1), (["ArrowRight"], 2), (["End"], 12)]:
        for key in keys:
            slider.press(key)
            page.wait_for_function(
                "k => (new URLSearchParams(location.search).get('k') ?? '10') === k", arg=str(k)
            )
        wait_until_idle(page)
        found = truncated(flow.trace, loss, k)
        drawn = lines(page, "truncated")
        np.testing.assert_array_equal(drawn["truncated"]["y"], found.flow.log10_norms("h")[:, 0])
        np.testing.assert_array_equal(drawn["removed"]["y"], found.removed[0][:, 0])
    assert query(page)["k"] == "12"
    the_badge_opens_the_checks(page)
    no_errors(page)
