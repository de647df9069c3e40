"""The server dies while pages are open: what comes back by itself, and when.

    python tests/load/kill.py     with what requirements-dev.txt installs

Two tabs are open when the server is killed (SIGKILL): Gradient flow in Korean with a timestep, an
edited weight and a seed, and Training in the middle of a run. The server is started again on the
same port, and nothing is touched in the tabs.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Page

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.benchmarks.app import driven
from tests.e2e.server import serve

GOAL = 10.0
"""Seconds from the restart until the same view is there."""
VIEW = "Gradient_flow?seed=7&edit=lstm.W_h.0.0:0.5&lang=ko&cells=lstm,gru&T=40&t=12"
TRAINING = "Training?tab=train&tT=200&tH=128&tU=2000&cells=lstm&seed=3"
SEEN = """() => [document.querySelector("h1")?.textContent, location.search,
  ...[...document.querySelectorAll(".rv-readout, [data-testid=stCaptionContainer]")]
    .slice(0, 3).map((one) => one.textContent)]"""
QUIET = """() => document.querySelector('[data-testid="stApp"]')?.dataset.testScriptState
  === "notRunning" && !document.querySelector('[data-testid="stConnectionStatus"]')"""
PROGRESS = """() => { const found = document.body.innerText.match(
  /(\\d+) of 2000,/); return found ? +found[1] : -1; }"""


def until(done: Callable[[], bool], seconds: float = 60.0) -> float:
    """Wait until something holds; return after how many seconds."""
    begun = time.monotonic()
    while not done():
        if time.monotonic() - begun > seconds:
            raise TimeoutError
        time.sleep(0.05)
    return time.monotonic() - begun


def settled(page: Page) -> list[str]:
    """What a tab shows once nothing runs."""
    page.wait_for_function(QUIET, timeout=60_000)
    page.wait_for_timeout(1000)
    found: list[str] = page.evaluate(SEEN)
    return found


def main() -> int:
    """Print what came back and when; 0 if all did in time."""
    with TemporaryDirectory() as folder, driven() as browser:
        os.environ["RNNVIZ_RUNS"] = f"{folder}/runs"
        server = serve(Path(folder) / "first.log")
        port = int(server.url.rpartition(":")[2])
        assert server.answers(), server.last_words()
        view, training = browser.new_page(), browser.new_page()
        view.goto(f"{server.url}/{VIEW}")
        before = settled(view)
        training.goto(f"{server.url}/{TRAINING}")
        until(lambda: training.evaluate(PROGRESS) >= 100)
        reached = training.evaluate(PROGRESS)
        os.kill(server.process.pid, signal.SIGKILL)
        server.process.wait()
        time.sleep(1)
        server = serve(Path(folder) / "second.log", port)
        begun = time.monotonic()
        try:
            assert server.answers(), server.last_words()
            up = time.monotonic() - begun
            view.wait_for_timeout(200)
            same = until(lambda: view.evaluate(QUIET) and view.evaluate(SEEN) == before) + up
            until(lambda: training.evaluate(PROGRESS) > 0)
            again = training.evaluate(PROGRESS)
        except TimeoutError:
            print("did not come back:", before, view.evaluate(SEEN), training.url, sep="\n")
            view.screenshot(path="/tmp/kill_view.png")
            training.screenshot(path="/tmp/kill_training.png")
            return 1
        finally:
            server.stop()
    print(f"the server answers after {up:.1f} s; the same view, timestep, edit and language "
          f"{same:.1f} s after the restart (goal {GOAL:g})")  # fmt: skip
    print(f"training: {reached} updates before, {again} when it is seen again")
    return 0 if same <= GOAL and again >= 0.9 * reached - 50 else 1


if __name__ == "__main__":
    sys.exit(main())
