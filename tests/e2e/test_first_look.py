"""What a person sees: the finding at once, numbers that are the core's, on any screen."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from rnnviz import CELLS
from rnnviz.analysis.reach import reach
from rnnviz.experiments.settings import Settings

from .pictures import (
    PAGES,
    assert_all_is_drawn,
    assert_cursors_at,
    curves,
    numbers,
    press,
    slider,
    wait_for_t,
)
from .visit import move, wait_until_idle

SMALL = Settings(task="noisy_sine", length=12, hidden_size=3, seed=5)
ROWS = "[class*='st-key-units_']"
"""The gates and states, unit by unit."""
LINK = {"task": "noisy_sine", "T": 12, "H": 3, "seed": 5}


def test_the_first_screen_is_three_cells_and_the_finding(open_app, page, no_errors):
    open_app(page)
    drawn = curves(page)
    for cell in ("rnn", "lstm", "gru"):
        wanted = reach(Settings().flow(cell)).log10_norms
        assert drawn[CELLS[cell].title] == pytest.approx(dict(enumerate(wanted)), abs=0.01)
    top = 0
    for part in (".rv-chips", ".st-key-headline .rv-overview", ".st-key-rv-time", ROWS):
        box = page.locator(part).first.bounding_box()
        assert top <= box["y"] < 900, f"{part} is on the first screen, in its place"
        top = box["y"] + box["height"] / 2
    knobs = [page.locator(f".st-key-_{key}_here").bounding_box() for key in ("cells", "bf", "T")]
    assert all(box["x"] > 900 and box["y"] + box["height"] < 700 for box in knobs)
    text = page.locator(".rv-chips").inner_text().replace("\N{NO-BREAK SPACE}", " ")
    for cell in ("rnn", "lstm", "gru"):
        kept = re.search(rf"{CELLS[cell].title} . (\S+ ?%?) reaches", text)[1]
        share = numbers(kept)[0] / (100 if "%" in kept else 1)
        assert np.log10(share) == pytest.approx(
            reach(Settings().flow(cell)).log10_share, abs=np.log10(1.06)
        )
    assert page.get_by_role("slider", name="Timestep").count() == 1, "no other name contains it"
    wait_for_t(page, 50)
    assert_cursors_at(page, 50)
    assert page.title() == "Compare · rnnviz"
    no_errors(page)


def assert_the_row_is_right(row, flow, unit, t):
    """Value, arithmetic and gradient of one line, against the core."""
    name = row.locator(".rv-symbol").evaluate("one => one.firstChild.data")
    value, gradient = flow.trace[name][t - 1, 0, unit], flow[name][t - 1, 0, unit]
    (shown,) = numbers(row.locator(".rv-number").inner_text())
    assert shown == pytest.approx(value, rel=6e-3)
    arithmetic, arriving = row.locator(".rv-cell").all_inner_texts()
    worked = arithmetic.split("\n")[-1]
    assert numbers(worked)[-1] == pytest.approx(value, rel=6e-3)
    found = numbers(arriving.split("=")[-1])[-1]
    assert found == pytest.approx(gradient, rel=6e-2)
    if sums := re.search(r"= \S+?\(([^()]*)\) = \S*?\(([^()]*)\) =", worked):
        terms, (total,) = numbers(sums[1]), numbers(sums[2])
        if "·" not in sums[1].replace("·10", ""):
            assert sum(terms) == pytest.approx(total, abs=6e-3 * sum(map(abs, [*terms, total])))
    return name


def test_the_step_page_s_numbers_are_the_core_s(open_app, page, no_errors):
    open_app(page, "/Step", **LINK, cells="gru,minlstm", unit=2)
    for cell in ("gru", "minlstm"):
        if cell != "gru":
            page.get_by_test_id("stMain").get_by_role("radio", name=CELLS[cell].title).click()
            page.wait_for_function(
                "cell => new URLSearchParams(location.search).get('cell') === cell", arg=cell
            )
            wait_until_idle(page)
        flow = SMALL.flow(cell)
        for key, t in [("Home", 1), ("ArrowRight", 2), ("End", 12)]:
            press(page, key)
            wait_for_t(page, t)
            rows = page.locator(".st-key-arithmetic .rv-row").all()
            named = [assert_the_row_is_right(row, flow, 2, t) for row in rows]
            assert sorted(named) == sorted(signal.name for signal in CELLS[cell].signals)
    no_errors(page)


POOR = r"""([texts]) => {
  const known = (make, store) => (key) => store.get(key) ?? store.set(key, make(key)).get(key);
  const pen = Object.assign(document.createElement('canvas'), { width: 1, height: 1 })
    .getContext('2d', { willReadFrequently: true });
  const rgba = known((color) => {
    pen.clearRect(0, 0, 1, 1);
    pen.fillStyle = color;
    pen.fillRect(0, 0, 1, 1);
    return [...pen.getImageData(0, 0, 1, 1).data].map((v) => v / 255);
  }, new Map());
  const over = ([r, g, b, a], under) => [r, g, b].map((v, k) => v * a + under[k] * (1 - a));
  const luminance = (color) => {
    const [r, g, b] = color.map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = known((one) => one
    ? over(rgba(getComputedStyle(one).backgroundColor), behind(one.parentElement))
    : [1, 1, 1], new Map());
  const contrast = (one) => {
    const style = getComputedStyle(one);
    const ink = [...rgba(one instanceof SVGElement ? style.fill : style.color)];
    ink[3] *= one instanceof SVGElement ? style.fillOpacity * style.opacity : style.opacity;
    const paint = over(ink, behind(one));
    const [dark, light] = [luminance(paint), luminance(behind(one))].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  };
  return [...document.querySelectorAll(texts)]
    .filter((one) => one.checkVisibility() && one.textContent.trim())
    .filter((one) => !one.closest('[data-testid=stSliderThumbValue]'))  // beside its parent
    .map((one) => [contrast(one).toFixed(2), one.textContent.slice(0, 30)])
    .filter(([ratio]) => ratio < 4.5);
}"""
"""Texts with a contrast below 4.5 : 1 in the page and in the pictures."""
TEXTS = (
    "h1, .rv-readout span, .rv-symbol, .rv-name, .rv-meaning, .rv-cell, .rv-number, .rv-position,"
    " [data-testid=stMarkdownContainer] p, [data-testid=stMain] table, .js-plotly-plot text,"
    " .rv-overview text, .rv-overview-now span"
)
WIDEST = {"cells": "peephole_lstm,rnn", "task": "impulse", "T": 60, "H": 4,
          "nonlinearity": "identity", "scaling": "radius", "scale": 2}  # fmt: skip
"""A plain and a rich cell, long labels and huge numbers."""
BACKGROUND = {"light": "rgb(255, 255, 255)", "dark": "rgb(14, 17, 23)"}
PRIMARY = {"light": "rgb(61, 75, 92)", "dark": "rgb(133, 150, 170)"}
FILLS = """() => [...document.querySelectorAll("[data-testid=stButtonGroup] [data-selected]")]
  .map((one) => getComputedStyle(one).backgroundColor)"""


def assert_the_bar_stays_at_the_bottom(page):
    for top in (0, 600, 10_000):
        page.get_by_test_id("stMain").evaluate("(one, top) => one.scrollTo(0, top)", top)
        bar = page.locator(".st-key-rv-time").bounding_box()
        assert bar["y"] + bar["height"] == pytest.approx(844, abs=1.5)
        assert bar["width"] <= 390


def assert_nothing_sticks_out(page, width):
    assert page.evaluate("() => document.scrollingElement.scrollWidth") <= width
    main = page.get_by_test_id("stMain")
    assert main.evaluate("one => one.scrollWidth - one.clientWidth") <= 0
    expect(page.locator(".js-plotly-plot").first).to_be_visible()


def assert_the_theme_is(page, theme):
    app = page.get_by_test_id("stApp")
    assert app.evaluate("one => getComputedStyle(one).backgroundColor") == BACKGROUND[theme]


TURNS = {"light": PAGES[::2], "dark": PAGES[1::2]}
"""On a phone."""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_on_a_phone_time_is_at_the_bottom_and_nothing_sticks_out(
    open_app, new_page, theme, no_errors
):
    page = new_page(390, 844, color_scheme=theme, has_touch=True)
    for path in TURNS[theme]:
        if path == TURNS[theme][0]:
            open_app(page, path, **WIDEST)
        else:
            move(page, path)
        assert_all_is_drawn(page)
        assert_nothing_sticks_out(page, 390)
        assert_the_theme_is(page, theme)
        assert_the_bar_stays_at_the_bottom(page)
        slider(page).press("End")
        slider(page).press("ArrowLeft")
        wait_for_t(page, 59)
        assert_cursors_at(page, 59)
        no_errors(page)
    page.get_by_role("button", name="Play").first.tap()
    page.wait_for_function("() => document.documentElement.dataset.rvT != 59")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_at_a_desk_everything_can_be_read_and_nobody_else_is_asked(
    open_app, new_page, theme, visit_of, no_errors
):
    """With all that can be opened open: no font, script or count of visitors from elsewhere."""
    page = new_page(color_scheme=theme, reduced_motion="no-preference")
    open_app(page, "/Step" if theme == "light" else "/", **WIDEST)
    page.evaluate("() => document.querySelectorAll('summary').forEach((one) => one.click())")
    wait_until_idle(page)
    page.wait_for_load_state("networkidle")
    assert_nothing_sticks_out(page, 1280)
    assert_the_theme_is(page, theme)
    poor = page.evaluate(POOR, [TEXTS])
    assert set(page.evaluate(FILLS)) == {PRIMARY[theme]}, "what is chosen is filled"
    no_errors(page)
    assert visit_of(page).foreign == []
    hosts = {socket.url.split("/")[2].split(":")[0] for socket in visit_of(page).websockets}
    assert hosts == {"127.0.0.1"}
    assert not poor
