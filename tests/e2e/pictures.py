"""What the browser drew, read back: cursors, views, charts and printed numbers."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Locator, Page

from rnnviz.ui.shell.navigation import pages

APART = ("/Training", "/Glossary", "/Paths", "/Your_net", "/Runs",
         "/Phase_diagrams")  # fmt: skip
PAGES = [one.path for one in pages().values() if one.path not in APART]
"""Pages with charts; the one that trains takes too long to be among them."""
SOME = ["/", "/Step", "/Gradient_flow"]
"""Many charts, a live table, and a map: for what all pages get from the same shared part."""
NEAR = 1.5
"""Pixels that a cursor may be off."""

# Where each cursor is, and where its own subplot says that t is, from the axis's range alone.
CURSORS = """() => {
  const found = [];
  for (const gd of document.querySelectorAll('.js-plotly-plot')) {
    const axes = gd.layout?.meta ?? [];
    const home = gd.querySelector('.svg-container')?.getBoundingClientRect();
    const drawn = [...gd.querySelectorAll('[data-rv-cursor]')].map((one) => {
      const box = one.getBoundingClientRect();
      return {t: Number(one.dataset.t), x: (box.left + box.right) / 2, top: box.top,
              height: box.height, seen: getComputedStyle(one).visibility === 'visible'};
    });
    const plots = Object.values(gd._fullLayout?._plots ?? {});
    const columns = new Set(plots.map(({xaxis}) => Math.round(xaxis._offset))).size;
    for (const {xaxis: x, yaxis: y} of plots) {
      if (!axes.includes(x._id)) continue;
      const [low, high] = x.range;
      const beside = (one) => columns === 1
        || Math.abs(one.x - home.left - x._offset - x._length / 2) < x._length / 2 + 4;
      found.push({
        chart: gd.closest('[class*="st-key-"]').className.match(/st-key-(\\S+)/)[1],
        left: home.left + x._offset, right: home.left + x._offset + x._length,
        top: home.top + y._offset, height: y._length, low, high,
        cursors: drawn.filter(
          (one) => beside(one) && Math.abs(one.top - home.top - y._offset) < 2),
      });
    }
  }
  return found;
}"""

FOLLOWED = """t => {
  const all = [...document.querySelectorAll('[data-rv-cursor], [data-rv-view]')];
  return all.length > 1 && all.every((one) => one.dataset.t === String(t));
}"""

WATCH = """() => {
  window.redraws = 0;
  document.querySelectorAll('.js-plotly-plot').forEach((gd, k) => {
    gd.on('plotly_afterplot', () => { window.redraws += 1; });
    gd.querySelector('.main-svg').setAttribute('data-mark', k);
  });
}"""

UNTOUCHED = """() => [
  document.querySelectorAll('.js-plotly-plot').length,
  document.querySelectorAll('.main-svg[data-mark]').length,
  window.redraws,
]"""

# Charts, and what each has drawn that can be seen: a heatmap's image, a path, a point or a word.
DRAWN = """() => [...document.querySelectorAll('.js-plotly-plot')].map((gd) => {
  const finite = (one) => [one.z?.flat?.() ?? [], one.z ?? [], one.y ?? []].some((values) =>
    Array.from(values).flatMap((v) => v?.length ? Array.from(v) : [v]).some(Number.isFinite));
  const marks = gd.querySelectorAll(
    '.scatterlayer path, .heatmaplayer image, .barlayer path, .annotation text');
  return {
    key: gd.closest('[class*="st-key-"]')?.className.match(/st-key-(\\S+)/)[1],
    visible: gd._fullData.filter((one) => one.visible === true).length,
    finite: gd._fullData.some(finite),
    marks: [...marks].filter((one) => one.getBoundingClientRect().height > 0).length,
    height: gd.getBoundingClientRect().height,
  };
})"""

LINES = """key => {
  const gd = document.querySelector(`.st-key-${key} .js-plotly-plot`);
  return Object.fromEntries(gd._fullData.map((one) =>
    [one.name, {x: Array.from(one.x ?? []), y: Array.from(one.y ?? [])}]));
}"""


# Every point of every curve of the overview, by the places of the ticks alone.
CURVES = """() => {
  const root = document.querySelector('.rv-overview');
  const ticks = (name, axis) => [...root.querySelectorAll(name)]
    .map((one) => [Number(one.getAttribute(axis)), Number(one.dataset.value)]);
  const scale = (found, shift) => {
    const [[a, from], [b, to]] = [found[0], found.at(-1)];
    return (at) => from + ((at + shift - a) / (b - a)) * (to - from);
  };
  const [t, v] = [scale(ticks('.rv-xtick', 'x'), 0), scale(ticks('.rv-ytick', 'y'), 4)];
  return Object.fromEntries([...root.querySelectorAll('path.rv-line')].map((path) => [
    path.dataset.name,
    [...path.getAttribute('d').matchAll(/([-\\d.]+) ([-\\d.]+)/g)]
      .map(([, x, y]) => [t(Number(x)), v(Number(y))]),
  ]));
}"""


def curves(page: Page) -> dict[str, dict[int, float]]:
    """Name → t → log10 norm of every curve that the overview has drawn; no zeros, no gaps."""
    drawn = page.evaluate(CURVES)
    return {name: {round(t): v for t, v in points} for name, points in drawn.items()}


def slider(page: Page) -> Locator:
    """The one time control."""
    return page.get_by_role("slider", name="Timestep", exact=True)


def press(page: Page, key: str) -> None:
    """Press a key that moves time: nothing has the focus."""
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press(key)


def wait_for_t(page: Page, t: int) -> None:
    """Return when every cursor and every view shows t."""
    page.wait_for_function(FOLLOWED, arg=t)


def wait_for_url(page: Page, t: int | None) -> None:
    """Return when the address names t, or none."""
    page.wait_for_function(
        "t => new URLSearchParams(location.search).get('t') === t",
        arg=None if t is None else str(t),
    )


def now(page: Page) -> int:
    """The timestep that the slider stands at."""
    return int(slider(page).input_value())


def assert_cursors_at(page: Page, t: int) -> None:
    """Every time axis of every chart has one cursor, at t and where the axis has t."""
    spots = page.evaluate(CURSORS)
    assert spots
    for spot in spots:
        (cursor,) = spot["cursors"]
        assert cursor["t"] == t, spot
        share = (t - spot["low"]) / (spot["high"] - spot["low"])
        assert cursor["seen"] == (0 <= share <= 1), spot
        if cursor["seen"]:
            x = spot["left"] + share * (spot["right"] - spot["left"])
            assert abs(cursor["x"] - x) <= NEAR, spot
            assert abs(cursor["height"] - spot["height"]) <= NEAR, spot


def watch(page: Page) -> None:
    """From now on, notice if a chart is drawn again or replaced."""
    page.evaluate(WATCH)


def assert_untouched(page: Page) -> None:
    """No chart has been drawn again or replaced since `watch`."""
    charts, marked, redraws = page.evaluate(UNTOUCHED)
    assert charts == marked
    assert redraws == 0


def assert_all_is_drawn(page: Page) -> None:
    """Every chart has numbers, and marks of them that can be seen."""
    found = page.evaluate(DRAWN)
    assert found
    for chart in found:
        assert chart["visible"] > 0, chart
        assert chart["finite"], chart
        assert chart["marks"] > 0, chart
        assert chart["height"] > 50, chart


def lines(page: Page, key: str) -> dict[str, dict[str, list[Any]]]:
    """Name → x and y of every line of a chart."""
    return page.evaluate(LINES, key)


def query(page: Page) -> dict[str, str]:
    """What the address asks for."""
    return page.evaluate("() => Object.fromEntries(new URLSearchParams(location.search))")


RAISED = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
NUMBER = r"([+−]?) ?(\d+(?:\.\d+)?)(?:·10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+))?"


def numbers(text: str) -> list[float]:
    """Every number in a text: "−3.2·10⁻⁷" and "0.206"."""
    found = re.findall(NUMBER, text)
    return [
        (-1 if sign == "−" else 1) * float(f"{mantissa}e{raised.translate(RAISED) or 0}")
        for sign, mantissa, raised in found
    ]


def go_to_step_1_by_key(page: Page) -> None:
    """Press Home on the slider: every cursor is at step 1, and no chart was drawn again."""
    watch(page)
    slider(page).press("Home")
    wait_for_t(page, 1)
    assert_cursors_at(page, 1)
    assert_untouched(page)
