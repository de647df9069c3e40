"""How all steps change the length of the direction that is kept best, and what helps most."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rnnviz.advice.measured import best
from rnnviz.analysis.spectrum import SingularValues
from rnnviz.core.gradients import LayerFlow
from rnnviz.experiments.remedies import Tried
from rnnviz.words import say
from rnnviz.words.numbers import number, power

SAME = 0.005
"""A product whose logarithm is nearer to 0 is written as 1.00."""


def finding(
    flow: LayerFlow, exponents: NDArray[np.float64], singular: SingularValues | None = None,
    tried: Sequence[Tried] | None = None,
) -> str:  # fmt: skip
    """How all steps change the length of the direction that is kept best, and what helps most.

    Exponents in nats a step, the largest first: without ``singular`` they stand for it.
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
    grown = top * length
    if singular is not None and np.isfinite(singular.cumulative[-1, 0]):
        grown = float(singular.cumulative[-1, 0]) * float(np.log(10))
    words = {"cell": cell, "factor": number(float(np.exp(grown / length))), "T": length,
             "all": power(grown / float(np.log(10)))}  # fmt: skip
    said = say(
        "A step of the **{cell}** multiplies the direction that it keeps best by e^λ₁ = {factor} "
        "on average: × {all} over all {T} steps.",
        **words,
    )
    if singular is not None and singular.cumulative.shape[1] == 1:
        said = say(
            "Over all {T} steps the **{cell}** multiplies a small change of its one number by "
            "{all}, a mean factor of {factor} a step.", **words,
        )  # fmt: skip
    elif singular is not None:
        said = say(
            "Over all {T} steps the **{cell}** multiplies the direction that it keeps best by "
            "{all}, a mean factor of {factor} a step, and the one that it keeps least by {low}.",
            low=power(float(singular.cumulative[-1, -1])), **words,
        )  # fmt: skip
    return f"{said} {_fate(grown)} {best(tried, flow.trace.cell.name)}".rstrip()


def before(singular: SingularValues) -> str:
    """How all steps changed the length of the direction that was kept best, before training."""
    logs = float(singular.cumulative[-1, 0])
    return say("Before training all steps multiplied the direction kept best by {all}.",
               all=power(logs))  # fmt: skip


def _fate(grown: float) -> str:
    """How all steps together change its length; ``grown`` is the logarithm of their product."""
    if grown > np.log(10):
        return say("Gradients along the direction kept best explode.")
    if grown < -np.log(100):
        return say("Even gradients along the direction kept best vanish.")
    if abs(grown) < SAME:
        return say("The direction kept best keeps its length.")
    if grown > 0:
        return say("The direction kept best grows, though less than tenfold.")
    return say("The direction kept best shrinks, but more than 1 % of its length is left.")
