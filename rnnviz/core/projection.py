"""LSTMs whose h is projected before it is handed on (Sak, Senior and Beaufays 2014; proj_size).

Such a layer hands on r_t = h_t W_r, W_r (H, P), to the next step, the layer above and the readout;
its W_h is (P, G·H). Since nothing else reads h, the layer runs as an ordinary one with the matrix
W_r W_h (H, G·H), and its outputs are multiplied by W_r: every signal, gradient and Jacobian of the
records is that of h before the projection, exactly.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from rnnviz.cells import Cell
from rnnviz.numerics.arrays import Array, Arrays
from rnnviz.numerics.records import sealed

NAME = "W_r"


def fits(cell: Cell) -> bool:
    """Whether h reaches the next step through W_h alone, so that it may be projected."""
    wires = [wire for node in cell.statement.nodes for wire in node.of if wire.source == "h_prev"]
    return cell.sees_past and NAME not in cell.shapes(1, 1) and all(
        wire.weight == "W_h" for wire in wires
    )  # fmt: skip


def folded(W: Arrays) -> tuple[Arrays, Array | None]:
    """The parameters that a layer's equations read, and W_r or None."""
    if NAME not in W:
        return W, None
    own = {name: one for name, one in W.items() if name != NAME}
    with np.errstate(all="ignore"):
        return sealed(own | {"W_h": W[NAME] @ W["W_h"]}), W[NAME]


def before(states: Array, W_r: Array | None) -> Array:
    """The smallest h (…, H) that W_r projects to these states (…, P)."""
    return states if W_r is None else np.asarray(states @ np.linalg.pinv(W_r)).astype(W_r.dtype)


def gradient_of(
    G: Array, W: Arrays, h: Array, arriving: Array, start: tuple[Array, Array]
) -> dict[str, Array]:
    """∂L/∂W_h (P, G·H) and ∂L/∂W_r (H, P) from G, that of W_r W_h, and from what leaves the layer.

    h (T, B, H) is recorded, ``arriving`` (T, B, P) is ∂L/∂(what the layer hands on). ``start`` is
    h_0 (B, H) and ∂L/∂a_1 (B, G·H): the first step reads h_0 W_r, given and so without W_r's part.
    """
    rows: Any = h.reshape(-1, h.shape[-1])
    with np.errstate(all="ignore"):
        handed_on = rows.T @ arriving.reshape(len(rows), -1)
        later = G - start[0].T @ start[1]
        return {"W_h": W[NAME].T @ G, NAME: later @ W["W_h"].T + handed_on}
