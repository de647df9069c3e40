"""What the numbers say, in words made from the numbers."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from rnnviz.cells import CELLS
from rnnviz.figures.axes import number, power
from rnnviz.gradients import GradientFlow
from rnnviz.memory import Memory


def compared(found: Mapping[str, GradientFlow], merits: Mapping[str, Memory]) -> str:
    """What is left at the first step of the gradient at the last, a clause a cell, and why."""
    steps = len(next(iter(found.values())).trace.x)
    clauses = "; ".join(_one(cell, flow, merits[cell]) for cell, flow in found.items())
    return (
        f"Of the gradient that reaches the hidden state at step {steps}, going back to step 1: "
        f"{clauses}."
    )


def _one(cell: str, flow: GradientFlow, merit: Memory) -> str:
    name, left = f"the **{CELLS[cell].title}**", power(merit.log10_ratio)
    if np.isneginf(flow.log10_norms("h")[-1]).all():
        return f"{name} has none to begin with, for no loss sits there"
    if np.isnan(merit.log10_ratio) or merit.log10_ratio == np.inf:
        return f"{name} no longer has a finite number"
    if np.isneginf(merit.log10_ratio):
        text = f"{name} keeps exactly nothing, 99 % gone after {_steps(merit.horizon)}"
    elif merit.log10_ratio > np.log10(1.5):
        text = f"{name} makes {left} times as much"
    elif merit.horizon is None:
        text = f"{name} keeps {_share(merit.log10_ratio)}"
    else:
        text = f"{name} keeps {left}, 99 % gone after {_steps(merit.horizon)}"
    return text + _why(cell, flow)


def _steps(count: int | None) -> str:
    return "1 step" if count == 1 else f"{count} steps"


def _share(log10: float) -> str:
    percent = 100 * 10.0**log10
    return f"{percent:.0f} %" if percent >= 10 else f"{percent:.2g} %"


def _why(cell: str, flow: GradientFlow) -> str:
    """The gate that keeps the state, with its mean; for a cell without one, that it has none."""
    for gate in CELLS[cell].bias_blocks.values():
        title = next(signal.title for signal in CELLS[cell].signals if signal.name == gate)
        return f" with its {title} at {number(float(flow.trace[gate].mean()))} on average"
    return ""


def summary(found: Mapping[str, GradientFlow], merits: Mapping[str, Memory]) -> str:
    """The headline chart in words, for those who do not see it."""
    parts = []
    for cell, flow in found.items():
        logs = flow.log10_norms("h")[:, 0]
        parts.append(
            f"{CELLS[cell].title}: from {power(float(logs[-1]))} at the last step to "
            f"{power(float(logs[1]))} at the first, factor {number(merits[cell].factor)} a step"
        )
    return "Gradient norm of the hidden state against time. " + "; ".join(parts) + "."
