"""Time plays, forwards and backwards, and keys mean time only where no field has the focus."""

from .pictures import assert_cursors_at, assert_untouched, now, wait_for_t, wait_for_url, watch
from .test_time import keys_move_every_cursor_and_every_view, leave_every_field
from .visit import wait_until_idle


def play_moves_time_and_pause_stops_it(page, sent):
    watch(page)
    before = len(sent)
    page.get_by_role("button", name="Play").click()
    page.wait_for_function("() => document.documentElement.dataset.rvT >= 9")
    page.get_by_role("button", name="Pause").click()
    t = now(page)
    wait_for_t(page, t)
    wait_for_url(page, t)
    assert now(page) == t, "paused"
    assert_cursors_at(page, t)
    assert len(sent) == before
    assert_untouched(page)


def space_plays_and_pauses_and_the_end_is_the_end(page):
    page.locator("body").press(" ")
    page.get_by_role("button", name="Pause").wait_for()
    page.keyboard.press(" ")
    page.get_by_role("button", name="Play").wait_for()
    assert now(page) < 40
    page.get_by_role("button", name="Speed").click()
    page.keyboard.press("End")
    for _ in range(4):
        page.keyboard.press("ArrowLeft")
    page.get_by_role("button", name="Play").click()
    wait_for_t(page, 40)
    page.get_by_role("button", name="Play").wait_for()
    wait_for_url(page, None)
    page.get_by_role("button", name="Play").click()
    page.wait_for_function("() => document.documentElement.dataset.rvT < 40")
    page.get_by_role("button", name="Pause").click()


def gradients_play_from_the_last_step_to_the_first(page):
    page.get_by_text("← Gradients").click()
    leave_every_field(page)
    page.keyboard.press("Home")
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    page.get_by_role("button", name="Play backwards").click()
    wait_for_t(page, 1)
    page.get_by_role("button", name="Play backwards").click()
    page.wait_for_function("() => document.documentElement.dataset.rvT > 12")
    page.get_by_role("button", name="Pause").click()
    page.get_by_text("Values →").click()
    page.get_by_role("button", name="Play", exact=True).wait_for()


def keys_in_a_field_or_on_another_slider_leave_time_alone(page):
    t = now(page)
    seed = page.get_by_role("spinbutton", name="Seed")
    seed.click()
    for key in ("ArrowLeft", "Home", "End", "ArrowRight"):
        page.keyboard.press(key)
    assert now(page) == t
    page.get_by_role("slider", name="H, hidden units").press("ArrowRight")
    page.wait_for_function("() => new URLSearchParams(location.search).get('H') === '17'")
    wait_until_idle(page)
    assert now(page) == t
    wait_for_t(page, t)


def test_time_plays_and_keys_mean_time_only_outside_of_fields(
    open_app, page, visit_of, no_errors
):
    open_app(page, "/Step", T=40, t=5)
    wait_for_t(page, 5)
    play_moves_time_and_pause_stops_it(page, visit_of(page).sent)
    space_plays_and_pauses_and_the_end_is_the_end(page)
    gradients_play_from_the_last_step_to_the_first(page)
    keys_move_every_cursor_and_every_view(page, visit_of(page).sent)
    keys_in_a_field_or_on_another_slider_leave_time_alone(page)
    no_errors(page)
