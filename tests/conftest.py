"""Who runs what: one worker begins with the browser, the other with the files that take longest."""

from __future__ import annotations

from pathlib import Path

import pytest

HERE = Path(__file__).parent
LONG = (
    "ui/test_pages", "ui/test_urls", "ui/test_language", "test_packaging", "cells/test_recipe",
    "cells/test_conformance",
    "experiments/test_initialisation_runs", "core/test_range", "ui/pages/test_depth",
    "ui/shell/test_preset_menu", "ui/pages/test_systems", "ui/test_walk", "analysis/test_spectrum",
)  # fmt: skip
"""Files that take longest, the longest first: begun late, one would keep one worker alone busy."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Order the tests, and group them for `--dist=loadgroup`: a file is run by one worker.

    All of the browser's tests are one group: two browsers and two servers would share two cores.
    What is neither theirs, nor a page's, nor long, is marked as fast.
    """
    items.sort(key=_place)
    for item in items:
        place = _place(item)
        name = item.path.relative_to(HERE).with_suffix("").as_posix()
        item.add_marker(pytest.mark.xdist_group(name if place else "browser"))
        if place > len(LONG) and not name.startswith("ui/"):
            item.add_marker("fast")


def _place(item: pytest.Item) -> int:
    """0 for the browser's tests, then the long files, one number each, then the rest."""
    name = item.path.relative_to(HERE).with_suffix("").as_posix()
    if name.startswith("e2e/"):
        return 0
    return 1 + (LONG.index(name) if name in LONG else len(LONG))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Take the group off a test's name, so that the name can be given to pytest again."""
    test, _, group = report.nodeid.rpartition("@")
    if test and "]" not in group and "::" not in group:
        report.nodeid = test
