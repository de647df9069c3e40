"""The page of units in a browser: the ring at the timestep, and a stretch that is dragged."""

from .pictures import wait_for_t
from .visit import wait_until_idle

LINK = {"units": "projection", "T": 20, "H": 4}
RING = "() => document.querySelector('[data-rv-ring]')?.style.transform"
PLACE = """t => {
  const gd = document.querySelector('.st-key-each_projection .js-plotly-plot');
  const { xaxis: x, yaxis: y } = gd._fullLayout, line = gd._fullData[0];
  return [x._offset + x.l2p(line.x[t - 1]), y._offset + y.l2p(line.y[t - 1])];
}"""


def ring_at(page, t):
    """Whether the ring is round the point of timestep t, to a pixel."""
    wait_for_t(page, t)
    said = page.evaluate(RING)
    found = [float(one) for one in said.removeprefix("translate(").rstrip(")").replace("px", "")
             .split(",")]  # fmt: skip
    return all(abs(a - b) < 1 for a, b in zip(found, page.evaluate(PLACE, t), strict=True))


def test_the_ring_follows_time_a_click_sets_it_and_a_dragged_stretch_is_searched(
    open_app, page, no_errors
):
    open_app(page, "/Units", **LINK)
    wait_until_idle(page)
    assert ring_at(page, 20)
    page.keyboard.press("Home")
    assert ring_at(page, 1)
    left, top = page.evaluate(PLACE, 12)
    page.locator(".st-key-each_projection .svg-container").click(position={"x": left, "y": top})
    assert ring_at(page, 12)
    page.get_by_test_id("stMain").get_by_text("Find a pattern", exact=True).click()
    area = page.locator(".st-key-each_pattern .nsewdrag").first
    area.scroll_into_view_if_needed()
    box = area.bounding_box()
    page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + 30)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 50, steps=4)
    page.mouse.up()
    page.wait_for_url("**first=7**last=10**")
