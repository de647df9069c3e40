"""The first picture: drawn before the chart library is there, never moved, and a time control."""

import numpy as np
import pytest

from rnnviz import CELLS
from rnnviz.analysis.reach import reach
from rnnviz.experiments.settings import Settings

from .pictures import curves, now, numbers, query, slider, wait_for_t, wait_for_url
from .visit import wait_until_idle

WATCH = """
window.shifts = [];
window.drawn = {};
new PerformanceObserver((list) => {
  for (const one of list.getEntries()) {
    if (!one.hadRecentInput) window.shifts.push([one.startTime, one.value]);
  }
}).observe({ type: "layout-shift", buffered: true });
const marks = { finding: '[data-testid=stMain] [data-testid=stMarkdownContainer] p',
                overview: '.rv-overview path.rv-line', charts: '.js-plotly-plot .main-svg' };
const look = () => {
  for (const [name, mark] of Object.entries(marks)) {
    if (document.querySelector(mark)) window.drawn[name] ??= performance.now();
  }
  requestAnimationFrame(look);
};
requestAnimationFrame(look);
"""
TEXTS = """() => [...document.querySelectorAll('.rv-overview text')]
  .filter((one) => one.textContent)
  .map((one) => {
    const { left, right, top, bottom } = one.getBoundingClientRect();
    return { words: one.textContent, left, right, top, bottom,
             size: getComputedStyle(one).fontSize };
  })"""
SHORT, GROWING = {"T": 2}, {"scale": 3, "scaling": "radius", "T": 100}
EVERY, LONG = {"loss": "every"}, {"task": "impulse", "T": 500, "scale": 0.05}
CROWDED = {390: (SHORT, GROWING, LONG), 1280: (EVERY,)}
ALL = {"cells": "rnn,lstm,gru,peephole_lstm"}


def seen(page):
    """Whether the overview came before the charts, and how far what was seen jumped."""
    page.wait_for_function("() => Object.keys(window.drawn).length === 3")
    drawn = page.evaluate("window.drawn")
    # Before the finding Streamlit opens its own sidebar; within a frame of it nothing was seen.
    late = [v for at, v in page.evaluate("window.shifts") if at > drawn["finding"] + 50]
    return drawn["overview"] < drawn["charts"], sum(late)


@pytest.mark.parametrize(("width", "height"), [(1280, 900), (390, 844)])
def test_it_is_there_before_the_charts_and_nothing_jumps(
    open_app, new_page, width, height, no_errors
):
    visits = []
    # A busy machine can hold one file up: the best of three visits counts.
    while len(visits) < 3 and not any(first and jumps < 0.1 for first, jumps in visits):
        page = new_page(width, height, cold=True)
        page.add_init_script(WATCH)
        open_app(page)
        visits.append(seen(page))
        no_errors(page)
    assert any(first and jumps < 0.1 for first, jumps in visits), visits


def plot(page):
    """The window's places of t = 0 and of t = T, and the middle of the picture's height."""
    box = page.locator(".rv-hit").bounding_box()
    ticks = page.locator(".rv-xtick").evaluate_all(
        "all => all.map((one) => { const r = one.getBoundingClientRect();"
        " return [Number(one.dataset.value), (r.left + r.right) / 2]; })"
    )
    (t0, x0), (t1, x1) = ticks[0], ticks[-1]
    return lambda t: x0 + (t - t0) / (t1 - t0) * (x1 - x0), box["y"] + box["height"] / 2


def said(page):
    """Name of every cell → the number beside it, and the timestep they are of."""
    line = page.locator(".rv-overview-now")
    ones = line.locator(".rv-one").evaluate_all(
        "all => all.map((one) => [one.firstChild.data.trim(), one.querySelector('b').textContent])"
    )
    return line.locator(".rv-when").inner_text(), dict(ones)


def assert_says(page, t):
    """Beside the picture stand t, its day and every cell's number, as the core has it."""
    when, found = said(page)
    assert when.startswith(f"t = {t} · 2018-")
    for cell in ("lstm", "gru"):
        wanted = reach(Settings().flow(cell)).log10_norms[t]
        (shown,) = numbers(found[CELLS[cell].title])
        assert np.log10(shown) == pytest.approx(wanted, abs=np.log10(1.06))


def hovering_shows_every_cell_s_number_there_and_leaves_time_alone(page):
    assert_says(page, 40)
    x, y = plot(page)
    page.mouse.move(x(12), y)
    assert_says(page, 12)
    assert now(page) == 40
    page.mouse.move(x(12), y + 600)
    assert said(page)[0].startswith("t = 40")


def a_press_and_a_drag_move_the_time_of_the_page(page, messages):
    sent = len(messages)
    x, y = plot(page)
    page.mouse.move(x(30), y)
    page.mouse.down()
    wait_for_t(page, 30)
    for t in (25, 14, 3):
        page.mouse.move(x(t), y, steps=3)
        wait_for_t(page, t)
        assert now(page) == t
    page.mouse.move(x(0) - 200, y, steps=2)
    wait_for_t(page, 1)
    page.mouse.move(x(7), y)
    page.mouse.up()
    wait_for_t(page, 7)
    wait_for_url(page, 7)
    assert len(messages) == sent, "time asks the server nothing"
    page.mouse.move(x(20), y)
    assert now(page) == 7, "let go"


