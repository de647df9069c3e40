"""Time moves in the browser: every picture follows, nothing is drawn again, nobody is asked."""

import pytest
from playwright.sync_api import TimeoutError as Late

from .pictures import (
    assert_cursors_at,
    assert_untouched,
    curves,
    now,
    query,
    slider,
    wait_for_t,
    wait_for_url,
    watch,
)
from .visit import wait_until_idle

CLOSE = "t => Math.abs(document.documentElement.dataset.rvT - t) <= 1"
THUMB = "xpath=ancestor::*[contains(@style, 'left')][1]"


def middle(box):
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def plot_area(page, key):
    """The first subplot of a chart, in the middle of the window."""
    area = page.locator(f".st-key-{key} .nsewdrag").first
    area.evaluate("one => one.scrollIntoView({block: 'center'})")
    return area.bounding_box()


def leave_every_field(page):
    page.evaluate("document.activeElement.blur()")


def keys_move_every_cursor_and_every_view(page, sent):
    leave_every_field(page)
    watch(page)
    before = len(sent)
    for key, t in [("End", 40), ("ArrowLeft", 39), ("ArrowLeft", 38), ("Shift+ArrowLeft", 28),
                   ("ArrowRight", 29), ("Shift+ArrowRight", 39), ("Home", 1), ("ArrowLeft", 1),
                   ("End", 40), ("ArrowRight", 40), ("Shift+ArrowLeft", 30)]:  # fmt: skip
        page.keyboard.press(key)
        wait_for_t(page, t)
        assert now(page) == t
    assert_cursors_at(page, 30)
    assert len(sent) == before, "time asks the server nothing"
    wait_for_url(page, 30)
    assert_untouched(page)


def a_drag_moves_them_all_and_sends_nothing(page, sent):
    page.keyboard.press("End")
    wait_for_url(page, None)
    watch(page)
    before, seen = len(sent), set()
    track = page.locator(".st-key-rv-time .stSlider [data-orientation]").first.bounding_box()
    x, y = middle(slider(page).locator(THUMB).bounding_box())
    page.mouse.move(x, y)
    page.mouse.down()
    for share in (0.9, 0.7, 0.5, 0.25):
        page.mouse.move(track["x"] + share * track["width"], y, steps=6)
        t = now(page)
        seen.add(t)
        wait_for_t(page, t)
        assert_cursors_at(page, t)
    assert len(seen) == 4
    assert len(sent) == before
    assert "t" not in query(page), "not before it is let go"
    page.mouse.up()
    wait_for_url(page, t)
    wait_until_idle(page)
    assert now(page) == t == pytest.approx(11, abs=1)
    assert_untouched(page)


def cursors_stay_on_their_timestep_when_a_chart_is_zoomed(page, key):
    before = page.evaluate("k => document.querySelector(`.st-key-${k} .js-plotly-plot`)"
                           "._fullLayout.xaxis.range.slice()", key)  # fmt: skip
    box, t = plot_area(page, key), now(page)
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 0.2 * box["width"], y)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.8 * box["width"], y, steps=5)
    page.mouse.up()
    page.wait_for_function(
        "([k, old]) => { const r = document.querySelector(`.st-key-${k} .js-plotly-plot`)"
        "._fullLayout.xaxis.range; return r[1] - r[0] < 0.7 * (old[1] - old[0]); }",
        arg=[key, before],
    )
    assert_cursors_at(page, t)
    for keyboard, t in [("End", 40), ("Shift+ArrowLeft", 30), ("Home", 1)]:
        page.keyboard.press(keyboard)
        wait_for_t(page, t)
        assert_cursors_at(page, t)


def a_click_in_a_chart_goes_there(page):
    for key, share in [("units_rnn", 0.5), ("units_lstm", 0.25)]:
        box = plot_area(page, key)
        page.mouse.click(box["x"] + share * box["width"], box["y"] + box["height"] / 2)
        low, high = page.evaluate("k => document.querySelector(`.st-key-${k} .js-plotly-plot`)"
                                  "._fullLayout.xaxis.range.slice()", key)  # fmt: skip
        t = round(low + share * (high - low))
        page.wait_for_function(CLOSE, arg=t)
        wait_for_t(page, now(page))
        assert_cursors_at(page, now(page))


