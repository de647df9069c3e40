"""What the numbers say, in words made from the numbers."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from rnnviz.cells import CELLS
from rnnviz.figures.axes import number, power
from rnnviz.gradients import GradientFlow
from rnnviz.memory import Memory


def compared(
    found: Mapping[str, GradientFlow], merits: Mapping[str, Memory], *, one_loss: bool
) -> str:
    """What is left at the first step of the gradient at the last, a clause a cell, and why.

    ``one_loss`` says whether the loss sits on one step only; else a caution is added.
    """
    start = max(merit.start for merit in merits.values())
    if start == 0:
        return "No gradient reaches the hidden state of any cell: it is exactly 0 at every step."
    clauses = "; ".join(_one(cell, flow, merits[cell]) for cell, flow in found.items())
    text = (
        f"Of the gradient that reaches the hidden state at step {start}, going back to step 1: "
        f"{clauses}."
    )
    caution = " Each step with a loss adds its own: this is not how far a single one travels."
    return text if one_loss else text + caution


def _one(cell: str, flow: GradientFlow, merit: Memory) -> str:
    name, left = f"the **{CELLS[cell].title}**", power(merit.log10_ratio)
    if merit.start == 0:
        return f"{name} has none at any step"
    if np.isnan(merit.log10_ratio) or merit.log10_ratio == np.inf:
        return f"{name} no longer has a finite number"
    gone = f", 99 % gone after {_steps(merit.horizon)}" if merit.horizon else ""
    if np.isneginf(merit.log10_ratio):
        text = f"{name} keeps exactly nothing{gone}"
    elif merit.log10_ratio > np.log10(1.005):
        text = f"{name} makes {left} times as much"
    elif merit.log10_ratio > -2:
        text = f"{name} keeps {_share(merit.log10_ratio)}"
    else:
        text = f"{name} keeps {left}{gone}"
    return text + _why(cell, flow)


def _steps(count: int | None) -> str:
    return "1 step" if count == 1 else f"{count} steps"


def _share(log10: float) -> str:
    percent = 100 * 10.0**log10
    return f"{percent:.0f} %" if percent >= 10 else f"{percent:.2g} %"


def _why(cell: str, flow: GradientFlow) -> str:
    """The gate that keeps the state, with its mean; for a cell without one, that it has none."""
    if (gate := CELLS[cell].keeping_gate) is not None:
        title = next(signal.title for signal in CELLS[cell].signals if signal.name == gate)
        return f" with its {title} at {number(float(flow.trace[gate].mean()))} on average"
    return ""


def summary(found: Mapping[str, GradientFlow], merits: Mapping[str, Memory]) -> str:
    """The headline chart in words, for those who do not see it."""
    parts = []
    for cell, flow in found.items():
        logs, start = flow.log10_norms("h")[:, 0], merits[cell].start
        known = np.isfinite(merits[cell].factor)
        factor = f", factor {number(merits[cell].factor)} a step" if known else ""
        parts.append(
            f"{CELLS[cell].title}: from {power(float(logs[start]))} at step {start} to "
            f"{power(float(logs[1]))} at step 1{factor}"
        )
    return "Gradient norm of the hidden state against time. " + "; ".join(parts) + "."
