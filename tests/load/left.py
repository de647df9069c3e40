"""Heavy work ends when its visitor leaves or changes what makes it useless: how soon?

    python tests/load/left.py [CASE …]     with what requirements-dev.txt installs

For every kind of work a visitor begins it, and `LATER` seconds after a worker process is at it
stays, closes the tab, or asks for small settings in its place. Then the processor time of the
server and all its worker processes is read twice a second until nothing is computed any more.
Another tab stays open all the time and asks for nothing.
"""

from __future__ import annotations

import os
import sys
import time
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parents[2]))

from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.exceptions import ConnectionClosed

from tests.benchmarks.app import served
from tests.load.processes import children
from tests.load.tab import Tab

GOAL = 30.0
"""Seconds after which nothing of it is computed any more."""
LATER, LONGEST = 0.5, 60.0
"""Seconds of work until its visitor leaves, and until the test gives up."""
STARTED = 0.3
"""Seconds of processor that the worker processes have used more when they have begun."""
IDLE, CALM = 0.15, 2.0
"""Nothing is computed while less than this share of a processor is used, for so many seconds."""


class Case(NamedTuple):
    """Work that a page begins: by its link alone, or by a button."""

    path: str
    query: str
    small: str
    button: str = ""


SMALL = "T=20&H=4"
CASES = {
    "map": Case("Phase_diagrams", "diagram=gru_gain_update&map_points=50", "diagram=rnn_gain_input",
                "_sweep_go"),
    "training": Case("Training", "tab=train&tT=200&tH=128&tU=5000&cells=lstm",
                     "tab=train&tT=20&tH=4&tU=10&cells=rnn"),
    "windows": Case("Training", "tab=windows&H=64&d=20&k=60&upd=2000&cells=lstm,gru",
                    "tab=windows&H=4&d=2&k=4&upd=10"),
    "seeds": Case("Initialisation", "T=122&H=128&cells=lstm", SMALL),
    "spectrum": Case("Spectrum", "T=122&H=128&cells=lstm,gru", SMALL),
    "maps": Case("Roads", "T=122&H=128&cells=lstm,gru", SMALL),
}  # fmt: skip


class Hasty(Tab):
    """A tab that need not wait for the end of a run."""

    waits = True

    def _hear(self) -> None:
        if self.waits:
            super()._hear()


    def drain(self) -> None:
        """Read what comes and throw it away, as long as the tab is open."""
        with suppress(ConnectionClosed):
            while True:
                self.connection.recv()


def used(pid: int) -> float:
    """Seconds of processor of a process and of all that it began and that are there."""
    told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    own = (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")
    return own + sum(children(pid).values())


def until_idle(pid: int) -> float:
    """Seconds until nothing is computed any more; `LONGEST` where it never ends."""
    begun = last = time.monotonic()
    busy, before = begun, used(pid)
    while last - begun < LONGEST and last - busy < CALM:
        time.sleep(0.5)
        now, total = time.monotonic(), used(pid)
        if (total - before) / (now - last) > IDLE:
            busy = now
        last, before = now, total
    return busy - begun if last - busy >= CALM else LONGEST


def begin(tab: Hasty, case: Case, pid: int) -> None:
    """Begin the work, and go on when a worker process is at it."""
    ended, before = time.monotonic() + LONGEST, sum(children(pid).values())
    if case.button:
        tab.open(case.path, case.query)
        tab.waits = False
        tab.run(**{case.button: True})
    else:
        tab.waits = False
        tab.open(case.path, case.query)
    Thread(target=tab.drain, daemon=True).start()
    while sum(children(pid).values()) < before + STARTED:
        if time.monotonic() > ended:
            raise SystemExit(f"no worker process computes anything for {case}")
        time.sleep(0.1)
    time.sleep(LATER)


def small(tab: Hasty, case: Case) -> None:
    """Ask for small settings in the same session, as a click on a link of the page does."""
    tab.query = case.small
    message = BackMsg()
    message.rerun_script.query_string, message.rerun_script.page_name = case.small, case.path
    message.rerun_script.is_history_navigation = True
    tab.send(message)


def main(names: list[str]) -> int:
    """Print the seconds of every case; 0 if all are within the goal."""
    late = 0
    for name in names or CASES:
        case, row = CASES[name], []
        for way in ("stays", "leaves", "changes"):
            with served() as server, Tab(server.url) as witness:
                witness.run()
                pid = server.process.pid
                until_idle(pid)
                before = len(children(pid))
                tab = Hasty(server.url)
                begin(tab, case, pid)
                if way == "leaves":
                    tab.close()
                elif way == "changes":
                    small(tab, case)
                seconds = until_idle(pid)
                late += way != "stays" and seconds > GOAL
                row.append(f"{way} {seconds:.1f} s, "
                           f"{len(children(pid)) - before} idle processes more")
                tab.close()
        print(f"{name:9} {'; '.join(row)}", flush=True)
    return int(late > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
