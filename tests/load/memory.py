"""The server's memory while visitors hold the largest settings that the sidebar permits.

    python tests/load/memory.py [VISITORS]     with what requirements-dev.txt installs

Every visitor opens Compare with four cells at T × H² = 2,000,000 and a seed of their own, then
Gradient flow, and keeps the tab open; a second round takes other seeds. Then one visitor alone
opens as many such links one after the other. The server's resident memory is read after each part.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.benchmarks.app import served
from tests.load.processes import peak, resident
from tests.load.tab import Tab

GOAL = 1200
"""MB: the most that the server may ever have held."""
VISITORS = 45
LARGEST = "task=adding&T=488&H=64&cells=lstm,gru,peephole_lstm,cifg_lstm&seed={seed}"
PAGES = "", "Gradient_flow"


def held_by(tabs: list[Tab], seeds: range) -> None:
    """Let every tab open its pages, each with a seed of its own."""
    for tab, seed in zip(tabs, seeds, strict=True):
        tab.open(PAGES[0], LARGEST.format(seed=seed))
        for path in PAGES[1:]:
            tab.go(path)


def main(visitors: int = VISITORS) -> int:
    """Print the memory after each part; 0 if the goal was kept."""
    os.environ["RNNVIZ_RUNS"] = "off"
    with served() as server:
        pid = server.process.pid
        with Tab(server.url) as first:
            first.run()
        print(f"{'one visit, the defaults':40} {resident(pid):5.0f} MB")
        tabs = [Tab(server.url) for _ in range(visitors)]
        for part in range(2):
            held_by(tabs, range(part * visitors, (part + 1) * visitors))
            print(f"{visitors} visitors at the largest, round {part + 1:9} {resident(pid):5.0f} MB",
                  flush=True)  # fmt: skip
        alone = tabs.pop()
        for tab in tabs:
            tab.close()
        held_by([alone] * visitors, range(2 * visitors, 3 * visitors))
        alone.close()
        print(f"{'one visitor with as many links':40} {resident(pid):5.0f} MB")
        most = peak(pid)
    print(f"{'the most at any time':40} {most:5.0f} MB (goal {GOAL})")
    return 0 if most <= GOAL else 1


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
