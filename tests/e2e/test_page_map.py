"""The map of all pages in a browser: seen, small, and each card a link within the session."""

from __future__ import annotations

from playwright.sync_api import expect

from rnnviz.ui.shell.navigation import pages
from rnnviz.ui.shell.page_map import HEIGHT, WIDTH

from .pictures import query
from .visit import wait_until_idle

LINK = {"task": "noisy_sine", "T": 12, "H": 3, "seed": 5, "cells": "lstm"}
CARDS = """() => [...document.querySelectorAll('.rv-card')].map((card) => {
  const [box, link] = [card.getBoundingClientRect(), card.querySelector('a')];
  const over = document.elementFromPoint(box.left + box.width / 2, box.top + 20);
  return {left: box.left, link: over === link, cut: link.scrollWidth > link.clientWidth + 1};
})"""
COLUMNS = f"columns => new Set(({CARDS})().map((one) => Math.round(one.left))).size === columns"
DEPTH = ".rv-card:has(a[href*='Depth'])"
LOADED = "img => img.complete && img.naturalWidth"


def test_cards_are_links_in_four_columns_and_on_a_phone_in_two(open_app, page, no_errors):
    page.set_viewport_size({"width": 390, "height": 9000})
    open_app(page, "/", **LINK)
    for width, columns in ((390, 2), (1280, 4)):
        page.set_viewport_size({"width": width, "height": 9000})
        page.wait_for_function(COLUMNS, arg=columns)
        wait_until_idle(page)
        cards = page.evaluate(CARDS)
        assert len(cards) == len(pages())
        assert all(one["link"] and not one["cut"] for one in cards), cards
        main = page.get_by_test_id("stMain")
        assert main.evaluate("one => one.scrollWidth - one.clientWidth") <= 0
    depth = pages()["pages/Depth.py"]
    name = f"{depth.name} {depth.question}"
    link = page.get_by_test_id("stMain").get_by_role("link", name=name, exact=True)
    link.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    outline = page.locator(DEPTH).evaluate("one => getComputedStyle(one).outline")
    assert "2px" in outline
    assert "solid" in outline
    assert "seed=5" in link.get_attribute("href"), "a new tab has the settings too"
    a_card_opens_its_page_with_the_settings_kept(page)
    no_errors(page)


def a_card_opens_its_page_with_the_settings_kept(page):
    page.set_viewport_size({"width": 1280, "height": 900})
    page.get_by_role("link", name="All pages ↓").click()
    expect(page.get_by_role("heading", name="All pages")).to_be_in_viewport()
    page.evaluate("() => { window.mark = 1; }")
    image = page.locator(f"{DEPTH} img")
    image.scroll_into_view_if_needed()
    box = image.bounding_box()
    assert abs(box["width"] * HEIGHT / WIDTH - box["height"]) < 1
    page.wait_for_function(LOADED, arg=image.element_handle())
    image.click(force=True)
    page.wait_for_url("**/Depth?*")
    wait_until_idle(page)
    assert page.evaluate("() => window.mark") == 1
    assert {name: query(page)[name] for name in LINK} == {k: str(v) for k, v in LINK.items()}
