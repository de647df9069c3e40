"""Points a second of `rnnviz.sweep` on one and two cores, by processes and by dask, and messages:

    python -m tests.benchmarks.sweeps [points] [turns]

Points of an RNN with 64 units and 100 steps, λ₁ included. Comparisons take turns and keep the
quickest. dask's executor is measured where dask[distributed] is installed. Returns 1 where two
cores give less than 0.85 of twice what one gives.
"""

import heapq
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from itertools import count
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from typing import NamedTuple

import rnnviz
from rnnviz.numerics.blas_threads import one_blas_thread
from rnnviz.sweeps import DIAGRAMS, Spec
from rnnviz.sweeps.chunks import SECONDS, Rows, Sizes, rows_of
from rnnviz.sweeps.processes import Processes
from rnnviz.sweeps.sweeping import AHEAD

GOAL = 0.85
WORKERS = (1, 2, 4, 8, 16, 32, 64)
NETWORK = 0.005
"""Seconds that a message is taken to be under way in a cluster, there and back."""


def spec_of(points: int) -> Spec:
    return Spec({"seed": range(points)}, {"cell": "rnn", "T": 100, "H": 64, "gain": 1.5},
                ["log10_share", "lyapunov"])  # fmt: skip


@contextmanager
def spawned() -> Iterator[Executor]:
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        yield pool


@contextmanager
def dask() -> Iterator[Executor]:
    from dask.distributed import Client, LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster, \
            Client(cluster) as client:  # fmt: skip
        yield client.get_executor()


def executors() -> dict[str, Callable[[], Iterator[Executor]]]:
    found = {"1 process": lambda: Processes(1), "2 processes": lambda: Processes(2),
             "ProcessPoolExecutor(2)": spawned}  # fmt: skip
    try:
        import distributed  # noqa: F401
    except ImportError:
        print("dask[distributed] is not installed: left out")
    else:
        found["dask, LocalCluster of 2"] = dask
    return found


class Swept(NamedTuple):
    """Seconds of a sweep, of this process's processor, and in which workers were busy; chunks."""

    seconds: float
    own: float
    busy: float
    chunks: int


def swept(pool: Executor, points: int) -> Swept:
    times, heard = list[float](), Sizes.heard
    Sizes.heard = lambda self, rows: (times.append(rows.seconds), heard(self, rows))[1]
    try:
        with tempfile.TemporaryDirectory() as folder:
            start, own = time.perf_counter(), time.process_time()
            found = rnnviz.sweep(spec_of(points), pool, out=Path(folder) / "points.parquet")
            assert found.complete
            seconds = time.perf_counter() - start
            return Swept(seconds, time.process_time() - own, sum(times), len(times))
    finally:
        Sizes.heard = heard


def message(pool: Executor, times: int = 200) -> float:
    """Seconds of a call that computes nothing, one after the other."""
    text, found = spec_of(4).text, list[float]()
    for number in range(times):
        start = time.perf_counter()
        pool.submit(rows_of, text, [], -number).result()
        found.append(time.perf_counter() - start)
    return median(found)


def simulated(workers: int, points: int, of_one: float, own: float, way: float) -> float:
    """Efficiency of so many workers: one process sends and takes chunks in, one at a time.

    ``own`` is what a chunk costs that process, ``way`` how long messages are under way.
    """
    sizes, left, free_at, done_at = Sizes(SECONDS, workers), points, 0.0, 0.0
    ready, order, back = [0.0] * workers, count(), list[tuple[float, int, int, int]]()

    def send(worker: int) -> None:
        nonlocal left, free_at
        size = min(sizes.next(left), left)
        if size:
            left -= size
            free_at += own / 2
            start = max(ready[worker], free_at + way / 2)
            ready[worker] = start + size * of_one
            heapq.heappush(back, (ready[worker] + way / 2, next(order), worker, size))

    for _ in range(AHEAD):
        for worker in range(workers):
            send(worker)
    while back:
        arrived, _, worker, size = heapq.heappop(back)
        free_at = done_at = max(free_at, arrived) + own / 2
        sizes.heard(Rows(range(size), (), (), size * of_one))
        send(worker)
    return points * of_one / workers / done_at


def of_maps() -> dict[str, float]:
    """Processor seconds of a point of each classic map, and of an LSTM with λ₁: the mean."""
    lstm = Spec({"seed": range(60)}, {"cell": "lstm", "T": 100, "H": 64},
                ["log10_share", "horizon", "lyapunov"], name="LSTM with λ₁")  # fmt: skip
    found = {}
    with one_blas_thread():
        for spec in (*DIAGRAMS.values(), lstm):
            numbers = list(range(0, len(spec), len(spec) // 60))
            rows_of(spec.text, numbers[:2], 0)
            times = []
            for _ in range(3):
                start = time.process_time()
                rows_of(spec.text, numbers, 0)
                times.append((time.process_time() - start) / len(numbers))
            found[spec.name] = min(times)
    return found


def main(points: int = 1200, turns: int = 3) -> int:
    costs = of_maps()
    of_one = next(iter(costs.values()))
    for name, seconds in costs.items():
        print(f"{name}: {1000 * seconds:.1f} ms of a core a point (goal 25), 4800 points "
              f"{2400 * seconds:.0f} s of two cores (goal 60)")  # fmt: skip
    best, messages = dict[str, Swept](), dict[str, float]()
    for _ in range(turns):
        for name, make in executors().items():
            with make() as pool:
                for _ in range(4):
                    pool.submit(rows_of, spec_of(4).text, [0], 0).result()
                swept(pool, 8)
                now = swept(pool, points)
                messages[name] = min(messages.get(name, 9), message(pool))
                best[name] = min(best.get(name, now), now)
    for name, one in best.items():
        share = one.busy / one.seconds / (1 if name == "1 process" else 2)
        print(f"{name}: {points / one.seconds:.0f} points a second, workers busy {share:.1%}, a "
              f"message {1000 * messages[name]:.2f} ms, {one.chunks} chunks, of which each costs "
              f"this process {1000 * one.own / one.chunks:.1f} ms")  # fmt: skip
    alone, two = best["1 process"], best["2 processes"]
    efficiency = alone.seconds / two.seconds / 2
    print(f"efficiency of 2 cores: {efficiency:.2f} (goal {GOAL})")
    for name in ("2 processes", "dask, LocalCluster of 2"):
        if name in best:
            on_paper(name, best[name].own / best[name].chunks, of_one)
    return int(efficiency < GOAL)


def on_paper(name: str, each: float, of_one: float) -> None:
    """What so many workers would do at the measured costs of a point and of a chunk."""
    print(f"on paper, {name}: a point {1000 * of_one:.1f} ms, a chunk of {SECONDS} s costs the "
          f"sending process {1000 * each:.1f} ms, messages {1000 * NETWORK:.0f} ms under way, at "
          f"most {SECONDS / each:.0f} workers")  # fmt: skip
    for workers in WORKERS:
        found = simulated(workers, 48_000, of_one, each, NETWORK)
        print(f"  {workers} workers: {found:.3f}, {workers * found / of_one:.0f} points a second, "
              f"a point a message: {one_by_one(workers, of_one, each):.3f}")  # fmt: skip


def one_by_one(workers: int, of_one: float, own: float) -> float:
    """Efficiency where every point is a message and a file of its own."""
    return min(1.0, of_one / own / workers)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
