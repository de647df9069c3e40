"""Make the pictures of README and docs from the running app.

    python tests/screenshots/make.py            with what requirements-dev.txt installs
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1]))

import rnnviz  # noqa: E402
from rnnviz.experiments.settings import Settings  # noqa: E402
from rnnviz.reports.gallery import gallery  # noqa: E402
from tests.e2e.visit import wait_until_idle  # noqa: E402
from tests.screenshots.running import running  # noqa: E402

PICTURES = {
    "compare.png": ("/?t=31", 1280, 1000, "light"),
    "step.png": ("/Step?t=31", 1280, 1060, "light"),
    "gradient_flow.png": ("/Gradient_flow?t=31", 1280, 1130, "light"),
    "runs.png": ("/Runs?ru=576", 1240, 1330, "light"),
}
REPORT, GALLERY, EXPORT = "report.png", "gallery.png", "export.png"
TOPS = {"runs.png": "[data-testid=stMarkdownContainer]:has(ul) >> nth=0"}
"""Pictures that begin further down, at an element, without the sidebar; they have no cursor."""
SIDEBAR, HEADER = 350, 60
"""Pixels."""


def main(asked: list[str]) -> None:
    """One picture after another, or those asked for, from one server and one browser."""
    with running() as (url, browser):
        for name, (path, width, height, scheme) in PICTURES.items():
            if asked and name not in asked:
                continue
            page = browser.new_page(
                viewport={"width": width, "height": height}, color_scheme=scheme
            )
            page.goto(url + path)
            wait_until_idle(page)
            page.wait_for_selector(".js-plotly-plot" if name in TOPS else "[data-rv-cursor]")
            page.wait_for_timeout(1000)
            if name not in TOPS:
                page.screenshot(path=HERE / name)
                continue
            page.locator(TOPS[name]).evaluate("""one => {
              one.style.scrollMarginTop = '70px';
              one.scrollIntoView();
            }""")
            page.wait_for_timeout(1000)
            page.screenshot(path=HERE / name, clip={
                "x": SIDEBAR, "y": HEADER, "width": width - SIDEBAR, "height": height - HEADER,
            })  # fmt: skip
        for name, make in {REPORT: of_report, GALLERY: of_gallery}.items():
            if not asked or name in asked:
                make(browser)
        if not asked or EXPORT in asked:
            of_export(browser, url)


def of_report(browser: Browser) -> None:
    """The top of a report that is opened from a file."""
    with TemporaryDirectory() as folder:
        path = rnnviz.report(Settings()).save(Path(folder) / "report.html")
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(path.as_uri())
        page.wait_for_selector(".js-plotly-plot [data-rv-cursor]", state="attached")
        page.keyboard.press("Home")
        for _ in range(30):
            page.keyboard.press("ArrowRight")
        page.wait_for_timeout(1000)
        page.screenshot(path=HERE / REPORT)


def of_gallery(browser: Browser) -> None:
    """The index of a gallery."""
    with TemporaryDirectory() as folder:
        index, *_ = gallery(folder, language="en")
        page = browser.new_page(viewport={"width": 1280, "height": 860})
        page.goto(index.as_uri())
        page.screenshot(path=HERE / GALLERY)


def of_export(browser: Browser, url: str) -> None:
    """What can be taken from a page: the menu Export, and the files below a figure."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(f"{url}/Gradient_flow?t=31")
    wait_until_idle(page)
    place = page.locator(".st-key-_table_all_flows")
    place.locator("summary").click()
    place.get_by_role("button", name="NPZ").wait_for()
    page.get_by_role("button", name="Export").first.click()
    page.get_by_role("button", name="Report of this page").wait_for()
    page.wait_for_timeout(1000)
    page.screenshot(path=HERE / EXPORT)


if __name__ == "__main__":
    main(sys.argv[1:])
