"""What the largest Lyapunov exponent does to a gradient, and what to do about it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.analysis.spectrum import SingularValues
from rnnviz.core.gradients import LayerFlow
from rnnviz.ui import advice
from rnnviz.words import say
from rnnviz.words.numbers import number, power


def finding(
    flow: LayerFlow, exponents: NDArray[np.float64], singular: SingularValues | None = None
) -> str:
    """The factor e^λ₁ a step, the range of the singular values, and what to do.

    Exponents in nats a step, the largest first; without ``singular`` nothing is said of them.
    """
    cell, top = say(flow.trace.cell.title), float(exponents[0])
    length = len(flow.trace.record["h"])
    if np.isnan(top):
        return say(
            "Set W_h by its spectral radius, to 1: some step of the **{cell}** is not finite.",
            cell=cell,
        )
    if np.isneginf(top) and not flow.trace.cell.sees_past:
        return say("The **{cell}** forgets everything: at some step no gate lets anything through.",
                   cell=cell)  # fmt: skip
    if np.isneginf(top):
        return say(
            "The **{cell}** forgets everything: some step lets nothing through in any direction. "
            "Draw W_h orthogonal.",
            cell=cell,
        )
    words = {"cell": cell, "factor": number(float(np.exp(top))), "T": length,
             "more": number(float(np.exp(-top)))}  # fmt: skip
    said = say(
        "Even the direction that the **{cell}** keeps best is multiplied by e^λ₁ = {factor} a "
        "step.",
        **words,
    )
    if singular is not None:
        high, low = (power(float(one)) for one in singular.cumulative[-1][[0, -1]])
        said = say(
            "Even the direction that the **{cell}** keeps best is multiplied by e^λ₁ = {factor} a "
            "step; over all {T} steps the singular values run from {high} to {low}.",
            high=high, low=low, **words,
        )  # fmt: skip
    return f"{said} {_to_do(flow, top * length, words)}"


def _to_do(flow: LayerFlow, grown: float, words: dict[str, Any]) -> str:
    if grown > np.log(10):
        return say("Multiply the gain by {more}, or clip the norm at θ = 1.", **words)
    if not flow.trace.cell.sees_past:
        if grown < -np.log(100):
            return advice.lifted(flow)
        return say("It neither dies nor explodes: a step multiplies by a gate, which is at most 1.")
    if grown > -np.log(100):
        return say("It neither dies nor explodes: raise the gain to see λ₁ rise above 0.")
    if (gate := advice.raise_bias(flow)) is not None:
        return gate
    if flow.trace.cell.keeping_gate is not None:
        return say("Lower the gain, or shorten the sequence: the bias is high enough.")
    return say("Multiply the gain by {more}, or draw W_h orthogonal.", **words)
