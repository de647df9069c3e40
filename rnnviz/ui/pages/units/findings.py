"""What the units of one cell did, in sentences from the numbers.

Numbers in, Markdown out: nothing here draws, and nothing asks for settings.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from rnnviz.analysis.units import (
    Match,
    Ordered,
    Projection,
    extremes,
    saturation,
    silent_units,
    unit_memory,
)
from rnnviz.core.trace import LayerTrace
from rnnviz.words import say, word
from rnnviz.words.numbers import number, percent

NAMED = 12
"""The most units that a sentence lists."""


def units_of(which: Sequence[int]) -> str:
    """Units by their numbers, the first of them."""
    return ", ".join(map(str, which[:NAMED])) + (", …" if len(which) > NAMED else "")


def finding(trace: LayerTrace) -> str:
    """How often gates are saturated, how far apart units' memories are, and which are silent."""
    size = trace.record["h"].shape[-1]
    lines = [_saturated(trace, size), _memories(trace)]
    if silent := silent_units(trace):
        lines.append(say(
            "Silent units, with |h| ≤ 0.01 at every step: {count} of {H}, {units}.",
            count=len(silent), H=size, units=units_of(silent),
        ))  # fmt: skip
    return " ".join(filter(None, lines))


def _saturated(trace: LayerTrace, size: int) -> str:
    """The gate that is saturated most, over all units and steps."""
    uses = saturation(trace)
    cell = say(trace.cell.title)
    if not uses:
        return say("The **{cell}** has no gate, and its h does not saturate.", cell=cell)
    totals = {name: float((use.low + use.high).mean()) for name, use in uses.items()}
    most = max(totals, key=lambda name: totals[name])
    high, low = percent(float(uses[most].high.mean())), percent(float(uses[most].low.mean()))
    if most == "h" and not totals[most]:
        return say("The **{cell}** has no gate, and no h of its {H} units is ever beyond ±0.9.",
                   cell=cell, H=size)  # fmt: skip
    if most == "h":
        return say(
            "The **{cell}** has no gate. Its h is saturated in {all} of the values of {H} units: "
            "{high} are above 0.9, {low} below −0.9.",
            cell=cell, all=percent(totals[most]), H=size, high=high, low=low,
        )  # fmt: skip
    if not totals[most]:
        return say("No gate of the **{cell}**'s {H} units is ever below 0.1 or above 0.9.",
                   cell=cell, H=size)  # fmt: skip
    template = (
        word("Of the **{cell}**'s gates, {gate} is saturated most: {high} of its values, over {H} "
             "units and all steps, are above 0.9 and {low} below 0.1.")
        if len(uses) > 1
        else word("Of the values of the **{cell}**'s gate {gate}, over {H} units and all steps, "
                  "{high} are above 0.9 and {low} below 0.1.")
    )  # fmt: skip
    return say(template, cell=cell, gate=most, H=size, high=high, low=low)


def _memories(trace: LayerTrace) -> str:
    """The shortest and the longest memory of the units."""
    steps, gate = unit_memory(trace)
    known = np.where(np.isnan(steps), -np.inf, steps)
    if np.isneginf(known).all():
        return ""
    longest, shortest = int(known.argmax()), int(np.nanargmin(steps))
    slots = {"longest": longest, "most": number(float(steps[longest])), "shortest": shortest,
             "least": number(float(steps[shortest]))}  # fmt: skip
    if gate is not None:
        return say(
            "By the mean of its gate {gate}, unit {longest} remembers longest, τ = {most} steps, "
            "and unit {shortest} least, {least}.", gate=gate, **slots,
        )  # fmt: skip
    return say(
        "By its autocorrelation, unit {longest} stays alike longest, {most} steps, and unit "
        "{shortest} least, {least}.", **slots,
    )  # fmt: skip


def fixed_gates(trace: LayerTrace) -> str:
    """The units of which a gate is closed, or open, at every step: a list, or that there are none.

    Empty for a cell without gates.
    """
    lines = []
    uses = {name: use for name, use in saturation(trace).items() if name != "h"}
    for name, use in uses.items():
        for units, template in zip(extremes(use), (
            word("- {gate} below 0.1 at every step: unit {units}"),
            word("- {gate} above 0.9 at every step: unit {units}"),
        ), strict=True):  # fmt: skip
            if units:
                lines.append(say(template, gate=name, units=units_of(units)))
    if lines or not uses:
        return "\n".join(lines)
    return say("No unit has a gate that is below 0.1, or above 0.9, at every step.")


def ordered(trace: LayerTrace, found: Ordered) -> str:
    """The first and the last units of an order, with what they were judged by."""
    if found.values is None:
        return ""
    ends = [*found.order[:3], *found.order[3:][-1:]]
    listed = ", ".join(f"{unit} ({number(float(found.values[unit]))})" for unit in ends[:3])
    if len(ends) < 4:
        return say("From the top: unit {list}.", list=listed)
    return say("From the top: unit {list}; last: unit {last} ({value}).", list=listed,
               last=int(ends[3]), value=number(float(found.values[ends[3]])))  # fmt: skip


def projected(found: Projection) -> str:
    """How much of the variance the components have."""
    shares = found.explained
    if np.isnan(shares).any():
        return say("{signal} does not change over time: there is no direction in which it varies.",
                   signal=found.signal)  # fmt: skip
    return say(
        "{count} of {H} directions have {all} of the variance of {signal} over time; one by one "
        "they have {shares}.",
        count=len(shares), H=found.axes.shape[1], all=percent(float(shares.sum())),
        signal=found.signal, shares=", ".join(percent(float(one)) for one in shares),
    )  # fmt: skip


def apart(found: Iterable[Match], marked: tuple[int, int]) -> list[Match]:
    """The stretches that have no step of the marked one."""
    return [one for one in found if one.stop < marked[0] or one.start > marked[1]]


def pattern(
    units: Sequence[int], size: int, signal: str, threshold: float, marked: tuple[int, int],
    found: Sequence[Match], *, chosen: bool,
) -> str:  # fmt: skip
    """Which units the pattern has, and where else they are on."""
    slots = {"count": len(units), "H": size, "signal": signal, "limit": number(threshold),
             "first": marked[0], "last": marked[1], "units": units_of(units)}  # fmt: skip
    if not units:
        return say("No unit has {signal} above {limit} at every step from {first} to {last}: mark "
                   "fewer steps, or lower the threshold.", **slots)  # fmt: skip
    first = (
        say("The pattern is {count} of {H} units: {units}.", **slots) if chosen
        else say("From step {first} to {last}, {count} of {H} units have {signal} above {limit} at "
                 "every step: {units}.", **slots)
    )  # fmt: skip
    others = list(found) if chosen else apart(found, marked)
    if not others:
        return f"{first} " + say("No other stretch has enough of them on at once.")
    best = others[0]
    said = say(
        "Most alike is the stretch from step {start} to {stop}; on throughout are {shared} of the "
        "pattern's units and of the other units {others}.", start=best.start, stop=best.stop,
        shared=best.shared, others=best.others,
    )  # fmt: skip
    number_of = say("Other stretches found: {n}.", n=len(others)) if not chosen else say(
        "Stretches found: {n}.", n=len(others))  # fmt: skip
    return f"{first} {number_of} {said}"
