"""What is read of every unit of a long sequence: patterns found within 200 ms, medians.

    python tests/benchmarks/units.py

An LSTM of 256 units on 10,000 steps of random walks. The pattern is that of the units that are on
at steps 5,000 to 5,010.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))

import rnnviz
from tests.benchmarks.measuring import milliseconds

STEPS, SIZE, REPEATS = 10_000, 256, 7
GOAL = 200
"""Milliseconds in which stretches must be found."""


def main() -> int:
    """Print every time; 1 where patterns took longer than GOAL."""
    x = np.random.default_rng(0).standard_normal((STEPS, 1, 4)).cumsum(axis=0) / 10
    trace = rnnviz.run(rnnviz.build("lstm", 4, SIZE), x)
    units = rnnviz.units_on(trace, 5000, 5010, 0.05)
    found = {
        f"matches, {len(units)} units, all": lambda: rnnviz.matches(trace, units, 0.05, length=11),
        f"matches, {len(units)} units, half": lambda: rnnviz.matches(
            trace, units, 0.05, share=0.5, length=11
        ),
        "matches, 3 units": lambda: rnnviz.matches(trace, units[:3], 0.05),
        "units_on": lambda: rnnviz.units_on(trace, 5000, 5010, 0.05),
        "saturation": lambda: rnnviz.saturation(trace),
        "unit_order, memory": lambda: rnnviz.unit_order(trace, "memory"),
        "unit_order, clustering": lambda: rnnviz.unit_order(trace, "clustering"),
        "state_projection": lambda: rnnviz.state_projection(trace),
    }
    times = {name: milliseconds(call, REPEATS) for name, call in found.items()}
    for name, taken in times.items():
        print(f"| {name} | {taken:.0f} |")
    return int(any(taken > GOAL for name, taken in times.items() if name.startswith("matches")))


if __name__ == "__main__":
    sys.exit(main())
