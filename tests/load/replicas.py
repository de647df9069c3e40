"""Two replicas behind nginx with deploy/nginx.conf: who is answered by whom, and what is sent.

    python tests/load/replicas.py [PATH]     with what requirements-dev.txt installs, and nginx

PATH is the sub-path at which the app is served (server.baseUrlPath), none by default. Everything
listens on 127.0.0.1. A browser opens every page and all that is folded there; then the replica that
it is on is killed, and started again.
"""

from __future__ import annotations

import io
import shutil
import sys
import time
import wave
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.error import HTTPError

from playwright.sync_api import Browser, BrowserContext, Page

sys.path.insert(0, str(Path(__file__).parents[2]))

from rnnviz.ui.shell.navigation import pages
from tests.benchmarks.app import driven
from tests.e2e.visit import IDLE, PROBES, Visit, wait_until_idle
from tests.load.proxy import NAMES, Proxied

REQUESTS = 40
VIEW = "Gradient_flow?seed=7&edit=lstm.W_h.0.0:0.5&lang=ko&cells=lstm,gru&T=40&t=12"
SEEN = """() => [document.querySelector("h1")?.textContent, location.search,
  ...[...document.querySelectorAll(".rv-readout, [data-testid=stCaptionContainer]")]
    .slice(0, 3).map((one) => one.textContent)]"""
HEADERS = ("Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Cache-Control",
           "Content-Encoding")  # fmt: skip
UNFOLD = """async () => {
  for (const one of document.querySelectorAll('[data-testid="stMain"] details:not([open]) summary'))
    { one.click(); await new Promise((done) => setTimeout(done, 150)); }
}"""
GOAL = 10.0
"""Seconds until a view is there again, after its replica was killed."""


def told(name: str, value: object, good: bool) -> bool:
    """Print one row of the table."""
    print(f"{name:52} {value!s:44} {'' if good else 'WRONG'}", flush=True)
    return good


