"""A report that is opened from a file: it steps, fetches nothing and runs nothing from outside."""

import rnnviz
from rnnviz.experiments.settings import Settings

EVIL = "<img src=x onerror=\"document.title = 'ran'\">"
STEPPED = """() => [...document.querySelectorAll('[data-rv-cursor], [data-rv-view]')].map(
  ({ dataset }) => Number(dataset.t))"""
UNMADE = """[...document.querySelectorAll('[data-chart]')].filter(
  (one) => one.checkVisibility() && !one.querySelector('.main-svg')).length"""


def test_a_report_from_a_file_steps_with_all_of_its_pictures(browser, tmp_path):
    settings = Settings(task="impulse", length=12, hidden_size=4, cells=("lstm",))
    path = rnnviz.report(settings, title=f"Nets {EVIL}").save(tmp_path / "report.html")
    page, asked, wrong = browser.new_page(color_scheme="dark"), [], []
    page.on("request", lambda one: asked.append(one.url))
    page.on("pageerror", lambda one: wrong.append(str(one)))
    page.goto(path.as_uri())
    page.locator(".js-plotly-plot [data-rv-cursor]").first.wait_for(state="attached")
    page.keyboard.press("Home")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.wait_for_function(f"() => ({STEPPED})().every((t) => t === 4)")
    assert len(page.evaluate(STEPPED)) >= 3
    assert page.get_by_text("t = 4 of 12").is_visible()
    slider = page.get_by_role("slider", name="Timestep")
    page.wait_for_function("(one) => one.value === '4'", arg=slider.element_handle())
    ink = "() => getComputedStyle(document.querySelector('.js-plotly-plot text')).fill"
    dark = page.evaluate(ink)
    page.get_by_role("button", name="Dark").click()
    page.wait_for_function(f"(before) => ({ink})() !== before", arg=dark)
    page.wait_for_function(f"() => {UNMADE} === 0")
    page.get_by_role("button", name="Dark").click()
    folded = "() => document.querySelectorAll('.rp-fold:not([open])').length"
    scheme = "() => document.documentElement.style.colorScheme"
    assert (page.evaluate(folded), page.evaluate(scheme)) == (1, "dark")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert (page.evaluate(folded), page.evaluate(scheme)) == (0, "light")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert (page.evaluate(folded), page.evaluate(scheme)) == (1, "dark")
    assert page.title() == f"Nets {EVIL}"
    assert all(one.startswith(("file:", "data:", "blob:")) for one in asked)
    assert not wrong
    page.close()
