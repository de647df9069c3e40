"""The unrolled graph of a problem type: drawn, on time, within its place."""

from .pictures import FOLLOWED, query, slider
from .visit import wait_until_idle

BOXES = """() => {
  const svg = document.querySelector('.rv-graph svg');
  const { left, right, top, bottom } = svg.getBoundingClientRect();
  const texts = [...svg.querySelectorAll('text')].filter((one) => one.textContent)
    .map((one) => { const { left, right, top, bottom } = one.getBoundingClientRect();
                    return { words: one.textContent, left, right, top, bottom }; });
  return { home: { left, right, top, bottom }, texts };
}"""
BACK = """() => [...document.querySelectorAll('.rv-graph .rv-back')].map((one) => ({
  name: one.dataset.name, t: Number(one.dataset.t),
  width: Number(one.querySelector('.rv-line').getAttribute('stroke-width')) }))"""
WITHIN = """() =>
  document.querySelector('.rv-graph svg').getBoundingClientRect().right <= innerWidth"""


def apart(page):
    """No text lies on another, and none outside."""
    found = page.evaluate(BOXES)
    home, texts = found["home"], found["texts"]
    for k, one in enumerate(texts):
        assert one["left"] > home["left"] - 1, one
        assert one["right"] < home["right"] + 1, one
        assert one["bottom"] < home["bottom"] + 1, one
        for other in texts[k + 1 :]:
            across = min(one["right"], other["right"]) - max(one["left"], other["left"])
            down = min(one["bottom"], other["bottom"]) - max(one["top"], other["top"])
            assert across < 1 or down < 3, (one, other)


def test_the_graph_is_drawn_and_follows_time_at_a_desk_and_on_a_phone(open_app, page, no_errors):
    open_app(page, "/Problem_types", T=30, H=4)
    apart(page)
    names = {one["name"] for one in page.evaluate(BACK)}
    assert names == {"back", "down", "own", "inputs"}
    assert {15, 16} <= {one["t"] for one in page.evaluate(BACK)}, "both sides of the hand-over"
    slider(page).focus()
    page.keyboard.press("Home")
    page.wait_for_function(FOLLOWED, arg=1)
    apart(page)
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_function(WITHIN)
    wait_until_idle(page)
    apart(page)
    assert names == {one["name"] for one in page.evaluate(BACK)}
    slider(page).focus()
    page.keyboard.press("End")
    page.wait_for_function(FOLLOWED, arg=30)
    apart(page)
    page.get_by_role("radio", name="One to many").or_(
        page.get_by_role("button", name="One to many")).first.click()  # fmt: skip
    page.locator(".rv-back[data-name=fed]").first.wait_for(state="attached")
    wait_until_idle(page)
    assert query(page)["problem"] == "one_to_many"
    apart(page)
    no_errors(page)
