"""A stack of two LSTM layers in two directions, as PyTorch's newer exporter writes it in ONNX.

python tests/data/make_torch_dynamo.py, with torch 2.13 and onnxscript 0.7, writes
torch_dynamo.npz: the file's bytes, x (T, B, D) and PyTorch's outputs (T, B, 2H) in float32. The
exporter fixes T and B, and its shapes between the layers are constants.
"""

import io
from pathlib import Path

import numpy as np
import torch
from torch import nn

if __name__ == "__main__":
    torch.manual_seed(0)
    net, x = nn.LSTM(3, 4, num_layers=2, bidirectional=True), torch.randn(7, 2, 3)
    file = io.BytesIO()
    torch.onnx.export(net, (x,), dynamo=True).save(file)
    np.savez_compressed(
        Path(__file__).parent / "torch_dynamo.npz", onnx=np.frombuffer(file.getvalue(), np.uint8),
        x=x.numpy(), y=net(x)[0].detach().numpy(),
    )
