"""Make the README's pictures from the running app.

    python tests/screenshots/make.py            with what requirements-dev.txt installs
"""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1]))

from playwright.sync_api import sync_playwright  # noqa: E402

from tests.e2e import browser as browsers  # noqa: E402
from tests.e2e.server import serve  # noqa: E402
from tests.e2e.visit import wait_until_idle  # noqa: E402

PICTURES = {
    "compare.png": ("/?t=31", 1280, 1000, "light"),
    "step.png": ("/Step?t=31", 1280, 1060, "dark"),
    "gradient_flow.png": ("/Gradient_flow?t=31", 1280, 1130, "light"),
}


def main() -> int:
    """One picture after another, from one server and one browser."""
    with TemporaryDirectory() as folder, sync_playwright() as running:
        server = serve(Path(folder) / "server.log")
        try:
            if not server.answers():
                print(server.last_words())
                return 1
            launch = partial(browsers.launch, running)
            browser = browsers.first_working(launch, browsers.candidates())
            if browser is None:
                print(browsers.NO_BROWSER)
                return 1
            for name, (path, width, height, scheme) in PICTURES.items():
                page = browser.new_page(
                    viewport={"width": width, "height": height}, color_scheme=scheme
                )
                page.goto(server.url + path)
                wait_until_idle(page)
                page.wait_for_selector("[data-rv-cursor]")
                page.wait_for_timeout(1000)
                page.screenshot(path=HERE / name)
            browser.close()
        finally:
            server.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
