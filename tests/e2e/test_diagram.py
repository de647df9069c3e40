"""The cell in the browser: it follows time, turns round, adds up, and can be edited in place."""

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from rnnviz.browser.bundle import script as script_file
from rnnviz.browser.packets import ROOT
from rnnviz.core.weight_edits import read
from rnnviz.experiments.settings import Settings

from .pictures import RAISED, numbers, press, query, wait_for_t
from .visit import wait_until_idle

LINK = {"task": "impulse", "T": 12, "H": 14, "seed": 5, "unit": 2}
SMALL = Settings(task="impulse", length=12, hidden_size=14, seed=5)
SCRIPTS = ["_shared.js", "cell_diagram/diagram_numbers.js"]
LARGE = '[data-size="large"]'


def box(page, symbol):
    """A gate's box in the large drawing, by the letter on it."""
    nodes = page.locator(f"{LARGE} .rv-node[data-op=affine]")
    return nodes.filter(has=page.locator(".rv-face-text", has_text=symbol)).first


def printed(page, symbol):
    return numbers(box(page, symbol).locator(".rv-small").text_content())[0]


def wait_for_number(page, symbol, value, rel):
    """Return when the box shows the value, rounded."""
    for _ in range(600):
        if printed(page, symbol) == pytest.approx(value, rel=rel):
            return
        page.wait_for_timeout(50)
    assert printed(page, symbol) == pytest.approx(value, rel=rel)


def decimal(text):
    return Decimal(text.replace("−", "-"))


def assert_the_rows_add_up(page):
    """The printed terms sum to the printed total, to the last digit."""
    cells = page.locator(".rv-terms tr:not([hidden]) td:last-child").all_inner_texts()
    *terms, total = [decimal(one) for one in cells if one]
    assert len(terms) > 5
    assert sum(terms) == total
    return total


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


def a_weight_typed_in_place_moves_everything_and_reset_brings_it_back(page):
    before, edits = printed(page, "f"), read("lstm.b.16:-2")
    box(page, "f").locator(".rv-face").click()
    row = page.locator(".rv-terms tr", has=page.get_by_text("bias"))
    row.locator("input[type=number]").fill("-2")
    row.locator("input[type=number]").press("Enter")
    page.wait_for_function("() => new URLSearchParams(location.search).has('edit')")
    wait_until_idle(page)
    assert query(page)["edit"] == "lstm.b.16:-2"
    flow = replace(SMALL, edits=edits).flow("lstm")
    wait_for_number(page, "f", flow.trace["f"][6, 0, 2], 6e-3)
    assert_the_rows_add_up(page)
    assert page.get_by_text("1 weight edited").first.is_visible()
    reset(page)
    wait_for_number(page, "f", before, 1e-9)
    page.locator(".rv-terms input").first.press("Escape")


def reset(page):
    page.get_by_role("button", name="Reset edits").last.click()
    page.wait_for_function("() => !new URLSearchParams(location.search).has('edit')")
    wait_until_idle(page)


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


FUZZ = """() => {
  let seed = 7;
  const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  return Array.from({ length: 3000 }, () => {
    const size = 10 ** (random() * 24 - 12);
    const values = Array.from({ length: 1 + Math.floor(random() * 12) },
      () => (random() - 0.5) * size * 10 ** (-6 * random()));
    const found = ledger(values);
    return [found.terms, found.total, values];
  });
}"""


def exact(text):
    """A printed number, to its last digit."""
    mantissa, _, exponent = text.replace("−", "-").partition("·10")
    return Decimal(f"{mantissa}e{exponent.translate(RAISED) or 0}")


