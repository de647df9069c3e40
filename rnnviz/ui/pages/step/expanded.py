"""The gradient of the shared weights, term by term, and every term's factors in numbers."""

from __future__ import annotations

import numpy as np
import streamlit as st

from rnnviz.analysis.expanded_sum import Expanded
from rnnviz.experiments.settings import Settings
from rnnviz.ui import affordable, cached, url_controls
from rnnviz.ui.components.time_control import stage
from rnnviz.words import say

TEXT = "currentColor"


def chosen(settings: Settings, cell: str) -> Expanded | None:
    """The expanded gradient of the parameter that is chosen; None where no gradient starts,
    and where no output layer is shown."""
    flow = cached.flow(settings, cell)
    if not flow.outputs.any() or not cached.reads_shown(settings):
        return None
    if not affordable.factors_fit(flow.layers[0]):
        return None
    names = list(flow.trace.model.parameters[0])
    name = url_controls.buttons(
        say("Shared weights"), names, key="weight", words=str,
        default="W_h" if "W_h" in names else names[0],
    )  # fmt: skip
    return cached.expanded(settings, cell, name)


def factors(found: Expanded, size: int) -> None:
    """The sum's formula, and a table of the factors of the term of the timestep shown."""
    st.subheader(say("The gradient of the shared weights, term by term"))
    name, S = found.name, found.start
    st.latex(
        rf"\frac{{\partial L_S}}{{\partial {_latex(name)}}} = \sum_{{k=1}}^{{S}}"
        r"\frac{\partial L_S}{\partial y_S}\,\frac{\partial y_S}{\partial h_S}\,"
        r"\frac{\partial h_S}{\partial s_k}\,"
        rf"\frac{{\partial^{{+}} s_k}}{{\partial {_latex(name)}}},\qquad S = {S}"
    )
    stage.live(*rows(found), key="factors", columns=(say("part"), say("norm at k = t")))
    st.caption(say(
        "The loss of step S = {S} is followed alone, and k is the timestep shown. The parts are "
        "vectors and matrices, so their norms are given (of matrices Frobenius norms): the norm of "
        "a product is at most the product of the norms, and often far less. s is the whole state. "
        "∂h_S/∂s_k is the product of S − k step Jacobians; at k = S its norm is √H = {root}. "
        "∂⁺s_k/∂{name} is the derivative of one step with the state before it held fixed.",
        S=S, root=f"{np.sqrt(size):.3g}", name=name,
    ))  # fmt: skip


def rows(found: Expanded) -> tuple[list[stage.Row], np.ndarray]:
    """Live rows for the factors, the term and the sums, and their values (n_slots, T)."""
    steps, name = len(found.terms), found.name
    even = np.ones(steps)
    between, arriving = (
        np.where(np.arange(steps) < found.start, one, -np.inf)
        for one in (found.between, found.arriving)
    )
    parts = [
        ("∂L_{S}/∂y_{S}", say("loss by output"), found.output * even),
        ("∂y_{S}/∂h_{S}", say("output by hidden state: W_y"), found.readout * even),
        ("∂h_{S}/∂s_{k}", say("the step Jacobians from S back to k, multiplied"), between),
        ("∂L_{S}/∂s_{k}", say("these three multiplied: what arrives at step k"), arriving),
        (f"∂⁺s_{{k}}/∂{name}", say("one step by its weights"), found.direct),
        (say("term"), say("the last two multiplied: what step k adds"), found.terms),
        ("Σ", say("the terms from S back to this step, added"), found.sums),
        (f"∂L_{{S}}/∂{name}", say("all terms: the whole gradient of L_S"),
         found.sums[0] * even),
    ]  # fmt: skip
    shown = [k for k, (*_, values) in enumerate(parts) if not np.isnan(values).all()]
    lines = [
        stage.Row(parts[k][0], parts[k][1], TEXT, cells=(f"{{{slot}:log}}",))
        for slot, k in enumerate(shown)
    ]
    return lines, np.stack([parts[k][2] for k in shown])


def _latex(name: str) -> str:
    base, _, index = name.partition("_")
    return f"{base}_{{{index}}}" if index else base
