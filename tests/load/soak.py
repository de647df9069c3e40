"""Memory over many changes and many visitors: does it grow?

    python tests/load/soak.py [CHANGES] [VISITORS]     with what requirements-dev.txt installs

One session changes settings at random over all pages; then visitors come, look at two pages and go.
The server's resident memory is read after each, when the caches have been filled before and when
free memory has been given back, which happens every 20 s: only what is held grows. Streamlit keeps
a session for two minutes after its tab is closed.
"""

from __future__ import annotations

import os
import random
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.benchmarks.app import served
from tests.load.processes import resident
from tests.load.tab import Tab
from tests.ui.apps import SCRIPTS

GOAL = 50
"""MB of growth after the warm-up."""
WARM = 0.4
"""The part of all changes that is warm-up."""
KEPT = 128
"""MB of results that the server keeps: small, so that the warm-up fills it."""
SETTLED = 30.0
"""Seconds after which the server has given back what is free."""
FORGOTTEN = 170.0
"""Seconds after which it has forgotten closed sessions, too."""


def changes(url: str, count: int, seed: int) -> list[str]:
    """Change settings at random over all pages, in one session; return the errors shown."""
    rng = random.Random(seed)
    paths = ["" if one == "app.py" else Path(one).stem for one in SCRIPTS]
    with Tab(url) as tab:
        tab.run()
        for k in range(count):
            if k % 5 == 0:
                tab.go(rng.choice(paths))
            sliders = [(key, one) for key, (kind, one) in tab.widgets.items()
                       if kind == "slider" and key in ("T", "H", "bf", "bz", "scale", "seed")]
            if not sliders:
                tab.go("")
                continue
            key, one = rng.choice(sliders)
            steps = int(min(50, (one.max - one.min) / (one.step or 1)))
            tab.run(**{key: one.min + rng.randint(0, max(0, steps)) * (one.step or 1)})
        return tab.errors


def visits(url: str, count: int, seed: int) -> None:
    """So many visitors who come, look at two pages and go."""
    rng = random.Random(seed)
    for k in range(count):
        with Tab(url, "", f"seed={1000 * seed + k}") as tab:
            tab.run()
            tab.go(rng.choice(["Gradient_flow", "Units", "Cuts"]))


def main(count: int = 1000, visitors: int = 300) -> int:
    """Print the memory and its growth; 0 if it stayed below the goal."""
    os.environ |= {"RNNVIZ_RUNS": "off", "RNNVIZ_CACHE_MB": str(KEPT)}
    with served() as server:
        pid, url = server.process.pid, server.url
        wrong = changes(url, int(WARM * count), 0)
        time.sleep(SETTLED)
        warm = resident(pid)
        wrong += changes(url, count - int(WARM * count), 1)
        time.sleep(SETTLED)
        changed = resident(pid)
        print(f"{count} changes: {warm:.0f} MB after {WARM:.0%}, {changed:.0f} MB after all; "
              f"errors on the screen: {len(wrong)}", flush=True)  # fmt: skip
        visits(url, int(WARM * visitors), 1)
        time.sleep(FORGOTTEN)
        before = resident(pid)
        visits(url, visitors - int(WARM * visitors), 2)
        time.sleep(FORGOTTEN)
        after = resident(pid)
        print(f"{visitors} visitors: {before:.0f} MB after {WARM:.0%}, {after:.0f} MB after all")
        traceback = "Traceback" in server.log.read_text("utf-8", "replace")
    print("\n".join(wrong[:5]))
    growth = max(changed - warm, after - before)
    print(f"growth {growth:.0f} MB (goal {GOAL}); a traceback in the log: {traceback}")
    return 0 if growth <= GOAL and not wrong and not traceback else 1


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
