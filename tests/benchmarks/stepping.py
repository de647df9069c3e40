"""Stepping through time in a real browser: from an input event to everything drawn.

    python tests/benchmarks/stepping.py        needs what requirements-dev.txt installs

H = 32, T = 100, four cells: a dozen charts and more, each with its cursor, and every live view. An
event counts from the time that the browser gives it. «Moved» is when every cursor and every view
has been set to the new timestep, in the frame that will show it; «painted» when that frame is done,
which without a graphics card is the browser's drawing by the processor. Goals, for «moved»: median
16 ms, 95 % within 50 ms; play at 30 frames a second, no chart drawn again, nothing sent to the
server.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Page

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.benchmarks.app import driven, served, watched
from tests.benchmarks.measuring import machine
from tests.e2e.visit import Visit, go

MEDIAN, P95, FRAMES, CHARTS = 16.0, 50.0, 30.0, 12
PAGES = ("/", "/Step", "/Gradient_flow")
QUERY = {"T": 100, "H": 32, "task": "impulse", "cells": "rnn,lstm,gru,peephole_lstm"}
BEGIN = """for (const kind of ['keydown', 'pointermove'])
  window.addEventListener(kind, ({ timeStamp }) => (window.rvEvent = timeStamp), true);"""
"""Before any script of the page's own, so that it is told of an event first."""
CLOCK = """() => {
  const seen = '[data-rv-cursor], [data-rv-view]';
  const clock = window.rvClock =
    { moved: [], waits: [], paints: 0, asked: 0, redraws: 0 };
  for (const chart of document.querySelectorAll('.js-plotly-plot')) {
    chart.on('plotly_afterplot', () => clock.redraws++);
  }
  document.addEventListener('rv-time', ({ detail }) => {
    const last = window.rvEvent;
    const all = () =>
      [...document.querySelectorAll(seen)].every((one) => +one.dataset.t === detail.t);
    const painted = new MessageChannel();
    requestAnimationFrame(() => {
      if (!all()) return; // overtaken, or a view that is late: the next frame has it or not
      clock.moved.push(performance.now() - last);
      painted.port2.postMessage(0);
    });
    painted.port1.onmessage = () => {
      clock.paints++;
      clock.waits.push(performance.now() - last);
    };
    clock.asked++;
  });
}"""
READ = """() => {
  const { moved, waits, paints, asked } = rvClock;
  Object.assign(rvClock, { moved: [], waits: [], paints: 0, asked: 0 });
  return [moved, waits, paints, asked];
}"""


def press(page: Page, times: int) -> list[Any]:
    """Keys there and back, with room for a frame between them; the waits in ms."""
    page.evaluate(READ)
    for k in range(times):
        page.keyboard.press("ArrowLeft" if k % 40 < 20 else "ArrowRight")
        page.wait_for_timeout(25)
    page.wait_for_timeout(100)
    return list(page.evaluate(READ))


def drag(page: Page, seconds: float) -> tuple[list[Any], float]:
    """The thumb moved to and fro; the waits in ms and redraws a second."""
    slider = page.get_by_role("slider", name="Timestep")
    box = slider.locator("xpath=ancestor::*[contains(@style, 'left')][1]").bounding_box()
    track = page.locator(".st-key-rv-time .stSlider").bounding_box()
    assert box is not None
    assert track is not None
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] / 2, y)
    page.mouse.down()
    page.evaluate(READ)
    start = page.evaluate("performance.now()")
    places = np.concatenate([np.linspace(0.95, 0.05, 60), np.linspace(0.05, 0.95, 60)])
    while page.evaluate("performance.now()") - start < 1000 * seconds:
        for share in places:
            page.mouse.move(track["x"] + share * track["width"], y)
    took = (page.evaluate("performance.now()") - start) / 1000
    found = page.evaluate(READ)
    page.mouse.up()
    return list(found), found[2] / took


def play(page: Page, seconds: float) -> float:
    """Frames a second at 4×, 40 timesteps a second."""
    page.keyboard.press("Home")
    for _ in range(2):
        page.locator(".rv-speed").click()
    page.wait_for_timeout(600)
    page.locator(".rv-play").click()
    page.wait_for_timeout(200)
    page.evaluate(READ)
    start = page.evaluate("performance.now()")
    page.wait_for_timeout(1000 * seconds)
    took = (page.evaluate("performance.now()") - start) / 1000
    frames = page.evaluate(READ)[3] / took
    page.locator(".rv-play").click()
    return float(frames)


def row(name: str, found: list[Any]) -> bool:
    """Print how long one way to step takes; whether it reaches the goals."""
    moved, waits, _, asked = found
    median, late = float(np.median(moved)), float(np.quantile(moved, 0.95))
    print(f"  {name:5} moved: median {median:5.1f} ms  p95 {late:5.1f} ms   painted: median "
          f"{np.median(waits):5.1f} ms  p95 {np.quantile(waits, 0.95):5.1f} ms   "
          f"{len(moved)} of {asked} steps")  # fmt: skip
    return median <= MEDIAN and late <= P95


def measure(page: Page, visit: Visit, keys: int) -> bool:
    """Keys, a drag and play on the page that is open."""
    page.evaluate(CLOCK)
    cursors = page.locator("[data-rv-cursor]").count()
    views = page.locator("[data-rv-view]").count()
    print(f"  {cursors} charts with cursors, {views} live views")
    press(page, 20)
    sent = len(visit.sent)
    reached = row("keys", press(page, keys))
    waits, redraws = drag(page, 3)
    asked = len(visit.sent) - sent
    reached &= row("drag", waits)
    frames = play(page, 1.5)
    plots = page.evaluate("rvClock.redraws")
    print(f"  {redraws:.0f} redraws a second in a drag, {frames:.0f} frames a second in play at 4×")
    print(f"  {plots} charts drawn again, {asked} messages to the server while stepping")
    return bool(reached and frames >= FRAMES and not plots and not asked)


def main() -> int:
    """Measure each page; 0 if every goal was reached, on one page with at least 12 charts."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--keys", type=int, default=200)
    arguments = parser.parse_args()
    print(f"{machine()}; goals: median {MEDIAN:g} ms, p95 {P95:g} ms, {FRAMES:g} frames a second")
    reached, most = [], 0
    with driven() as browser, served() as server:
        print(f"browser {browser.version}")
        for path in PAGES:
            page = browser.new_page(locale="en-US")
            visit = watched(page, server)
            page.add_init_script(BEGIN)
            go(page, server, path, QUERY)
            page.wait_for_timeout(1000)
            print(path)
            most = max(most, page.locator("[data-rv-cursor]").count())
            reached.append(measure(page, visit, arguments.keys))
            page.close()
    return 0 if all(reached) and most >= CHARTS else 1


if __name__ == "__main__":
    sys.exit(main())
