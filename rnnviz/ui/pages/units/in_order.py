"""The tab «Units in order»: one signal of all units, by memory, activity or likeness."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from rnnviz import plot
from rnnviz.analysis.units import ORDERS, unit_memory, unit_order
from rnnviz.core.trace import LayerTrace
from rnnviz.ui import prose, url_controls
from rnnviz.ui.chart import figure
from rnnviz.ui.components.time_control import stage
from rnnviz.ui.pages.units import findings
from rnnviz.ui.shell.frame import theme
from rnnviz.words import say, word

Labels = tuple[str, ...] | None
NAMES = {
    "number": word("number"), "memory": word("memory"), "activity": word("activity"),
    "clustering": word("clusters"),
}  # fmt: skip
BY_GATE = word(
    "Memory: τ = 1 / (1 − mean of {gate} over all steps), in steps, the longest on top."
)
BY_LAG = word(
    "Memory: the lag, in steps, at which the autocorrelation of {state} falls to 1/e, the longest "
    "on top. The cell has no gate that keeps its state; what stays alike may also stay so because "
    "the input does."
)
MEANT = {
    "number": word("As the units are stored."),
    "activity": word("Activity: the standard deviation of {signal} over all steps, the largest on "
                     "top."),
    "clustering": word("Clusters: units whose {signal} moves alike stand together, by average "
                       "linkage of 1 − r, r the correlation over all steps; units that are "
                       "constant come last."),
}  # fmt: skip


def show(trace: LayerTrace, labels: Labels) -> None:
    """The heatmap in the chosen order, with what the order means."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = choose_signal(trace, "of", trace.cell.states[-1])
        by = url_controls.buttons(
            say("In the order of"), ORDERS, key="order", default="memory",
            words=lambda one: say(NAMES[one]),
        )  # fmt: skip
    found = unit_order(trace, by, signal=name)  # type: ignore[arg-type]
    _now(trace, name)
    meant = _meaning(trace, by, name)
    figure(
        plot.ordered_units(trace, found, signal=name, labels=labels, theme=theme()),
        key="each_in_order",
        definition=say("{signal} of every unit (rows, by their numbers) at every timestep.",
                       signal=name) + " " + meant,
        summary=f"{meant} {findings.ordered(trace, found)}",
        data=lambda: _table(trace, name),
    )  # fmt: skip
    if said := findings.ordered(trace, found):
        prose.markdown(said)


def choose_signal(trace: LayerTrace, key: str, default: str) -> str:
    """One of the cell's signals."""
    signals = {one.name: one for one in trace.cell.signals}
    return url_controls.buttons(
        say("Signal"), list(signals), key=key, default=default,
        words=lambda one: f"{one} · {say(signals[one].title)}",
    )  # fmt: skip


def _meaning(trace: LayerTrace, by: str, name: str) -> str:
    if by == "memory":
        gate = trace.cell.keeping_gate
        return say(BY_LAG, state=trace.cell.states[-1]) if gate is None else say(BY_GATE, gate=gate)
    return say(MEANT[by], signal=name)


def _now(trace: LayerTrace, name: str) -> None:
    """The units at both ends of the signal, at the timestep."""
    values = trace[name][:, 0].astype(np.float64)
    values = np.where(np.isnan(values), 0, values)
    high, low = values.argmax(axis=1), values.argmin(axis=1)
    steps = np.arange(len(values))
    stage.readout(
        say("At t = {t}, {signal} is largest in unit {0:n}, {1}, and least in unit {2:n}, {3}.",
            signal=name),
        np.stack([high, values[steps, high], low, values[steps, low]]), key="each_in_order_now",
    )  # fmt: skip


def _table(trace: LayerTrace, name: str) -> pd.DataFrame:
    """A row a unit: memory, and mean and spread of the signal."""
    values = trace[name][:, 0]
    return pd.DataFrame({
        say("memory, steps"): unit_memory(trace).steps, say("mean"): values.mean(axis=0),
        say("standard deviation"): values.std(axis=0),
    }).rename_axis(say("unit"))  # fmt: skip
