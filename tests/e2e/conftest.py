"""A server, a browser and a page for every test that needs them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, Protocol
from weakref import WeakKeyDictionary

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

from . import browser as browsers
from .server import Server, serve
from .visit import PATIENCE_MS, Visit, check, go


class OpenApp(Protocol):
    """`open_app(page, "/Step", T=50)`; `on=` names another server than the shared one."""

    def __call__(
        self, page: Page, path: str = "/", *, on: Server | None = None, **query: object
    ) -> None: ...


class NewPage(Protocol):
    """`new_page(width=390, color_scheme="dark")`: any option of a browser context.

    Pages of equal options are one tab, kept from test to test: its browser has the app's scripts
    compiled, and a page opens in half of the time; the options of `MEDIA` and `permissions` can
    change in an open tab. With `cold=True` it is a browser that has never been here. Motion is
    reduced unless asked for: to paint what moves takes a fifth of the time.
    """

    def __call__(
        self, width: int = 1280, height: int = 900, *, cold: bool = False, **options: Any
    ) -> Page: ...


MEDIA = {"color_scheme": "light", "reduced_motion": "reduce"}
expect.set_options(timeout=PATIENCE_MS)
Tabs = dict[str, tuple[BrowserContext, list[Page]]]
_visits: WeakKeyDictionary[Page, Visit] = WeakKeyDictionary()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what lives here."""
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker("e2e")


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
    start = partial(browsers.launch, playwright, more=browsers.SHORT_LIVED)
    found = browsers.first_working(start, browsers.candidates())
    if found is None:
        pytest.fail(browsers.NO_BROWSER, pytrace=False)
    yield found
    found.close()


@pytest.fixture(scope="session")
def tabs(browser: Browser) -> Iterator[Tabs]:
    """Options → the browser context that all pages with these options share, and its free tabs."""
    found: Tabs = {}
    yield found
    for context, _ in found.values():
        context.close()


@pytest.fixture
def new_page(browser: Browser, tabs: Tabs) -> Iterator[NewPage]:
    """Open pages of any size and colour scheme, each watched; close the cold after the test."""
    taken: list[tuple[list[Page], Page, Visit]] = []
    cold_ones: list[BrowserContext] = []

    def new(width: int = 1280, height: int = 900, *, cold: bool = False, **options: Any) -> Page:
        media = MEDIA | {name: options.pop(name) for name in MEDIA if name in options}
        permissions = options.pop("permissions", [])
        options = {"locale": "en-US"} | options
        visit = Visit()
        if cold:
            cold_ones.append(browser.new_context(**options))
            page = cold_ones[-1].new_page()
        else:
            key = repr(sorted(options.items()))
            if key not in tabs:
                tabs[key] = browser.new_context(**options), []
            context, free = tabs[key]
            page = free.pop() if free else context.new_page()
            taken.append((free, page, visit))
        page.emulate_media(**media)
        page.context.grant_permissions(permissions)
        page.set_default_timeout(PATIENCE_MS)
        page.set_viewport_size({"width": width, "height": height})
        _visits[page] = visit
        visit.watch(page)
        return page

    yield new
    for free, page, visit in taken:
        if page.is_closed():
            continue
        visit.leave(page)
        if page.url.startswith("http"):
            page.evaluate("() => { localStorage.clear(); sessionStorage.clear(); }")
        page.goto("about:blank")
        page.context.clear_permissions()
        free.append(page)
    for context in cold_ones:
        context.close()


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """A light page of 1280 × 900."""
    return new_page()


@pytest.fixture
def visit_of() -> Callable[[Page], Visit]:
    """What a page logged, sent and received: `visit_of(page).sent`, `.errors`, …"""
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
