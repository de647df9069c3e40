"""The cell in the browser follows time, turns round, is read by keyboard and as tables."""


import pandas as pd
import pytest

from .cell_drawing import LARGE, LINK, SMALL, assert_the_rows_add_up, box, printed, wait_for_number
from .pictures import numbers, press, query, wait_for_t
from .visit import wait_until_idle


def numbers_follow_time_and_the_switch_turns_them_round(page, sent):
    flow = SMALL.flow("lstm")
    before = len(sent)
    for key, t in [("Home", 1), ("Shift+ArrowRight", 11), ("End", 12)]:
        press(page, key)
        wait_for_t(page, t)
        for gate in "fio":
            assert printed(page, gate) == pytest.approx(flow.trace[gate][t - 1, 0, 2], rel=6e-3)
        norms = page.locator(".rv-unrolled .rv-steps").get_attribute("aria-label").split("; ")
        wanted = 10 ** flow.log10_norms("h")[max(t - 2, 1) : t + 3, 0]
        shown = [numbers(one)[-1] for one in norms if "∂h" in one]
        assert shown == pytest.approx(wanted, rel=6e-2)
    assert len(sent) == before, "time asks the server nothing"
    page.get_by_text("← Gradients").click()
    page.locator(f"{LARGE}[data-back]").wait_for()
    assert query(page)["flow"] == "back"
    for gate in "fio":
        assert printed(page, gate) == pytest.approx(flow[gate][11, 0, 2], rel=6e-2)
    page.get_by_text("Values →").click()
    page.locator(f"{LARGE}:not([data-back])").wait_for()
    wait_until_idle(page)


def a_node_opens_its_arithmetic_which_adds_up(page):
    flow = SMALL.flow("gru")
    box(page, "z").locator(".rv-face").click()
    for key, t in [("End", 12), ("Shift+ArrowLeft", 2), ("ArrowLeft", 1)]:
        press(page, key)
        wait_for_t(page, t)
        total = assert_the_rows_add_up(page)
        shown = page.locator(".rv-total td:nth-child(2)").inner_text()
        assert numbers(shown)[0] == float(total)
        assert numbers(shown)[1] == pytest.approx(flow.trace["z"][t - 1, 0, 2], rel=1e-3)
    page.get_by_role("button", name="Show all").click()
    assert page.locator(".rv-terms tbody:first-of-type tr").count() == 16
    assert_the_rows_add_up(page)
    page.locator(".rv-terms input").first.press("Escape")
    assert page.locator(".rv-sums").is_hidden()


def a_map_chooses_the_cell(page):
    page.locator('[data-size="compact"] svg').last.click(position={"x": 150, "y": 100})
    page.wait_for_function("() => new URLSearchParams(location.search).get('cell') === 'gru'")
    wait_until_idle(page)


def a_square_chooses_the_unit(page):
    page.get_by_role("button", name="Show unit 9").click()
    page.wait_for_function("() => new URLSearchParams(location.search).get('unit') === '9'")
    wait_until_idle(page)
    wait_for_number(page, "z", SMALL.flow("gru").trace["z"][0, 0, 9], 6e-3)


def every_part_is_reached_and_read_by_keyboard(page):
    assert page.locator(f"{LARGE} svg [tabindex='0']").count() == 1
    parts = page.locator(f"{LARGE} :is(.rv-node, .rv-path)").count()
    page.locator(f"{LARGE} svg [tabindex='0']").focus()
    said = set()
    for _ in range(parts):
        page.keyboard.press("ArrowDown")
        said.add(page.evaluate("() => document.activeElement.getAttribute('aria-label')"))
    assert len(said) == parts, "each has words of its own"
    assert any("forget gate; value" in one and "1 remembers, 0 erases" in one for one in said)
    old = page.evaluate("() => document.activeElement.getAttribute('aria-label')")
    page.keyboard.press("ArrowLeft")
    wait_for_t(page, 6)
    assert page.evaluate("() => document.activeElement.getAttribute('aria-label')") != old


def table_rows(page, place):
    return page.locator(f"{place} .rv-data tbody tr")


def saved(page, place):
    """The CSV that a drawing's table hands out."""
    with page.expect_download() as found:
        page.locator(f"{place} .rv-data button").click()
    return pd.read_csv(found.value.path())


def every_drawing_has_its_data_as_a_table_that_follows_time(page, messages):
    flow = SMALL.flow("lstm")
    for place in (LARGE, '[data-size="compact"]', ".rv-unrolled"):
        page.locator(f"{place} .rv-data summary").click()
    sent = len(messages)
    for key, t in [("Shift+ArrowRight", 12), ("Home", 1)]:
        press(page, key)
        wait_for_t(page, t)
        gate = table_rows(page, LARGE).filter(has_text="forget gate")
        cells = gate.locator("td").all_inner_texts()
        assert numbers(cells[1])[0] == pytest.approx(flow.trace["f"][t - 1, 0, 2], rel=1e-3)
        assert numbers(cells[2])[0] == pytest.approx(flow["f"][t - 1, 0, 2], rel=6e-3)
    heads = page.locator(".rv-unrolled .rv-data thead th").all_inner_texts()
    assert heads == ["t", "", "", "", "1", "2", "3", "4"]
    norms = table_rows(page, ".rv-unrolled").last.locator("td").all_inner_texts()[3:]
    wanted = 10 ** flow.log10_norms("h")[1:5, 0]
    assert [numbers(one)[0] for one in norms] == pytest.approx(wanted, rel=6e-3)
    assert len(messages) == sent, "the tables ask the server nothing"
    maps = saved(page, '[data-size="compact"]')
    assert set(maps["cell"]) == {"RNN", "LSTM", "GRU"}
    z = maps[(maps["cell"] == "GRU") & (maps["part"] == "z_t")]
    gru = SMALL.flow("gru")
    assert z["value"].tolist() == pytest.approx(gru.trace["z"][:, 0, 2], rel=1e-12)
    gradient = z["gradient_sign"] * 10.0 ** z["gradient_log10"]
    assert gradient.tolist() == pytest.approx(gru["z"][:, 0, 2], rel=1e-9)
    steps = saved(page, ".rv-unrolled")
    norms = steps["log10 ‖∂L/∂h_t‖"].tolist()
    assert norms == pytest.approx(flow.log10_norms("h")[1:, 0], rel=1e-12)
    assert steps["f_t"].tolist() == pytest.approx(flow.trace["f"][:, 0, 2], rel=1e-12)


def test_every_view_of_the_cell_follows_time_and_is_chosen(open_app, page, visit_of, no_errors):
    open_app(page, "/Step", **LINK, t=7)
    every_part_is_reached_and_read_by_keyboard(page)
    numbers_follow_time_and_the_switch_turns_them_round(page, visit_of(page).sent)
    every_drawing_has_its_data_as_a_table_that_follows_time(page, visit_of(page).sent)
    a_map_chooses_the_cell(page)
    a_node_opens_its_arithmetic_which_adds_up(page)
    a_square_chooses_the_unit(page)
    no_errors(page)
