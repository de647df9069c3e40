"""The badge tells what was checked, and in words what was not."""

from streamlit.testing.v1 import AppTest


def script() -> None:
    from rnnviz.analysis.verification.check import made, skipped
    from rnnviz.ui.badge import _table

    checks = (made("one", 1e-16, 1e-10, "one holds"), skipped("two", 1e-10, "two holds", "too big"))
    _table("LSTM", checks)


def test_a_skipped_check_is_named_with_its_reason() -> None:
    app = AppTest.from_function(script).run()
    assert not app.exception
    assert list(app.table[0].value.index) == ["one holds"]
    assert app.caption[0].value == "Skipped: two holds; too big."
