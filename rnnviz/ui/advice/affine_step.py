"""What to do about a cell whose step is one φ of a matrix product: is it φ, or W_h?

Of the loss of one step S, going back one step multiplies ‖∂L_S/∂h‖ by what φ lets through times
what W_h makes of the rest. The geometric means of both multiply to the mean factor a step.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rnnviz.analysis.reach import Reach
from rnnviz.core.gradients import LayerFlow
from rnnviz.core.initialisation import spectral_radius
from rnnviz.words import say
from rnnviz.words.numbers import number


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
    return f"{flow.trace.cell.options['nonlinearity']}′"


def radius(flow: LayerFlow) -> str:
    """The largest spectral radius of the blocks of W_h."""
    W_h = np.asarray(flow.trace.parameters["W_h"], np.float64)
    blocks = [flow.trace.cell.block(name, W_h) for name in flow.trace.cell.blocks]
    return number(max(spectral_radius(one) for one in blocks))


def vanishes(flow: LayerFlow, merit: Reach) -> str:
    """Say whether φ or W_h takes more of the gradient in a step, and what to change about it."""
    cell, found = flow.trace.cell, shares(flow, merit.start)
    words = {
        "cell": say(cell.title),
        "phi": number(found.phi),
        "weights": number(found.weights),
        "radius": radius(flow),
    }
    if cell.steepest is not None and cell.steepest < 1:
        return say(
            "Choose tanh instead of σ, whose slope is at most {steepest}: φ lets {phi} of "
            "the {cell}'s gradient through a step.",
            steepest=f"{cell.steepest:g}",
            **words,
        )
    if (off := _off(flow)) > 0.2:
        return say(
            "Draw W_h as the identity, with gain 1: {percent} % of the {cell}'s units are "
            "off, and let nothing through.",
            percent=f"{100 * off:.0f}",
            **words,
        )
    if not np.isfinite(found.weights):
        return say(
            "Draw W_h orthogonal, with gain 1: nothing of the {cell}'s gradient is left to "
            "measure, and ρ(W_h) is {radius}.",
            **words,
        )
    if found.phi < found.weights or _all_alike(flow):
        return _phi_loses(flow, merit, found, words)
    return f"{why(flow, merit)} " + say("Draw W_h orthogonal or as the identity, with gain 1.")


def _phi_loses(flow: LayerFlow, merit: Reach, found: Shares, words: dict[str, str]) -> str:
    past, inputs = _drives(flow)
    if found.weights > 1.1 and past >= inputs:
        return say(
            "Lower the gain to 1/{weights} of what it is: φ is saturated and lets {phi} of "
            "the {cell}'s gradient through a step, although W_h multiplies it by {weights}.",
            **words,
        )
    if found.phi < 0.5 and inputs > past:
        return say(
            "Make the inputs smaller: they saturate φ, which lets {phi} of the {cell}'s "
            "gradient through a step.",
            **words,
        )
    return say(
        "Multiply the gain by {more}, 1 over the mean factor a step: W_h multiplies the {cell}'s "
        "gradient by {weights}, φ by {phi}.",
        more=number(1 / merit.factor),
        **words,
    )


def _off(flow: LayerFlow) -> float:
    """The share of (step, unit) pairs with a gradient at h and a gradient of exactly 0 before φ."""
    before = np.asarray(flow.log10_magnitudes(f"a_{flow.trace.cell.blocks[0]}"))
    reached = np.isfinite(flow.log10_magnitudes("h")[-len(before) :])
    return float(np.isneginf(before[reached]).mean()) if reached.any() else 0.0


def _all_alike(flow: LayerFlow) -> bool:
    """Whether W_h is a multiple of an orthogonal matrix."""
    sigma = np.linalg.svd(np.asarray(flow.trace.parameters["W_h"], np.float64), compute_uv=False)
    return bool(sigma[-1] > 0 and sigma[0] / sigma[-1] < 1.01)


def _drives(flow: LayerFlow) -> tuple[float, float]:
    """Mean |h_{t−1} W_h| and mean |x_t W_x|: the larger one saturates φ."""
    W, record = flow.trace.parameters, flow.trace.record
    with np.errstate(all="ignore"):
        past = np.abs(record["h_prev"] @ W["W_h"]).mean()
        return float(past), float(np.abs(record["x"] @ W["W_x"]).mean())
