"""An RNN that does not learn the adding problem beside an LSTM that does, both recorded.

    pip install torch 'rnnviz[recorder]'
    python docs/examples/adding_problem.py runs/
    python -m rnnviz runs/

Each sequence has T random numbers, two of them marked; the answer, asked at the last step, is the
sum of the marked ones. Always answering 1 has a mean squared error of 1/6.
"""

import sys
from pathlib import Path

import torch

import rnnviz

T, H, BATCH, UPDATES = 40, 12, 32, 1921


def batch():
    """x (T, B, 2), numbers and marks, and the sums (B, 1)."""
    x = torch.rand(T, BATCH, 2)
    x[..., 1] = 0
    for marked in (torch.randint(0, T // 2, (BATCH,)), torch.randint(T // 2, T, (BATCH,))):
        x[marked, torch.arange(BATCH), 1] = 1
    return x, (x[..., 0] * x[..., 1]).sum(0)[:, None]


def train(kind, folder):
    torch.manual_seed(0)
    net, head = getattr(torch.nn, kind)(2, H), torch.nn.Linear(H, 1)
    optimiser = torch.optim.Adam([*net.parameters(), *head.parameters()], 0.01)
    with rnnviz.watch(net, folder, every=96, examples=2, snapshots=10, guessing=1 / 6) as watching:
        for _ in range(UPDATES):
            x, answer = batch()
            loss = (head(net(x)[0][-1]) - answer).square().mean()
            optimiser.zero_grad()
            loss.backward()
            watching.loss(loss)
            optimiser.step()
    print(f"{kind}: mean squared error {float(loss.detach()):.4f}")


if __name__ == "__main__":
    for kind in ("RNN", "LSTM"):
        train(kind, Path(sys.argv[1]) / f"adding-{kind.lower()}")
