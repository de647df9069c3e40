"""Hostile links, texts and messages: what the server answers, and what its log says.

    python tests/load/hostile.py [LINKS] [SEED] [BROWSED]     with requirements-dev.txt installed

Links have one to eight keys of the app with hostile values, over all pages, now and then a page
that does not exist; at every tenth one hostile texts are typed into all text fields. Then messages
are sent that are none of Streamlit's. Counted are tracebacks on the screen and in the log, markup
of a link that reaches the screen as markup, runs that did not end, and whether another visitor is
still answered.
"""

from __future__ import annotations

import os
import random
import sys
from collections import Counter
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.exceptions import ConnectionClosed

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.benchmarks.app import driven, served
from tests.e2e.server import Server
from tests.load.tab import Tab
from tests.ui.apps import SCRIPTS
from tests.ui.test_urls import KEYS, NASTY

MARKUP = (
    "![picture](https://foreign.example/p.png)", "[link](javascript:alert)", ":red[coloured]",
    "<img src=https://foreign.example/q.png onerror=alert(1)>", "<script>alert(1)</script>",
    ":material/delete:", "$\\frac{1}{0}$", "**bold**", "# heading", "[a](https://foreign.example)",
    "<style>*{display:none}</style>", "<b>bold</b>",
)  # fmt: skip
VALUES = (*NASTY, *MARKUP, "9" * 400, "-" + "1" * 400, "a\x00b", "x" * 10_000, "é̂" * 200,
          "\u202eabc", "\ufeff", "1,2,3", "0.1", "1e-320", "٣", "１２")  # fmt: skip
IMAGES = """() => [...document.images].map((one) => one.src)
  .filter((one) => /foreign/.test(one))"""
BROWSED = 40
"""So many links are opened in a real browser, too, by default."""
SMALL = {"H": "3", "T": "6", "task": "impulse"}


def links(count: int, seed: int) -> list[tuple[str, dict[str, str]]]:
    """(page, query) of so many links."""
    rng = random.Random(seed)
    paths = ["" if one == "app.py" else Path(one).stem for one in SCRIPTS]
    found = []
    for _ in range(count):
        query = SMALL | {rng.choice(KEYS): rng.choice(VALUES) for _ in range(rng.randint(1, 8))}
        path = rng.choice(VALUES)[:200] if rng.random() < 0.02 else rng.choice(paths)
        found.append((path.encode("utf-8", "replace").decode(), query))
    return found


def answered(server: Server, path: str, query: dict[str, str], typed: bool) -> list[str]:
    """What is wrong with the answer to a link."""
    text = urlencode(query, errors="replace")
    try:
        with Tab(server.url, path, text) as tab:
            tab.run()
            if typed:
                for key, (kind, _) in list(tab.widgets.items()):
                    if kind == "text_input":
                        tab.run(**{key: random.Random(key).choice(MARKUP)})
            return [f"traceback: {one}" for one in tab.errors] + [
                f"markup in {kind}: {one}" for kind, body in tab.texts if kind != "text"
                for one in MARKUP if one in body and one in query.values()
            ]  # fmt: skip
    except (RuntimeError, TimeoutError, ConnectionClosed) as error:
        return [f"{type(error).__name__}: {error}"]


def foreign_messages(server: Server, seed: int) -> int:
    """Send what is none of the protocol's messages; return how many."""
    rng, sent = random.Random(seed), 0
    with Tab(server.url) as tab:
        tab.run()
        widgets = [one.id for _, one in tab.widgets.values()]
    for _ in range(60):
        message = BackMsg()
        asked = message.rerun_script
        asked.page_script_hash = rng.choice(["", "x" * 10_000, "\u202e"])
        asked.fragment_id = rng.choice(["", "no such fragment", "\x00"])
        for one in rng.sample(widgets, 5):
            state = asked.widget_states.widgets.add(id=one)
            rng.choice([
                lambda s=state: s.double_array_value.data.extend([float("nan"), float("inf")]),
                lambda s=state: setattr(s, "string_value", "x" * 10_000),
                lambda s=state: setattr(s, "int_value", -(2**62)),
                lambda s=state: setattr(s, "json_value", "{"),
                lambda s=state: setattr(s, "bytes_value", b"\xff" * 100),
                lambda s=state: s.int_array_value.data.extend([10**9, -1]),
            ])()  # fmt: skip
        data = rng.choice([message.SerializeToString(), rng.randbytes(200), b"", b"\xff" * 10**6])
        with suppress(ConnectionClosed, RuntimeError, TimeoutError), \
                Tab(server.url, patience=3) as tab:
            tab.connection.send(data if rng.random() < 0.8 else "a text, not bytes")
            tab._hear()
        sent += 1
    return sent


def seen_by_a_browser(server: Server, count: int, seed: int) -> list[str]:
    """What a real browser asks of other hosts, or runs, when it opens links with markup."""
    rng, wrong = random.Random(seed), list[str]()
    if not count:
        return wrong
    paths = ["" if one == "app.py" else Path(one).stem for one in SCRIPTS]
    with driven() as browser:
        page = browser.new_page()
        page.on("request", lambda one: wrong.append(f"asked for {one.url[:200]}")
                if not one.url.startswith((server.url, "data:", "blob:")) else None)  # fmt: skip
        page.on("dialog", lambda one: (wrong.append(f"ran {one.message}"), one.dismiss()))
        for _ in range(count):
            query = SMALL | {key: rng.choice(MARKUP) for key in rng.sample(KEYS, 6)}
            page.goto(f"{server.url}/{rng.choice(paths)}?{urlencode(query)}")
            page.wait_for_selector("h1")
            page.wait_for_timeout(1500)
            wrong += [f"an image from {one}" for one in page.evaluate(IMAGES)]
    return wrong


def main(count: int = 2000, seed: int = 0, browsed: int = BROWSED) -> int:
    """Print what was wrong and how often; 0 if nothing was."""
    os.environ["RNNVIZ_RUNS"] = "off"
    wrong: Counter[str] = Counter()
    with served() as server:
        for k, (path, query) in enumerate(links(count, seed)):
            for one in answered(server, path, query, k % 10 == 0):
                wrong[one[:300]] += 1
                print(f"{path!r} {query!r}"[:600], one[:300], sep="\n  ", flush=True)
        before = server.log.read_text("utf-8", "replace")
        for one in seen_by_a_browser(server, browsed, seed):
            wrong[one] += 1
            print(one)
        foreign = foreign_messages(server, seed)
        print(f"{count} links, {browsed} in a browser, {foreign} foreign messages")
        with Tab(server.url) as other:
            print(f"another visitor is answered in {other.run():.1f} s")
        after = server.log.read_text("utf-8", "replace").removeprefix(before)
    tracebacks = before.count("Traceback (most recent call last)")
    print(f"wrong answers {wrong.total()}; tracebacks in the log: {tracebacks} after links, "
          f"{after.count('Traceback (most recent call last)')} after foreign messages")  # fmt: skip
    if tracebacks:
        print(before[-4000:])
    if "Traceback" in after:
        print(after[-6000:])
    return 1 if wrong or tracebacks else 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
