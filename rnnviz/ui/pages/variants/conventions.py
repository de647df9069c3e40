"""The GRU with reset before and after the product."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import streamlit as st

from rnnviz.analysis.peephole_and_reset import Conventions, conventions
from rnnviz.experiments.settings import Settings
from rnnviz.figures import palette
from rnnviz.figures.panels import Line, Panel, over_time
from rnnviz.ui import cached
from rnnviz.ui.chart import figure, frame
from rnnviz.ui.components.time_control import stage
from rnnviz.ui.shell.frame import theme
from rnnviz.words import say
from rnnviz.words.numbers import number, power

Labels = tuple[str, ...] | None


@st.cache_resource(max_entries=48, show_spinner=False)
def both(settings: Settings, inner: float) -> tuple[Conventions, Conventions]:
    """Both conventions at H = 1, and at the settings' own H."""
    one = replace(settings, hidden_size=1, edits=())
    return (conventions(cached.flow(one, "gru"), inner),
            conventions(cached.flow(settings, "gru"), inner))  # fmt: skip


def conventions_part(settings: Settings, inner: float, unit: int, labels: Labels) -> None:
    """Both conventions over time, their distance at H = 1 and at H, and both gradients."""
    one, many = both(settings, inner)
    size, look = settings.hidden_size, theme()
    ink, other = palette.cell_color("gru", look), palette.signal_color("z", look)
    pair = (("before", many.before, ink, "solid"), ("after", many.after, other, "dash"))
    names = {"before": say("before"), "after": say("after")}
    apart = {H: _log10(np.linalg.norm(which.apart("h"), axis=1))
             for H, which in ((1, one), (size, many))}  # fmt: skip
    rows = [
        Panel(say("h, unit {unit}", unit=unit), [
            Line(names[key], np.asarray(flow.trace["h"][:, 0, unit], float), color, dash)
            for key, flow, color, dash in pair], "state", "h"),
        Panel(say("r, unit {unit}", unit=unit), [
            Line(names[key], np.asarray(flow.trace["r"][:, 0, unit], float), color, dash)
            for key, flow, color, dash in pair], "gate", "r"),
        Panel(say("How far apart the two states are"), [
            Line(f"H = {H}", values, color, dash)
            for (H, values), color, dash in zip(
                apart.items(), (palette.QUIET[look], ink), ("dot", "solid"), strict=False)
        ], "power", "‖Δh<sub>t</sub>‖₂"),
        Panel(say("Gradient of both, H = {H}", H=size), [
            Line(names[key], cached.norms(flow), color, dash, first=0)
            for key, flow, color, dash in pair], "power", "‖∂L/∂h<sub>t</sub>‖₂"),
    ]  # fmt: skip
    st.table(_table(one, many))
    stage.readout(
        say("At t = {t}, unit {unit}: h = {0} with reset before, {1} with reset after; ‖Δh‖ = "
            "{2:log}.", unit=unit),
        np.array([*(flow.trace["h"][:, 0, unit] for _, flow, _, _ in pair), apart[size]], float),
        key="conventions_now",
    )  # fmt: skip
    figure(
        over_time(rows, theme=look, labels=labels, height=190, first=0), key="conventions",
        definition=say(
            "Before: g = tanh(x W_x + (r ⊙ h) W_h + b_g + b_h), as the GRU was published first. "
            "After: g = tanh(x W_x + b_g + r ⊙ (h W_h + b_h)), as PyTorch, cuDNN and Keras compute "
            "it. Same weights, same input, same gradient from the loss into h."
        ),
        summary=say(
            "The states of both conventions are at most {one} apart at H = 1 and {many} at H = "
            "{H}; ‖∂L/∂h‖ at step 1 is {before} and {after}.",
            one=power(float(apart[1].max())), many=power(float(apart[size].max())), H=size,
            before=power(float(cached.norms(many.before)[1])),
            after=power(float(cached.norms(many.after)[1])),
        ),
        data=lambda: frame(rows),
    )  # fmt: skip
    st.caption(say(
        "From the same h_(t−1) and r, the candidates' pre-activations differ in unit j by Σ_k (r_j "
        "− r_k) h_k W_kj − (1 − r_j) b_h: exactly 0 where b_h = 0 and there is one unit, where W_h "
        "is diagonal, or where all of r are equal."
    ))  # fmt: skip


def _log10(values: np.ndarray) -> np.ndarray:
    with np.errstate(divide="ignore"):
        return np.asarray(np.log10(values))


def _table(one: Conventions, many: Conventions) -> pd.DataFrame:
    head = [*(say("{signal}, largest difference", signal=name) for name in "rzgh"),
            say("‖∂L/∂h₁‖ after / before")]  # fmt: skip
    rows = {}
    for found in (one, many):
        logs = [cached.norms(flow)[1] for flow in (found.after, found.before)]
        ratio = power(float(logs[0] - logs[1])) if np.isfinite(logs).all() else "–"
        size = found.before.trace.model.hidden_size
        rows[f"H = {size}"] = [*(number(float(found.apart(n).max())) for n in "rzgh"), ratio]
    return pd.DataFrame(rows, index=head).T
