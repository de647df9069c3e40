"""The core against an earlier commit of itself, both sides in one run, turn by turn, medians.

    python tests/benchmarks/against.py COMMIT

The commit is checked out into a temporary folder; each side runs in a process of its own on one
thread, and the two take turns of 30 ms. What counts is the thread's own time: other work on the
machine takes none of it, though it does take cache. Neither process hands memory back to the
system: whether glibc does so between two passes is decided by the sizes of arrays long gone, and
costs half of a pass. Every cell with every
value of its options: a run and its gradient flow with norms, the run alone, and the step Jacobians.
The ratio is the median over the turns of (now / then): 1.05 is the goal, 1.15 the limit of a step.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).parents[2]
GOAL = 1.05
WHAT = ("run and gradients", "run", "step Jacobians")
SIZES = [(100, 1, 32, "float64"), (1000, 1, 64, "float64"), (200, 8, 64, "float32")]
"""Steps, batch, hidden units, type."""
WORKER = "--worker"


def cases(kinds: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Every cell with every value of its options."""
    return [
        (name, options)
        for name, kind in kinds.items()
        for options in (
            [{key: one} for key, values in kind.choices.items() for one in values] or [{}]
        )
    ]


def work(rnnviz: Any, cell: str, options: dict[str, Any], size: Any) -> list[Callable[[], Any]]:
    """What is timed, by the places in WHAT."""
    steps, batch, hidden, dtype = size
    model = rnnviz.build(cell, 4, hidden, seed=0, dtype=dtype, **options)
    rng = np.random.default_rng(0)
    x = rng.standard_normal((steps, batch, 4)).astype(dtype)
    dh = rng.standard_normal((steps, batch, hidden)).astype(dtype)

    def both() -> None:
        flow = rnnviz.backprop(rnnviz.run(model, x), dh)
        for state in model.cell.states:
            flow.log10_norms(state)

    trace = rnnviz.run(model, x)
    return [both, lambda: rnnviz.run(model, x), lambda: rnnviz.step_jacobians(trace)]


def worker() -> None:
    """Time what is asked for on standard input, in turns; answer with the fastest of a turn."""
    import rnnviz

    made: dict[str, list[Callable[[], Any]]] = {}
    for line in sys.stdin:
        cell, options, size, what, seconds = eval(line)  # from the other process of this script
        key = line.rsplit(",", 2)[0]
        made[key] = made.get(key) or work(rnnviz, cell, options, size)
        end, best = time.perf_counter() + seconds, float("inf")
        while time.perf_counter() < end:
            start = time.thread_time()
            made[key][what]()
            best = min(best, time.thread_time() - start)
        print(best, flush=True)


class Side:
    """A checkout in a process of its own."""

    def __init__(self, root: Path) -> None:
        limits = {f"{name}_NUM_THREADS": "1" for name in ("OPENBLAS", "OMP", "MKL")}
        limits |= {f"MALLOC_{name}_THRESHOLD_": str(2**30) for name in ("TRIM", "MMAP")}
        self.process = subprocess.Popen(
            [sys.executable, __file__, WORKER], cwd=root, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            env={**os.environ, **limits, "PYTHONPATH": str(root)},
        )  # fmt: skip

    def time(self, *asked: Any) -> float:
        """Seconds of the fastest pass in one turn."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(f"{asked!r}\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())


def main() -> int:
    """Print the table; 0 if no ratio is above the goal."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("commit", help="what to compare with")
    parser.add_argument("--turns", type=int, default=11)
    parser.add_argument("--seconds", type=float, default=0.03, help="a turn")
    arguments = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    from rnnviz import CELLS

    above = 0
    with tempfile.TemporaryDirectory() as folder:
        then = Path(folder) / "then"
        command = ["git", "worktree", "add", "--detach", str(then), arguments.commit]
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
        try:
            sides = [Side(then), Side(ROOT)]
            rows = [(SIZES[0], what) for what in range(len(WHAT))]
            rows += [(size, 0) for size in SIZES[1:]]
            for size, what in rows:
                print(f"\n{WHAT[what]}: T = {size[0]}, B = {size[1]}, H = {size[2]}, {size[3]}")
                for cell, options in cases(CELLS):
                    pairs = [
                        [side.time(cell, options, size, what, arguments.seconds) for side in sides]
                        for _ in range(arguments.turns)
                    ]
                    before, now = (min(column) for column in zip(*pairs, strict=True))
                    ratio = statistics.median(new / old for old, new in pairs)
                    above += ratio > GOAL
                    named = " ".join([cell, *map(str, options.values())])
                    print(f"{named:24}{before * 1e3:8.3f} → {now * 1e3:8.3f} ms  {ratio:5.2f}",
                          flush=True)  # fmt: skip
            for side in sides:
                side.process.terminate()
        finally:
            removed = ["git", "worktree", "remove", "--force", str(then)]
            subprocess.run(removed, cwd=ROOT, check=True, capture_output=True)
    print(f"\n{above} ratios above {GOAL}")
    return 1 if above else 0


if __name__ == "__main__":
    if sys.argv[1:] == [WORKER]:
        sys.path.insert(0, os.getcwd())
        worker()
    else:
        sys.exit(main())
