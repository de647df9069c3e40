"""A link opens the same settings: on a fresh server, on every page, whatever bytes it has."""

from urllib.parse import parse_qsl, urlsplit

import numpy as np
import pytest
from playwright.sync_api import expect

from rnnviz import CELLS
from rnnviz.analysis.reach import reach
from rnnviz.experiments.settings import Settings
from rnnviz.ui.shell.navigation import pages

from .pictures import (
    assert_cursors_at,
    curves,
    query,
    slider,
    wait_for_t,
    wait_for_url,
)
from .visit import follow, wait_until_idle

ASKED = {
    "task": "copying", "copying_symbols": "3", "T": "30", "cells": "gru,peephole_lstm", "H": "6",
    "reset_after": "1", "peephole": "diagonal", "seed": "123", "init": "orthogonal",
    "scaling": "radius", "scale": "1.2", "bf": "0.5", "bz": "-1", "loss": "chosen",
    "at": "12, 20-25", "t": "17",
}  # fmt: skip
MEANT = Settings(
    task="copying", options=(("symbols", 3), ("alphabet_size", 8)), length=30, hidden_size=6,
    seed=123, cells=("gru", "peephole_lstm"),
    cell_options=(("reset_after", True), ("peephole", "diagonal")), init="orthogonal",
    scaling="radius", scale=1.2, forget_bias=0.5, update_bias=-1.0, loss="chosen",
    loss_at="12, 20-25",
)  # fmt: skip


def assert_the_sidebar_shows_it(page):
    """Every control stands where the address says."""
    side = page.get_by_test_id("stSidebar")
    for label, value in {"T, ": "30", "H, ": "6", "Forget bias": "0.5", "Update bias": "-1",
                         "Spectral radius": "1.2"}.items():  # fmt: skip
        expect(side.get_by_role("slider", name=label)).to_have_value(value)
    expect(side.get_by_role("spinbutton", name="Seed")).to_have_value("123")
    expect(side.get_by_role("textbox", name="Steps")).to_have_value("12, 20-25")
    for label, value in {"Sequence": "Copy task", "Initialisation scheme": "Orthogonal Wₕ",
                         "Where the loss sits": "On chosen steps"}.items():  # fmt: skip
        expect(side.get_by_role("combobox", name=label)).to_have_value(value)
    picked = side.locator(".react-aria-ComboBox [data-tag]")
    assert sorted(picked.all_inner_texts()) == ["GRU", "Peephole LSTM"]


def norms_of(page):
    return curves(page)


def core():
    """The same numbers, computed here."""
    found = {c: reach(MEANT.flow(c)).log10_norms for c in MEANT.cells}
    return {
        CELLS[c].title: {t: pytest.approx(v, abs=0.01) for t, v in enumerate(y) if np.isfinite(v)}
        for c, y in found.items()
    }


def test_a_permalink_opens_on_a_cold_server(open_app, new_page, fresh_server, no_errors):
    page = new_page(cold=True)
    open_app(page, "/Step", on=fresh_server(), **ASKED)
    wait_for_t(page, 17)
    assert_the_sidebar_shows_it(page)
    assert_cursors_at(page, 17)
    assert query(page) == ASKED
    expect(page.get_by_test_id("stAlert")).to_have_count(0)
    no_errors(page)


def test_switching_pages_keeps_every_setting_and_the_time(open_app, page, no_errors):
    open_app(page, **ASKED)
    page.locator("body").press("ArrowLeft")
    wait_for_t(page, 16)
    for script in ("pages/Step.py", "pages/Gradient_flow.py", "app.py"):
        path = pages()[script].path
        follow(page, script)
        page.wait_for_function("path => location.pathname === path", arg=path)
        wait_until_idle(page)
        wait_for_t(page, 16)
        wait_for_url(page, 16)
        assert query(page) == ASKED | {"t": "16"}
        assert_cursors_at(page, 16)
    assert_the_sidebar_shows_it(page)
    assert norms_of(page) == core()
    page.locator("body").press("Home")
    wait_for_url(page, 1)
    page.go_back()  # one page, and none of the settings
    page.wait_for_function("() => location.pathname === '/Gradient_flow'")
    wait_until_idle(page)
    # Streamlit drops the timestep, which is bound to the slider of the page that is left.
    wait_for_t(page, 16)
    wait_for_url(page, 16)
    assert query(page) == ASKED | {"t": "16"}
    no_errors(page)


