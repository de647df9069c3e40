"""States of widgets that no browser sends: what the server answers, and what its log says.

    python tests/load/hostile_states.py [ROUNDS] [SEED] [PAGES]     with requirements-dev.txt

Every page is opened and sent the states of some of its widgets: of a wrong kind (a text for a
number, a list for a text), of the right kind with wrong values (NaN, inf, 1e400, 2⁶², -1, lists of
all lengths), of widgets that do not exist; then every event of our components with such values.
Counted are errors on the screen in that run and the next one, runs that did not end, and tracebacks
in the log.
"""

from __future__ import annotations

import json
import os
import random
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from streamlit.components.v2.bidi_component.main import _make_trigger_id
from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.exceptions import ConnectionClosed

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.benchmarks.app import served
from tests.load.tab import Tab
from tests.ui.apps import SCRIPTS, WORDS_ALONE

NUMBERS = (float("nan"), float("inf"), -float("inf"), float("1e400"), 1e308, -1.0, 0.5, 2.0**70)
WHOLE = (-1, 10**9, 2**62, -(2**62), 0)
TEXTS = ("", "x" * 10_000, "![p](https://foreign.example/p.png)", "\x00", "\u202eabc", "nan",
         "no such option", "[" * 3000, "{}", "null", '{"value": 1e400}')  # fmt: skip
LENGTHS = (0, 1, 2, 3, 100)
EVENTS = ("do", "ask", "fold", "move", "more", "choose", "edit", "unit", "output", "x0", "none")
"""What our components tell of."""
TOLD = (None, True, -1, 0, 10**30, 1e308, "", "nan", "x" * 300, "lstm.b.0:nan", "<b>", [], {},
        [[[]]], {"t": None}, {"value": [1, 2]}, ["lstm", "W_h", 0, 0, "1e400"],
        {"weight": {}})  # fmt: skip
"""Values of such an event, as JSON."""
SMALL = "H=3&T=6&task=impulse"


def set_wrongly(state: Any, rng: random.Random) -> None:
    """Give a state one of all kinds of values."""
    text, count = rng.choice(TEXTS), rng.choice(LENGTHS)
    rng.choice([
        lambda: setattr(state, "trigger_value", rng.random() < 0.5),
        lambda: setattr(state, "bool_value", rng.random() < 0.5),
        lambda: setattr(state, "double_value", rng.choice(NUMBERS)),
        lambda: setattr(state, "int_value", rng.choice(WHOLE)),
        lambda: setattr(state, "string_value", text),
        lambda: state.double_array_value.data.extend(rng.choices(NUMBERS, k=count)),
        lambda: state.double_array_value.SetInParent(),
        lambda: state.int_array_value.data.extend(rng.choices(WHOLE, k=count)),
        lambda: state.string_array_value.data.extend(rng.choices(TEXTS, k=count)),
        lambda: setattr(state, "json_value", text),
        lambda: setattr(state, "json_trigger_value", text),
        lambda: setattr(state, "bytes_value", b"\xff" * count),
        lambda: setattr(state.arrow_value, "data", b"\xff" * count),
        lambda: state.file_uploader_state_value.uploaded_file_info.add(file_id=text[:99]),
        lambda: setattr(state.string_trigger_value, "data", text),
        lambda: setattr(state.chat_input_value, "data", text),
        lambda: None,
    ])()  # fmt: skip


def hostile(tab: Tab, rng: random.Random) -> BackMsg:
    """A message with states of some of a tab's widgets, and of two that do not exist."""
    message = BackMsg()
    asked = message.rerun_script
    asked.query_string, asked.page_name = tab.query, tab.path
    ids = [*tab.ids.values()]
    ids = rng.sample(ids, rng.randint(1, min(8, len(ids)))) if ids else []
    for one in [*ids, "no such widget", f"$$ID-{'0' * 32}-T"]:
        set_wrongly(asked.widget_states.widgets.add(id=one), rng)
    return message


def events(tab: Tab, value: Any) -> BackMsg:
    """A message with all events of all components of a tab, each with the same value."""
    message = BackMsg()
    asked = message.rerun_script
    asked.query_string, asked.page_name = tab.query, tab.path
    told = json.dumps([{"event": one, "value": value} for one in EVENTS])
    for one in tab.components:
        state = asked.widget_states.widgets.add(id=_make_trigger_id(one, "events"))
        state.json_trigger_value = told
    return message


def wrong_on(url: str, path: str, rounds: int, rng: random.Random) -> list[str]:
    """What is wrong with the answers of a page: to states in so many visits, to events in one."""
    wrong: list[str] = []
    for _ in range(rounds):
        with Tab(url, path, SMALL) as tab:
            tab.run()
            wrong += answer(tab, hostile(tab, rng))
    with Tab(url, path, SMALL) as tab:
        tab.run()
        for value in TOLD:
            wrong += answer(tab, events(tab, value))
    return wrong


def answer(tab: Tab, message: BackMsg) -> list[str]:
    """What is wrong with the answer to a message, and with the next run."""
    tab.errors.clear()
    found = []
    try:
        tab.send(message)
        tab.run()
    except (RuntimeError, TimeoutError, ConnectionClosed) as error:
        found = [f"{type(error).__name__}: {error}"]
    return [f"{one}\n{message}"[:700] for one in [*found, *tab.errors]]


def main(rounds: int = 10, seed: int = 0, pages: str = "") -> int:
    """Print what was wrong and how often; 0 if nothing was."""
    os.environ["RNNVIZ_RUNS"] = "off"
    rng, found = random.Random(seed), Counter[str]()
    with served() as server:
        for script in (*SCRIPTS, *WORDS_ALONE):
            path = "" if script == "app.py" else Path(script).stem
            if pages and path not in pages.split(","):
                continue
            for one in wrong_on(server.url, path, rounds, rng):
                found[one.splitlines()[0]] += 1
                print(f"{path!r}: {one}", flush=True)
        with Tab(server.url) as other:
            print(f"another visitor is answered in {other.run():.1f} s")
        log = server.log.read_text("utf-8", "replace")
    tracebacks = log.count("Traceback (most recent call last)")
    print(f"{rounds} rounds a page: {found.total()} wrong answers, {tracebacks} tracebacks in "
          "the log")  # fmt: skip
    if tracebacks:
        print(log[-6000:])
    return 1 if found or tracebacks else 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:3]), *sys.argv[3:]))
