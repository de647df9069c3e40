"""A large opened net in a real browser: until its pages are there, and stepping through time.

    python tests/benchmarks/opened.py [--pages /,/Step]    needs what requirements-dev.txt installs

An LSTM of 256 units, two layers, two directions, and a table of 1000 rows, opened as a person opens
them. Of each page: seconds from the click until the first picture and until all is quiet, with what
came over the socket; then how long a step takes (`stepping.py` says how it is measured). Goals:
3 s to the first picture, median 16.7 ms a step.
"""

from __future__ import annotations

import argparse
import io
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from playwright.sync_api import Page, expect

sys.path.insert(0, str(Path(__file__).parents[2]))

from rnnviz import build, save
from tests.benchmarks.app import driven, served, watched
from tests.benchmarks.stepping import BEGIN, CLOCK, press, row
from tests.e2e.visit import Visit, go, wait_until_idle

PAGES = "/,/Step,/Gradient_flow,/Roads,/Whose_gradient,/Spectrum,/Units,/Depth,/Cuts"
FIRST = 3.0
SEEN = """path => {
  const at = document.querySelector('[data-testid="stMain"]');
  const title = at.querySelector('h1')?.innerText;
  return location.pathname === path && title && title !== window.rvOld && [...at.querySelectorAll(
    '.js-plotly-plot .main-svg, [data-rv-view], svg[role=img], canvas')].some(
    one => one.getBoundingClientRect().width > 60);
}"""
# By its text: React may write the next page's title into the same element.
OLD = """() => { window.rvOld = document.querySelector('[data-testid="stMain"] h1')?.innerText; }"""


def net(size: int) -> bytes:
    """The net's weights as rnnviz saves them."""
    model = build("lstm", 4, size, num_layers=2, bidirectional=True, output_size=1, seed=0)
    with tempfile.TemporaryDirectory() as folder:
        save(model, path := Path(folder) / "net.npz")
        return path.read_bytes()


def table(steps: int) -> bytes:
    """Four columns of random numbers."""
    file = io.BytesIO()
    np.savetxt(file, np.random.default_rng(0).standard_normal((steps, 4)), "%.3f", ",",
               header="wind,rain,sun,pressure", comments="")  # fmt: skip
    return file.getvalue()


def drop(page: Page, path: Path, data: bytes, field: str) -> None:
    """Open a file by one of the two fields, from the disk, as a person does; wait for the page."""
    path.write_bytes(data)
    began = time.monotonic()
    region = page.get_by_role("region", name=field)
    region.locator("input[type=file]").first.set_input_files(path)
    expect(region.get_by_text(path.name).first).to_be_visible(timeout=60_000)
    page.wait_for_timeout(300)
    wait_until_idle(page)
    print(f"{path.name} ({len(data) / 1e6:.1f} MB): {time.monotonic() - began:.1f} s", flush=True)


def opening(page: Page, visit: Visit, path: str) -> bool:
    """Print how long a page takes until its first picture and until it is quiet."""
    page.evaluate(OLD)
    got, start = len(visit.received), time.monotonic()
    page.evaluate("""path => {
      history.pushState({}, "", path + location.search);
      dispatchEvent(new PopStateEvent("popstate"));
    }""", path)
    page.wait_for_function(SEEN, arg=path, timeout=120_000)
    first = time.monotonic() - start
    wait_until_idle(page)
    everything = time.monotonic() - start
    size = sum(len(one) for one in visit.received[got:]) / 1e6
    print(f"{path}: first picture {first:.1f} s, quiet {everything:.1f} s, {size:.1f} MB",
          flush=True)  # fmt: skip
    return first <= FIRST


def main() -> int:
    """Open, measure each page; 0 if all goals were reached."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pages", default=PAGES)
    parser.add_argument("--keys", type=int, default=60)
    parser.add_argument("--size", type=int, default=256)
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--pictures", default="")
    parser.add_argument("--width", type=int, default=1280)
    asked = parser.parse_args()
    reached = []
    with tempfile.TemporaryDirectory() as folder, driven() as browser, served() as server:
        size = {"width": asked.width, "height": 900}
        page = browser.new_page(locale="en-US", viewport=size)
        visit = watched(page, server)
        page.add_init_script(BEGIN)
        go(page, server, "/Your_net", {})
        drop(page, Path(folder) / "net.npz", net(asked.size), "Open a net…")
        drop(page, Path(folder) / "table.csv", table(asked.steps), "Open a sequence…")
        for path in asked.pages.split(","):
            reached.append(opening(page, visit, path))
            if asked.pictures:
                page.screenshot(path=f"{asked.pictures}{path.strip('/') or 'Compare'}.png",
                                full_page=False)
            if page.locator("[data-rv-cursor], [data-rv-view]").count():
                page.evaluate(CLOCK)
                sent = len(visit.sent)
                press(page, 10)
                reached.append(row("keys", press(page, asked.keys)))
                print(f"  {len(visit.sent) - sent} messages to the server", flush=True)
                page.wait_for_timeout(500)
                wait_until_idle(page)
        print("errors:", visit.errors)
    return 0 if all(reached) else 1


if __name__ == "__main__":
    sys.exit(main())
