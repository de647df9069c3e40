"""The parts of the cuts page: truncation, clipping, and the cliff that clipping is for."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from rnnviz import plot
from rnnviz.analysis.cuts import cliff
from rnnviz.cells import CELLS
from rnnviz.experiments.settings import Settings
from rnnviz.plot.cuts import truncation_panels
from rnnviz.ui import affordable, badge, cached, prose, url_controls
from rnnviz.ui.advice import learnt
from rnnviz.ui.chart import choose_cell, figure, frame, not_finite
from rnnviz.ui.components.time_control import stage
from rnnviz.ui.pages.cuts import findings
from rnnviz.ui.shell.frame import heading, theme
from rnnviz.words import say, word
from rnnviz.words.numbers import number, power

KINDS = {"norm": word("the total norm"), "value": word("each number")}
CLIFF = 4.2, -2.62
"""w and b from which the clipped step ends near the valley, and the unclipped one far beyond it."""


def show(settings: Settings) -> None:
    """Truncated backpropagation with a slider k, clipping with a slider θ, and the cliff."""
    place = heading(say("What truncation and clipping remove"))
    prose.caption(say(
        "The first chart shows the gradient at every step, in full and truncated to windows of "
        "k steps; the table shows each gradient before and after clipping; the last picture "
        "shows why one clips."
    ))  # fmt: skip
    cell = choose_cell(settings.cells)
    checked = badge.of_cells(place, settings, (cell,))
    flow, labels = cached.flow(settings, cell), cached.labels(settings)
    steps = len(flow.trace.x)
    learnt.show(settings, cell)
    stage.timeline(steps, labels=labels, back=True)
    _truncation(settings, cell, steps, labels)
    not_finite({cell: flow})
    with st.container(key="clipping"):
        _clipping(settings, cell)
    _cliff()
    prose.caption(f"{say(settings.in_words())}.")
    checked()


def _truncation(settings: Settings, cell: str, steps: int, labels: tuple[str, ...] | None) -> None:
    st.subheader(say("Truncated backpropagation through time"))
    quick = affordable.trials_by_themselves(settings)
    k = min(10 if quick else max(10, steps // 10), steps)
    if steps > 1:
        k = int(url_controls.slider(say("k, steps between cuts"), 1, steps, key="k", default=k))
    found = cached.cut(settings, cell, k)
    tried = {one: cached.cut(settings, cell, one)
             for one in findings.others(k, steps) if quick}  # fmt: skip
    prose.markdown(findings.truncation(found, k, tried))
    state = CELLS[cell].states[-1]
    full, part = (one.log10_norms(state)[:, 0] for one in (found.full, found.flow))
    removed = found.removed[0][:, 0]
    stage.readout(
        say("At t = {t}: ‖∂L/∂s‖ is {0:log} in full and {1:log} truncated; removed share "
            "{2}.").replace("∂s", f"∂{state}"),
        np.stack([full[1:], part[1:], removed[1:]]), key="cut_now",
    )  # fmt: skip
    words = findings.missing(found)
    figure(
        plot.truncation(found, theme=theme(), labels=labels), key="truncated",
        definition=say(
            "Windows of k steps are counted from the start. States pass from window to window, "
            "gradients do not: a step before a cut receives nothing from the losses after it. The "
            "gradient is that on the memory state {state}.", state=state,
        ),
        summary=say("{cell}: {words}", cell=say(CELLS[cell].title), words=words),
        data=lambda: frame(truncation_panels(found, theme())),
    )  # fmt: skip
    prose.markdown(words)


def _clipping(settings: Settings, cell: str) -> None:
    st.subheader(say("Clipping"))
    left, right = st.columns(2)
    with left:
        kind = url_controls.buttons(
            say("Clip"), tuple(KINDS), key="clip", default="norm",
            words=lambda name: say(KINDS[name]),
        )  # fmt: skip
    with right:
        exponent = url_controls.slider("log₁₀ θ", -8.0, 4.0, key="theta", default=0.0, step=0.1)
    found = cached.clipped(settings, cell, kind, 10.0**exponent)
    prose.markdown(findings.clipping(found, kind, 10.0**exponent))
    index = cached.flow_index(settings, cell)
    names = [*found.parameters[index], *found.readout]
    changes = [*found.parameters[index].values(), *found.readout.values()]
    table = pd.DataFrame({
        say("norm before"): [power(one.log10_before) for one in changes],
        say("norm after"): [power(one.log10_after) for one in changes],
        say("cosine"): [number(one.cosine) for one in changes],
    }, index=[f"∂L/∂{name}" for name in names])  # fmt: skip
    st.table(table)
    prose.caption(say(
        "Clipping by norm multiplies all gradients by min(1, θ / total norm) and keeps their "
        "direction (cosine 1). Clipping by value cuts each number at ±θ, which changes the "
        "direction."
    ))  # fmt: skip


def _cliff() -> None:
    st.subheader(say("Why clip: the cliff of a one-unit network"))
    left, middle, right = st.columns(3)
    with left:
        w = url_controls.slider("w", 0.0, 8.0, key="cliff_w", default=CLIFF[0], step=0.05)
    with middle:
        b = url_controls.slider("b", -4.0, 0.0, key="cliff_b", default=CLIFF[1], step=0.01)
    with right:
        steps = int(
            url_controls.slider(say("T of the one-unit net"), 1, 100, key="cliff_T", default=50)
        )
    here = cliff(w, b, steps, target=findings.TARGET, norm=findings.LIMIT)
    closed = cliff(w, -w / 2, steps)
    figure(
        plot.loss_cliff(w, b, steps, theme=theme()), key="cliff",
        definition=say(
            "The surface is the loss (x_T − 0.5)² of x_t = w σ(x_{t−1}) + b, x₀ = 0, as a "
            "function of w and b. The arrows are one step of gradient descent with learning rate "
            "1, unclipped and clipped to the norm 0.5; they end at the edge of the picture. Losses "
            "below 10⁻⁴ are as dark as 10⁻⁴."
        ),
        summary=say(
            "At w = {w:g}, b = {b:g} the gradient's norm is {norm}. On the line b = −w/2 the state "
            "stays 0 and ∂x_T/∂b = ((w/4)^T − 1)/(w/4 − 1) = {closed}; computed: {computed}.",
            w=w, b=b, norm=power(here.log10_norm), closed=number(closed.closed_form),
            computed=number(float(closed.slopes[1])),
        ),
        data=lambda: pd.DataFrame({"x_t": here.x}).rename_axis("t"),
    )  # fmt: skip
    prose.markdown(findings.descent(w, b, steps))
    prose.markdown(say(
        "On the line b = −w/2 = {b} the derivative ∂x_T/∂b is **{slope}**: a small change of b "
        "comes out {slope} times as large in x_T.",
        b=number(-w / 2), slope=number(closed.closed_form),
    ))  # fmt: skip
