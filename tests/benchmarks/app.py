"""What the benchmarks of pages begin with: the app on a server of its own, and a browser."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page, sync_playwright

from tests.e2e import browser as browsers
from tests.e2e.server import Server, serve
from tests.e2e.visit import Visit


@contextmanager
def served() -> Iterator[Server]:
    """A server of the app that answers; it ends with the block."""
    with TemporaryDirectory() as folder:
        server = serve(Path(folder) / "server.log")
        try:
            if not server.answers():
                raise SystemExit(server.last_words())
            yield server
        finally:
            server.stop()


@contextmanager
def driven() -> Iterator[Browser]:
    """A browser without a window, as the tests find one."""
    with sync_playwright() as running:
        found = browsers.first_working(partial(browsers.launch, running), browsers.candidates())
        if found is None:
            raise SystemExit(browsers.NO_BROWSER)
        yield found
        found.close()


@contextmanager
def fresh_page(browser: Browser, script: str) -> Iterator[Page]:
    """A page in a context of its own, which has nothing cached, with a script that runs first."""
    size = {"width": 1280, "height": 900}
    context = browser.new_context(viewport=size, locale="en-US", color_scheme="light")
    try:
        page = context.new_page()
        page.add_init_script(script)
        yield page
    finally:
        context.close()


def watched(page: Page, server: Server) -> Visit:
    """The visit of a page to a server: what goes over its socket, and its errors."""
    visit = Visit()
    visit.watch(page)
    visit.server = server
    return visit
