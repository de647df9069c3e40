"""A slider of Compare while somebody else trains nets: how much longer it takes, in ms.

    python tests/benchmarks/two_visitors.py     with what requirements-dev.txt installs

One visitor changes the forget bias on Compare and thinks for a second, again and again. Another one
has five tabs open that train RNN, LSTM and GRU of five seeds at the largest budget: T = 200,
H = 128, 5000 updates. Both speak the browser's protocol, without a browser: the server's time is
what they share. Training and its tabs are held still in every other block of changes, so that
whatever else the machine does disturbs both conditions alike.
"""

from __future__ import annotations

import os
import platform
import signal
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import numpy as np
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.benchmarks.app import served
from tests.e2e.server import Server

GOAL = 2.0
"""The largest ratio of the two medians."""
BLOCKS, CHANGES, THOUGHT = 8, 5, 1.0
"""Blocks of changes, changes in a block, and seconds between two of them."""
SEEDS = 5
WELL = ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY
LARGEST = "tab=train&tT=200&tH=128&tU=5000&bf=1&cells=rnn,lstm,gru"


class Tab:
    """One tab: a page of the app that is open, and the widgets and fragments that it has."""

    def __init__(self, server: Server, path: str, query: str) -> None:
        address = server.url.replace("http", "ws", 1) + "/_stcore/stream"
        self.path, self.query = path, query
        self.connection: ClientConnection = connect(
            address, subprotocols=[Subprotocol("streamlit")], max_size=None,
            origin=Origin(server.url), legacy=True,
        )  # fmt: skip
        self.sliders: dict[str, str] = {}
        self.reruns: dict[str, float] = {}

    def run(self, fragment: str = "", slider: tuple[str, float] | None = None) -> float:
        """Run the page or a part of it, with a slider moved; return the seconds it takes."""
        message = BackMsg()
        asked = message.rerun_script
        asked.query_string, asked.page_name, asked.fragment_id = self.query, self.path, fragment
        asked.is_auto_rerun = bool(fragment)
        asked.context_info.locale = "en"
        if slider is not None:
            state = asked.widget_states.widgets.add(id=self.sliders[slider[0]])
            state.double_array_value.data.append(slider[1])
        begun = time.perf_counter()
        self.connection.send(message.SerializeToString())
        self._hear()
        return time.perf_counter() - begun

    def _hear(self) -> None:
        """Read messages until the run is over."""
        while True:
            told = ForwardMsg.FromString(self.connection.recv(timeout=120))
            kind = told.WhichOneof("type")
            if kind == "auto_rerun":
                self.reruns[told.auto_rerun.fragment_id] = told.auto_rerun.interval
            elif kind == "delta" and told.delta.new_element.HasField("slider"):
                one = told.delta.new_element.slider.id
                self.sliders[one.rpartition("-")[2]] = one
            elif kind == "script_finished":
                if told.script_finished in WELL:
                    return
                raise RuntimeError(f"the page {self.path} ended with {told.script_finished}")


class Trainer(threading.Thread):
    """A tab that trains, and looks at it as often as the page asks for; held still in between."""

    def __init__(self, tab: Tab, going: threading.Event) -> None:
        super().__init__(daemon=True)
        self.tab, self.going = tab, going

    def run(self) -> None:
        """Run its fragment again and again, until the server ends."""
        with suppress(ConnectionClosed, TimeoutError, RuntimeError):
            self.tab.run()
            while self.tab.reruns:
                self.going.wait()
                fragment, interval = list(self.tab.reruns.items())[-1]
                time.sleep(interval)
                self.tab.run(fragment)


def workers(server: Server) -> dict[int, float]:
    """The processes that the server began → the seconds of processor that each has used."""
    found = {}
    for one in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            told = one.read_text().rpartition(")")[2].split()
            if int(told[1]) == server.process.pid:
                used = (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")
                found[int(one.parent.name)] = used
    return found


def measure(server: Server) -> dict[bool, list[float]]:
    """Whether somebody trains → ms of each change."""
    compare = Tab(server, "", "")
    compare.run()
    going = threading.Event()
    going.set()
    for seed in range(SEEDS):
        Trainer(Tab(server, "Training", f"{LARGEST}&seed={seed}"), going).start()
    time.sleep(8)
    found: dict[bool, list[float]] = {False: [], True: []}
    values = iter(np.random.default_rng(0).permutation(np.arange(-2, 6, 0.05)).round(2))
    compare.run(slider=("bf", float(next(values))))
    for block in range(BLOCKS):
        training = block % 2 == 1
        (going.set if training else going.clear)()
        for one in workers(server):
            os.kill(one, signal.SIGCONT if training else signal.SIGSTOP)
        time.sleep(THOUGHT)
        for _ in range(CHANGES):
            found[training].append(1000 * compare.run(slider=("bf", float(next(values)))))
            time.sleep(THOUGHT)
    return found


def main() -> int:
    """Print both medians and their ratio; 0 if the goal was reached."""
    os.environ["RNNVIZ_RUNS"] = "off"
    with served() as server:
        try:
            found, used = measure(server), workers(server)
        finally:
            for one in workers(server):
                os.kill(one, signal.SIGCONT)
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
          f"load {os.getloadavg()[0]:.1f}; the workers have used "
          f"{' and '.join(f'{one:.0f} s' for one in used.values())} of processor")  # fmt: skip
    for training, times in found.items():
        print(f"{'others train' if training else 'nobody trains':14}: median "
              f"{np.median(times):4.0f} ms, 95 % {np.percentile(times, 95):4.0f}, "
              f"{len(times)} changes")  # fmt: skip
    ratio = float(np.median(found[True]) / np.median(found[False]))
    print(f"ratio of the medians {ratio:.2f} (goal {GOAL:g})")
    return 0 if ratio <= GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
