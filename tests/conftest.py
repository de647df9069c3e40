"""How the tests are shared out: one worker begins with the browser, the other with the rest."""

from __future__ import annotations

from pathlib import Path

import pytest

BROWSER = Path(__file__).parent / "e2e"
EXPENSIVE = ("test_breakages", "test_walk", "test_packaging", "test_mutations", "test_recipe")
"""Files whose tests take long one by one: they come before the short ones."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the browser's tests first, as one group; elsewhere a test function is a group.

    A browser and a server keep two cores busy: two of each would only wait for one another.
    """
    items.sort(key=_place)
    for item in items:
        name = "browser" if _place(item) == 0 else item.nodeid.split("[")[0]
        item.add_marker(pytest.mark.xdist_group(name))


def _place(item: pytest.Item) -> int:
    if item.path.is_relative_to(BROWSER):
        return 0
    return 1 if item.path.stem in EXPENSIVE else 2
