"""How long until the first screen says it: a warm server, an empty browser cache, medians.

    python tests/benchmarks/first_paint.py             with what requirements-dev.txt installs
    python tests/benchmarks/first_paint.py --pages     every page's first picture, warm
    python tests/benchmarks/first_paint.py --all       both, and every page of a server just started

Every visit is a browser context of its own, which has nothing cached. Times run from the start of
the navigation to the frame after the picture is in the page: the finding in words, the overview
(our own drawing) and the last heatmap (Plotly's). `shift` is the layout shift summed from the
finding on: nothing should jump when the rest arrives. (Streamlit opens its sidebar before that.)

Playwright attaches V8's debugger, with which Plotly's script takes 1.6 s to run instead of 0.9 s:
what Plotly draws is there earlier in a browser that nobody drives.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
from contextlib import nullcontext
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from playwright.sync_api import Browser

from rnnviz.ui.shell.navigation import pages
from tests.benchmarks.app import driven, fresh_page, served
from tests.benchmarks.measuring import machine, table
from tests.e2e.visit import wait_until_idle

GOALS = {"overview": 2.0, "heatmaps": 4.0}
"""Seconds from the navigation, the first screen and all of it."""
CELLS = 3
PICTURES = ", ".join(f"[data-testid=stMain] {one}" for one in (
    ".rv-sketch img", ".js-plotly-plot .main-svg .plot path", "[class*=rv-] svg path",
))  # fmt: skip
"""A sketch, a chart or a component's drawing: a page's first picture is the first of them."""
WORDS = {"pages/Glossary.py", "pages/Paths.py"}
"""Pages without a picture."""

WATCH = """({marks, count}) => {
  window.seen = {};
  window.shift = 0;
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) {
      const early = !window.seen.finding || one.startTime < 1000 * window.seen.finding + 50;
      if (!one.hadRecentInput && !early) window.shift += one.value;
    }
  }).observe({ type: "layout-shift", buffered: true });
  const look = () => {
    for (const [name, mark] of Object.entries(marks)) {
      const found = document.querySelectorAll(mark);
      if (name in window.seen || found.length < (count[name] ?? 1)) continue;
      window.seen[name] = performance.now() / 1000;
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}"""
MARKS = {
    "finding": "[data-testid=stMain] [data-testid=stMarkdownContainer] p",
    "overview": ".rv-overview path.rv-line",
    "heatmaps": "[class*=st-key-units_] .js-plotly-plot:has(.hm image)",
}
"""What is in the page once each part is drawn."""


def visit(
    browser: Browser, url: str, marks: dict[str, str], count: dict[str, int]
) -> dict[str, float]:
    """Seconds to each mark in a context of its own, and the layout shift."""
    asked = {"marks": marks, "count": count}
    with fresh_page(browser, f"({WATCH})({json.dumps(asked)})") as page:
        page.goto(url)
        wait_until_idle(page)
        page.wait_for_function("n => Object.keys(window.seen).length === n", arg=len(marks))
        found: dict[str, float] = page.evaluate("({...window.seen, shift: window.shift})")
        return found


def main() -> int:
    """Print the medians; 0 if all goals were reached."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--visits", type=int, default=9)
    parser.add_argument("--pages", action="store_true", help="the first picture of every page")
    parser.add_argument("--all", action="store_true", help="the first screen, and all first "
                        "pictures, of a warm server and a new one")  # fmt: skip
    parser.add_argument("--url", help="an app that runs already")
    arguments = parser.parse_args()
    app = nullcontext() if arguments.url else served()
    with driven() as browser, app as server:
        print(f"load {os.getloadavg()[0]:.1f}")
        url, reached = arguments.url or server.url, True
        if arguments.all or not arguments.pages:
            reached = first_screen(browser, url, arguments.visits)
        if arguments.all or arguments.pages:
            cold = arguments.all and server is not None
            reached &= every_page(browser, url, arguments.visits, cold)
        print(f"load {os.getloadavg()[0]:.1f}")
    return 0 if reached else 1


def first_screen(browser: Browser, url: str, count: int) -> bool:
    """A row a mark of the first page; whether the goals are reached."""
    cells = {"heatmaps": CELLS}
    visit(browser, url, MARKS, cells)
    visits = [visit(browser, url, MARKS, cells) for _ in range(count)]
    print(f"{machine()}, {browser.browser_type.name} {browser.version}, {count} visits")
    return table(visits, [*MARKS, "shift"], GOALS)


def every_page(browser: Browser, url: str, count: int, cold: bool) -> bool:
    """A row a page that has a picture: median and fastest visit until the first one.

    With ``cold`` also the first visit to a server that has just been started.
    """
    reached = True
    print(f"{'':28} {'median s':>9} {'least':>7}" + (f" {'cold':>7}" if cold else ""))
    for script in sorted(set(pages()) - WORDS):
        path = "" if script == "app.py" else f"/{Path(script).stem}"
        visit(browser, url + path, {"picture": PICTURES}, {})
        found = [visit(browser, url + path, {"picture": PICTURES}, {}) for _ in range(count)]
        times = [one["picture"] for one in found]
        reached &= statistics.median(times) <= GOALS["overview"]
        first = f" {cold_visit(browser, path):7.2f}" if cold else ""
        print(f"{script:28} {statistics.median(times):9.2f} {min(times):7.2f}{first}", flush=True)
    return reached


def cold_visit(browser: Browser, path: str) -> float:
    """Seconds to the first picture of the first visit to a new server, as soon as it answers."""
    with served() as server:
        return visit(browser, server.url + path, {"picture": PICTURES}, {})["picture"]


if __name__ == "__main__":
    sys.exit(main())
