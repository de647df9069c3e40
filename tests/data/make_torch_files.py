"""A tagger trained for a moment in PyTorch, its file, and its outputs and gradients in float32.

python tests/data/make_torch_files.py writes torch_tagger.safetensors, as
safetensors.torch.save_file does, and torch_tagger.npz: symbols (B, T), scores (B, T, K), and of the
sum of scores · G the gradients by embedded symbols (B, T, D) and by every parameter; and under
"64/" the same of the same weights in float64, by which both sides' float32 are judged.
"""

import copy
from pathlib import Path

import numpy as np
import safetensors.torch
import torch
from torch import nn

V, D, H, K = 9, 3, 4, 2


class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(V, D)
        self.norm = nn.BatchNorm1d(2)  # not used: its buffers are in the file
        self.encoder = nn.GRU(D, H, num_layers=2, bidirectional=True, batch_first=True)
        self.tags = nn.Linear(2 * H, K)

    def forward(self, x):
        return self.tags(self.encoder(x)[0])


def passed(net, symbols, G):
    """Scores, and the gradients of the sum of scores · G."""
    net.zero_grad()
    x = net.embedding(symbols).detach().requires_grad_()
    scores = net(x)
    (scores * G).sum().backward()
    found = {"scores": scores.detach(), "dx": x.grad}
    return found | {f"d/{name}": one.grad.clone() for name, one in net.named_parameters()
                    if one.grad is not None}


if __name__ == "__main__":
    torch.manual_seed(5)
    net = Tagger()
    symbols = torch.randint(0, V, (2, 11))
    optimiser = torch.optim.Adam(net.parameters(), 0.05)
    for _ in range(30):
        optimiser.zero_grad()
        scores = net(net.embedding(symbols))
        nn.functional.cross_entropy(scores.flatten(0, 1), symbols.flatten() % K).backward()
        optimiser.step()
    G = torch.randn(2, 11, K)
    found = {"symbols": symbols, "G": G} | passed(net, symbols, G)
    double = {f"64/{name}": one for name, one in passed(copy.deepcopy(net).double(), symbols,
                                                        G.double()).items()}
    found |= double
    folder = Path(__file__).parent
    np.savez_compressed(
        folder / "torch_tagger.npz", **{name: one.numpy() for name, one in found.items()}
    )
    safetensors.torch.save_file(net.state_dict(), folder / "torch_tagger.safetensors")
