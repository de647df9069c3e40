"""The tour in a browser: a step predicted, shown, in sight and uncovered."""

from playwright.sync_api import expect

from rnnviz.experiments.tour import TOUR
from rnnviz.ui.shell.navigation import pages

from .pictures import now, query, wait_for_t
from .visit import follow, wait_until_idle

PLACES = """anchor => {
  const box = (one) => one?.getBoundingClientRect().toJSON();
  return {
    card: box(document.querySelector('.rv-tour')),
    picture: box(document.querySelector(`.st-key-${anchor}`)),
    bar: box(document.querySelector('.st-key-rv-time')),
  };
}"""
SETTLED = """anchor => {
  const one = document.querySelector(`.st-key-${anchor}`);
  const top = one?.getBoundingClientRect().top;
  const last = window.lastTop;
  window.lastTop = top;
  const still = top >= 0 && top <= 140 && top === last;
  if (!still) window.lastMoved = performance.now();
  return still && performance.now() - window.lastMoved > 350;
}"""


def start(page):
    page.locator(".st-key-_tour_button").get_by_role("button").click()


def card(page):
    return page.locator(".rv-tour")


def assert_in_sight(page, step, width):
    """The picture is at the top of the screen, and the card covers none of it."""
    page.wait_for_function(SETTLED, arg=step.anchor)
    found = page.evaluate(PLACES, step.anchor)
    box, picture = found["card"], found["picture"]
    end = picture["top"] + min(step.room, 300) if step.room else picture["bottom"]
    assert 0 <= picture["top"] <= 140, step.title
    beside = picture["right"] <= box["left"]
    if width > 640:
        assert found["bar"]["right"] <= box["left"], "the slider is not covered"
    assert beside or end <= box["top"] + 1, (step.title, found)
    assert box["right"] <= width
    assert box["bottom"] <= page.viewport_size["height"]
    if width < 640:
        assert box["bottom"] <= found["bar"]["top"] + 1


def wait_for_step(page, n):
    expect(card(page).get_by_text(f"Step {n} of {len(TOUR)}")).to_be_visible()
    wait_until_idle(page)


def answer(page, k):
    card(page).locator(".rv-tour-answers button").nth(k).click()
    expect(card(page).locator(".rv-tour-told")).to_be_visible()


def go_on(page):
    card(page).get_by_role("button", name="Next", exact=True).click()


def assert_a_step_is_played(page, n, step, width):
    wait_for_step(page, n)
    assert card(page).locator("h2").evaluate("one => one === document.activeElement")
    assert query(page)["tour"] == str(n)
    expect(card(page).locator(".rv-tour-told")).to_have_count(0)
    answer(page, step.right)
    expect(card(page).locator(".rv-tour-verdict")).to_have_text("Right.")
    expect(card(page).locator("[data-so]")).to_have_count(1)
    expect(card(page).locator(".rv-tour-question")).to_be_attached()
    assert_in_sight(page, step, width)


PLAYED = (1, 8, 11)
"""Steps whose pictures differ; those between are played on a phone and by keys, below, and all of
them in tests/ui/shell/test_tour.py."""


def test_the_tour_from_its_button_to_its_end(open_app, new_page, no_errors):
    page = new_page(1280, 800)
    open_app(page)
    start(page)
    for before, n in zip((0, *PLAYED), PLAYED, strict=False):
        step = TOUR[n - 1]
        if n > before + 1:
            open_app(page, pages()[step.page].path, tour=n)
        assert_a_step_is_played(page, n, step, 1280)
        if n == 1:
            wait_for_t(page, 30)
        if n + 1 in (*PLAYED, len(TOUR) + 1):
            go_on(page)
    expect(card(page).locator("h2")).to_have_text("What to take along, and what to try next")
    page.keyboard.press("Escape")
    expect(card(page)).to_have_count(0)
    wait_until_idle(page)
    assert "tour" not in query(page)
    no_errors(page)


def test_on_a_phone_the_card_covers_nothing(open_app, new_page, no_errors):
    page = new_page(390, 844)
    open_app(page)
    page.get_by_test_id("stExpandSidebarButton").click()
    start(page)
    for n, step in enumerate(TOUR[:2], 1):
        assert_a_step_is_played(page, n, step, 390)
        go_on(page)
    no_errors(page)


def test_keys_changes_and_the_way_back(open_app, page, no_errors):
    open_app(page, "/Gradient_flow", tour=3)
    wait_for_step(page, 3)
    wait_for_t(page, 50)
    page.keyboard.press("ArrowLeft")  # the title has the focus: time moves
    wait_for_t(page, 49)
    choices = card(page).locator(".rv-tour-answers button")
    choices.first.focus()
    page.keyboard.press("ArrowRight")  # a button has it: the focus moves
    assert choices.nth(1).evaluate("one => one === document.activeElement")
    assert now(page) == 49
    page.keyboard.press("Enter")
    expect(card(page).locator(".rv-tour-verdict")).to_have_text("Not quite.")
    page.keyboard.press("ArrowLeft")
    wait_for_t(page, 48)
    page.get_by_role("slider", name="Gain").press("End")
    expect(card(page)).to_contain_text("it no longer holds")
    wait_until_idle(page)
    card(page).get_by_role("button", name="Set it again").click()
    expect(card(page)).not_to_contain_text("it no longer holds")
    wait_until_idle(page)
    assert "scale" not in query(page)
    follow(page, "app.py")
    expect(card(page)).to_contain_text("is on the page Gradient flow")
    wait_until_idle(page)
    card(page).get_by_role("button", name="Set it again").click()
    page.wait_for_function("() => location.pathname === '/Gradient_flow'")
    wait_until_idle(page)
    assert_in_sight(page, TOUR[2], 1280)
    page.locator(".st-key-flow").evaluate(
        "one => one.classList.remove('st-key-flow')"
    )  # a page without the picture
    card(page).get_by_role("button", name="Back", exact=True).focus()
    page.keyboard.press("Escape")
    expect(card(page)).to_have_count(0)
    no_errors(page)
