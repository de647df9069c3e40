"""Every limit is stated once, and the document has the same table."""

from importlib import import_module

from rnnviz.ui.server.limits import LIMITS, table
from tests.ui.apps import ROOT


def test_the_document_has_the_table_of_limits():
    assert table() in (ROOT / "docs" / "reliability.md").read_text("utf-8")


def test_what_enforces_a_limit_is_there():
    for one in LIMITS:
        assert import_module(one.by)
        assert one.value > 0
