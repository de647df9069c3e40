"""What the largest Lyapunov exponent does to a gradient, and what change helps most."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rnnviz.analysis.spectrum import SingularValues
from rnnviz.core.gradients import LayerFlow
from rnnviz.experiments.remedies import Tried
from rnnviz.ui.advice.measured import best
from rnnviz.words import say
from rnnviz.words.numbers import number, power


def finding(
    flow: LayerFlow, exponents: NDArray[np.float64], singular: SingularValues | None = None,
    tried: Sequence[Tried] | None = None,
) -> str:  # fmt: skip
    """The factor e^λ₁ a step, the range of the singular values, and what change helps most.

    Exponents in nats a step, the largest first; without ``singular`` nothing is said of them.
    ``tried`` is what was tried on the cell, None where nothing was.
    """
    cell, top = say(flow.trace.cell.title), float(exponents[0])
    length = len(flow.trace.record["h"])
    if np.isnan(top):
        return say(
            "Some step of the **{cell}** is not finite.", cell=cell,
        )  # fmt: skip
    if np.isneginf(top) and not flow.trace.cell.sees_past:
        return say("The **{cell}** forgets everything: at some step no gate lets anything through.",
                   cell=cell)  # fmt: skip
    if np.isneginf(top):
        return say(
            "The **{cell}** forgets everything: some step lets nothing through in any direction.",
            cell=cell,
        )
    words = {"cell": cell, "factor": number(float(np.exp(top))), "T": length}
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
    return f"{said} {_fate(top * length)} {best(tried, flow.trace.cell.name)}".rstrip()


def _fate(grown: float) -> str:
    """What all steps together make of it; ``grown`` is the logarithm of their product."""
    share = power(grown / np.log(10))
    if grown > np.log(10):
        return say("At that rate all steps together multiply it by {share}: it explodes.",
                   share=share)  # fmt: skip
    if grown < -np.log(100):
        return say("At that rate all steps together multiply it by {share}: it vanishes.",
                   share=share)  # fmt: skip
    return say("At that rate all steps together multiply it by {share}.", share=share)