def a_new_setting_draws_new_charts_and_keeps_the_time(page):
    leave_every_field(page)
    page.keyboard.press("Home")
    page.keyboard.press("Shift+ArrowRight")
    wait_for_t(page, 11)
    wait_for_url(page, 11)
    old = curves(page)["LSTM"]
    page.locator(".st-key-_bf_here").get_by_role("slider").press("Home")
    page.wait_for_function("() => new URLSearchParams(location.search).get('bf') === '-4'")
    wait_until_idle(page)
    wait_for_t(page, 11)
    assert_cursors_at(page, 11)
    assert query(page) == {"T": "40", "bf": "-4", "t": "11", "cells": "rnn,lstm"}
    assert curves(page)["LSTM"][1] < old[1] - 1


def test_keys_pointer_and_clicks_move_every_view_of_compare(open_app, page, visit_of, no_errors):
    open_app(page, T=40, cells="rnn,lstm")
    sent = visit_of(page).sent
    keys_move_every_cursor_and_every_view(page, sent)
    a_drag_moves_them_all_and_sends_nothing(page, sent)
    a_click_in_a_chart_goes_there(page)
    cursors_stay_on_their_timestep_when_a_chart_is_zoomed(page, "units_lstm")
    a_new_setting_draws_new_charts_and_keeps_the_time(page)
    no_errors(page)


def test_the_pointer_moves_every_view_of_gradient_flow(open_app, page, visit_of, no_errors):
    open_app(page, "/Gradient_flow", T=40, cells="lstm")
    a_drag_moves_them_all_and_sends_nothing(page, visit_of(page).sent)
    cursors_stay_on_their_timestep_when_a_chart_is_zoomed(page, "flow")
    no_errors(page)


DRAWN = """() => {
  window.rvDrawn = new Map();
  new MutationObserver((found) => {
    const charts = found.flatMap(({ target, addedNodes }) =>
      (addedNodes.length && target.closest?.(".cartesianlayer")?.closest(".js-plotly-plot")) || []);
    for (const one of new Set(charts)) rvDrawn.set(one, (rvDrawn.get(one) ?? 0) + 1);
  }).observe(document.body, { subtree: true, childList: true });
}"""


def test_a_new_chart_is_drawn_once(open_app, page, no_errors):
    open_app(page, "/Cuts", T=20, task="impulse")
    page.evaluate(DRAWN)
    seed = page.get_by_role("spinbutton", name="Seed")
    seed.fill("4242")
    seed.press("Enter")
    page.wait_for_function("() => new URLSearchParams(location.search).get('seed') === '4242'")
    wait_until_idle(page)
    page.wait_for_timeout(700)
    drawn = page.evaluate("[...rvDrawn].filter(([one]) => one.isConnected).map(([, n]) => n)")
    assert drawn
    assert drawn == [1] * len(drawn)
    no_errors(page)


def test_a_drag_is_read_off_the_pointer_as_the_slider_reads_it(open_app, page, no_errors):
    open_app(page, "/Roads", T=37, cells="lstm")
    found = set()
    page.evaluate("""() => {
      window.rvSaid = [];
      document.addEventListener("rv-time", ({ detail }) => rvSaid.push(detail.t));
    }""")
    alike = """() => rvSaid.at(-1) === Number(
      document.querySelector(".st-key-rv-time .stSlider input[type=range]").value)"""
    for start in (0.313, None):  # on the track, then on the thumb, beside its middle
        track = page.locator(".st-key-rv-time .stSlider [data-orientation]").first.bounding_box()
        thumb = slider(page).locator(THUMB).bounding_box()
        x = track["x"] + start * track["width"] if start else thumb["x"] + 0.8 * thumb["width"]
        y = track["y"] + track["height"] / 2
        page.mouse.move(x, y)
        page.mouse.down()
        for k in range(24):
            page.mouse.move(x + 9.3 * k, y)
            try:
                page.wait_for_function(alike, timeout=5000)
            except Late:  # the page was laid out anew since: the next move is read right
                page.mouse.move(x + 9.3 * k + 0.2, y)
                page.wait_for_function(alike)
            found.add(page.evaluate("rvSaid.at(-1)"))
        said = len(page.evaluate("rvSaid"))
        page.mouse.up()
        page.wait_for_timeout(100)
        assert len(page.evaluate("rvSaid")) == said, "and the end changes nothing"
    assert len(found) > 12
    no_errors(page)
