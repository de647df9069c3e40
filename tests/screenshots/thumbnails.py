"""Make the pictures on the map of all pages (static/thumbnails) from the running app.

    python tests/screenshots/thumbnails.py              all of them
    python tests/screenshots/thumbnails.py Depth Cuts   these pages' only

Each is the middle of its page's main figure, without its words, so that one picture does for both
languages; one in light and one in dark, WIDTH × HEIGHT pixels.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from PIL import Image  # noqa: E402
from playwright.sync_api import Browser, Page  # noqa: E402

from rnnviz.ui.shell.navigation import Picture, pages  # noqa: E402
from rnnviz.ui.shell.page_map import FOLDER, HEIGHT, SCHEMES, WIDTH, thumbnail  # noqa: E402
from tests.e2e.visit import PATIENCE_MS, wait_until_idle  # noqa: E402
from tests.screenshots.running import running  # noqa: E402

TALL = 1000
"""Pixels of the window: a figure fits into it, of a page of words it holds a part."""
BARE = """
.js-plotly-plot text, [class*="st-key-"] svg text, .annotation-text-g rect, .modebar,
.rv-menu-button {
  visibility: hidden !important;
}
[data-rv-cursor], .st-key-rv-time, .st-key-rv-said, [data-testid="stHeader"] { display: none; }
"""
PLOTS = """([place, plots]) => {
  const one = document.querySelector(place);
  one.scrollIntoView({ block: 'center' });
  const gd = one.querySelector('.js-plotly-plot') ?? one.closest('.js-plotly-plot');
  if (!plots) {
    const { x, y, width, height } = one.getBoundingClientRect();
    return { x, y, width, height };
  }
  const home = gd.querySelector('.svg-container').getBoundingClientRect();
  const all = Object.values(gd._fullLayout._plots).slice(...plots).map(({ xaxis, yaxis }) =>
    [xaxis._offset, yaxis._offset, xaxis._offset + xaxis._length, yaxis._offset + yaxis._length]);
  const [left, top] = [0, 1].map((k) => Math.min(...all.map((box) => box[k])));
  const [right, bottom] = [2, 3].map((k) => Math.max(...all.map((box) => box[k])));
  return { x: home.x + left, y: home.y + top, width: right - left, height: bottom - top };
}"""


def main(asked: list[str]) -> None:
    """One page after another, light and dark, from one server and one browser."""
    FOLDER.mkdir(exist_ok=True)
    with running() as (url, browser):
        for one in pages().values():
            if not asked or one.stem in asked:
                address = f"{url}{one.path}?{one.picture.query}"
                for scheme in SCHEMES:
                    taken = _taken(browser, address, one.picture, scheme)
                    path = FOLDER / thumbnail(one, scheme)
                    taken.save(path, "WEBP", quality=72, method=6)
                    print(f"{path.name}: {path.stat().st_size:,} bytes")


def _taken(browser: Browser, address: str, shot: Picture, scheme: str) -> Image.Image:
    """The figure's middle in the shape of a thumbnail."""
    page = browser.new_page(
        viewport={"width": shot.width, "height": TALL}, color_scheme=scheme, device_scale_factor=2,
        reduced_motion="reduce",
    )  # fmt: skip
    try:
        page.goto(address)
        wait_until_idle(page)
        page.wait_for_selector(shot.place, timeout=PATIENCE_MS)
        page.add_style_tag(content=BARE)
        page.wait_for_timeout(1000)
        return _cropped(page, shot)
    finally:
        page.close()


def _cropped(page: Page, shot: Picture) -> Image.Image:
    box = page.evaluate(PLOTS, [shot.place, shot.plots])
    page.wait_for_timeout(300)
    box = page.evaluate(PLOTS, [shot.place, shot.plots])
    end = min(box["y"] + box["height"], TALL)
    box["y"] = max(box["y"], 0)
    box["height"] = end - box["y"]
    width = min(box["width"], box["height"] * WIDTH / HEIGHT)
    height = width * HEIGHT / WIDTH
    x = box["x"] + shot.at[0] * (box["width"] - width)
    y = box["y"] + shot.at[1] * (box["height"] - height)
    drawn = page.screenshot(clip={"x": x, "y": y, "width": width, "height": height})
    whole = Image.open(io.BytesIO(drawn)).convert("RGB")
    return whole.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)


if __name__ == "__main__":
    main(sys.argv[1:])
