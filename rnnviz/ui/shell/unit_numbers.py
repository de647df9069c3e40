"""One unit's signals in numbers: every equation with its numbers put in, and every gradient."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from rnnviz.cells import Signal
from rnnviz.core.gradients import LayerFlow
from rnnviz.figures import palette
from rnnviz.ui.components.time_control import stage
from rnnviz.words import say

SLOT = re.compile(r"\{(\d+)\}")


def in_numbers(flow: LayerFlow, unit: int) -> None:
    """Every equation of the unit with its numbers, and every gradient."""
    st.subheader(say("All numbers of this unit"))
    rows, values = arithmetic(flow, unit)
    stage.live(rows, values, key="arithmetic", columns=(
        say("signal"), say("value"), say("equation, with the numbers put in"), say("gradient"),
    ))  # fmt: skip
    st.caption(say(
        "Unit {unit} of the {cell}. x·W and h·W are the sums over all inputs and all hidden units. "
        "The gradient is that of the loss, with all that arrives from later steps.",
        unit=unit, cell=say(flow.trace.cell.title),
    ))  # fmt: skip


def arithmetic(flow: LayerFlow, unit: int) -> tuple[list[stage.Row], NDArray[np.float64]]:
    """Live rows for every signal of a unit, and their values (n_slots, T)."""
    trace, rows = flow.trace, list[stage.Row]()
    slots: list[NDArray[np.floating]] = []
    with np.errstate(over="ignore", invalid="ignore"):  # said beside it by `not_finite`
        lines = trace.cell.lines(trace.parameters, trace.record)
    for line in lines:
        signal = next(one for one in trace.cell.signals if one.name == line.signal)
        start = len(slots)
        slots += [term[:, 0, unit] for term in line.terms]
        template = _renumbered(line.template, start)
        value = len(slots) - 1
        slots.append(flow.signs(signal.name)[:, 0, unit])
        slots.append(flow.log10_magnitudes(signal.name)[:, 0, unit])
        bound = max(1.0, _largest(slots[value]))
        low, high = (0.0, 1.0) if signal.kind == "gate" else (-bound, bound)
        rows.append(stage.Row(
            f"{signal.name}_t", say(signal.title), palette.signal_css(signal.name),
            signal_meaning(signal),
            (value, low, high),
            (
                f"{equation(signal, trace.cell.hold)}\n= {template}",
                f"∂L/∂{signal.name}_t = {{{value + 1}:sign}}{{{value + 2}:log}}",
            ),
        ))  # fmt: skip
    return rows, np.array(slots, np.float64)


def equation(signal: Signal, hold: Mapping[str, float]) -> str:
    """The signal's equation, or the value that it is held at."""
    if signal.name not in hold:
        return signal.equation
    return say("{signal} is held at {value:g}", signal=f"{signal.name}_t", value=hold[signal.name])


def signal_meaning(signal: Signal) -> str:
    """What the ends of a gate's range do, in the language of this run; empty for other kinds."""
    if not signal.at_1:
        return ""
    return say("1 {at_1}, 0 {at_0}", at_1=say(signal.at_1), at_0=say(signal.at_0))


def _renumbered(template: str, start: int) -> str:
    """The template with its slots counted from ``start``."""
    return SLOT.sub(lambda hit: f"{{{start + int(hit[1])}}}", template)


def _largest(values: NDArray[np.floating]) -> float:
    return float(np.abs(values[np.isfinite(values)]).max(initial=0))
