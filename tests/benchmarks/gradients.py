"""Views of the gradient against PyTorch, both sides in one run, turn by turn, medians.

    python tests/benchmarks/gradients.py       needs torch (CPU) in the environment that runs it

Each function in ROWS measures one quantity, prints its rows and says whether its goals were
reached; adding a row is adding a function. The Jacobian map's other side is what a PyTorch user
writes: the cell's equations in a loop, then for every t one batched `autograd.grad`
(`is_grads_batched=True`, the identity as gradients) to all states before it. (A call for every pair
(t, k) takes PyTorch 40 times as long again.)
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.benchmarks.core import INPUT, KINDS, torch_cell
from tests.benchmarks.measuring import medians
from tests.benchmarks.threads import main

GOALS = {"rnn": 150.0, "lstm": 50.0, "gru": 50.0}
"""How many times as fast as PyTorch the map is to be."""
ITEMISED = 3.0
"""How many times one backward pass all losses carried back alone may cost."""


def torch_states(torch: Any, kind: str, W: dict[str, Any], x: Any, start: Any) -> list[Any]:
    """s_0 … s_T with their graph; h and c of the LSTM side by side in one tensor each."""
    size = W["W_h"].shape[0]
    states = [start]
    for x_t in x:
        h = c = states[-1]
        if kind == "lstm":
            h, c = states[-1].split(size, dim=-1)
        a = x_t @ W["W_x"] + W["b"]
        if kind == "gru":
            rz = torch.sigmoid(a[:, : 2 * size] + h @ W["W_h"][:, : 2 * size])
            g = torch.tanh(a[:, 2 * size :] + (rz[:, :size] * h) @ W["W_h"][:, 2 * size :])
            z = rz[:, size:]
            states.append(z * h + (1 - z) * g)
            continue
        h, c = torch_cell(torch, kind, W, a + h @ W["W_h"], h, c)
        states.append(torch.cat([h, c], dim=-1) if kind == "lstm" else h)
    return states


def torch_map(torch: Any, kind: str, W: dict[str, Any], x: Any) -> Callable[[], Any]:
    """All ‖∂s_t/∂s_k‖_F, k < t, by one batched `autograd.grad` for each t."""
    width = W["W_h"].shape[0] * (2 if kind == "lstm" else 1)
    unit = torch.eye(width, dtype=x.dtype)[:, None]

    def run() -> Any:
        start = torch.zeros(1, width, dtype=x.dtype, requires_grad=True)
        states = torch_states(torch, kind, W, x, start)
        found = torch.zeros(len(states), len(states), dtype=x.dtype)
        for t in range(1, len(states)):
            jacobians = torch.autograd.grad(
                states[t], states[:t], unit, retain_graph=True, is_grads_batched=True
            )
            found[t, :t] = torch.stack([one.norm() for one in jacobians])
        return found

    return run


def jacobian_map(seconds: float) -> bool:
    """The map of all (t, k) at T = 100, H = 32, against PyTorch."""
    import torch

    from rnnviz import build, run
    from rnnviz.analysis.jacobian import jacobian_map as ours

    steps, size, reached = 100, 32, True
    print(f"{'jacobian map':24} {'ours ms':>9} {'torch ms':>9} {'torch/ours':>11} {'goal':>6}")
    for kind in KINDS:
        x = np.random.default_rng(0).standard_normal((steps, INPUT))
        model = build(kind, INPUT, size)
        trace = run(model, x)
        W = {name: torch.tensor(value) for name, value in model.parameters[0].items()}
        sides = [lambda one=trace: ours(one), torch_map(torch, kind, W, torch.tensor(x)[:, None])]
        check(sides[0](), sides[1]().numpy())
        own, other = (1e3 * one for one in medians(sides, seconds))
        reached &= other / own >= GOALS[kind]
        print(f"{kind:4} T={steps} H={size} float64 {own:9.2f} {other:9.1f} {other / own:10.0f}×"
              f" {GOALS[kind]:5.0f}×")  # fmt: skip
    return reached


def check(mine: Any, theirs: Any) -> None:
    """Both sides computed the same thing, where floats can hold it."""
    seen = np.tril(theirs > 1e-30, -1)
    assert np.abs(10.0 ** mine[seen] / theirs[seen] - 1).max() < 1e-9


def itemised(seconds: float) -> bool:
    """Every loss carried back alone against one ordinary backward pass of all of them together."""
    from rnnviz import SquaredError, backprop, build, run
    from rnnviz import itemised as ours

    steps, size, reached, rng = 100, 32, True, np.random.default_rng(0)
    print(f"{'itemised':36} {'itemised ms':>12} {'backprop ms':>12} {'ratio':>7} {'at most':>8}")
    for kind in (*KINDS, "peephole_lstm"):
        trace = run(build(kind, INPUT, size, output_size=2), rng.standard_normal((steps, INPUT)))
        loss = SquaredError(rng.standard_normal((steps, 1, 2)), "every")
        for name, dh in (("array", rng.standard_normal((steps, 1, size))), ("loss", loss)):
            sides = [
                lambda one=trace, dh=dh: ours(one, dh),
                lambda one=trace, dh=dh: backprop(one, dh),
            ]
            own, plain = (1e3 * one for one in medians(sides, seconds / 4))
            reached &= own < ITEMISED * plain
            print(f"{kind:13} {name:5} T={steps} H={size} float64 {own:12.2f} {plain:12.2f}"
                  f" {own / plain:6.2f}× {ITEMISED:7.1f}×")  # fmt: skip
    return reached


def spectra(seconds: float) -> bool:
    """Singular values and Lyapunov exponents, ours alone: no one else computes them this way."""
    from rnnviz import build, run
    from rnnviz.analysis.spectrum import lyapunov, singular_values

    print(f"{'spectrum':30} {'singular values ms':>19} {'lyapunov ms':>12}")
    for kind in KINDS:
        for steps, size in ((50, 16), (100, 32)):
            x = np.random.default_rng(0).standard_normal((steps, INPUT))
            trace = run(build(kind, INPUT, size), x)
            calls = [lambda one=trace: singular_values(one), lambda one=trace: lyapunov(one)]
            values, exponents = (1e3 * one for one in medians(calls, seconds / 4))
            print(f"{kind:4} T={steps:<3} H={size} float64{'':6} {values:19.1f} {exponents:12.1f}")
    return True


ROWS: list[Callable[[float], bool]] = [
    jacobian_map,
    itemised,
    spectra,
]
"""One function a quantity: takes the seconds a row may last, True if its goals were reached."""


def measure(threads: int, seconds: float) -> bool:
    """Every row with one number of threads."""
    import torch

    torch.set_num_threads(threads)
    print(f"\n{threads} thread{'s' * (threads > 1)}")
    reached = [row(seconds) for row in ROWS]
    return all(reached)


if __name__ == "__main__":
    sys.exit(main(__file__, __doc__, 3, measure))
