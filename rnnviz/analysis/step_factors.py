"""The two factors of one step back in a cell whose step is one φ of a matrix product.

Of the loss of one step S, going back one step multiplies ‖∂L_S/∂h‖ by what φ lets through times
what W_h makes of the rest. The geometric means of both multiply to the mean factor a step.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rnnviz.core.gradients import LayerFlow


class Shares(NamedTuple):
    """What φ and W_h multiply by in a step: phi · weights is the mean factor; nan if unknown."""

    phi: float
    weights: float


def shares(flow: LayerFlow, start: int) -> Shares:
    """Split the mean factor a step exactly: geometric means over the steps back from S to 1.

    ``flow`` is that of the loss of step S = ``start`` alone, of a cell whose step is one φ.
    """
    before = np.asarray(flow.log10_norms(f"a_{flow.trace.cell.blocks[0]}"))[2 : start + 1, 0]
    h = np.asarray(flow.log10_norms("h"))[1 : start + 1, 0]
    if start < 2 or not (np.isfinite(before).all() and np.isfinite(h).all()):
        return Shares(np.nan, np.nan)
    phi, weights = (before - h[1:]).mean(), (h[:-1] - before).mean()
    return Shares(float(10.0**phi), float(10.0**weights))
