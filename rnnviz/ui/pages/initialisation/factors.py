"""The factor per step: closed form and measurement, by scheme and by gate bias."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from rnnviz import plot
from rnnviz.cells import CELLS
from rnnviz.experiments.initialisation_runs import (
    BIASES,
    SEEDS,
    Runs,
    quantiles,
    swept,
)
from rnnviz.experiments.initialisation_theory import predicted
from rnnviz.experiments.settings import Settings
from rnnviz.plot.seeds import factor_row
from rnnviz.ui import prose
from rnnviz.ui.chart import figure
from rnnviz.ui.pages.initialisation import findings
from rnnviz.ui.pages.initialisation.schemes import Shown
from rnnviz.ui.shell.frame import theme
from rnnviz.words import say
from rnnviz.words.symbols import lowered


def factors(cell: str, found: list[Shown]) -> None:
    """The factor per step of every scheme: measured over the seeds, and in closed form."""
    state = CELLS[cell].states[-1]
    st.subheader(say("The mean factor a step: closed form and measurement"))
    rows = [factor_row(one.label, one.runs, one.closed.factor, one.names[0], theme())
            for one in found]  # fmt: skip
    said = [findings.compared(row) for row in rows]
    figure(
        plot.seed_factors(rows, theme=theme()), key="laws_factors",
        definition=say(
            "Mean factor a step: (‖∂L/∂{state}_1‖ / ‖∂L/∂{state}_S‖)^(1/(S − 1)), S the last step "
            "with a gradient. Points: the median of the seeds; bars: 10 % to 90 % of "
            "them.", state=state,
        ),
        summary=" ".join(said),
        data=lambda: pd.DataFrame(
            [(row.label, row.closed, row.middle, row.low, row.high) for row in rows],
            columns=["", say("closed form"), say("median"), "10 %", "90 %"],
        ).set_index(""),
    )  # fmt: skip
    prose.markdown("\n".join(
        f"- {words} {findings.escaped(lowered(say(one.closed.words)))}."
        for words, one in zip(said, found, strict=True)
    ))  # fmt: skip
    assumed = dict.fromkeys(say(one.closed.assumes) for one in found)
    prose.caption(findings.escaped(lowered(" ".join(assumed))))
    papers = dict.fromkeys(one.closed.source for one in found if one.closed.source)
    prose.caption("; ".join(papers))


def sweep(settings: Settings, cell: str, by_bias: dict[float, Runs]) -> None:
    """The factor per step against the bias of the gate that keeps the state."""
    kind = settings.kind(cell)
    argument, gate = findings.bias_of(cell)
    low_end, high_end = (_signed(bias) for bias in (BIASES[0], BIASES[-1]))
    st.subheader(say("The bias from {low} to {high}", low=low_end, high=high_end))
    if not by_bias:
        prose.markdown(say(
            "The {cell} has no gate that keeps its state, so no bias can open it. Choose an LSTM "
            "or a GRU.", cell=say(CELLS[cell].title),
        ))  # fmt: skip
        return
    x = np.array(list(by_bias))
    low, middle, high = quantiles(np.array([one.factors() for one in by_bias.values()]).T)
    closed = np.array([predicted(settings, cell, swept(settings, bias)).factor for bias in x])
    name = f"b<sub>{gate}</sub>"
    shown = "σ(b)" if kind.keeping_block is None else say("{gate} alone", gate=kind.keeping_gate)
    now = getattr(settings, argument) if _bias_counts(settings) else None
    words = findings.sweep(cell, x, middle, closed)
    figure(
        plot.bias_sweep(by_bias, closed.tolist(), bias=name, gate=shown, now=now, theme=theme()),
        key="laws_sweep",
        definition=say(
            "Points: the initialisation of the sidebar with the bias from the x axis; median of "
            "{n} seeds. Dashed: {shown}, the path along {state} alone. The two agree where x and "
            "h add little to the gate and little gradient comes back through the weights.",
            n=SEEDS, shown=shown, state=kind.states[-1],
        ),
        summary=words,
        data=lambda: pd.DataFrame(
            {shown: closed, say("median"): middle, "10 %": low, "90 %": high}, index=x
        ).rename_axis(f"b_{gate}"),
    )  # fmt: skip
    prose.markdown(words)


def _bias_counts(settings: Settings) -> bool:
    """Whether the sidebar's bias has an effect under the sidebar's initialisation scheme."""
    return swept(settings, 0.0).init == settings.init


def _signed(value: float) -> str:
    return f"{value:g}".replace("-", "−")
