"""A server, a browser and a page for every test that needs them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, Protocol
from weakref import WeakKeyDictionary

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from . import browser as browsers
from .server import Server, serve
from .visit import Visit, check, go


class OpenApp(Protocol):
    """`open_app(page, "/Step", T=50)`; `on=` names another server than the shared one."""

    def __call__(
        self, page: Page, path: str = "/", *, on: Server | None = None, **query: object
    ) -> None: ...


class NewPage(Protocol):
    """`new_page(width=390, color_scheme="dark")`: any option of a browser context."""

    def __call__(self, width: int = 1280, height: int = 900, **options: Any) -> Page: ...


_visits: WeakKeyDictionary[Page, Visit] = WeakKeyDictionary()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what lives here, and leave it to the end: the slowest come last."""
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker("e2e")
    items.sort(key=lambda item: item.path.is_relative_to(here))


@pytest.fixture(scope="session")
def start_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Server]]:
    """Start a server, and stop it when the tests are over."""
    folder = tmp_path_factory.mktemp("servers")
    servers: list[Server] = []

    def start() -> Server:
        server = serve(folder / f"{len(servers)}.log")
        servers.append(server)
        if not server.answers():
            pytest.fail(f"The app did not start.\n{server.last_words()}", pytrace=False)
        return server

    yield start
    for server in servers:
        server.stop()


@pytest.fixture(scope="session")
def server(start_server: Callable[[], Server]) -> Server:
    """The server that most tests share."""
    return start_server()


@pytest.fixture
def fresh_server(start_server: Callable[[], Server]) -> Iterator[Callable[[], Server]]:
    """Start a server that nobody has visited, and stop it after the test."""
    servers: list[Server] = []

    def start() -> Server:
        servers.append(start_server())
        return servers[-1]

    yield start
    for server in servers:
        server.stop()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Playwright, running."""
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """The browser of this machine; where none can be had, every test that asks for it fails."""
    start = partial(browsers.launch, playwright)
    found = browsers.first_working(start, browsers.candidates())
    if found is None:
        pytest.fail(browsers.NO_BROWSER, pytrace=False)
    yield found
    found.close()


@pytest.fixture
def new_page(browser: Browser) -> Iterator[NewPage]:
    """Open pages of any size and colour scheme, each watched, each with nothing remembered."""
    contexts: list[BrowserContext] = []

    def new(width: int = 1280, height: int = 900, **options: Any) -> Page:
        options = {"locale": "en-US", "color_scheme": "light"} | options
        options["viewport"] = {"width": width, "height": height}
        contexts.append(browser.new_context(**options))
        page = contexts[-1].new_page()
        _visits[page] = Visit()
        _visits[page].watch(page)
        return page

    yield new
    for context in contexts:
        context.close()


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """A light page of 1280 × 900."""
    return new_page()


@pytest.fixture(scope="session")
def warm_context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser that keeps scripts between tests: a page opens in 1 s instead of 3."""
    size: Any = {"width": 1280, "height": 900}
    context = browser.new_context(locale="en-US", color_scheme="light", viewport=size)
    yield context
    context.close()


@pytest.fixture
def warm_page(warm_context: BrowserContext) -> Iterator[Page]:
    """A light page of 1280 × 900 in a browser that has been here before."""
    page = warm_context.new_page()
    _visits[page] = Visit()
    _visits[page].watch(page)
    yield page
    page.close()


@pytest.fixture
def visit_of() -> Callable[[Page], Visit]:
    """What a page did behind its face: `visit_of(page).sent`, `.errors`, …"""
    return _visits.__getitem__


@pytest.fixture
def open_app(request: pytest.FixtureRequest) -> OpenApp:
    """Open a page of the app, and wait until it is quiet."""

    def open_(page: Page, path: str = "/", *, on: Server | None = None, **query: object) -> None:
        server = on or request.getfixturevalue("server")
        _visits[page].server = server
        go(page, server, path, query)

    return open_


@pytest.fixture
def no_errors() -> Callable[[Page], None]:
    """Fail if a page shows an exception, logged an error or asked another machine."""
    return lambda page: check(page, _visits[page])