def test_printed_terms_add_up_to_the_printed_sum_whatever_they_are(browser):
    page = browser.new_page()
    for script in SCRIPTS:
        lines = script_file(ROOT, script).lines
        page.add_script_tag(content="\n".join(lines))
    for terms, total, values in page.evaluate(FUZZ):
        printed_terms = [exact(one) for one in terms]
        assert sum(printed_terms) == exact(total)
        scale = max(abs(one) for one in [*values, sum(values)])
        for shown, value in zip(printed_terms, values, strict=True):
            assert float(shown) == pytest.approx(value, abs=2e-3 * scale)
        assert float(exact(total)) == pytest.approx(sum(values), abs=1e-3 * scale)
    page.close()


def knob(page, wire):
    """A weighted wire of the large drawing, by what it brings where: "W_hf"."""
    return page.locator(f'{LARGE} .rv-path[aria-label*="{wire}"]')


def slider_on_wire(page):
    return page.locator(".rv-wire")


def gate_said(page):
    """The last number in the slider's box: the gate with the weight as it stands there."""
    return numbers(slider_on_wire(page).locator(".rv-wire-sum span").last.inner_text())[-1]


def a_weight_is_set_on_its_wire_and_taken_back(page, messages):
    flow = SMALL.flow("lstm")
    knob(page, "b_f").locator(".rv-grip").click()
    box, sent = slider_on_wire(page), len(messages)
    old = flow.trace["f"][6, 0, 2]
    assert gate_said(page) == pytest.approx(old, rel=1e-3)
    bias = flow.layers[0].trace.parameters["b"][16]
    sum_before = np.log(old / (1 - old))
    box.locator("input[type=number]").fill("-1.25")
    moved = 1 / (1 + np.exp(-(sum_before + (-1.25 - bias))))
    assert gate_said(page) == pytest.approx(moved, rel=1e-3)
    assert printed(page, "f") == pytest.approx(moved, rel=6e-3), "its box follows at once"
    box.press("Escape")
    assert printed(page, "f") == pytest.approx(old, rel=6e-3), "left without a word, as it was"
    knob(page, "b_f").locator(".rv-grip").click()
    box.locator("input[type=number]").fill("-1.25")
    assert len(messages) == sent, "while it moves the server is asked nothing"
    box.locator("input[type=number]").press("Enter")
    page.wait_for_function("() => new URLSearchParams(location.search).has('edit')")
    wait_until_idle(page)
    assert query(page)["edit"] == "lstm.b.16:-1.25"
    after = replace(SMALL, edits=read("lstm.b.16:-1.25")).flow("lstm")
    wait_for_number(page, "f", after.trace["f"][6, 0, 2], 6e-3)
    assert gate_said(page) == pytest.approx(after.trace["f"][6, 0, 2], rel=1e-3)
    assert box.get_by_text("edited").is_visible()
    assert page.locator(".rv-knob[data-edited]").count() == 1
    box.get_by_role("button", name="Restore original").click()
    page.wait_for_function("() => !new URLSearchParams(location.search).has('edit')")
    wait_for_number(page, "f", old, 6e-3)
    assert float(box.locator("input[type=number]").input_value()) == bias
    box.locator("input[type=number]").fill("-3")
    box.get_by_role("button", name="Restore original").click()
    wait_until_idle(page)
    page.wait_for_function("() => !new URLSearchParams(location.search).has('edit')")
    assert float(box.locator("input[type=number]").input_value()) == bias, "typed, and no Enter"
    box.locator("input[type=range]").press("Escape")
    assert box.is_hidden()
    focused = page.locator(":focus").get_attribute("aria-label")
    assert focused.startswith("b_f, bias"), "the focus goes back to the wire"


def test_an_answer_to_an_earlier_edit_does_not_move_the_slider_back(open_app, page, no_errors):
    open_app(page, "/Step", **LINK, t=7)
    knob(page, "b_f").locator(".rv-grip").click()
    slide, passed = slider_on_wire(page).locator("input[type=range]"), []
    for _ in range(8):
        slide.press("ArrowLeft")
        page.wait_for_timeout(60)
        passed.append(float(slide.input_value()))
    assert passed == sorted(set(passed), reverse=True)
    page.wait_for_function(
        "value => new URLSearchParams(location.search).get('edit') === `lstm.b.16:${value}`",
        arg=f"{passed[-1]:.4g}",
    )
    no_errors(page)


