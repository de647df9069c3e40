"""What the numbers of an own cell show, in sentences."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import NamedTuple

import numpy as np

from rnnviz import advice
from rnnviz.analysis.reach import Reach
from rnnviz.cells import OwnCell
from rnnviz.core.gradients import GradientFlow, LayerFlow
from rnnviz.words import say
from rnnviz.words.numbers import number


class Row(NamedTuple):
    """A typed weight: the block of the cell's parameters that it is, its shape and count."""

    typed: str
    block: str
    shape: str
    numbers: int


def parameters(kind: type[OwnCell], inputs: int, hidden: int) -> list[Row]:
    """Every typed weight, D and H put in."""
    cell, shapes = kind(), {}
    whole = cell.shapes(inputs, hidden)
    for parameter, blocks in cell.statement.parameters.items():
        matrix = len(whole[parameter]) == 2 and parameter not in cell.statement.vectors
        for block in blocks:
            joined = f"{parameter}{block}" if "_" in parameter else f"{parameter}_{block}"
            shapes[joined] = (whole[parameter][0], hidden) if matrix else (hidden,)
    return [Row(typed, block, " × ".join(map(str, shapes[block])), prod(shapes[block]))
            for typed, block in kind.weights.items()]  # fmt: skip


def understood(kind: type[OwnCell], count: int) -> str:
    """The gates, candidates and states that were read, and how many numbers are learnt."""
    names = {which: [one.name for one in kind.signals if one.kind == which]
             for which in ("gate", "candidate", "state")}  # fmt: skip
    said = say("**{cell}** has {count} parameters, without the output layer.",
               cell=say(kind.title), count=f"{count:,}")  # fmt: skip
    if names["gate"]:
        said += " " + say("Gates: {names}.", names=", ".join(names["gate"]))
    if names["candidate"]:
        said += " " + say("Candidates: {names}.", names=", ".join(names["candidate"]))
    said += " " + say("Carried to the next step: {names}.", names=", ".join(kind.states))
    unread = unused(kind)
    if unread:
        said += " " + say("{names} reaches no state: nothing depends on it.",
                          names=", ".join(unread))  # fmt: skip
    return f"{said} {say(kind.path)}"


def unused(kind: type[OwnCell]) -> list[str]:
    """The symbols that no state of this step depends on."""
    own, reached = kind().statement, set(kind.states)
    for node in reversed(own.nodes):
        if node.name in reached:
            reached |= {wire.source for wire in node.of}
    return [name for name in own.lines if name not in reached]


def gates(flow: LayerFlow) -> str:
    """The mean of every gate over units and steps."""
    found = [f"{one.name} {number(float(flow.trace[one.name].mean()))}"
             for one in flow.trace.cell.signals if one.kind == "gate"]  # fmt: skip
    if not found or not all(np.isfinite(flow.trace["h"]).ravel()):
        return ""
    return say("Mean of the gates over all units and steps: {gates}.", gates=", ".join(found))


def compared(flows: Mapping[str, GradientFlow], found: Mapping[str, Reach]) -> str:
    """What of the last loss's gradient reaches step 1 in the own cell, the first, and in others."""
    cells = list(found)
    own = cells[0]
    said = advice.left(flows[own].layers[0], found[own])
    fine = [cell for cell in cells[1:]
            if advice.verdict(flows[cell].layers[0], found[cell]) == "fine"]  # fmt: skip
    ends = [f"{say(flows[cell].trace.model.cell.title)} {advice.share(found[cell])}"
            for cell in fine]  # fmt: skip
    if not ends:
        return said
    return said + " " + say("The shares of the others: {shares}.", shares=", ".join(ends))
