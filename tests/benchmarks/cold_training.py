"""How long a cold link to the page of training takes: three curves that come in, then the finding.

    python tests/benchmarks/cold_training.py     with what requirements-dev.txt installs

Every visit is a browser context of its own, which has nothing cached, and asks for a seed of its
own, so that nothing was trained before; no run is kept on the disk. The first visit to a server
that has just started is reported beside those that follow. Times run from the start of the
navigation to the frame after the picture is in the page: three curves of at least `POINTS` points,
and the finding that says which nets have learnt the task (after all updates).
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from playwright.sync_api import Browser

from tests.benchmarks.app import driven, fresh_page, served
from tests.benchmarks.measuring import machine, table

GOALS = {"curves": 3.0, "finding": 10.0}
"""Seconds from the navigation."""
POINTS = 3
LINK = "/Training?seed={seed}"
WATCH = """(points) => {
  window.seen = {};
  const long = (one) => (one.getAttribute("d").match(/[ML]/g) ?? []).length >= points;
  const marks = {
    page: () => document.querySelector("[data-testid=stMain] h1"),
    axes: () => document.querySelector(".rv-learning svg"),
    curves: () => [...document.querySelectorAll(".rv-learning .rv-curve")].filter(long).length > 2,
    finding: () => /has(?: not)? learnt/.test(
      document.querySelector("[data-testid=stMain]")?.textContent ?? ""),
  };
  const look = () => {
    for (const [name, mark] of Object.entries(marks)) {
      if (!(name in window.seen) && mark()) window.seen[name] = performance.now() / 1000;
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}"""


def visit(browser: Browser, url: str) -> dict[str, float]:
    """Seconds to each mark in a context of its own."""
    with fresh_page(browser, f"({WATCH})({json.dumps(POINTS)})") as page:
        page.goto(url)
        page.wait_for_function("() => 'finding' in window.seen", timeout=120_000)
        found: dict[str, float] = page.evaluate("window.seen")
        return found


def main() -> int:
    """Print the medians; 0 if both goals were reached."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--servers", type=int, default=3)
    parser.add_argument("--visits", type=int, default=2, help="to each server after the first one")
    arguments = parser.parse_args()
    os.environ["RNNVIZ_RUNS"] = "off"
    visits: dict[str, list[dict[str, float]]] = {"fresh server": [], "warm server": []}
    with driven() as browser:
        for _ in range(arguments.servers):
            with served() as server:
                for seed in range(arguments.visits + 1):
                    kind = "warm server" if seed else "fresh server"
                    visits[kind].append(visit(browser, server.url + LINK.format(seed=seed)))
    return report(visits)


def report(visits: dict[str, list[dict[str, float]]]) -> int:
    """A table for each kind of server; 0 if all goals were reached."""
    print(machine())
    reached = True
    for kind, own in visits.items():
        print(f"{kind}, {len(own)} visits")
        reached &= table(own, own[0] if own else (), GOALS)
    return 0 if reached else 1


if __name__ == "__main__":
    sys.exit(main())
