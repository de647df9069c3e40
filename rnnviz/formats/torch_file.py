"""PyTorch's own files, .pt and .pth, are pickles: opening one would run what is in it."""

from __future__ import annotations

from typing import Never

from rnnviz.words import Refusal

LINES = (
    "import torch, safetensors.torch\n"
    "state = torch.load('net.pt', map_location='cpu', weights_only=True)\n"
    "safetensors.torch.save_file({k: v.clone().contiguous() for k, v in "
    "state.get('state_dict', state).items()}, 'net.safetensors')"
)
"""The lines that convert a state_dict, or a checkpoint with one, where PyTorch is installed."""


def read(data: bytes) -> Never:
    """Raise `Refusal` with LINES; not a byte is unpickled."""
    raise Refusal(
        "A pickle, such as PyTorch's .pt, is never opened, because that would run the code in it; "
        "convert it where PyTorch is installed and open net.safetensors:\n\n{lines}", lines=LINES,
    )  # fmt: skip
