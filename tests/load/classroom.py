"""A lesson: 50 visitors step through time while 8 others change parameters.

    python tests/load/classroom.py [CHANGERS]     with what requirements-dev.txt installs

The 50 have a page open each; stepping sends nothing to the server, as in the app. The others change
the forget bias or the gain of Compare at H = 16, T = 50 and think for two seconds, each with a seed
of their own. A real browser beside them steps with the arrow key: from the key to the picture.
"""

from __future__ import annotations

import os
import platform
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import numpy as np
from websockets.exceptions import ConnectionClosed

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.benchmarks.app import driven, served
from tests.benchmarks.stepping import BEGIN, CLOCK, press
from tests.e2e.visit import go
from tests.load.tab import Tab

GOAL, PAINTED = 1.5, 25.0
"""Seconds of a change at the 95th percentile, and ms from key to picture."""
STEPPERS, CHANGERS, THOUGHT, LESSON = 50, 8, 2.0, 60.0


class Changer(threading.Thread):
    """A visitor who changes two sliders in turn, until the lesson ends."""

    def __init__(self, url: str, number: int, end: threading.Event) -> None:
        super().__init__(daemon=True)
        self.tab, self.end, self.seconds = Tab(url, "", f"seed={100 + number}"), end, list[float]()
        self.rng = np.random.default_rng(number)

    def run(self) -> None:
        """Change, wait for the whole page, think."""
        with suppress(ConnectionClosed):
            self.tab.run()
            while not self.end.wait(self.rng.uniform(0.5, 1.5) * THOUGHT):
                key = self.rng.choice(["bf", "scale"])
                value = float(np.round(self.rng.uniform(0.5, 3), 2))
                self.seconds.append(self.tab.run(**{key: value}))


def main(changers: int = CHANGERS) -> int:
    """Print both times; 0 if the goals were reached."""
    os.environ["RNNVIZ_RUNS"] = "off"
    with served() as server, driven() as browser:
        steppers = [Tab(server.url, "", "") for _ in range(STEPPERS)]
        for one in steppers:
            one.run()
        witness = browser.new_page()
        witness.add_init_script(BEGIN)
        go(witness, server, "/", {})
        witness.wait_for_timeout(4000)
        witness.evaluate(CLOCK)
        alone = press(witness, 80)[1]
        end = threading.Event()
        visitors = [Changer(server.url, number, end) for number in range(changers)]
        for one in visitors:
            one.start()
        begun, painted = time.monotonic(), list[float]()
        while time.monotonic() - begun < LESSON:
            painted += press(witness, 80)[1]
        end.set()
        for one in visitors:
            one.join(30)
    seconds = [each for one in visitors for each in one.seconds]
    late = float(np.percentile(seconds, 95))
    print(f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}: "
          f"{STEPPERS} step, {changers} change")  # fmt: skip
    print(f"a change: median {np.median(seconds):.2f} s, 95 % {late:.2f} s (goal {GOAL}), "
          f"{len(seconds)} changes")  # fmt: skip
    print(f"key to picture: median {np.median(alone):.0f} ms before, {np.median(painted):.0f} ms "
          f"meanwhile, 95 % {np.percentile(painted, 95):.0f} (goal {PAINTED:.0f})")  # fmt: skip
    return 0 if late <= GOAL and np.median(painted) <= PAINTED else 1


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
