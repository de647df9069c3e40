"""What benchmarks share: the machine in words, sides that take turns, medians and their table."""

from __future__ import annotations

import os
import platform
import statistics
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any


def machine() -> str:
    """The machine and the Python that measure."""
    return f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"


def with_threads(count: int) -> dict[str, str]:
    """The environment of a process whose BLAS has so many threads."""
    limits = {f"{name}_NUM_THREADS": str(count) for name in ("OPENBLAS", "OMP", "MKL")}
    return {**os.environ, **limits}


def medians(runs: list[Callable[[], Any]], seconds: float) -> list[float]:
    """Median seconds a call of each side, turn by turn; a turn is as many calls as fill 20 ms."""
    times: list[list[float]] = [[] for _ in runs]
    calls = [repeats(one) for one in runs]
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or len(times[0]) < 3:
        for one, count, own in zip(runs, calls, times, strict=True):
            start = time.perf_counter()
            for _ in range(count):
                one()
            own.append((time.perf_counter() - start) / count)
    return [statistics.median(own) for own in times]


def repeats(one: Callable[[], Any], turn: float = 0.02) -> int:
    """How many calls fill a turn, after a first one to warm up."""
    one()
    start = time.perf_counter()
    one()
    return max(1, round(turn / (time.perf_counter() - start)))


def fastest(
    runs: list[Callable[[], Any]], seconds: float, clock: Callable[[], float]
) -> list[float]:
    """Seconds of the fastest call of each side; they take turns of five calls."""
    best = [float("inf")] * len(runs)
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        for k, one in enumerate(runs):
            for _ in range(5):
                start = clock()
                one()
                best[k] = min(best[k], clock() - start)
    return best


def milliseconds(call: Callable[[], object], repeats: int) -> float:
    """The median time of some calls."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        call()
        times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times)


def table(
    visits: Sequence[Mapping[str, float]], names: Iterable[str], goals: Mapping[str, float]
) -> bool:
    """Print a row a name: median, least, most, goal; whether no median is above its goal."""
    print(f"{'':10} {'median s':>9} {'least':>7} {'most':>7} {'goal':>6}")
    reached = True
    for name in names:
        times = [one[name] for one in visits]
        middle, goal = statistics.median(times), goals.get(name)
        reached &= goal is None or middle <= goal
        print(f"{name:10} {middle:9.2f} {min(times):7.2f} {max(times):7.2f}"
              f" {f'{goal:.1f}' if goal else '':>6}")  # fmt: skip
    return reached
