"""A parameter changed, until every view of the page is new: in a real browser, medians.

    python tests/benchmarks/pages.py           needs what requirements-dev.txt installs

The seed is typed anew, so that nothing is cached; time runs from the key press to the last change
on the page (charts, tables, the badge with its live checks) before it stays still. Pages that show
one cell at a time are measured with each. Goals: 400 ms at H = 16, T = 50; 1 s at H = 32, T = 100.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
from playwright.sync_api import Page

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.benchmarks.app import driven, served, watched
from tests.benchmarks.measuring import machine
from tests.e2e.visit import go, wait_until_idle

SIZES = {(16, 50): 400.0, (32, 100): 1000.0}
PAGES = ("/", "/Step", "/Gradient_flow", "/Whose_gradient", "/Spectrum", "/Roads", "/Cuts")
ONE_AT_A_TIME = PAGES[1:]
WATCH = """() => {
  window.rvLast = window.rvFirst = 0;
  const main = document.querySelector('[data-testid="stMain"]');
  const drawn = () => setTimeout(() => (window.rvLast = performance.now()));
  const all = { subtree: true, childList: true, attributes: true, characterData: true };
  new MutationObserver(() => requestAnimationFrame(drawn)).observe(main, all);
  addEventListener('keydown', (e) => e.key === 'Enter' && (window.rvFirst = e.timeStamp), true);
}"""


def change(page: Page, seed: int) -> float:
    """Type a seed; ms until the last view is new."""
    field = page.get_by_role("spinbutton", name="Seed")
    field.fill(str(seed))
    page.wait_for_timeout(300)
    field.press("Enter")
    page.wait_for_timeout(50)
    wait_until_idle(page)
    page.wait_for_function("performance.now() - window.rvLast > 600")
    return float(page.evaluate("rvLast - rvFirst"))


def measure(page: Page, times: int) -> float:
    """The median of some changes, after one to get warm."""
    page.evaluate(WATCH)
    change(page, 999)
    return float(np.median([change(page, seed) for seed in range(1, times + 1)]))


def main() -> int:
    """A row a page; 0 if every page reached its goals."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=5)
    arguments = parser.parse_args()
    print(machine())
    reached = True
    with driven() as browser, served() as server:
        context = browser.new_context(locale="en-US", viewport={"width": 1280, "height": 900})
        for (size, steps), goal in SIZES.items():
            print(f"H = {size}, T = {steps}; goal {goal:g} ms")
            for path in PAGES:
                cells = ("rnn", "lstm", "gru") if path in ONE_AT_A_TIME else ("",)
                found = []
                for cell in cells:
                    page = context.new_page()
                    watched(page, server)
                    query = {"H": size, "T": steps, "task": "impulse"}
                    go(page, server, path, query | ({"cell": cell} if cell else {}))
                    page.wait_for_timeout(800)
                    found.append(measure(page, arguments.times))
                    page.close()
                reached &= max(found) <= goal
                words = "   ".join(
                    f"{cell or 'all three'} {ms:6.0f} ms"
                    for cell, ms in zip(cells, found, strict=True)
                )
                print(f"  {path:16} {words}", flush=True)
    return 0 if reached else 1


if __name__ == "__main__":
    sys.exit(main())
