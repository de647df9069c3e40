"""PyTorch's packed sequences, projected LSTMs and ignored targets, in float64, with gradients.

python tests/data/make_torch_lengths.py writes torch_lengths.npz. Weights, inputs
and initial states are random. The gradient that comes in is random at every step and example, also
after an example's end, where it must count for nothing.
"""

from pathlib import Path

import numpy as np
import torch
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

T, B, D, H, K = 7, 4, 3, 4, 5
LENGTHS = [3, 7, 1, 5]
CASES = {
    "lstm": (torch.nn.LSTM, {}),
    "lstm, two layers in two directions": (torch.nn.LSTM, {"num_layers": 2, "bidirectional": True}),
    "gru, two layers in two directions": (torch.nn.GRU, {"num_layers": 2, "bidirectional": True}),
    "rnn, in two directions": (torch.nn.RNN, {"bidirectional": True}),
    "whole lstm, projected": (torch.nn.LSTM, {"proj_size": 2}),
    "whole lstm, projected, two layers in two directions": (
        torch.nn.LSTM, {"proj_size": 3, "num_layers": 2, "bidirectional": True},
    ),
    "lstm, projected, in two directions": (
        torch.nn.LSTM, {"proj_size": 2, "bidirectional": True},
    ),
}  # fmt: skip


def case(name):
    kind, more = CASES[name]
    net = kind(D, H, **more).double()
    with torch.no_grad():
        for one in net.parameters():
            one.copy_(torch.randn_like(one) * 0.7)
    x = torch.randn(T, B, D, requires_grad=True, dtype=torch.double)
    places = more.get("num_layers", 1) * (1 + more.get("bidirectional", False))
    sizes = [more.get("proj_size") or H] + [H] * (kind is torch.nn.LSTM)
    start = [torch.randn(places, B, size, requires_grad=True, dtype=torch.double) for size in sizes]
    given = tuple(start) if len(start) > 1 else start[0]
    if name.startswith("whole"):
        outputs, end = net(x, given)
    else:
        packed = pack_padded_sequence(x, torch.tensor(LENGTHS), enforce_sorted=False)
        out, end = net(packed, given)
        outputs, _ = pad_packed_sequence(out, total_length=T)
    dh = torch.randn_like(outputs)
    (outputs * dh).sum().backward()
    ends = end if isinstance(end, tuple) else (end,)
    found = {"x": x, "dh": dh, "outputs": outputs, "dx": x.grad}
    for letter, first, last in zip("hc", start, ends, strict=False):
        found |= {f"{letter}0": first, f"d{letter}0": first.grad, f"final.{letter}": last}
    found |= {f"p/{key}": one for key, one in net.named_parameters()}
    found |= {f"dp/{key}": one.grad for key, one in net.named_parameters()}
    return {f"{name}/{key}": one.detach().numpy() for key, one in found.items()}


def ignored(rng):
    """Cross-entropy of scores, one example after the other as PyTorch averages them."""
    scores = torch.tensor(rng.standard_normal((T, B, K)), requires_grad=True)
    targets = torch.tensor(rng.integers(0, K, (T, B)))
    targets[rng.random((T, B)) < 0.4] = -100
    targets[0] = 1
    each = [torch.nn.functional.cross_entropy(scores[:, b], targets[:, b]) for b in range(B)]
    sum(each).backward()
    found = {"scores": scores, "targets": targets, "each": torch.stack(each), "slope": scores.grad}
    return {f"ignored/{key}": one.detach().numpy() for key, one in found.items()}


if __name__ == "__main__":
    torch.manual_seed(2027)
    everything = ignored(np.random.default_rng(7)) | {"lengths": np.array(LENGTHS)}
    for name in CASES:
        everything |= case(name)
    path = Path(__file__).with_name("torch_lengths.npz")
    np.savez_compressed(path, **everything)
    print(path.stat().st_size)
