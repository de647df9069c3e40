"""The gradient of every cell in detail: of all its signals, and from every step to every other."""

from __future__ import annotations

from collections.abc import Iterator
from math import log2

import numpy as np
from numpy.typing import NDArray

from rnnviz import plot
from rnnviz.advice import definitions
from rnnviz.analysis.jacobian import jacobian_map
from rnnviz.core.gradients import GradientFlow
from rnnviz.figures.axes import colour_range
from rnnviz.reports.parts import Chart, Choice, Heading, Part
from rnnviz.reports.pictures import Flows, Labels, name_of
from rnnviz.words import say
from rnnviz.words.numbers import number, power

MOST_STEPS, MOST_WORK = 200, 10**9
"""A map of all pairs of steps is made up to so many steps, and T n³ (1 + log₂ T)."""


def gradients(flows: Flows, labels: Labels = None) -> Iterator[Part]:
    """One cell at a time: gradients of every signal and, where it is small enough, the map."""
    yield Heading(say("How the gradient flows back"))
    yield Choice({f"{name} gradient": (name_of(name, one), list(_cell(name, one, labels)))
                  for name, one in flows.items()})  # fmt: skip


def _cell(name: str, flow: GradientFlow, labels: Labels) -> Iterator[Part]:
    logs = flow.log10_norms("h")[:, 0]
    words = say("‖∂L/∂h_t‖ runs from {last} at the last step to {first} at step 1.",
                last=power(float(logs[-1])), first=power(float(logs[1])))  # fmt: skip
    yield Chart(plot.gradient_flow(flow, labels=labels), words, say(definitions.FLOW))
    steps, cell = len(flow.trace.x), flow.trace.model.cell
    n = flow.trace.model.hidden_size * len(cell.states)
    if steps > MOST_STEPS or steps * n**3 * (1 + log2(steps)) > MOST_WORK:
        return
    yield Heading(say("From every step back to every earlier one"), 3)
    yield _map(name_of(name, flow), flow, n, labels)


def _map(name: str, flow: GradientFlow, n: int, labels: Labels) -> Chart:
    state = "all" if len(flow.trace.model.cell.states) > 1 else "h"
    logs: NDArray[np.float64] = jacobian_map(flow.trace, state=state)
    low, high = colour_range([logs])
    symbol = "s" if state == "all" else state
    return Chart(
        plot.jacobian_map(logs, state=state, labels=labels),
        say("{cell}: from the last step back to the initial state {far}, one step back at the end "
            "{near}.", cell=name, far=power(float(logs[-1, 0])), near=power(float(logs[-1, -2]))),
        say(definitions.JACOBIAN, symbol=symbol, start=number(n**0.5), n=n, low=power(low),
            high=power(high)),
    )  # fmt: skip
