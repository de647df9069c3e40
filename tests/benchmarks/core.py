"""Our trace and gradient flow against PyTorch, both sides in one run, turn by turn, medians.

    python tests/benchmarks/core.py            needs torch (CPU) in the environment that runs it

(a) is the loop that a PyTorch user writes to see gradients per timestep: the cell's equations in
Python, `retain_grad` on every state and pre-activation, norms read afterwards. (b) is the fused
`torch.nn` layer, forward and backward, which records nothing. Ours records every gate, state and
gradient and reads the same norms. The loss is a random ∂L/∂h at every timestep; `last` puts it on
the last timestep alone, where gradients run down to where floats end.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.benchmarks.measuring import medians
from tests.benchmarks.threads import main

KINDS = ("rnn", "lstm", "gru")
CASES = [  # steps, batch, hidden, type, loss, the ratio to reach against (a)
    (100, 1, 32, "float64", "every", 6.0),
    (100, 1, 64, "float64", "every", 6.0),
    (1000, 1, 32, "float64", "every", 9.0),
    (1000, 1, 64, "float64", "every", 9.0),
    (1000, 1, 64, "float64", "last", 9.0),
    (200, 8, 64, "float32", "every", 2.5),
]
INPUT = 8


def torch_cell(torch: Any, kind: str, W: Any, a: Any, h: Any, c: Any) -> tuple[Any, Any]:
    """One step as a user writes it; a = x W_x + h W_h + b (for the GRU: x W_x + b)."""
    if kind == "rnn":
        return torch.tanh(a), c
    if kind == "lstm":
        i, f, g, o = a.chunk(4, dim=-1)
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
        return torch.sigmoid(o) * torch.tanh(c), c
    _, z, g = a
    z = torch.sigmoid(z)
    return z * h + (1 - z) * torch.tanh(g), c


def torch_loop(torch: Any, kind: str, W: dict[str, Any], x: Any, dh: Any) -> Callable[[], Any]:
    """(a): forward, backward and norms of every state and pre-activation."""
    size = W["W_h"].shape[0]

    def pre_activation(x_t: Any, h: Any) -> list[Any]:
        if kind != "gru":
            return [x_t @ W["W_x"] + h @ W["W_h"] + W["b"]]
        ax = x_t @ W["W_x"] + W["b"]
        rz = ax[:, : 2 * size] + h @ W["W_h"][:, : 2 * size]
        r = torch.sigmoid(rz[:, :size])
        return [rz, ax[:, 2 * size :] + (r * h) @ W["W_h"][:, 2 * size :]]

    def run() -> Any:
        for parameter in W.values():
            parameter.grad = None
        h = c = torch.zeros(x.shape[1], size, dtype=x.dtype)
        kept: list[list[Any]] = []
        outputs = []
        for x_t in x:
            a = pre_activation(x_t, h)
            gates = a[0] if kind != "gru" else (a[0][:, :size], a[0][:, size:], a[1])
            h, c = torch_cell(torch, kind, W, gates, h, c)
            step = [h, *a] + ([c] if kind == "lstm" else [])
            for tensor in step:
                tensor.retain_grad()
            kept.append(step)
            outputs.append(h)
        (torch.stack(outputs) * dh).sum().backward()
        return [torch.stack([s[k].grad for s in kept]).norm(dim=-1) for k in range(len(kept[0]))]

    return run


def ours(rnnviz: Any, model: Any, x: Any, dh: Any) -> Callable[[], Any]:
    """The full trace and gradient flow, and the norms of every state and pre-activation."""
    names = [*model.cell.states, *(f"a_{block}" for block in model.cell.blocks)]

    def run() -> Any:
        flow = rnnviz.backprop(rnnviz.run(model, x), dh)
        return [flow.log10_norms(name) for name in names]

    return run


def fused(torch: Any, kind: str, x: Any, dh: Any, size: int) -> Callable[[], Any]:
    """(b): torch.nn's layer, forward and backward, nothing recorded."""
    layer = getattr(torch.nn, kind.upper())(x.shape[-1], size, dtype=x.dtype)

    def run() -> Any:
        layer.zero_grad()
        (layer(x)[0] * dh).sum().backward()

    return run


def measure(threads: int, seconds: float) -> bool:
    """Print the table for one number of threads; True if every goal was reached."""
    import numpy as np
    import torch

    import rnnviz

    torch.set_num_threads(threads)
    rng = np.random.default_rng(0)
    reached = True
    print(f"\n{threads} thread{'s' * (threads > 1)}  {'ours ms':>22} {'loop ms':>9} {'fused ms':>9}"
          f" {'loop/ours':>10} {'goal':>6} {'fused/ours':>11}")  # fmt: skip
    for steps, batch, size, dtype, loss, goal in CASES:
        x = rng.standard_normal((steps, batch, INPUT)).astype(dtype)
        dh = rng.standard_normal((steps, batch, size)).astype(dtype)
        dh[: -1 if loss == "last" else 0] = 0
        for kind in KINDS:
            model = rnnviz.build(kind, INPUT, size, dtype=dtype)
            W = {k: torch.tensor(v, requires_grad=True) for k, v in model.parameters[0].items()}
            tx, tdh = torch.tensor(x), torch.tensor(dh)
            runs = [ours(rnnviz, model, x, dh), torch_loop(torch, kind, W, tx, tdh),
                    fused(torch, kind, tx, tdh, size)]  # fmt: skip
            check(runs, model, np)
            own, loop, layer = (1e3 * one for one in medians(runs, seconds))
            reached &= loop / own >= goal
            print(f"{kind:4} T={steps:<4} B={batch} H={size} {dtype} {loss:5} {own:7.2f}"
                  f" {loop:9.2f} {layer:9.2f} {loop / own:9.1f}× {goal:5.1f}×"
                  f" {layer / own:10.2f}×")  # fmt: skip
    linear(rnnviz, np, seconds)
    return reached


def check(runs: list[Callable[[], Any]], model: Any, np: Any) -> None:
    """Both sides computed the same thing: the norms of ∂L/∂h agree where floats can hold them."""
    mine, theirs = runs[0]()[0][1:], runs[1]()[0].numpy().astype(float)
    seen = theirs > 1e-30
    tolerance = 1e-9 if model.dtype == np.float64 else 1e-3
    assert np.abs(10.0 ** mine[seen] / theirs[seen] - 1).max() < tolerance


def linear(rnnviz: Any, np: Any, seconds: float) -> None:
    """Time against T, ours alone."""
    rng = np.random.default_rng(1)
    for kind in KINDS:
        model = rnnviz.build(kind, INPUT, 32)
        runs = []
        for steps in (1000, 2000):
            dh = np.zeros((steps, 1, 32))
            dh[-1] = 1
            runs.append(ours(rnnviz, model, rng.standard_normal((steps, 1, INPUT)), dh))
        short, long = medians(runs, seconds)
        print(f"{kind:4} H=32 float64 last: T = 2000 costs {long / short:.2f} × T = 1000")


if __name__ == "__main__":
    sys.exit(main(__file__, __doc__, 2.5, measure))