def in_turn(app: Proxied) -> bool:
    """Who answers requests without a cookie, with one, and with one that is none of ours."""
    wrong = 0
    for cookie in ("", *NAMES, "three"):
        app.answered_by()
        for _ in range(REQUESTS):
            app.fetch("", cookie)
        by = app.answered_by()
        stays = {NAMES[0]: [REQUESTS, 0], NAMES[1]: [0, REQUESTS]}
        good = by == stays.get(cookie, [REQUESTS // 2] * 2)
        name = f"{REQUESTS} requests, cookie {cookie or 'none'}"
        wrong += not told(name, f"{by} by the two", good)
    return not wrong


def headers(app: Proxied) -> bool:
    """What is sent along with the page, a script and a font."""
    page = app.fetch("", "one")[1].decode()
    script = next(one for one in page.split('"') if one.endswith(".js"))
    font = "app/static/fonts/Pretendard-Regular.subset.woff2"
    good = True
    for path in ("", script.removeprefix("./"), font):
        found, body = app.fetch(path, "one", "gzip")
        sent = {name: str(found.get(name)).partition(";")[0] for name in HEADERS}
        packed = found.get("Content-Encoding") == "gzip"
        right = all(found.get(one) for one in HEADERS[:4]) and packed != path.endswith(".woff2")
        good &= told(path.rpartition("/")[2] or "the page", f"{len(body):,} bytes", right)
        for name, value in sent.items():
            print(f"    {name}: {value}")
    return good


def guarded(app: Proxied) -> bool:
    """Whether what is for the operator alone is kept from visitors."""
    try:
        status = app.fetch("_stcore/metrics", "one") and 200
    except HTTPError as error:
        status = error.code
    return told("what Streamlit tells of its caches", f"status {status}", status == 404)


def every_page(app: Proxied, browser: Browser) -> bool:
    """Open every page and what is folded on it; whether all is there and came from one replica."""
    context, visit, wrong = browser.new_context(), Visit(), 0
    tab, missing = context.new_page(), list[str]()
    visit.watch(tab)
    tab.on("response", lambda one: missing.append(one.url) if one.status >= 400 else None)
    for page in pages().values():
        tab.goto(f"{app.url}{page.path.removeprefix('/')}")
        wait_until_idle(tab)
        tab.evaluate(UNFOLD)
        wait_until_idle(tab)
        gone = [one for one in missing if not one.endswith(PROBES)]
        shown = tab.get_by_test_id("stException").all_inner_texts()
        found = [*visit.errors, *visit.foreign, *gone, *shown]
        said = "; ".join(dict.fromkeys(found))[:1500] or "nothing refused, missing or foreign"
        wrong += not told(page.path, said, not found)
        for heard in (visit.errors, visit.foreign, missing):
            heard.clear()
    wrong += not told("a sound opened, and played from the replica", *opened(tab, app))
    name = on(context)
    context.close()
    time.sleep(1)  # a WebSocket is logged when it ends
    by = app.answered_by(name)
    alone = min(by) == 0 and app.sockets(name) >= len(pages())
    wrong += not told("all of that, WebSockets too", f"{by} by the two", alone)
    return not wrong


def opened(tab: Page, app: Proxied) -> tuple[str, bool]:
    """Open a sound of half a second on the page for nets and sequences of one's own."""
    with wave.open(data := io.BytesIO(), "wb") as sound:
        sound.setparams((1, 2, 8000, 0, "NONE", ""))
        sound.writeframes(bytes(k % 100 for k in range(8000)))
    tab.goto(app.url + "Your_net")
    wait_until_idle(tab)
    file = {"name": "tone.wav", "mimeType": "audio/wav", "buffer": data.getvalue()}
    tab.locator("input[type=file]").last.set_input_files([file])
    player = tab.locator("audio")
    player.wait_for(timeout=30_000)
    ready = "one => new Promise((done) => setTimeout(() => done(one.readyState), 2000))"
    state = player.evaluate(ready)
    return f"readyState {state}", state == 4


def on(context: BrowserContext) -> str:
    """The replica that a browser is on."""
    return next(one["value"] for one in context.cookies() if one["name"] == "rnnviz")


def killed(app: Proxied, browser: Browser) -> bool:
    """Kill the replica that a tab is on; whether its view comes back, and where it stays."""
    context = browser.new_context()
    tab = context.new_page()
    tab.goto(app.url + VIEW)
    wait_until_idle(tab)
    before, first = tab.evaluate(SEEN), on(context)
    app.kill(first)
    begun = time.monotonic()
    while time.monotonic() - begun < 60:
        tab.wait_for_timeout(50)
        if on(context) != first and tab.evaluate(IDLE) and tab.evaluate(SEEN) == before:
            break
    seconds, second = time.monotonic() - begun, on(context)
    good = told(f"replica {first} killed: the same view", f"after {seconds:.1f} s, by {second}",
                seconds <= GOAL and second != first)  # fmt: skip
    app.start(first)
    app.wait()
    time.sleep(6)  # longer than a replica is passed over
    app.answered_by()
    tab.reload()
    wait_until_idle(tab)
    by = app.answered_by()
    stays = by[NAMES.index(first)] == 0 < by[NAMES.index(second)]
    good &= told(f"replica {first} is back: the visitor stays", f"{by} by the two", stays)
    for _ in range(REQUESTS):
        app.fetch("")
    by = app.answered_by()
    context.close()
    return told("and new visitors go to both", f"{by} by the two", min(by) > 0) and good


def main(path: str = "") -> int:
    """Print the table; 0 if everything was as it should be."""
    if shutil.which("nginx") is None:
        print("Skipped: nginx is not installed (Debian: apt-get install nginx).")
        return 0
    with TemporaryDirectory() as folder, Proxied(Path(folder), path) as app, driven() as browser:
        parts = [in_turn(app), headers(app), guarded(app), every_page(app, browser),
                 killed(app, browser)]  # fmt: skip
    return 0 if all(parts) else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
