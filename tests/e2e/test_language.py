"""Korean in a browser: what opens it, what the switch keeps, and that it fits."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import expect

from .pictures import query, wait_for_t
from .visit import move, wait_until_idle

LINK = {"task": "noisy_sine", "T": 12, "H": 3, "seed": 5, "loss": "every", "cells": "rnn,gru"}
TITLES = {"en": "Along the memory state, or through the weights?",
          "ko": "기억 상태를 따라, 아니면 가중치를 거쳐?"}  # fmt: skip

CROWDED_MOST = ["/Gradient_flow", "/Spectrum", "/Roads", "/Cuts", "/Glossary"]
# Texts of a chart that lie on one another, and what sticks out of the chart or of the page.
CROWDED = """() => {
  const found = [];
  for (const gd of document.querySelectorAll('.js-plotly-plot')) {
    const home = gd.getBoundingClientRect();
    const texts = [...gd.querySelectorAll(
      '.xtick text, .ytick text, .annotation text, .xtitle, .ytitle, .y2title, .y3title')]
      .filter((one) => one.textContent.trim() && one.getBoundingClientRect().width);
    const boxes = texts.map((one) => one.getBoundingClientRect());
    boxes.forEach((a, i) => {
      if (a.left < home.left - 1 || a.right > home.right + 1) {
        found.push(`out: ${texts[i].textContent}`);
      }
      boxes.slice(i + 1).forEach((b, k) => {
        const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        if (across > 3 && down > 5) {
          found.push(`on: ${texts[i].textContent} | ${texts[i + 1 + k].textContent}`);
        }
      });
    });
  }
  const main = document.querySelector('[data-testid="stMain"]');
  if (main.scrollWidth > main.clientWidth) found.push('the page scrolls sideways');
  return found;
}"""

MANY_PLOTS = {"/Depth": {"layers": "4"}, "/Variants": {}}
# Texts of a chart that stick out of it, and whether the page does: they may lie on one another.
CUT_OFF = """() => {
  const found = [];
  for (const gd of document.querySelectorAll('.js-plotly-plot')) {
    const home = gd.querySelector('.main-svg').getBoundingClientRect();
    for (const one of gd.querySelectorAll('.annotation text, .xtick text, .ytick text')) {
      const box = one.getBoundingClientRect();
      if (box.left < home.left - 1 || box.right > home.right + 1) found.push(one.textContent);
    }
  }
  const main = document.querySelector('[data-testid="stMain"]');
  if (main.scrollWidth > main.clientWidth) found.push('the page scrolls sideways');
  return found;
}"""


def title(page):
    return page.get_by_test_id("stMain").get_by_role("heading", level=1)


def assert_speaks(page, name):
    expect(title(page)).to_have_text(TITLES[name])
    assert page.evaluate("document.documentElement.lang") == name


def parts_that_rerun_alone_speak_korean(page):
    page.get_by_role("button", name="검증 통과").click()
    expect(page.get_by_text("이 페이지의 수치를 지금")).to_be_visible()
    expect(page.get_by_role("columnheader", name="검증 항목").first).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_text("글과 표로 보기").first.click()
    words = page.get_by_test_id("stMain").get_by_test_id("stExpander").first
    expect(words.get_by_test_id("stText")).to_contain_text(re.compile("[가-힣]{2}.*니다"))


def test_a_korean_browser_opens_in_korean_unless_the_link_says_otherwise(
    open_app, new_page, no_errors
):
    page = new_page(locale="ko-KR", cold=True)
    open_app(page, "/Roads", **LINK)
    assert_speaks(page, "ko")
    assert page.evaluate("document.fonts.check('16px Pretendard', '가')")
    parts_that_rerun_alone_speak_korean(page)
    open_app(page, "/Roads", **LINK, lang="en")
    assert_speaks(page, "en")
    no_errors(page)


def test_the_switch_keeps_every_setting_and_the_timestep(open_app, page, no_errors):
    open_app(page, "/Roads", **LINK, t=7)
    assert_speaks(page, "en")
    for name, other in (("한국어", "ko"), ("English", "en")):
        chosen = page.get_by_test_id("stSidebar").get_by_role("radio", name=name)
        chosen.click()
        expect(title(page)).to_have_text(TITLES[other])
        wait_until_idle(page)
        assert_speaks(page, other)
        look = chosen.evaluate("one => { const { color, backgroundColor } = getComputedStyle(one); "
                               "return [color, backgroundColor]; }")  # fmt: skip
        assert look[0] == look[1], "its name is written in the page's ground, also under the mouse"
        wait_for_t(page, 7)
        control = page.locator(".st-key-rv-time input[type=range]")
        expect(control).to_have_value("7")
        asked = {key: values[0] for key, values in parse_qs(urlsplit(page.url).query).items()}
        assert {key: str(value) for key, value in LINK.items()}.items() <= asked.items()
        assert asked["t"] == "7"
        assert asked.get("lang", "en") == other
    no_errors(page)


def test_the_glossary_filters_while_one_types(open_app, page, no_errors):
    open_app(page, "/Glossary", lang="ko")
    entries = page.get_by_test_id("stMain").get_by_role("heading", level=3)
    count = entries.count()
    assert count >= 40
    field = page.get_by_test_id("stMain").get_by_role("textbox")
    field.fill("망각 게이트")
    field.press("Enter")
    expect(entries).not_to_have_count(count)
    expect(entries.first).to_contain_text("망각 게이트")
    expect(page).to_have_url(re.compile("term="))
    open_app(page, "/Glossary", term="forget-gate")
    expect(entries).to_have_count(1)
    expect(entries).to_contain_text("망각 게이트")
    page.get_by_test_id("stMain").get_by_role("link", name="→ Two paths").click()
    expect(title(page)).to_have_text(TITLES["en"])
    wait_until_idle(page)
    no_errors(page)


def test_on_a_phone_korean_fits(open_app, page, no_errors):
    crowded = {}
    page.set_viewport_size({"width": 390, "height": 844})
    open_app(page, CROWDED_MOST[0], lang="ko")
    for path in CROWDED_MOST:
        if crowded:
            move(page, path)
        crowded[path] = page.evaluate(CROWDED)
        no_errors(page)
    for path, asked in MANY_PLOTS.items():
        move(page, path, **asked)
        crowded[path] = page.evaluate(CUT_OFF)
        assert asked.items() <= query(page).items()
        no_errors(page)
    assert not any(crowded.values()), crowded
