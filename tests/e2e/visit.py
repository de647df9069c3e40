"""One visit to the app: open it, wait until it is quiet, record what it logs, sends and gets."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

from playwright.sync_api import ConsoleMessage, Page, WebSocket

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
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", lambda request: self._ask(request.url))
        page.on("websocket", self._connect)

    def _hear(self, message: ConsoleMessage) -> None:
        url = message.location["url"]
        if message.type == "error" and not url.endswith(PROBES):
            self.errors.append(f"{message.text} ({url})")

    def _ask(self, url: str) -> None:
        where = urlsplit(url)
        if where.scheme in ("http", "https") and where.hostname != "127.0.0.1":
            self.foreign.append(url)

    def _connect(self, websocket: WebSocket) -> None:
        self.websockets.append(websocket)
        websocket.on("framesent", lambda message: self.sent.append(message))
        websocket.on("framereceived", lambda message: self.received.append(message))


def go(page: Page, server: Server, path: str, query: dict[str, object]) -> None:
    """Open a page of the app by its address, and wait until it is quiet."""
    search = f"?{urlencode(query)}" if query else ""
    page.goto(f"{server.url}{path}{search}")
    wait_until_idle(page)


def wait_until_idle(page: Page) -> None:
    """Return when no script runs, nothing on the page is stale or still to come."""
    page.wait_for_function(IDLE, timeout=PATIENCE_MS)


def check(page: Page, visit: Visit) -> None:
    """Fail if the page shows an exception, logged an error or asked another machine."""
    log = visit.server.last_words() if visit.server else ""
    shown = page.get_by_test_id("stException")
    assert shown.count() == 0, f"{shown.first.inner_text()}\n{log}"
    assert not visit.errors, f"{visit.errors}\n{log}"
    assert not visit.foreign, f"The app must work offline, but asked for {visit.foreign}."
