"""The tab «Saturated gates»: shares of steps at both ends, unit by unit, and fixed gates."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from rnnviz import plot
from rnnviz.advice import definitions
from rnnviz.analysis.units import saturation
from rnnviz.analysis.units.saturated import LIMITS
from rnnviz.core.trace import LayerTrace
from rnnviz.figures import palette
from rnnviz.ui.chart import figure
from rnnviz.ui.components.time_control import stage
from rnnviz.ui.pages.units import findings
from rnnviz.ui.shell.frame import theme
from rnnviz.words import say

Labels = tuple[str, ...] | None


def show(trace: LayerTrace, labels: Labels) -> None:
    """The scatter of shares, the count at the timestep, and the gates that never move."""
    uses = saturation(trace)
    _now(trace, tuple(uses))
    gates = "h" not in uses
    figure(
        plot.saturation(trace, theme=theme()), key="each_saturation",
        definition=say(definitions.SATURATION) if gates else say(
            "A mark a unit: to the right the share of steps at which h is above 0.9, upwards the "
            "share at which it is below −0.9. Units at one place share a mark, whose area grows "
            "with their number. Where h is beyond ±0.9, its own step multiplies the gradient by "
            "1 − h² < 0.19."
        ),
        summary=findings.finding(trace).replace("**", ""), data=lambda: _table(trace),
    )  # fmt: skip
    if said := findings.fixed_gates(trace):
        st.markdown(said)


def _now(trace: LayerTrace, names: tuple[str, ...]) -> None:
    """How many units' gates are saturated at the timestep."""
    parts = [stage.Segment(say("At t = {t}, of {H} units:", H=trace.record["h"].shape[-1]) + "  ")]
    values = []
    for k, name in enumerate(names):
        low, high = LIMITS["h" if name == "h" else "gate"]
        words = say(
            "{gate} above {high} in {n}, below {low} in {m}", gate=name, high=f"{high:g}",
            low=f"{low:g}".replace("-", "−"), n=f"{{{2 * k}:n}}", m=f"{{{2 * k + 1}:n}}",
        )  # fmt: skip
        parts.append(stage.Segment("  ·  " * (k > 0) + words, palette.signal_css(name)))
        signal = trace[name][:, 0]
        values += [(signal > high).sum(axis=1), (signal < low).sum(axis=1)]
    stage.readout(parts, np.array(values, np.float64), key="each_saturation_now")


def _table(trace: LayerTrace) -> pd.DataFrame:
    """A row a unit: mean and shares of every gate."""
    ends = plot.unit_views.ends_of(saturation(trace))
    columns = {}
    for name, use in saturation(trace).items():
        columns[f"{name}: {say('mean')}"] = use.mean
        columns[f"{name}: {ends[0]}"] = use.low
        columns[f"{name}: {ends[1]}"] = use.high
    return pd.DataFrame(columns).rename_axis(say("unit"))
