"""Make the README's pictures from the running app.

    python tests/screenshots/make.py            with what requirements-dev.txt installs
"""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1]))

from tests.e2e.visit import wait_until_idle  # noqa: E402
from tests.screenshots.running import running  # noqa: E402

PICTURES = {
    "compare.png": ("/?t=31", 1280, 1000, "light"),
    "step.png": ("/Step?t=31", 1280, 1060, "light"),
    "gradient_flow.png": ("/Gradient_flow?t=31", 1280, 1130, "light"),
}


def main() -> None:
    """One picture after another, from one server and one browser."""
    with running() as (url, browser):
        for name, (path, width, height, scheme) in PICTURES.items():
            page = browser.new_page(
                viewport={"width": width, "height": height}, color_scheme=scheme
            )
            page.goto(url + path)
            wait_until_idle(page)
            page.wait_for_selector("[data-rv-cursor]")
            page.wait_for_timeout(1000)
            page.screenshot(path=HERE / name)


if __name__ == "__main__":
    main()
