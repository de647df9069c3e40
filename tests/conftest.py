"""How the tests are shared out: one worker has the browser, the other all the rest."""

from __future__ import annotations

from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling


class BrowserApart(LoadScopeScheduling):
    """A browser and a server keep two cores busy: two of each would only wait for each other."""

    def _split_scope(self, nodeid: str) -> str:
        return "browser" if nodeid.startswith("tests/e2e/") else nodeid.split("[")[0]


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> BrowserApart:
    """One group of everything in a browser; elsewhere one group a test function."""
    return BrowserApart(config, log)
