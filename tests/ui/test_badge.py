"""The badge tells what was checked, and in words what was not."""

import pytest
from streamlit.testing.v1 import AppTest

from rnnviz.cells import CELLS
from rnnviz.experiments.settings import Settings
from rnnviz.ui import cell_checks
from tests.ui.apps import badges, shown
from tests.ui.gradient_pages import EVERY, PAGES


def script() -> None:
    import streamlit as st

    from rnnviz.analysis.verification.check import made, skipped
    from rnnviz.ui import badge

    def checks():
        st.session_state["called"] = True
        return {
            "LSTM": (made("one", 1e-16, 1e-10, "one holds"),
                     skipped("two", 1e-10, "two holds", "too big")),
            "GRU": (made("one", 1.0, 1e-10, "one holds"),),
        }  # fmt: skip

    badge.show(st.container(), checks, at_once=st.query_params.get("at_once") == "1")


def opened(*, at_once: bool, is_open: bool) -> AppTest:
    app = AppTest.from_function(script)
    app.query_params["at_once"] = str(int(at_once))
    app.session_state["_verified"] = is_open
    app.run()
    assert not app.exception
    return app


def label(app: AppTest) -> str:
    (found,) = app.get("popover")
    return found.proto.popover.label


def test_a_skipped_check_is_named_with_its_reason() -> None:
    app = opened(at_once=True, is_open=True)
    assert list(app.table[0].value.index) == ["one holds"]
    assert app.caption[0].value == "Skipped: two holds; too big."
    assert [one.value for one in app.markdown][1:] == ["**LSTM**", "**GRU**"]


def test_one_failed_check_of_any_cell_takes_the_tick_away() -> None:
    assert label(opened(at_once=True, is_open=False)) == "Checks failed: 1"


def test_checks_that_take_long_wait_until_the_badge_is_opened() -> None:
    app = opened(at_once=False, is_open=False)
    assert "called" not in app.session_state
    assert label(app) == "Check these numbers"
    assert len(opened(at_once=False, is_open=True).table) == 2


def test_checks_wait_for_one_run_while_a_slider_is_dragged() -> None:
    app = AppTest.from_function(script)
    app.query_params["at_once"], app.session_state["_badge_waits"] = "1", True
    assert label(app.run()) == "Checks follow"
    assert "called" not in app.session_state
    assert label(app.run()) == "Checks failed: 1"


@pytest.mark.parametrize("cell", CELLS)
def test_every_check_of_the_preset_holds(cell):
    found = cell_checks.cell_checks(Settings(), cell)
    assert len(found) >= 8
    for one in found:
        assert one.ok == (one.error <= one.bound)
        assert one.ok, one


def test_every_page_has_a_badge():
    for script in ("app.py", "pages/Step.py", *PAGES.values()):
        app = shown(script, **EVERY, cells="gru")
        assert badges(app) == ["✓ Checks passed"], script
