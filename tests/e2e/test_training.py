"""The page of training in a browser: drawn, followed in time, changed by a click, and narrow."""

from __future__ import annotations

from playwright.sync_api import expect

from .pictures import assert_cursors_at, query, slider, wait_for_t, watch
from .visit import wait_until_idle

LINK = {"H": 4, "upd": 50, "lag": 3, "win": 2, "T": 20}
EMPTY = """() => [...document.querySelectorAll('.js-plotly-plot')]
  .filter((gd) => !gd.querySelector('.trace path, .trace .point')).map((gd) => gd.id || 'chart')"""


def test_windows_follow_time_and_a_button_makes_them_longer(open_app, page, no_errors):
    open_app(page, "/Training", **LINK)
    main = page.get_by_test_id("stMain")
    expect(main.get_by_role("button", name="✓ Checks passed")).to_be_visible()
    assert page.evaluate(EMPTY) == []
    watch(page)
    slider(page).press("Home")
    wait_for_t(page, 1)
    assert_cursors_at(page, 1)
    expect(main.get_by_text("lies before the start of the stream")).to_be_visible()
    main.get_by_role("button", name="k = 2d = 6").click()
    page.wait_for_function("() => new URLSearchParams(location.search).get('win') === '6'")
    wait_until_idle(page)
    expect(main.get_by_text("50.0 % of all")).to_be_visible()
    slider(page).press("End")
    expect(main.get_by_text("cut between x₁₇ and y₂₀")).to_be_visible()
    assert page.evaluate(EMPTY) == []
    main.get_by_text("state carries the cause").click()
    page.wait_for_function("() => new URLSearchParams(location.search).get('rate') === '0.003'")
    wait_until_idle(page)
    assert query(page)["lag"] == "4"
    assert page.evaluate(EMPTY) == []
    no_errors(page)


def test_the_longest_windows_fit_on_a_phone(open_app, page, no_errors):
    page.set_viewport_size({"width": 390, "height": 844})
    open_app(page, "/Training", lag=30, win=60, upd=50, H=16, T=120, cells="rnn,lstm", lang="ko")
    main = page.get_by_test_id("stMain")
    assert main.evaluate("one => one.scrollWidth - one.clientWidth") <= 0
    assert page.evaluate(EMPTY) == []
    no_errors(page)


LAST = """() => [...document.querySelectorAll('.rv-learning .rv-curve')]
  .map((one) => Math.round(one.getPointAtLength(one.getTotalLength()).x))"""


def test_curves_come_in_and_a_pause_holds_them(open_app, page, no_errors):
    open_app(page, "/Training", tT=12, tH=4, tU=5000, cells="rnn,gru")
    main = page.get_by_test_id("stMain")
    expect(main.get_by_role("button", name="Pause")).to_be_visible()
    page.wait_for_function(f"() => ({LAST})().length === 2")
    early = page.evaluate(LAST)
    page.wait_for_function(f"early => ({LAST})().some((x, k) => x > early[k])", arg=early)
    main.get_by_role("button", name="Pause").click()
    expect(main.get_by_role("button", name="One update")).to_be_visible()
    wait_until_idle(page)
    held = page.evaluate(LAST)
    page.wait_for_timeout(1200)
    assert page.evaluate(LAST) == held
    main.get_by_role("button", name="Continue").click()
    page.wait_for_function(f"held => ({LAST})().some((x, k) => x > held[k])", arg=held)
    main.get_by_role("button", name="Pause").click()
    expect(main.get_by_role("button", name="One update")).to_be_visible()
    no_errors(page)


LINES = """() => [...document.querySelectorAll(".rv-overview path.rv-line")]
  .map((one) => one.getAttribute("d")).join()"""

AHEAD = """(update) => !document.dispatchEvent(
  new CustomEvent("rv-update", { detail: { update }, cancelable: true }))"""
"""Have the page show a checkpoint that was sent ahead; whether it was."""


def test_the_curves_follow_the_slider_over_updates_while_it_is_dragged(open_app, page, no_errors):
    open_app(page, plan="adding,T:12,H:5,U:20", cells="gru")
    slide = page.get_by_role("slider", name="After update u of training")
    expect(slide).to_have_attribute("aria-valuetext", "u = 20")
    last = page.evaluate(LINES)
    page.wait_for_function(f"() => ({AHEAD})(0)")
    assert page.evaluate(LINES) != last, "drawn without the server"
    assert page.evaluate(f"({AHEAD})(20)")
    assert page.evaluate(LINES) == last
    box = slide.bounding_box()
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] - 8, y)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, y, steps=4)
    page.wait_for_function(f"last => ({LINES})() !== last", arg=last)
    page.mouse.move(box["x"] + 2, y, steps=4)
    page.mouse.up()
    page.wait_for_function("() => new URLSearchParams(location.search).get('u') === '0'")
    wait_until_idle(page)
    expect(page.get_by_text("shown before their training")).to_be_visible()
    expect(page.get_by_role("button", name="✓ Checks passed")).to_be_visible()
    page.get_by_role("button", name="after", exact=True).click()
    page.wait_for_function(f"last => ({LINES})() === last", arg=last)
    no_errors(page)
