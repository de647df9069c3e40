"""What `rnnviz.watch` costs a training loop: run it where torch is installed, by

    python -m tests.benchmarks.recorder [threads] [updates]

An LSTM of 128 units trains on T = 100, B = 32, with the recorder at every 50 and without, by turns;
what the recorder's process takes to start, once, is not counted.
"""

import statistics
import sys
import tempfile
import time
from typing import Any

import torch

import rnnviz

TURNS = 5


def main(threads: int = 1, updates: int = 500) -> None:
    torch.set_num_threads(threads)
    net, head = torch.nn.LSTM(8, 128), torch.nn.Linear(128, 1)
    optimiser = torch.optim.Adam([*net.parameters(), *head.parameters()], 1e-3)
    x, target = torch.randn(100, 32, 8), torch.randn(32, 1)

    def seconds() -> float:
        begin = time.perf_counter()
        for _ in range(updates):
            optimiser.zero_grad()
            (head(net(x)[0][-1]) - target).square().mean().backward()
            optimiser.step()
        return time.perf_counter() - begin

    seconds()
    found: dict[str, list[float]] = {"alone": [], "watched": []}
    for _ in range(TURNS):
        found["alone"].append(seconds())
        with tempfile.TemporaryDirectory() as folder, rnnviz.watch(net, f"{folder}/run", every=50):
            seconds()
            found["watched"].append(seconds())
    middle: Any = {name: statistics.median(one) for name, one in found.items()}
    each = {name: f"{1000 * one / updates:.2f} ms" for name, one in middle.items()}
    print(f"{threads} threads, an update: {each}, {middle['watched'] / middle['alone'] - 1:+.1%}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
