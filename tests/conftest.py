"""How the tests are shared out: one worker begins with the browser, the other with the rest."""

from __future__ import annotations

from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

BROWSER = "tests/e2e/"


class BrowserApart(LoadScopeScheduling):
    """A browser and a server keep two cores busy: two of each only while nothing else is left."""

    def _split_scope(self, nodeid: str) -> str:
        """One group a file of the browser's tests; elsewhere one group a test function."""
        return nodeid.split("::" if nodeid.startswith(BROWSER) else "[")[0]

    def _assign_work_unit(self, node: Any) -> None:
        browser = node is self.nodes[0]
        for scope in self.workqueue:
            if scope.startswith(BROWSER) is browser:
                self.workqueue.move_to_end(scope, last=False)
                break
        super()._assign_work_unit(node)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> BrowserApart:
    """Instead of what --dist names."""
    return BrowserApart(config, log)
