"""A tagger trained for a moment in PyTorch, its file, and its outputs and gradients in float32.

/opt/torchvenv/bin/python tests/data/make_torch_files.py writes torch_tagger.safetensors, as
safetensors.torch.save_file does, and torch_tagger.npz: symbols (B, T), scores (B, T, K), and of the
sum of scores · G the gradients by embedded symbols (B, T, D) and by every parameter.
"""

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
    optimiser.zero_grad()
    x = net.embedding(symbols).detach().requires_grad_()
    scores = net(x)
    G = torch.randn_like(scores)
    (scores * G).sum().backward()
    found = {"symbols": symbols, "scores": scores.detach(), "G": G, "dx": x.grad}
    found |= {f"d/{name}": one.grad for name, one in net.named_parameters() if one.grad is not None}
    folder = Path(__file__).parent
    np.savez_compressed(
        folder / "torch_tagger.npz", **{name: one.numpy() for name, one in found.items()}
    )
    safetensors.torch.save_file(net.state_dict(), folder / "torch_tagger.safetensors")
