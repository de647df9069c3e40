"""What the gradients of several cells say side by side, in sentences made from the numbers.

Numbers in, Markdown out: nothing here draws, and nothing asks for settings.
"""

from __future__ import annotations

from collections.abc import Mapping

from rnnviz.advice.affine_step import why
from rnnviz.advice.chips import NO_NAMES
from rnnviz.advice.outcome import gate_title, left, state_title, verdict
from rnnviz.analysis.reach import Reach
from rnnviz.core.gradients import GradientFlow
from rnnviz.words import say
from rnnviz.words.numbers import number, power

Flows = Mapping[str, GradientFlow]
"""Cell → the flow of the followed loss alone."""
Names = Mapping[str, str]
"""Cell → its name, where that is not its title."""


def seen(alone: Flows, found: Mapping[str, Reach], names: Names = NO_NAMES) -> str:
    """What reaches step 1 of the followed gradient and why, a few sentences a cell."""
    lines = []
    for cell, flow in alone.items():
        said = left(flow.layers[0], found[cell], names.get(cell, ""))
        lines += [said, *_why(flow, found[cell])]
    return " ".join(lines)


def _why(flow: GradientFlow, found: Reach) -> list[str]:
    """What the mean factor a step is made of, where that is known."""
    top, kind = flow.layers[0], verdict(flow.layers[0], found)
    if kind in ("lost", "none"):
        return []
    if said := why(top, found):
        return [said]
    if (gate := top.trace.cell.keeping_gate) is None:
        return []
    return [say("Its {gate} is at {mean} on average.", gate=gate_title(top),
                mean=number(float(top.trace[gate].mean())))]  # fmt: skip


def summary(alone: Flows, found: Mapping[str, Reach], names: Names = NO_NAMES) -> str:
    """The headline chart in words, for those who do not see it."""
    start = max((one.start for one in found.values()), default=0)
    lines = [say("Gradient norm of the loss of step {start} alone, against time.", start=start)]
    for cell, flow in alone.items():
        one = found[cell]
        words = {
            "cell": names.get(cell) or say(flow.trace.model.cell.title),
            "state": state_title(flow.layers[0], one),
            "high": power(float(one.log10_norms[one.start])),
            "start": one.start,
            "low": power(float(one.log10_norms[1])),
        }
        lines.append(
            say("{cell}, {state}: from {high} at step {start} to {low} at step 1.", **words)
        )
    return " ".join([*lines, seen(alone, found, names).replace("**", "")])
