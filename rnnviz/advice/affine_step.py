"""Why a gradient changes as it does, in a cell whose step is one φ of a matrix product."""

from __future__ import annotations

import numpy as np

from rnnviz.analysis.reach import Reach
from rnnviz.analysis.step_factors import shares
from rnnviz.core.gradients import LayerFlow
from rnnviz.words import say
from rnnviz.words.numbers import number


def why(flow: LayerFlow, found: Reach) -> str:
    """The mean factor a step as what W_h and φ multiply by; nothing for any other cell.

    ``flow`` is that of the loss of step S alone.
    """
    cell = flow.trace.cell
    if cell.keeping_gate is not None or cell.open_path or found.signal == "all":
        return ""
    parts = shares(flow, found.start)
    if not np.isfinite(parts.phi):
        return ""
    return say(
        "Each step back multiplies the {cell}'s gradient by {weights} (W_h) × {phi} ({slope}) = "
        "{factor} on average.",
        cell=say(cell.title), slope=slope_name(flow), factor=number(found.factor),
        weights=number(parts.weights), phi=number(parts.phi),
    )  # fmt: skip


def slope_name(flow: LayerFlow) -> str:
    """The derivative of the cell's φ, as tanh′."""
    return f"{flow.trace.cell.statement.node('h').phi}′"
