"""The GRU with the reset gate before and after the matrix product."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import streamlit as st

from rnnviz import plot
from rnnviz.analysis.peephole_and_reset import Conventions, conventions
from rnnviz.experiments.settings import Settings
from rnnviz.plot.variants import convention_panels, distances
from rnnviz.ui import cached, prose
from rnnviz.ui.chart import figure, frame
from rnnviz.ui.components.time_control import stage
from rnnviz.ui.kept import kept
from rnnviz.ui.shell.frame import theme
from rnnviz.words import say
from rnnviz.words.numbers import number, power

Labels = tuple[str, ...] | None


@kept
def both(settings: Settings, inner: float) -> tuple[Conventions, Conventions]:
    """Both conventions at H = 1, and at the settings' own H."""
    one = replace(settings, hidden_size=1, edits=())
    return (conventions(cached.flow(one, "gru"), inner),
            conventions(cached.flow(settings, "gru"), inner))  # fmt: skip


def conventions_part(settings: Settings, inner: float, unit: int, labels: Labels) -> None:
    """Both conventions over time, their distance at H = 1 and at H, and both gradients."""
    one, many = both(settings, inner)
    size, apart = settings.hidden_size, distances(one, many)
    st.table(_table(one, many))
    stage.readout(
        say("At t = {t}, unit {unit}: h = {0} with reset before the product, {1} with reset after "
            "it; ‖Δh‖ = {2:log}.", unit=unit),
        np.array([*(flow.trace["h"][:, 0, unit] for flow in many), apart[size]], float),
        key="conventions_now",
    )  # fmt: skip
    figure(
        plot.reset_conventions(one, many, unit, theme=theme(), labels=labels), key="conventions",
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
        data=lambda: frame(convention_panels(one, many, unit, theme())),
    )  # fmt: skip
    prose.caption(say(
        "From the same h_(t−1) and r, the candidates' pre-activations in unit j differ (after − "
        "before) by Σ_k (r_j − r_k) h_k W_kj − (1 − r_j) b_h. With b_h = 0 this is exactly 0 if "
        "there is one unit, if W_h is diagonal, or if all entries of r are equal."
    ))  # fmt: skip


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
