"""What is left of a cell's gradient, which steps make that of the weights, and what helps."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rnnviz import advice
from rnnviz.analysis.bounds import FAR, missed, predictions
from rnnviz.analysis.reach import Reach
from rnnviz.core.gradients import LayerFlow
from rnnviz.experiments.remedies import Tried
from rnnviz.words import say


def finding(
    flow: LayerFlow, alone: LayerFlow, found: Reach, tried: Sequence[Tried] | None = None
) -> str:
    """What is left of the gradient and why, which steps make that of the weights, what helps.

    ``alone`` is the flow of the one loss that ``found`` follows by the memory state; ``tried`` is
    what was tried on the cell, None where nothing was.
    """
    lines = [advice.left(alone, found)]
    if said := advice.why(alone, found):
        lines.append(said)
    if flow is not alone:
        lines.append(say("That is the loss of step {start} alone; the charts show all losses "
                         "together.", start=found.start))  # fmt: skip
    if (recent := half_of_weights(flow)) is not None:
        length = len(flow.trace.record["h"])
        lines.append(
            say("Half of what the steps add to ∂L/∂W_h (the sum of norms) comes from the last of "
                "{T} steps alone.", T=length) if recent == 1
            else say("Half of what the steps add to ∂L/∂W_h (the sum of norms) comes from the last "
                     "{n} of {T} steps.", n=recent, T=length)
        )  # fmt: skip
    return " ".join([*lines, advice.best(tried, flow.trace.cell.name)]).rstrip()


def half_of_weights(flow: LayerFlow) -> int | None:
    """The fewest last steps that add half of Σ_t ‖∂L/∂W_h at t‖; None if there is no sum."""
    name = "W_h" if flow.trace.cell.sees_past else "W_x"
    logs = np.asarray(flow.log10_weight_norms(name), np.float64)
    if not np.isfinite(logs).any() or np.isnan(logs).any() or np.isposinf(logs).any():
        return None
    sizes = 10.0 ** (logs - logs.max())
    summed = np.cumsum(sizes[::-1])
    return int(np.searchsorted(summed, summed[-1] / 2)) + 1


def theory(flow: LayerFlow, *, one_loss: bool) -> str:
    """What the grey lines are, and which lines of theory are left out and why."""
    drawn, left_out = [], []
    for one in predictions(flow):
        apart = missed(flow, one)
        if not abs(apart) > FAR:
            drawn.append(f"{say(one.name)}, {say(one.words)}")
            continue
        words = {"line": say(one.words), "why": say(one.why), "apart": f"{abs(apart):.2g}"}
        left_out.append(
            say("Not drawn: {line}, {apart} powers of ten too high at step 1: {why}.", **words)
            if apart > 0
            else say("Not drawn: {line}, {apart} powers of ten too low at step 1: {why}.", **words)
        )
    lines = []
    if drawn:
        lines.append(
            say(
                "Grey, what theory says of the last loss alone, on step S: {lines}.",
                lines="; ".join(drawn),
            )
        )
    lines += left_out
    if left_out and not one_loss:
        lines.append(say("These lines follow the last loss alone; here several steps have one."))
    return " ".join(lines)