LONG = "x" * 8192
BROKEN = [
    "T=99999999999999999999&H=-1&seed=1e309&scale=nan&bf=inf&bz=-inf&t=nan&unit=1e400"
    f"&task=%3Cscript%3Ealert(1)%3C%2Fscript%3E&init=%22%3E%3Cimg%20src%3Dx%20onerror%3Dalert(1)"
    f"%3E&%FF%FE=%E0%A4%A&%=%&=&&&===&{LONG}=1&headline=1&rv-stage=%7B%7D&cells=rnn,rnn",
    "task=sentence&sentence_text=%3Cscript%3Ewindow.hacked%3D1%3C%2Fscript%3E%3Cimg%20src%3Dx%3E"
    "%00%01%1B%7F%C2%85%E2%80%AE%F0%9F%91%A9%E2%80%8D%F0%9F%91%A7&t=-99999999999999999999"
    "&unit=-1&cell=lstm&embed=nonsense&loss=chosen&at=1-999999,%E2%88%92,%D9%A3-5&H=2",
]
"""Everything at once; what each does by itself is tried in tests/ui/test_urls.py."""


def test_no_address_breaks_a_page(page, server, visit_of, no_errors):
    visit_of(page).server = server
    for search in BROKEN:
        page.goto(f"{server.url}/?{search}")
        wait_until_idle(page)
        where = search[:80]
        assert page.locator(".js-plotly-plot").count() >= 1, where
        assert page.evaluate("() => window.hacked") is None, where
        assert page.locator("[data-rv-view]").count() >= 1, where
        if slider(page).count():
            wait_for_t(page, int(slider(page).input_value()))
        assert not visit_of(page).errors, (where, visit_of(page).errors)
        no_errors(page)


def asked_by(link):
    """The parameters of a link."""
    return dict(parse_qsl(urlsplit(link).query))


def copied(page):
    """What the button copies."""
    page.locator(".rv-link button").click()
    expect(page.get_by_role("status").filter(has_text="Copied")).to_be_visible()
    return page.evaluate("navigator.clipboard.readText()")


def test_a_copied_link_opens_the_same_picture_and_a_long_one_is_folded(
    open_app, new_page, no_errors
):
    page = new_page(permissions=["clipboard-read", "clipboard-write"])
    open_app(page, H=5, T=12, t=7, cells="gru")
    wait_for_t(page, 7)
    page.keyboard.press("ArrowLeft")
    link = copied(page)
    assert asked_by(link) == {"H": "5", "T": "12", "t": "6", "cells": "gru", "lang": "en"}
    before = page.locator("[data-rv-view]").all_inner_texts()
    page.goto(link)
    wait_until_idle(page)
    wait_for_t(page, 6)
    assert page.locator("[data-rv-view]").all_inner_texts() == before
    steps = "2, 4, 6, 8, 10-12, 14, 16, 18, 20-22, 24, 26, 28-30"
    more = {"at": steps, "unit": "2", "cell": "peephole_lstm", "bf": "-1.75", "seed": "999999",
            "cells": "rnn,gru,peephole_lstm", "nonlinearity": "sigmoid", "t": "9"}  # fmt: skip
    open_app(page, "/Step", **ASKED | more)
    wait_for_t(page, 9)
    long = query(page)
    link = copied(page)
    assert len(link) <= 300
    assert set(asked_by(link)) == {"p", "t", "lang"}
    page.goto(link)
    wait_until_idle(page)
    wait_for_t(page, 9)
    assert {**query(page), "lang": "en"} == {**long, "lang": "en"}
    no_errors(page)
