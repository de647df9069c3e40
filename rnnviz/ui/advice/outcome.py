"""How much of a gradient comes back to step 1: a verdict, and a sentence a cell."""

from __future__ import annotations

import numpy as np

from rnnviz.analysis.memory import Memory
from rnnviz.core.gradients import LayerFlow
from rnnviz.words import say
from rnnviz.words.numbers import number, power

EXPLODES = 1.0
"""log10 of first / last above which a gradient is called exploding: ten times as much."""
VANISHES = -2.0
"""log10 of first / last below which a gradient is called vanishing: less than 1 % is left."""
FINE = Memory(1, 0.0, 1.0, np.inf, None)
"""The memory of a gradient whose norm is the same at every step."""


def verdict(flow: LayerFlow, merit: Memory) -> str:
    """The verdict on a gradient: "none", "lost", "explodes", "vanishes", else "fine"."""
    if flow.trace.first_nonfinite is not None:
        return "lost"
    if merit.start == 0:
        return "none"
    if np.isnan(merit.log10_ratio) or merit.log10_ratio == np.inf:
        return "lost"
    if merit.log10_ratio > EXPLODES:
        return "explodes"
    return "vanishes" if merit.log10_ratio < VANISHES else "fine"


def left(flow: LayerFlow, merit: Memory) -> str:
    """A sentence: the share of a gradient left at step 1, and the steps after which 1 % is left."""
    kept, gate = power(merit.log10_ratio), flow.trace.cell.keeping_gate
    words = {"cell": say(flow.trace.cell.title), "left": kept}
    kind = verdict(flow, merit)
    if kind == "lost":
        return say("The **{cell}** no longer has a finite number.", **words)
    if kind == "none":
        return say("The **{cell}** has none at any step.", **words)
    if merit.horizon:
        words["gone"] = steps(merit.horizon)
    if np.isneginf(merit.log10_ratio):
        return say("The **{cell}** keeps exactly nothing: 99 % is gone after {gone}.", **words)
    if -4 < merit.log10_ratio <= np.log10(1.005):
        words["left"] = percent(10.0**merit.log10_ratio)
    if gate is not None:
        words |= {"gate": gate_title(flow), "mean": number(float(flow.trace[gate].mean()))}
    if merit.log10_ratio > np.log10(1.005):
        if gate is not None:
            return say(
                "The **{cell}** makes {left} times as much of it, with its {gate} at {mean} on "
                "average.",
                **words,
            )
        return say("The **{cell}** makes {left} times as much of it.", **words)
    if merit.log10_ratio > -2:
        if gate is not None:
            return say(
                "The **{cell}** keeps {left} of it, with its {gate} at {mean} on average.", **words
            )
        return say("The **{cell}** keeps {left} of it.", **words)
    if gate is not None:
        return say(
            "The **{cell}** keeps {left} of it: 99 % is gone after {gone}, with its {gate} at "
            "{mean} on average.",
            **words,
        )
    return say("The **{cell}** keeps {left} of it: 99 % is gone after {gone}.", **words)


def gate_title(flow: LayerFlow) -> str:
    """The keeping gate's name in words."""
    cell = flow.trace.cell
    return say(next(one.title for one in cell.signals if one.name == cell.keeping_gate))


def steps(count: int) -> str:
    """A number of steps in words."""
    return say("1 step") if count == 1 else say("{n} steps", n=count)


def percent(share: float) -> str:
    """A share in per cent, two digits: 31 %, 0.29 %."""
    value = 100 * share
    return f"{value:.0f} %" if value >= 10 else f"{value:.2g} %"
