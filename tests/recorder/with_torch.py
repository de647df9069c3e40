"""`rnnviz.watch` on PyTorch's own modules: run it by hand where torch is installed, by

    python -m tests.recorder.with_torch

It trains each net twice, with the recorder and without, and compares weights to the bit and the
recorded norm of the gradients with PyTorch's.
"""

import tempfile
from collections.abc import Callable
from contextlib import nullcontext
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


def cell_loss(cell: Any, heads: Any, x: Any, read: str) -> Any:
    """A cell in a loop; ``read`` "all" has a loss on every second state, twice; "c" on the c's."""
    states, losses = None, []
    for t in range(len(x)):
        states = cell(x[t]) if states is None else cell(x[t], states)
        h = states[0] if isinstance(states, tuple) else states
        if read == "all" and t % 2:
            losses += [one(h).square().mean() for one in heads]
        if read == "c" and isinstance(states, tuple):
            losses.append(states[1].square().mean())
    ends = states if isinstance(states, tuple) else (states,)
    return sum(losses) if losses else sum(one.square().mean() for one in ends)


def trained_cell(folder: str | None, kind: str, read: str) -> tuple[list[Any], list[float]]:
    torch.manual_seed(0)
    cell = getattr(torch.nn, kind)(3, 5)
    heads = [torch.nn.Linear(5, 1), torch.nn.Linear(5, 2)]

    def loss() -> Any:
        with torch.no_grad():  # a validation pass between
            cell_loss(cell, heads, torch.randn(3, 4, 3), read)
        return cell_loss(cell, heads, torch.randn(7, 4, 3), read)

    return updated(folder, cell, heads, loss)


def trained(folder: str | None, kind: str, read: str = "out", packed: bool = False,
            **options: Any) -> tuple[list[Any], list[float]]:  # fmt: skip
    torch.manual_seed(0)
    net = getattr(torch.nn, kind)(3, 5, **options)
    head = torch.nn.Linear((net.proj_size or 5) * (1 + net.bidirectional), 1)
    shape = (4, 7, 3) if net.batch_first else (7, 4, 3)
    return updated(folder, net, [head], lambda: loss_of(net, head, torch.randn(*shape), read,
                                                        packed))  # fmt: skip


def updated(
    folder: str | None, net: Any, heads: list[Any], loss_now: Callable[[], Any]
) -> tuple[list[Any], list[float]]:
    """Weights after 31 updates, recorded into a folder if there is one; each gradient's norm."""
    weights = [*net.parameters(), *(w for one in heads for w in one.parameters())]
    optimiser, norms = torch.optim.Adam(weights, 0.01), []

    def update(tell: Callable[[Any], object]) -> None:
        loss = loss_now()
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


def several(folder: str | None, cell: bool) -> list[Any]:
    """Weights after 31 updates of four backward passes each, and one whose step is skipped."""
    torch.manual_seed(0)
    net, head = (torch.nn.GRUCell if cell else torch.nn.GRU)(3, 5), torch.nn.Linear(5, 1)
    weights = [*net.parameters(), *head.parameters()]
    optimiser = torch.optim.Adam(weights, 0.01)

    def update(k: int) -> None:
        optimiser.zero_grad()
        for _ in range(4):
            x = torch.randn(7, 4, 3)
            loss = cell_loss(net, [head], x, "all") if cell else loss_of(net, head, x, "out", False)
            (loss * (float("inf") if k == 20 else 1)).backward()
        if k != 20:  # as a GradScaler does
            optimiser.step()

    with rnnviz.watch(net, folder, every=10) if folder else nullcontext():
        for k in range(32):
            update(k)
    return [one.detach().numpy() for one in weights]


def check_several() -> None:
    for cell in (False, True):
        with tempfile.TemporaryDirectory() as folder:
            alone, watched = several(None, cell), several(f"{folder}/run", cell)
            assert all(np.array_equal(a, b) for a, b in zip(alone, watched, strict=True)), cell
            run = rnnviz.RecordedRun(f"{folder}/run")
            found = run.read(run.sample(), ["step", "norm_of_examples", "update"])
            assert found["step"] == [0, 10, 20, 30], found["step"]
            finite = [bool(np.isfinite(one)) for one in found["norm_of_examples"]]
            assert finite == [True, True, False, True], finite
            assert min(found["update"]) > 0, found["update"]
            print(f"Four passes an update, one step skipped, {'cell' if cell else 'net'}: weights "
                  f"equal to the bit, logs at updates {found['step']}")  # fmt: skip


def check_clipped() -> None:
    """What clip_grad_norm_ returns at an update, of two passes each, stands at its log."""
    for kind in (torch.nn.GRU, torch.nn.GRUCell):
        torch.manual_seed(0)
        net, head, norms = kind(3, 5), torch.nn.Linear(5, 1), []
        weights = [*net.parameters(), *head.parameters()]
        optimiser = torch.optim.SGD(weights, 0.01)
        with tempfile.TemporaryDirectory() as folder:
            with rnnviz.watch(net, folder, every=3) as watching:
                for _ in range(20):
                    optimiser.zero_grad()
                    for _ in range(2):
                        x = torch.randn(7, 4, 3)
                        loss = cell_loss(net, [head], x, "all") if kind is torch.nn.GRUCell \
                            else loss_of(net, head, x, "out", False)
                        loss.backward()
                    norms.append(torch.nn.utils.clip_grad_norm_(weights, 0.5))
                    watching.clipped(norms[-1], 0.5)
                    optimiser.step()
            run = rnnviz.RecordedRun(folder)
            found = run.read(run.sample(), ["step", "clip_norm", "clip_at"])
        assert found["step"] == list(range(0, 20, 3)), found["step"]
        assert found["clip_norm"] == [float(norms[step]) for step in found["step"]]
        assert set(found["clip_at"]) == {0.5}
        print(f"{kind.__name__}: norms before clipping are those of clip_grad_norm_")


def main() -> None:
    check_clipped()
    check_several()
    cells = [{"kind": kind, "read": read} for kind in ("RNNCell", "LSTMCell", "GRUCell")
             for read in ("all", "ends", "c")]  # fmt: skip
    for case in [*CASES, *cells]:
        way: Any = trained_cell if case in cells else trained
        with tempfile.TemporaryDirectory() as folder:
            alone, _ = way(None, **case)
            watched, norms = way(f"{folder}/run", **case)
            run = rnnviz.RecordedRun(f"{folder}/run")
            found = run.read(run.sample(), ["step", "norm_of_examples", "total_norm"])
            same = all(np.array_equal(a, b) for a, b in zip(alone, watched, strict=True))
            theirs = [norms[step] for step in found["step"]]
            away = np.abs(np.array(found["norm_of_examples"]) / theirs - 1).max()
            total = np.abs(np.array(found["total_norm"]) / theirs - 1).max()
            print(f"{case}: weights {'equal to the bit' if same else 'DIFFER'}, "
                  f"norm of gradients within {away:.1e}, total within {total:.1e}")  # fmt: skip
            assert same, case
            told = case == {"kind": "LSTMCell", "read": "c"}  # what is left out is said
            assert bool(run.net.left_out) == told, case
            assert told or max(total, away) < 1e-4, case


if __name__ == "__main__":
    main()
