"""The systems page in a browser: the start is dragged, by mouse, by finger and by keys."""

import numpy as np
import pytest

from rnnviz.analysis.systems import drive, orbit, system

from .pictures import lines, query, wait_for_t
from .visit import wait_until_idle

LATCH = {"dim": 1, "w11": 2, "w12": 0, "w21": 0, "w22": 0, "phi": 1, "x0": "0.1,0"}
SPIRAL = np.array([[0.75, -0.55], [0.55, 0.75]])
HERE = """() => {
  const box = document.querySelector('.rv-portrait-handle').getBoundingClientRect();
  return [box.left + box.width / 2, box.top + box.height / 2];
}"""
SHOWN = """() => ['x0', 'x', 't'].map((name) =>
  document.querySelector('.rv-portrait').dataset[name].split(',').map(Number))"""


def shown(page):
    """x₀, the state at the cursor, and t, as the portrait has them."""
    x0, x, (t,) = page.evaluate(SHOWN)
    return np.array(x0), np.array(x), int(t)


def wait_for_start(page):
    """Return when the address has the start that the portrait shows, and the page is quiet."""
    page.wait_for_function("""() => {
      const at = document.querySelector('.rv-portrait').dataset.x0.split(',').map(Number);
      const asked = (new URLSearchParams(location.search).get('x0') ?? '').split(',').map(Number);
      return at.every((v, k) => Math.abs(v - asked[k]) < 1e-9);
    }""")
    wait_until_idle(page)


def test_a_drag_moves_the_orbit_at_once_and_the_charts_when_let_go(
    open_app, page, visit_of, no_errors
):
    open_app(page, "/Systems")
    made, u = system(SPIRAL), drive("none", 50)
    page.locator(".rv-portrait-plot").evaluate("one => one.scrollIntoView({block: 'center'})")
    sent = len(visit_of(page).sent)
    x, y = page.evaluate(HERE)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 150, y + 90, steps=5)
    x0, state, t = shown(page)
    assert x0[0] < 0 > x0[1]
    np.testing.assert_allclose(state, orbit(made, x0, u).x[t], atol=1e-12)
    assert len(visit_of(page).sent) == sent, "nothing is asked of the server before"
    page.mouse.up()
    wait_for_start(page)
    x0, state, t = shown(page)
    found = orbit(made, x0, u)
    drawn = lines(page, "system_time")
    np.testing.assert_allclose(drawn["x₁"]["y"], found.x[:, 0], atol=1e-12)
    page.locator(".rv-play").focus()
    page.keyboard.press("Home")
    wait_for_t(page, 1)
    np.testing.assert_allclose(shown(page)[1], found.x[1], atol=1e-12)
    no_errors(page)


def test_keys_on_the_ring_move_the_start_and_not_the_time(open_app, page, no_errors):
    open_app(page, "/Systems", **LATCH)
    page.get_by_role("slider", name="Where it starts").focus()
    for _ in range(8):
        page.keyboard.press("ArrowLeft")
    x0, state, t = shown(page)
    assert t == 50
    assert x0[0] == pytest.approx(0.1 - 8 * 1.5 / 60)
    assert state[0] == pytest.approx(-0.957504, abs=1e-6)
    wait_for_start(page)
    assert query(page)["x0"].startswith("-0.1")
    assert lines(page, "system_time")["x"]["y"][-1] == pytest.approx(-0.957504, abs=1e-6)
    no_errors(page)


def test_a_finger_drags_it_too(open_app, new_page, no_errors):
    page = new_page(390, 844, has_touch=True)
    open_app(page, "/Systems", **LATCH)
    page.locator(".rv-portrait-plot").evaluate("one => one.scrollIntoView({block: 'center'})")
    x, y = page.evaluate(HERE)
    touch = page.context.new_cdp_session(page)

    def send(kind, *points):
        at = [{"x": a, "y": b} for a, b in points]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at})

    top = page.get_by_test_id("stMain").evaluate("one => one.scrollTop")
    send("touchStart", (x, y))
    for k in range(1, 6):
        send("touchMove", (x - 12 * k, y + 20 * k))
    send("touchEnd")
    x0, state, _ = shown(page)
    assert x0[0] < -0.2
    assert state[0] == pytest.approx(-0.957504, abs=1e-6)
    assert page.get_by_test_id("stMain").evaluate("one => one.scrollTop") == top
    wait_for_start(page)
    main = page.get_by_test_id("stMain")
    assert main.evaluate("one => one.scrollWidth - one.clientWidth") <= 0
    no_errors(page)
