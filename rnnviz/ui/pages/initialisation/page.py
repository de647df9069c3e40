"""The page of initialisation: schemes over twenty seeds, closed forms, a sweep of biases."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from rnnviz import plot
from rnnviz.experiments.initialisation_runs import (
    SCHEMES,
    SEEDS,
    quantiles,
)
from rnnviz.experiments.settings import Settings
from rnnviz.figures import bands
from rnnviz.figures.axes import FLOAT64
from rnnviz.plot.seeds import seed_bands
from rnnviz.ui import badge, cached, prose, url_controls
from rnnviz.ui.chart import choose_cell, figure
from rnnviz.ui.components.time_control import stage
from rnnviz.ui.pages.initialisation import findings
from rnnviz.ui.pages.initialisation.factors import factors, sweep
from rnnviz.ui.pages.initialisation.schemes import TITLES, Shown, measured
from rnnviz.ui.shell.frame import heading, theme
from rnnviz.words import say
from rnnviz.words.numbers import share
from rnnviz.words.symbols import lowered

DEFAULT = ("pytorch", "keras", "orthogonal", "identity", "chrono", "yours")
FLOAT32 = (-37.93, 38.53)
"""log10 of the smallest normal and the largest float32."""


def show(settings: Settings) -> None:
    """Schemes over each other, their closed forms, the bias swept, and the table of ratios."""
    place = heading(say("What does the initialisation decide?"))
    prose.caption(say(
        "Each line shows the gradient norm at every timestep for one initialisation, as the "
        "median of {n} seeds. A line that falls to the left loses gradient on its way back to "
        "step 1.", n=SEEDS,
    ))  # fmt: skip
    said = st.container()
    cell = choose_cell(settings.cells)
    checked = badge.of_cells(place, settings, (cell,))
    chosen = url_controls.several(
        say("Initialisations"), list(SCHEMES), key="laws", default=DEFAULT,
        words=lambda name: lowered(say(TITLES[name])),
    )  # fmt: skip
    found, by_bias = measured(settings, cell, tuple(name for name in SCHEMES if name in chosen))
    labels = cached.labels(settings)
    stage.timeline(found[0].runs.state.shape[1] - 1, labels=labels)
    words = findings.finding(cell, found, by_bias)
    said.markdown(lowered(words))
    about = findings.about_sidebar(settings, cell) if "yours" in chosen else ""
    _norms(found, labels, words, about)
    _now(found)
    factors(cell, found)
    sweep(settings, cell, by_bias)
    _ratios(found)
    prose.caption(say(
        "{settings}. {n} seeds, {first} to {last}: each draws new weights and, where the sequence "
        "is random, a new sequence.",
        settings=say(settings.in_words()), n=SEEDS, first=settings.seed,
        last=settings.seed + SEEDS - 1,
    ))  # fmt: skip
    checked()


def _norms(found: list[Shown], labels: tuple[str, ...] | None, words: str, about: str) -> None:
    runs, names = {one.label: one.runs for one in found}, [one.names[0] for one in found]
    figure(
        plot.seed_norms(runs, names=names, theme=theme(), labels=labels),
        key="laws_norms",
        definition=say(
            "Lines: the median of {n} seeds; bands: 10 % to 90 % of them. The last loss alone is "
            "followed; s is the memory state, and t = 0 the initial state.", n=SEEDS,
        ) + (about and f" {about}"),
        summary=findings.plain(words),
        data=lambda: _table(seed_bands(runs, names, theme())),
    )  # fmt: skip


def _table(drawn: list[bands.Band]) -> pd.DataFrame:
    names = ("10 %", say("median"), "90 %")
    columns = {
        f"{one.label}, {name}": values
        for one in drawn
        for name, values in zip(names, (one.low, one.middle, one.high), strict=True)
    }
    return pd.DataFrame(columns).rename_axis(say("t, log₁₀ of the norm"))


def _now(found: list[Shown]) -> None:
    parts: list[stage.Segment] = [
        stage.Segment(say("Gradient norm at t = {t}, median (10 % to 90 %):"))
    ]
    for k, one in enumerate(found):
        low, middle, high = (f"{{{3 * k + n}:log}}" for n in range(3))
        parts.append(stage.Segment(f" {one.label} {middle} ({low} … {high})"
                                   + ("" if k == len(found) - 1 else ","),
                                   bands.scheme_css(one.names[0])))  # fmt: skip
    values = np.concatenate([quantiles(one.runs.state)[:, 1:] for one in found])
    stage.readout(parts, values, key="laws_now")


def _ratios(found: list[Shown]) -> None:
    st.subheader(say("What is left at step 1: median and range of the seeds"))
    head = [say("median"), say("least"), say("most"), say("below / above float64"),
            say("below / above float32")]  # fmt: skip
    rows = {}
    for one in found:
        ratios = one.runs.ratios()
        shown = [share(float(v)) for v in (quantiles(ratios)[1], *_ends(ratios))]
        shares = [one.runs.beyond(*limits) for limits in (FLOAT64, FLOAT32)]
        shown += [f"{100 * low:.0f}\xa0% / {100 * high:.0f}\xa0%" for low, high in shares]
        rows[one.label] = shown
    st.table(pd.DataFrame(rows, index=head).T)
    prose.caption(say(
        "The share of the gradient left at step 1, over {n} seeds. Below / above: the share "
        "of seeds whose norm leaves the range of that type of number at some step. The "
        "app computes with float64 and a separate power of two, so its norms stay right.", n=SEEDS,
    ))  # fmt: skip


def _ends(values: np.ndarray) -> tuple[float, float]:
    known = np.where(np.isnan(values), np.inf, values)
    return float(known.min()), float(known.max())