def test_a_wire_of_many_weights_offers_the_one_that_counts_most_first(
    open_app, new_page, no_errors
):
    page = new_page(width=390)
    open_app(page, "/Step", **LINK, t=7)
    flow, W = SMALL.flow("lstm"), SMALL.flow("lstm").layers[0].trace
    knob(page, "W_hf").focus()
    page.keyboard.press("Enter")
    box, edges = slider_on_wire(page), slider_on_wire(page).bounding_box()
    assert edges["x"] >= 0
    assert edges["x"] + edges["width"] <= 390
    weights = W.cell.part(W.parameters, "W_h", "f")[:, 2]
    most = int(np.argmax(np.abs(weights * flow.trace["h"][5, 0])))
    chosen = box.locator("select option:checked")
    typed = box.locator("input[type=number]")
    assert chosen.inner_text() == f"from h(t−1), unit {most}"
    assert float(typed.input_value()) == pytest.approx(weights[most], rel=1e-3)
    box.locator("select").select_option(label="from h(t−1), unit 3")
    assert float(typed.input_value()) == pytest.approx(weights[3], rel=1e-3)
    box.locator("input[type=range]").press("Home")
    page.wait_for_function("() => new URLSearchParams(location.search).has('edit')")
    wait_until_idle(page)
    assert query(page)["edit"] == "lstm.W_h.3.16:-4"
    assert chosen.inner_text() == "from h(t−1), unit 3", "the redrawing keeps the choice"
    after = replace(SMALL, edits=read("lstm.W_h.3.16:-4")).flow("lstm")
    assert gate_said(page) == pytest.approx(after.trace["f"][6, 0, 2], rel=1e-3)
    no_errors(page)


def the_output_and_the_initial_state_are_set_and_the_drawing_stays_where_it_is(page):
    press(page, "Home")
    wait_for_t(page, 1)
    drawing = page.locator(f"{LARGE} svg")
    knob(page, "b_y").locator(".rv-grip").click()
    before = drawing.bounding_box()
    y, popup = box(page, "y"), slider_on_wire(page)
    assert popup.bounding_box()["y"] >= y.bounding_box()["y"] + y.bounding_box()["height"]
    popup.locator("input[type=number]").fill("-1.25")
    popup.locator("input[type=number]").press("Enter")
    page.wait_for_function("() => new URLSearchParams(location.search).has('edit')")
    wait_until_idle(page)
    assert drawing.bounding_box() == before
    popup.locator("input[type=number]").press("Escape")
    page.locator(f"{LARGE} .rv-node[data-op=past]").last.locator(".rv-face").click()
    page.locator(".rv-terms input[type=number]").fill("0.5")
    page.locator(".rv-terms input[type=number]").press("Enter")
    page.wait_for_function("() => new URLSearchParams(location.search).get('edit').includes('h0')")
    wait_until_idle(page)
    assert query(page)["edit"] == "lstm.b_y.0:-1.25,lstm.h0.2:0.5"
    flow = replace(SMALL, edits=read(query(page)["edit"])).flow("lstm")
    wait_for_number(page, "y", flow.trace.scores[0, 0, 0], 6e-3)
    wait_for_number(page, "f", flow.trace["f"][0, 0, 2], 6e-3)
    y.locator(".rv-face").click()
    assert_the_rows_add_up(page)


def test_weights_are_set_in_place_and_on_their_wires(open_app, page, visit_of, no_errors):
    open_app(page, "/Step", **LINK, t=7)
    a_weight_typed_in_place_moves_everything_and_reset_brings_it_back(page)
    a_weight_is_set_on_its_wire_and_taken_back(page, visit_of(page).sent)
    the_output_and_the_initial_state_are_set_and_the_drawing_stays_where_it_is(page)
    no_errors(page)


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
