"""Outputs and gradients of Keras 3's layers with other functions than the usual ones, in float32.

KERAS_BACKEND=torch python tests/data/make_keras_cells.py writes keras_cells.npz.
The blocks of the weights are those of rnnviz (GRU: r before z); nothing else is changed.
"""

import json
from pathlib import Path

import keras
import numpy as np
import torch

T, B, D, H = 5, 2, 2, 3
CASES = {
    "lstm": ("LSTM", {"activation": "elu", "recurrent_activation": "hard_sigmoid"}),
    "lstm backwards": ("LSTM", {"activation": "softsign", "recurrent_activation": "hard_sigmoid",
                                "go_backwards": True}),
    "gru": ("GRU", {"activation": "relu", "recurrent_activation": "hard_sigmoid"}),
    "gru before": ("GRU", {"activation": "selu", "recurrent_activation": "softsign",
                           "reset_after": False}),
    "rnn": ("SimpleRNN", {"activation": "softplus"}),
    "rnn exponential": ("SimpleRNN", {"activation": "exponential"}),
}  # fmt: skip


def ours(array, kind):
    """Columns z r h as r z h."""
    if kind != "GRU":
        return array
    z, r, h = np.split(array, 3, axis=-1)
    return np.concatenate([r, z, h], axis=-1)


def case(name, rng):
    kind, more = CASES[name]
    layer = getattr(keras.layers, kind)(H, return_sequences=True, **more)
    x = torch.tensor(rng.standard_normal((B, T, D)), dtype=torch.float, requires_grad=True)
    layer(x)
    layer.set_weights([0.6 * rng.standard_normal(one.shape) for one in layer.weights])
    y, dy = layer(x), rng.standard_normal((B, T, H))
    (y * torch.tensor(dy)).sum().backward()
    found = {"about": np.array(json.dumps({"kind": kind, **more}))}
    found |= {key: one.swapaxes(0, 1) for key, one in
              {"x": x.detach().numpy(), "outputs": y.detach().numpy(), "dh": dy,
               "dx": x.grad.numpy()}.items()}  # fmt: skip
    for key, one in zip(("W_x", "W_h", "b"), layer.weights, strict=True):
        found |= {key: ours(one.value.detach().numpy(), kind)}
        found |= {f"d{key}": ours(one.value.grad.numpy(), kind)}
    return {f"{name}/{key}": one for key, one in found.items()}


if __name__ == "__main__":
    rng = np.random.default_rng(2028)
    everything = {}
    for name in CASES:
        everything |= case(name, rng)
    path = Path(__file__).with_name("keras_cells.npz")
    np.savez_compressed(path, **everything)
    print(path.stat().st_size)
