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
import signal
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import numpy as np
from websockets.exceptions import ConnectionClosed

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.benchmarks.app import served
from tests.benchmarks.measuring import machine
from tests.e2e.server import Server
from tests.load.processes import children
from tests.load.tab import Tab

GOAL = 2.0
"""The largest ratio of the two medians."""
BLOCKS, CHANGES, THOUGHT = 8, 5, 1.0
"""Blocks of changes, changes in a block, and seconds between two of them."""
SEEDS = 5
LARGEST = "tab=train&tT=200&tH=128&tU=5000&bf=1&cells=rnn,lstm,gru"


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


def measure(server: Server) -> dict[bool, list[float]]:
    """Whether somebody trains → ms of each change."""
    compare = Tab(server.url)
    compare.run()
    going = threading.Event()
    going.set()
    for seed in range(SEEDS):
        Trainer(Tab(server.url, "Training", f"{LARGEST}&seed={seed}"), going).start()
    time.sleep(8)
    found: dict[bool, list[float]] = {False: [], True: []}
    values = iter(np.random.default_rng(0).permutation(np.arange(-2, 6, 0.05)).round(2))
    compare.run(bf=float(next(values)))
    for block in range(BLOCKS):
        training = block % 2 == 1
        (going.set if training else going.clear)()
        for one in children(server.process.pid):
            os.kill(one, signal.SIGCONT if training else signal.SIGSTOP)
        time.sleep(THOUGHT)
        for _ in range(CHANGES):
            found[training].append(1000 * compare.run(bf=float(next(values))))
            time.sleep(THOUGHT)
    return found


def main() -> int:
    """Print both medians and their ratio; 0 if the goal was reached."""
    os.environ["RNNVIZ_RUNS"] = "off"
    with served() as server:
        try:
            found, used = measure(server), children(server.process.pid)
        finally:
            for one in children(server.process.pid):
                os.kill(one, signal.SIGCONT)
    print(f"{machine()}, load {os.getloadavg()[0]:.1f}; the workers have used "
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
