"""`rnnviz.watch` on PyTorch's own modules: run it by hand where torch is installed, by

    python -m tests.recorder.with_torch

It trains each net twice, with the recorder and without, and compares weights to the bit and the
recorded norm of the gradients with PyTorch's.
"""

import tempfile
from typing import Any

import numpy as np
import torch

import rnnviz

CASES: list[dict[str, Any]] = [
    {"kind": "RNN", "num_layers": 2, "bidirectional": True}, {"kind": "LSTM"},
    {"kind": "GRU", "batch_first": True}, {"kind": "LSTM", "read": "h"},
    {"kind": "LSTM", "read": "hc", "num_layers": 2, "bidirectional": True},
    {"kind": "GRU", "read": "h", "packed": True, "bidirectional": True},
    {"kind": "LSTM", "packed": True}, {"kind": "LSTM", "read": "hc", "proj_size": 2},
]  # fmt: skip


def loss_of(net: Any, head: Any, x: Any, read: str, packed: bool) -> Any:
    if packed:
        steps = torch.tensor([7, 3, 5, 2])
        x = torch.nn.utils.rnn.pack_padded_sequence(x, steps, enforce_sorted=False)
    out, states = net(x)
    h = states[0] if isinstance(states, tuple) else states
    if read == "h":
        return head(torch.cat(tuple(h[-(2 if net.bidirectional else 1):]), -1)).square().mean()
    if read == "hc":
        return sum(one.square().mean() for one in states)
    if packed:
        out, _ = torch.nn.utils.rnn.pad_packed_sequence(out)
    return head(out).square().mean()


def trained(folder: str | None, kind: str, read: str = "out", packed: bool = False,
            **options: Any) -> tuple[list[Any], list[float]]:  # fmt: skip
    torch.manual_seed(0)
    net = getattr(torch.nn, kind)(3, 5, **options)
    head = torch.nn.Linear((net.proj_size or 5) * (1 + net.bidirectional), 1)
    weights = [*net.parameters(), *head.parameters()]
    optimiser, norms = torch.optim.Adam(weights, 0.01), []

    def update(tell: Any) -> None:
        shape = (4, 7, 3) if net.batch_first else (7, 4, 3)
        loss = loss_of(net, head, torch.randn(*shape), read, packed)
        optimiser.zero_grad()
        loss.backward()
        tell(loss)
        norms.append(float(sum(one.grad.square().sum() for one in net.parameters()) ** 0.5))
        optimiser.step()

    if folder is None:
        for _ in range(31):
            update(lambda loss: None)
    else:
        with rnnviz.watch(net, folder, every=10) as watching:
            for _ in range(31):
                update(watching.loss)
    return [one.detach().numpy() for one in weights], norms


def main() -> None:
    for case in CASES:
        with tempfile.TemporaryDirectory() as folder:
            alone, _ = trained(None, **case)
            watched, norms = trained(f"{folder}/run", **case)
            run = rnnviz.RecordedRun(f"{folder}/run")
            found = run.read(run.sample(), ["step", "norm_of_examples", "total_norm"])
            same = all(np.array_equal(a, b) for a, b in zip(alone, watched, strict=True))
            theirs = [norms[step] for step in found["step"]]
            away = np.abs(np.array(found["norm_of_examples"]) / theirs - 1).max()
            total = np.abs(np.array(found["total_norm"]) / theirs - 1).max()
            print(f"{case}: weights {'equal to the bit' if same else 'DIFFER'}, "
                  f"norm of gradients within {away:.1e}, total within {total:.1e}")  # fmt: skip
            assert same, case
            assert max(total, away) < 1e-4, case


if __name__ == "__main__":
    main()
