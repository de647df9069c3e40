"""Forward runs and gradients of the cell variants by PyTorch's autograd, in float64.

python tests/data/make_torch_variants.py writes torch_variants_f64.npz. The
equations are written again here, from the papers; nothing of rnnviz is imported. Every case has
random weights and biases, initial states, an input and a gradient that comes in at every step.
"""

from pathlib import Path

import numpy as np
import torch

T, B, D, H = 7, 3, 2, 4
SHAPES = {"lstm_1997": "igo", "cifg_lstm": "fgo", "janet": "fg", "mingru": "zg", "minlstm": "fig"}


def step(cell, a, past):
    """The states at t from the pre-activations by block and the states at t − 1."""
    s, h, c = torch.sigmoid, past["h"], past.get("c")
    if cell == "lstm_1997":
        c = c + s(a["i"]) * torch.tanh(a["g"])
    if cell == "cifg_lstm":
        c = s(a["f"]) * c + (1 - s(a["f"])) * torch.tanh(a["g"])
    if c is not None:
        return {"h": s(a["o"]) * torch.tanh(c), "c": c}
    if cell == "janet":
        return {"h": s(a["f"]) * h + (1 - s(a["f"])) * torch.tanh(a["g"])}
    if cell == "mingru":
        keep = s(a["z"])
        return {"h": keep * h + (1 - keep) * a["g"]}
    both = s(a["f"]) + s(a["i"])
    return {"h": s(a["f"]) / both * h + s(a["i"]) / both * a["g"]}


def case(cell, rng):
    blocks = SHAPES[cell]
    drawn = {"W_x": (D, len(blocks) * H), "W_h": (H, len(blocks) * H), "b": (len(blocks) * H,)}
    if cell.startswith("min"):
        del drawn["W_h"]
    drawn |= {"x": (T, B, D), "h0": (B, H)} | ({"c0": (B, H)} if "o" in blocks else {})
    given = {k: torch.tensor(rng.standard_normal(n), requires_grad=True) for k, n in drawn.items()}
    dh = rng.standard_normal((T, B, H))
    past, outputs = {name[0]: given[name] for name in ("h0", "c0") if name in given}, []
    for t in range(T):
        wide = given["x"][t] @ given["W_x"] + given["b"]
        if "W_h" in given:
            wide = wide + past["h"] @ given["W_h"]
        past = step(cell, dict(zip(blocks, wide.split(H, dim=1), strict=True)), past)
        outputs.append(past["h"])
    outputs = torch.stack(outputs)
    (outputs * torch.tensor(dh)).sum().backward()
    arrays = {name: one.detach().numpy() for name, one in given.items()}
    arrays |= {f"d{name}": one.grad.numpy() for name, one in given.items()}
    arrays |= {"dh": dh, "outputs": outputs.detach().numpy()}
    return {f"{cell}.{name}": one for name, one in arrays.items()}


if __name__ == "__main__":
    rng = np.random.default_rng(2024)
    found = {key: one for cell in SHAPES for key, one in case(cell, rng).items()}
    np.savez_compressed(Path(__file__).with_name("torch_variants_f64.npz"), **found)