def the_cursor_stands_where_the_axis_has_its_timestep(page):
    page.mouse.move(0, 0)
    for key, t in [("Home", 1), ("Shift+ArrowRight", 11), ("End", 50)]:
        page.keyboard.press(key)
        wait_for_t(page, t)
        cursor = page.locator(".rv-overview [data-rv-cursor]").bounding_box()
        x, _ = plot(page)
        assert cursor["x"] + cursor["width"] / 2 == pytest.approx(x(t), abs=1.5)
        assert said(page)[0].startswith(f"t = {t} ")


@pytest.mark.parametrize("width", CROWDED)
def test_texts_keep_their_size_and_their_distance_at_any_width(open_app, new_page, width):
    page = new_page(width, 900)
    for asked in CROWDED[width]:
        open_app(page, **(ALL | asked))
        texts = page.evaluate(TEXTS)
        home = page.locator(".rv-overview").bounding_box()
        for k, one in enumerate(texts):
            assert one["size"] in ("12px", "13px")
            assert one["left"] >= home["x"] - 1, (asked, one)
            assert one["right"] <= home["x"] + home["width"] + 1, (asked, one)
            for other in texts[k + 1 :]:
                across = min(one["right"], other["right"]) - max(one["left"], other["left"])
                down = min(one["bottom"], other["bottom"]) - max(one["top"], other["top"])
                assert across < 2 or down < 5, (asked, one, other)


def it_is_drawn_anew_when_the_window_changes(page):
    before = curves(page)
    wide = page.locator(".rv-overview svg").bounding_box()["width"]
    page.set_viewport_size({"width": 700, "height": 900})
    page.wait_for_function(
        "wide => document.querySelector('.rv-overview svg').clientWidth < wide - 100", arg=wide
    )
    wait_until_idle(page)
    after = curves(page)
    for name, points in before.items():
        assert after[name] == pytest.approx(points, abs=0.02)


def test_it_answers_the_pointer_keys_and_another_window(open_app, page, visit_of, no_errors):
    open_app(page, t=40, cells="lstm,gru")
    wait_for_t(page, 40)
    picture = page.locator(".rv-overview svg")
    assert "of the loss of step 50 alone, against time" in picture.get_attribute("aria-label")
    hovering_shows_every_cell_s_number_there_and_leaves_time_alone(page)
    a_press_and_a_drag_move_the_time_of_the_page(page, visit_of(page).sent)
    the_cursor_stands_where_the_axis_has_its_timestep(page)
    it_is_drawn_anew_when_the_window_changes(page)
    no_errors(page)


def test_a_change_leaves_a_thin_curve_until_it_is_undone(open_app, page, no_errors):
    open_app(page, cells="lstm")
    before, thin = curves(page), page.locator(".rv-overview path.rv-ghost")
    page.get_by_text("What would help, measured").click()
    page.get_by_role("button", name="b_f 3 → 3.9").click()
    thin.wait_for(state="attached")
    assert query(page).get("bf") == "3.9"
    assert thin.get_attribute("data-name") == "LSTM"
    assert thin.get_attribute("d").count("L") == 50
    page.get_by_role("button", name="Undo").click()
    thin.wait_for(state="detached")
    assert query(page).get("bf") is None
    assert curves(page)["LSTM"] == pytest.approx(before["LSTM"], abs=0.02)
    no_errors(page)


def test_after_the_followed_loss_there_is_no_line_and_the_number_is_0(open_app, page, no_errors):
    open_app(page, loss="chosen", at="12", **ALL)
    for points in curves(page).values():
        assert set(points) == set(range(13))
    assert page.locator(".rv-overview path.rv-mark").count() == 0
    assert page.locator(".rv-loss").get_attribute("d").count("M") == 1
    beside = page.locator(".rv-overview tspan.rv-left").all_text_contents()
    page.locator("body").press("Home")
    wait_for_t(page, 1)
    now = page.locator(".rv-overview-now .rv-left").all_text_contents()
    assert [one.strip() for one in now] == beside
    assert len(beside) == 4
    page.locator("body").press("End")
    wait_for_t(page, 50)
    assert [numbers(one) for one in said(page)[1].values()] == [[0.0]] * 4
    no_errors(page)


def test_a_sequence_of_one_step_has_a_picture_too(open_app, page, no_errors):
    open_app(page, task="sentence", sentence_text="a", cells="lstm")
    assert set(curves(page)) == {"LSTM"}
    assert slider(page).count() == 0
    x, y = plot(page)
    page.mouse.click(x(1), y)
    assert query(page).get("t") is None
    no_errors(page)


def test_a_finger_moves_the_time_of_a_picture_in_korean(open_app, new_page, no_errors):
    page = new_page(390, 844, has_touch=True)
    open_app(page, cells="lstm", lang="ko")
    label = page.locator(".rv-overview svg").get_attribute("aria-label")
    assert "시점 50의 손실 하나만의 기울기 노름" in label
    assert "시점 t" in page.locator(".rv-overview").inner_text()
    x, _ = plot(page)
    box = page.locator(".rv-hit").bounding_box()
    page.touchscreen.tap(x(20), box["y"] + 30)
    wait_for_t(page, 20)
    no_errors(page)
