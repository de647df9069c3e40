"""The app and a browser, running while pictures are taken."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, sync_playwright

from tests.e2e import browser as browsers
from tests.e2e.server import serve


@contextmanager
def running() -> Iterator[tuple[str, Browser]]:
    """The address of a server of our own, and a browser; both end with the block."""
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = serve(Path(folder) / "server.log")
        try:
            if not server.answers():
                sys.exit(server.last_words())
            launch = partial(browsers.launch, playwright)
            browser = browsers.first_working(launch, browsers.candidates())
            if browser is None:
                sys.exit(browsers.NO_BROWSER)
            yield server.url, browser
            browser.close()
        finally:
            server.stop()
