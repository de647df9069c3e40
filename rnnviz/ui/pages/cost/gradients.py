"""The gradient over seeds at equal hidden size and at equal parameter count."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd
import streamlit as st

from rnnviz import plot
from rnnviz.cells import CELLS
from rnnviz.experiments import cost
from rnnviz.experiments.initialisation_runs import SCHEMES, Runs, quantiles
from rnnviz.experiments.settings import Settings
from rnnviz.figures import palette
from rnnviz.plot.seeds import seed_scale
from rnnviz.ui import prose
from rnnviz.ui.chart import figure
from rnnviz.ui.components.time_control import stage
from rnnviz.ui.pages.cost.findings import middle
from rnnviz.ui.seed_runs import progress
from rnnviz.ui.shell.frame import theme
from rnnviz.words import say, word
from rnnviz.words.numbers import share

WAYS = {"units": word("equal hidden size"), "count": word("equal parameter count")}


def runs_of(
    settings: Settings, both: dict[str, dict[str, int]]
) -> dict[tuple[str, int], Runs]:
    """(cell, hidden size) → its runs over the seeds."""
    asked = sorted({one for hidden in both.values() for one in hidden.items()})
    own = SCHEMES["yours"]
    return progress([(one, cost.resized(settings, one[1]), one[0], own) for one in asked])


def norms(
    settings: Settings, both: dict[str, dict[str, int]], runs: dict[tuple[str, int], Runs],
    labels: tuple[str, ...] | None,
) -> None:  # fmt: skip
    """Gradient norms over the seeds, one picture a comparison, both on one axis."""
    found = {way: {say(CELLS[cell].title): runs[cell, size] for cell, size in hidden.items()}
             for way, hidden in both.items()}  # fmt: skip
    scale = seed_scale(*found.values())
    for column, (way, hidden) in zip(st.columns(2), both.items(), strict=True):
        with column:
            words = ", ".join(f"{say(CELLS[cell].title)} H = {n}" for cell, n in hidden.items())
            prose.markdown(f"**{say(WAYS[way])}**")
            figure(
                plot.seed_norms(found[way], names=list(hidden), theme=theme(), labels=labels,
                                height=280, scale=scale),
                key=f"cost_{way}",
                definition=f"{words}. " + say(
                    "Both charts have the same axes. The last loss alone is followed; s is the "
                    "memory state (c in an LSTM, else h)."
                ),
                summary=" ".join(_kept(cell, size, runs) for cell, size in hidden.items()),
                data=partial(_medians, found[way]),
            )  # fmt: skip


def _medians(found: dict[str, Runs]) -> pd.DataFrame:
    columns = {label: quantiles(runs.state)[1] for label, runs in found.items()}
    return pd.DataFrame(columns).rename_axis(say("t, log₁₀ of the norm"))


def _kept(cell: str, size: int, runs: dict[tuple[str, int], Runs]) -> str:
    return say("{cell} with H = {size}: the share of the gradient left at step 1 is {ratio} "
               "(median of the seeds).", cell=say(CELLS[cell].title), size=size,
               ratio=share(middle(runs[cell, size])))  # fmt: skip


def now(
    settings: Settings, both: dict[str, dict[str, int]], runs: dict[tuple[str, int], Runs]
) -> None:
    """The medians at the current timestep."""
    values = [quantiles(runs[cell, both[way][cell]].state)[1, 1:]
              for cell in settings.cells for way in WAYS]  # fmt: skip
    parts = [stage.Segment(say(
        "Gradient norm at t = {t}, medians at equal hidden size and at equal parameter count:"
    ))]  # fmt: skip
    for k, cell in enumerate(settings.cells):
        comma = "" if k == len(settings.cells) - 1 else ","
        parts.append(stage.Segment(
            f" {say(CELLS[cell].title)} {{{2 * k}:log}} | {{{2 * k + 1}:log}}{comma}",
            palette.cell_css(cell),
        ))  # fmt: skip
    stage.readout(parts, np.array(values), key="cost_now")
