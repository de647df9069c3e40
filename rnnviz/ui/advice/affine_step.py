"""What to do about a cell whose step is one φ of a matrix product: is it φ, or W_h?

With a loss on one step S, going back one step multiplies ‖∂L/∂h‖ by γ: by what φ lets through times
what W_h makes of the rest, both as geometric means over the steps.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rnnviz.analysis.memory import Memory
from rnnviz.core.gradients import LayerFlow
from rnnviz.core.initialisation import spectral_radius
from rnnviz.words import say
from rnnviz.words.numbers import number


class Shares(NamedTuple):
    """The factors of φ and W_h in γ = phi · weights, the factor of a step back; nan if unknown."""

    phi: float
    weights: float


def shares(flow: LayerFlow, factor: float) -> Shares:
    """Split γ of a cell whose step is one φ; needs gradients at pre-activations."""
    name = flow.trace.cell.blocks[0]
    logs = np.asarray(flow.log10_norms(f"a_{name}"))[1:, 0] - _logs(flow)[1:]
    logs = logs[np.isfinite(logs)]
    if not logs.size or not factor > 0:
        return Shares(np.nan, np.nan)
    phi = float(10.0 ** logs.mean())
    return Shares(phi, factor / phi)


def _logs(flow: LayerFlow) -> NDArray[np.float64]:
    with np.errstate(invalid="ignore"):
        logs = np.asarray(flow.log10_norms("h"))[:, 0]
    return np.where(np.isfinite(logs), logs, np.nan)


def radius(flow: LayerFlow) -> str:
    """The largest spectral radius of the blocks of W_h."""
    W_h = np.asarray(flow.trace.parameters["W_h"], np.float64)
    blocks = [flow.trace.cell.block(name, W_h) for name in flow.trace.cell.blocks]
    return number(max(spectral_radius(one) for one in blocks))


def vanishes(flow: LayerFlow, merit: Memory) -> str:
    """Say whether φ or W_h takes more of the gradient in a step, and what to change about it."""
    cell, found = flow.trace.cell, shares(flow, merit.factor)
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
    return say(
        "Draw W_h orthogonal or as the identity, with gain 1: a step through W_h multiplies "
        "the {cell}'s gradient by {weights} (ρ is {radius}), φ by {phi}.",
        **words,
    )


def _phi_loses(flow: LayerFlow, merit: Memory, found: Shares, words: dict[str, str]) -> str:
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
        "Multiply the gain by 1/γ = {more}: a step through W_h multiplies the {cell}'s "
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
