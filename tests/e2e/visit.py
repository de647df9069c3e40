"""One visit to the app: open it, wait until it is quiet, record what it logs, sends and gets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

from playwright.sync_api import ConsoleMessage, Error, Page, Request, WebSocket

from rnnviz.ui.shell.navigation import pages

from .server import Server

PATIENCE_MS = 60_000
"""The longest wait for anything: a machine may be busy, and what is there ends the wait."""

# On a deep link Streamlit's page looks for its server at every level of the path; the misses
# are logged by the browser, and are no fault of the app.
PROBES = ("/_stcore/health", "/_stcore/host-config")

# Between two runs of the script the app says «notRunning» for a moment, and a chart's code may
# still be on its way: idle is what has been quiet for a while. A chart that was drawn while a font
# was loading is drawn again when the font is there (on a busy machine a second later): Plotly
# notes that in `_fontLoadToken`.
IDLE = """() => {
  const app = document.querySelector('[data-testid="stApp"]');
  const quiet = app?.dataset.testScriptState === 'notRunning'
    && app.dataset.testConnectionState === 'CONNECTED'
    && app.querySelector('[data-testid="stMain"] [data-testid="stElementContainer"]')
    && !app.querySelector('[data-testid^="stSkeleton"], [data-testid="stAppSkeleton"]')
    && !app.querySelector('[data-stale="true"]')
    && ![...app.querySelectorAll('.js-plotly-plot')].some((one) => one._fontLoadToken);
  if (!quiet) { window.quietSince = undefined; return false; }
  window.quietSince ??= performance.now();
  return performance.now() - window.quietSince > 200;
}"""


def follow(page: Page, script: str) -> None:
    """Click a page's link in the navigation, in its group, which is folded unless it is there."""
    one, side = pages()[script], page.get_by_test_id("stSidebar")
    link = side.get_by_role("link", name=one.name, exact=True)
    for _ in range(5):  # a run of the script on its way may fold the group again
        if link.is_visible():
            break
        side.locator("summary").get_by_text(one.group.value, exact=True).click()
        page.wait_for_timeout(500)
    link.click()


TITLE = """() => document.querySelector('[data-testid="stMain"] h1')?.innerText"""


@dataclass
class Visit:
    """What a page logged, requested, sent and received since it was opened."""

    errors: list[str] = field(default_factory=list)
    """Errors written to the console or thrown."""
    foreign: list[str] = field(default_factory=list)
    """Addresses on other machines that it asked for."""
    websockets: list[WebSocket] = field(default_factory=list)
    sent: list[bytes | str] = field(default_factory=list)
    """Messages to the server, oldest first."""
    received: list[bytes | str] = field(default_factory=list)
    """Messages from the server, oldest first."""
    server: Server | None = None

    def watch(self, page: Page) -> None:
        """Write down everything from now on."""
        for event, hear in self._ears().items():
            page.on(event, hear)  # type: ignore[call-overload]

    def leave(self, page: Page) -> None:
        """Write down nothing more."""
        for event, hear in self._ears().items():
            page.remove_listener(event, hear)

    def _ears(self) -> dict[str, Callable[[Any], None]]:
        return {"console": self._hear, "pageerror": self._note, "request": self._ask,
                "websocket": self._connect}  # fmt: skip

    def _note(self, error: Error) -> None:
        self.errors.append(str(error))

    def _hear(self, message: ConsoleMessage) -> None:
        url = message.location["url"]
        if message.type == "error" and not url.endswith(PROBES):
            self.errors.append(f"{message.text} ({url})")

    def _ask(self, request: Request) -> None:
        where = urlsplit(request.url)
        if where.scheme in ("http", "https") and where.hostname != "127.0.0.1":
            self.foreign.append(request.url)

    def _connect(self, websocket: WebSocket) -> None:
        self.websockets.append(websocket)
        websocket.on("framesent", lambda message: self.sent.append(message))
        websocket.on("framereceived", lambda message: self.received.append(message))


def go(page: Page, server: Server, path: str, query: dict[str, object]) -> None:
    """Open a page of the app by its address, and wait until it is quiet."""
    search = f"?{urlencode(query)}" if query else ""
    page.goto(f"{server.url}{path}{search}")
    wait_until_idle(page)


def move(page: Page, path: str, **more: object) -> None:
    """Go to another page of the app as the browser's Back does: same session, same settings.

    What else the address asks for counts if this session was never asked for it. The scripts need
    not be loaded again, so it takes a third of the time of `go`.
    """
    before = page.evaluate(TITLE)
    page.evaluate("""([path, more]) => {
      const search = new URLSearchParams(location.search);
      for (const [name, value] of Object.entries(more)) search.set(name, value);
      history.pushState({}, "", `${path}?${search}`);
      dispatchEvent(new PopStateEvent("popstate"));
    }""", [path, more])
    other = f"before => {{ const now = ({TITLE})(); return now && now !== before; }}"
    page.wait_for_function(other, arg=before)
    wait_until_idle(page)


def wait_until_idle(page: Page) -> None:
    """Return when no script runs, nothing on the page is stale or still to come."""
    page.wait_for_function(IDLE, timeout=PATIENCE_MS, polling=50)


def check(page: Page, visit: Visit) -> None:
    """Fail if the page shows an exception, logged an error or asked another machine."""
    log = visit.server.last_words() if visit.server else ""
    shown = page.get_by_test_id("stException")
    assert shown.count() == 0, f"{shown.first.inner_text()}\n{log}"
    assert not visit.errors, f"{visit.errors}\n{log}"
    assert not visit.foreign, f"The app must work offline, but asked for {visit.foreign}."
