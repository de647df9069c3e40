"""How much of a gradient comes back to step 1: a verdict, and sentences made from the numbers."""

from __future__ import annotations

import numpy as np

from rnnviz.analysis.reach import Reach
from rnnviz.cells._roles import REST
from rnnviz.core.gradients import LayerFlow
from rnnviz.words import numbers, say, word
from rnnviz.words.numbers import GROWS, number

TURN = 0.1
"""Powers of ten: a line turns where it goes so far below, or above, both its ends."""


def verdict(flow: LayerFlow, found: Reach) -> str:
    """Whether a share can be given: "fine", or "none" without a gradient, "lost" beyond floats."""
    if flow.trace.first_nonfinite is not None:
        return "lost"
    if found.start == 0 or np.isneginf(found.log10_norms[found.start]):
        return "none"
    if np.isnan(found.log10_share) or found.log10_share == np.inf:
        return "lost"
    return "fine"


def left(flow: LayerFlow, found: Reach, name: str = "") -> str:
    """What reaches step 1, the mean factor a step, the 1 % horizon, and whether it is straight.

    ``name`` is the net's, by default its cell's title.
    """
    kind, words = verdict(flow, found), {"cell": name or say(flow.trace.cell.title)}
    if kind == "lost":
        return say("**{cell}**: some number is no longer finite.", **words)
    if kind == "none":
        return say("**{cell}**: no gradient arrives at any step.", **words)
    words |= {"state": state_title(flow, found), "start": str(found.start), "left": share(found),
              "factor": number(found.factor)}  # fmt: skip
    if found.start < 2:
        return say("**{cell}**: the loss is on step 1, so its gradient has no way to go.", **words)
    if grows(found):
        return say(
            "**{cell}**: step 1 receives {left} times the gradient on the {state} at step {start}, "
            "a mean factor of {factor} a step.",
            **words,
        ) + uneven(found)
    said = say(
        "**{cell}**: of the gradient on the {state} at step {start}, {left} reaches step 1, a mean "
        "factor of {factor} a step.",
        **words,
    )
    return f"{said} {horizon_in_words(found)}{uneven(found)}"


def share(found: Reach) -> str:
    """The share left at step 1: in per cent from 0.01 to 100 %, else as a power of ten."""
    return numbers.share(found.log10_share)


def grows(found: Reach) -> bool:
    """Whether step 1 receives more than step S has, to the digits printed."""
    return bool(found.log10_share > GROWS)


def horizon_in_words(found: Reach) -> str:
    """A sentence: from how many steps back on less than 1 % is left."""
    if found.horizon is None and _dips(found):
        return say("More than 1 % reaches step 1, though at some step between less is left.")
    if found.horizon is None:
        return say("More than 1 % is left all the way back.")
    if found.horizon == 1:
        return say("Less than 1 % is left from 1 step back on.")
    return say("Less than 1 % is left from {n} steps back on.", n=found.horizon)


def _dips(found: Reach) -> bool:
    """Whether less than 1 % is left at some step from S to 1."""
    logs = found.log10_norms[1 : found.start + 1]
    return bool((logs < logs[-1] - 2).any())


def uneven(found: Reach) -> str:
    """A sentence, after a space, where the decay is no straight line; else nothing."""
    if found.straight or found.start < 3 or not np.isfinite(found.log10_share):
        return ""
    left = found.log10_norms[found.start : 0 : -1] - found.log10_norms[found.start]
    for k, ends, words in (
        (int(np.nanargmin(left)), min(0.0, found.log10_share), word(
            "The line is not straight: back from step {start} the norm first falls to {turn} of "
            "what it was, at step {t}, then rises."
        )),
        (int(np.nanargmax(left)), max(0.0, found.log10_share), word(
            "The line is not straight: back from step {start} the norm first grows to {turn} times "
            "what it was, at step {t}, then falls."
        )),
    ):  # fmt: skip
        if abs(left[k] - ends) > TURN:
            turn = numbers.share(float(left[k]))
            return " " + say(words, start=found.start, turn=turn, t=found.start - k)
    return " " + say("The line is not straight: single steps multiply by other factors.")


def state_title(flow: LayerFlow, found: Reach) -> str:
    """The state that is followed, in words."""
    if found.signal == "all":
        return say("states h and c together")
    if found.signal == flow.trace.cell.states[-1]:
        return say("memory state {state}", state=found.signal)
    return say("hidden state {state}", state=found.signal)


def gate_title(flow: LayerFlow) -> str:
    """The keeping gate's name in words."""
    cell = flow.trace.cell
    gate = cell.keeping_gate or ""
    title = next(one.title for one in cell.signals if one.name == gate.removeprefix(REST))
    return f"{REST}{say(title)}" if gate.startswith(REST) else say(title)


def steps(count: int) -> str:
    """A number of steps in words."""
    return say("1 step") if count == 1 else say("{n} steps", n=count)
