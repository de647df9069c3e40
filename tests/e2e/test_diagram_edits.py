"""Weights of the cell are set in its drawing: in the arithmetic and on the wires."""

from dataclasses import replace

import numpy as np
import pytest

from rnnviz.core.weight_edits import read

from .cell_drawing import LARGE, LINK, SMALL, assert_the_rows_add_up, box, printed, wait_for_number
from .pictures import numbers, press, query, wait_for_t
from .visit import wait_until_idle


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
    wait_until_idle(page)
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
