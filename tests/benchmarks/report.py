"""Stepping through time in a report that was opened from a file: from a key to everything painted.

    python tests/benchmarks/report.py        needs what requirements-dev.txt installs

The settings, the clock and the goals are those of `stepping.py`; there is no server, and nothing is
fetched. Also how large the file is, and how long it takes from opening it to its charts.
"""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Page

sys.path.insert(0, str(Path(__file__).parents[2]))

import rnnviz
from rnnviz.experiments.settings import Settings
from tests.benchmarks import stepping
from tests.benchmarks.app import driven
from tests.benchmarks.measuring import machine

SETTINGS = replace(Settings(), task="impulse", length=100, hidden_size=32,
                   cells=("rnn", "lstm", "gru", "peephole_lstm"))  # fmt: skip
KEYS = 200
ALL = "window.dispatchEvent(new Event('beforeprint'))"
"""Makes every chart, also those far below the screen."""


def opened(page: Page, path: Path) -> float:
    """Seconds from opening the file to the first chart with a cursor."""
    start = time.perf_counter()
    page.goto(path.as_uri())
    page.locator(".js-plotly-plot [data-rv-cursor]").first.wait_for(state="attached")
    return time.perf_counter() - start


def main() -> int:
    """Measure keys, a drag and play; 0 if the goals of `stepping.py` were reached."""
    print(machine())
    with TemporaryDirectory() as folder, driven() as browser:
        start = time.perf_counter()
        path = rnnviz.report(SETTINGS).save(Path(folder) / "report.html")
        took, size = time.perf_counter() - start, path.stat().st_size / 1e6
        print(f"written in {took:.2f} s, {size:.2f} MB, 1.96 MB of them Plotly")
        page = browser.new_page(locale="en-US", viewport={"width": 1280, "height": 900})
        asked: list[str] = []
        page.on("request", lambda one: asked.append(one.url))
        page.add_init_script(stepping.BEGIN)
        print(f"first chart after {opened(page, path):.2f} s")
        page.evaluate(ALL)
        page.wait_for_timeout(3000)
        page.evaluate(stepping.CLOCK)
        print(f"  {page.locator('[data-rv-cursor]').count()} cursors, "
              f"{page.locator('[data-rv-view]').count()} live views")  # fmt: skip
        stepping.press(page, 20)
        reached = stepping.row("keys", stepping.press(page, KEYS))
        waits, redraws = stepping.drag(page, 3)
        reached &= stepping.row("drag", waits)
        frames = stepping.play(page, 1.5)
        plots = page.evaluate("rvClock.redraws")
        print(f"  {redraws:.0f} redraws a second in a drag, {frames:.0f} frames a second in play "
              f"at 4×; {plots} charts drawn again")  # fmt: skip
        fetched = [one for one in asked if not one.startswith(("file:", "data:", "blob:"))]
        print(f"  {len(fetched)} requests")
    return 0 if reached and frames >= stepping.FRAMES and not plots and not fetched else 1


if __name__ == "__main__":
    sys.exit(main())
