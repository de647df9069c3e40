"""Seconds and memory of every function that analyses a run, at the sizes of real nets.

    python tests/benchmarks/sizes.py [--sizes 128,256,512] [--only roads,verify] [--stack]

An LSTM with 16 inputs and a readout of 4, T = 1000, B = 1, float64, the loss on the last step; with
``--stack`` two layers in two directions. Every row runs in a process of its own, on one thread:
processor seconds, and by how much the most memory that the process held grew in the call. «—» is
refused by the function's budget, which must happen within a second; else a call must keep within a
minute and a half of processor time and 512 MB.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.benchmarks.measuring import with_threads

INPUT, OUTPUT, LONGEST, MOST_MB = 16, 4, 90.0, 600
ROWS: dict[str, Callable[[Any, Any], Any]] = {
    "run": lambda r, s: r.run(s.model, s.x),
    "backprop": lambda r, s: r.backprop(s.trace, s.loss),
    "reach": lambda r, s: r.reach(s.flow),
    "reach, all states": lambda r, s: r.reach(s.flow, "all"),
    "memory": lambda r, s: [r.memory(one) for one in s.flow.layers],
    "forgetting": lambda r, s: r.forgetting(s.trace),
    "layer_norms, depth_factors": lambda r, s: (r.layer_norms(s.flow), r.depth_factors(s.flow)),
    "ways_back": lambda r, s: r.ways_back(s.flow, 0, "forward"),
    "roads": lambda r, s: r.roads(s.trace, s.loss, direction="forward"),
    "itemised, one loss": lambda r, s: r.itemised(s.trace, s.loss, direction="forward"),
    "itemised, every loss": lambda r, s: r.itemised(s.trace, s.every, **s.top),
    "truncated, k = 1": lambda r, s: r.truncated(s.trace, s.loss, 1),
    "truncated, k = 10": lambda r, s: r.truncated(s.trace, s.loss, 10),
    "clip": lambda r, s: r.clip(s.flow, norm=1.0),
    "expanded_sum": lambda r, s: r.expanded_sum(s.flow, s.loss),
    "output_layer": lambda r, s: r.output_layer(s.trace, s.loss),
    "step_jacobians": lambda r, s: r.step_jacobians(s.trace, direction="forward"),
    "jacobian_map": lambda r, s: r.jacobian_map(s.trace, direction="forward"),
    "probed_map": lambda r, s: r.probed_map(s.trace, direction="forward"),
    "leading, 8 directions": lambda r, s: r.leading(s.trace, direction="forward"),
    "lyapunov, all": lambda r, s: r.lyapunov(s.trace, direction="forward"),
    "singular_values": lambda r, s: r.singular_values(s.trace, direction="forward"),
    "singular_values, 8": lambda r, s: r.singular_values(s.trace, count=8, direction="forward"),
    "saturation": lambda r, s: r.saturation(s.trace.layers[0]),
    "unit_memory": lambda r, s: r.unit_memory(s.trace.layers[0]),
    "unit_order, clustering": lambda r, s: r.unit_order(s.trace.layers[0], "clustering"),
    "state_projection": lambda r, s: r.state_projection(s.trace.layers[0], 3),
    "matches": lambda r, s: r.matches(s.trace.layers[0], (0, 1, 2), 0.0),
    "verify": lambda r, s: r.verify(s.trace, s.loss),
    "layer_checks": lambda r, s: r.layer_checks(s.flow),
}
"""A name → the call, from the library and a `Sample`."""


class Sample:
    """A net of one size with its run, its loss and its flow."""

    def __init__(self, rnnviz: Any, size: int, stack: bool) -> None:
        import numpy as np

        rng, count = np.random.default_rng(0), 2 if stack else 1
        self.model = rnnviz.build("lstm", INPUT, size, num_layers=count, bidirectional=stack,
                                  output_size=OUTPUT)  # fmt: skip
        self.x = rng.standard_normal((1000, 1, INPUT))
        self.trace = rnnviz.run(self.model, self.x)
        targets = rng.standard_normal((1000, 1, OUTPUT))
        self.loss = rnnviz.SquaredError(targets, "last")
        self.every = rnnviz.SquaredError(targets, "every")
        self.flow = rnnviz.backprop(self.trace, self.loss)
        self.top = {"layer": count - 1, "direction": "forward"}


def most_held() -> float:
    """The most memory that this process held since the last reset, in MB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return float(next(one for one in lines if one.startswith("VmHWM")).split()[1]) / 1024


def measured(name: str, size: int, stack: bool) -> str:
    """«seconds MB», or «— the refusal», of one row; runs in the child."""
    import rnnviz

    sample = Sample(rnnviz, size, stack)
    call = ROWS[name]
    Path("/proc/self/clear_refs").write_text("5")
    before, start = most_held(), time.process_time()
    try:
        call(rnnviz, sample)
    except ValueError as refusal:
        return f"— {time.process_time() - start:.1f} {refusal}"
    return f"{time.process_time() - start:.2f} {most_held() - before:.0f}"


def child(name: str, size: int, stack: bool, longest: float) -> str:
    """What the child prints; «too long» where it was ended."""
    command = [sys.executable, __file__, "--row", name, "--sizes", str(size)]
    try:
        found = subprocess.run(
            command + ["--stack"] * stack, capture_output=True, text=True, timeout=longest,
            env=with_threads(1), check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return "too long"
    return found.stdout.strip() or found.stderr.strip().splitlines()[-1]


def cell(said: str) -> tuple[str, bool]:
    """An entry of the table, and whether the goals are kept."""
    first, _, rest = said.partition(" ")
    if first == "—":
        return "—", float(rest.split()[0]) < 1
    try:
        seconds, memory = float(first), float(rest)
    except ValueError:
        return said, False
    return f"{seconds:.2g} s, {memory:.0f} MB", seconds < LONGEST and memory <= MOST_MB


def main() -> int:
    """Print the table; 1 where a call took longer or more memory than it may."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", default="128,256,512")
    parser.add_argument("--only", default="")
    parser.add_argument("--row", default="")
    parser.add_argument("--stack", action="store_true")
    parser.add_argument("--longest", type=float, default=2 * LONGEST)
    asked = parser.parse_args()
    sizes = [int(one) for one in asked.sizes.split(",")]
    if asked.row:
        print(measured(asked.row, sizes[0], asked.stack))
        return 0
    only = asked.only.split(",") if asked.only else [one.split(",")[0] for one in ROWS]
    names = [one for one in ROWS if one.split(",")[0] in only]
    kept, refused = True, dict[str, str]()
    print("| what |" + "".join(f" H = {size} |" for size in sizes))
    print("| --- |" + " ---: |" * len(sizes))
    for name in names:
        row = []
        for size in sizes:
            said = child(name, size, asked.stack, asked.longest)
            entry, fine = cell(said)
            row.append(entry if fine else f"**{entry}**")
            kept &= fine
            if entry == "—":
                refused[name] = said.split(" ", 2)[2]
        print(f"| {name} | {' | '.join(row)} |", flush=True)
    for name, why in refused.items():
        print(f"{name}: {why}")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
