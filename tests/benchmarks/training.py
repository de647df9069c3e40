"""Updates in training against PyTorch, both sides in one run, turn by turn, fastest updates.

    python tests/benchmarks/training.py        needs torch (CPU) in the environment that runs it

One update of the adding problem, the loss on the last step: the batch is drawn, forward, mean
squared error, backward, norms clipped to 1, Adam. (a) is a PyTorch loop over `RNNCell`, `LSTMCell`
or `GRUCell`, (b) the fused `torch.nn` layer; both with `torch.optim.Adam` in its fastest CPU form
and with `clip_grad_norm_`. All three sides draw the same batches by the same means. Our GRU is the
one that PyTorch computes (``reset_after``). BLAS has one thread on our side, as in `rnnviz.train`.
With one thread the thread's own time counts, so that other work on the machine takes none of it;
with two, the clock's.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.benchmarks.core import KINDS
from tests.benchmarks.measuring import fastest
from tests.benchmarks.threads import main

CASES = [  # steps, batch, hidden, type, ms an update may take (RNN, LSTM, GRU)
    (30, 32, 24, "float64", (0.6, 2.2, 2.0)),
    (30, 32, 24, "float32", (0.6, 2.2, 2.0)),
    (30, 32, 64, "float32", None),
    (50, 8, 24, "float32", None),
    (100, 32, 32, "float32", None),
]
LOOP, FUSED = 3.0, 1.0
"""How many times as fast as (a) and as (b) an update is to be."""


def ours(kind: str, case: Any) -> Callable[[], float]:
    """One update of ours."""
    from rnnviz.numerics.blas_threads import one_blas_thread
    from rnnviz.training import begin
    from rnnviz.training.trainer import Trainer

    steps, batch, size, dtype, _ = case
    more = {"reset_after": True} if kind == "gru" else {}
    run = begin(kind, "adding", length=steps, batch=batch, hidden_size=size, dtype=dtype,
                rate=0.001, **more)  # fmt: skip
    trainer = Trainer(run.first, run.task, run.plan)

    def update() -> float:
        with one_blas_thread():
            return trainer.step().loss

    return update


def theirs(torch: Any, kind: str, case: Any, *, fused: bool) -> Callable[[], float]:
    """One update of PyTorch's, from the same weights on the same batches."""
    from rnnviz.training import begin

    steps, batch, size, dtype, _ = case
    more = {"reset_after": True} if kind == "gru" else {}
    run = begin(kind, "adding", length=steps, batch=batch, hidden_size=size, dtype=dtype, **more)
    like = {"dtype": getattr(torch, dtype)}
    net = getattr(torch.nn, kind.upper() + ("" if fused else "Cell"))(2, size, **like)
    head = torch.nn.Linear(size, 1, **like)
    fill(torch, net, head, run.first)
    parameters = [one for one in (*net.parameters(), *head.parameters()) if one.requires_grad]
    optimiser = torch.optim.Adam(parameters, lr=0.001, foreach=True)
    batches, count = run.measures.batches, 0

    def last(x: Any) -> Any:
        if fused:
            return net(x)[0][-1]
        state = None
        for x_t in x:
            state = net(x_t, state)
        return state[0] if kind == "lstm" else state

    def update() -> float:
        nonlocal count
        x, targets, _ = batches.training(count)
        count += 1
        loss = ((head(last(torch.from_numpy(x))) - torch.from_numpy(targets[-1])) ** 2).mean()
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimiser.step()
        return float(loss.detach())

    return update


def fill(torch: Any, net: Any, head: Any, model: Any) -> None:
    """Give PyTorch's net a model's weights; a second bias that the model lacks stays 0."""
    W, readout = model.parameters[0], model.readout.parameters
    given = {"weight_ih": W["W_x"].T, "weight_hh": W["W_h"].T, "bias_ih": W["b"],
             "bias_hh": W.get("b_h", 0 * W["b"])}  # fmt: skip
    with torch.no_grad():
        for name, one in net.named_parameters():
            one.copy_(torch.tensor(np.array(given[name.removesuffix("_l0")])))
            one.requires_grad = "b_h" in W or not name.startswith("bias_hh")
        head.weight.copy_(torch.tensor(np.array(readout["W_y"].T)))
        head.bias.copy_(torch.tensor(np.array(readout["b_y"])))


def measure(threads: int, seconds: float) -> bool:
    """Print the table for one number of threads; True if every goal was reached."""
    import torch

    torch.set_num_threads(threads)
    reached = True
    print(f"\n{threads} thread{'s' * (threads > 1)} {'ours ms':>32} {'goal':>5} {'loop ms':>8}"
          f" {'fused ms':>9} {'loop/ours':>10} {'fused/ours':>11}")  # fmt: skip
    for case in CASES:
        for k, kind in enumerate(KINDS):
            sides = [ours(kind, case), theirs(torch, kind, case, fused=False),
                     theirs(torch, kind, case, fused=True)]  # fmt: skip
            check(sides, case[3])
            clock = time.thread_time if threads == 1 else time.perf_counter
            own, loop, layer = (1e3 * one for one in fastest(sides, seconds, clock))
            goal = case[4][k] if case[4] else float("nan")
            reached &= not own > goal and loop / own >= LOOP and layer / own >= FUSED
            print(f"{kind:4} T={case[0]:<3} B={case[1]:<2} H={case[2]} {case[3]:8} {own:7.2f}"
                  f" {goal:5.1f} {loop:8.2f} {layer:9.2f} {loop / own:9.1f}×"
                  f" {layer / own:10.2f}×")  # fmt: skip
    return reached


def check(sides: list[Callable[[], float]], dtype: str) -> None:
    """All sides have the same losses over the first updates: they do the same work."""
    found = np.array([[side() for side in sides] for _ in range(5)])
    within = 1e-5 if dtype == "float64" else 1e-3  # their clipping divides by norm + 1e-6
    assert np.abs(found / found[:, :1] - 1).max() < within, found


if __name__ == "__main__":
    sys.exit(main(__file__, __doc__, 2, measure))
