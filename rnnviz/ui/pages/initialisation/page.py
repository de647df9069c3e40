"""The parts of the initialisation page: laws over 20 seeds, closed forms, and a sweep of biases."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import streamlit as st

from rnnviz.cells import CELLS
from rnnviz.experiments.initialisation_runs import (
    BIASES,
    LAWS,
    SEEDS,
    Law,
    Runs,
    has_bias,
    measure,
    quantiles,
    swept,
)
from rnnviz.experiments.initialisation_theory import Prediction, predicted
from rnnviz.experiments.settings import Settings
from rnnviz.figures import bands
from rnnviz.figures.axes import FLOAT64
from rnnviz.ui import badge, cached, url_controls
from rnnviz.ui.chart import choose_cell, figure
from rnnviz.ui.components.time_control import stage
from rnnviz.ui.pages.initialisation import findings
from rnnviz.ui.shell.frame import heading, theme
from rnnviz.words import say
from rnnviz.words.numbers import power

DEFAULT = ("pytorch", "keras", "orthogonal", "identity", "chrono", "yours")
FLOAT32 = (-37.93, 38.53)
"""log10 of the smallest normal and the largest float32."""
DEAR = 200_000
"""The T · H² above which every other bias is swept."""
SLOW = 0.5
"""Seconds after which a bar tells how far it has come."""


class Shown(NamedTuple):
    """One law, or several that drew the very same: its runs, and its closed form."""

    names: tuple[str, ...]
    label: str
    runs: Runs
    closed: Prediction


def show(settings: Settings) -> None:
    """Laws over each other, their closed forms, the bias swept, and the table of ratios."""
    place = heading(say("What did the first numbers decide?"), preset_line=False)
    said = st.container()
    cell = choose_cell(settings.cells)
    chosen = url_controls.several(
        say("Initialisations"), list(LAWS), key="laws", default=DEFAULT,
        words=lambda name: say(findings.LAWS[name]),
    ) or DEFAULT  # fmt: skip
    found, by_bias = _measured(settings, cell, tuple(name for name in LAWS if name in chosen))
    labels = cached.labels(settings)
    stage.timeline(found[0].runs.h.shape[1] - 1, labels=labels)
    words = findings.finding(settings, cell, found, by_bias)
    said.markdown(words)
    _norms(found, labels, words)
    _now(found)
    _factors(cell, found)
    _sweep(settings, cell, by_bias)
    _ratios(found)
    st.caption(say(
        "{settings}. {n} seeds, {first} to {last}: weights anew, and the sequence where it is "
        "drawn. Single edited weights do not count here.",
        settings=say(settings.in_words()), n=SEEDS, first=settings.seed,
        last=settings.seed + SEEDS - 1,
    ))  # fmt: skip
    badge.show_cells(place, settings, (cell,))


@st.cache_resource(max_entries=256, show_spinner=False)
def runs(settings: Settings, cell: str, law: Law) -> Runs:
    """One law over all seeds."""
    return measure(settings, cell, law)


def progress(asked: Sequence[tuple[Any, Settings, str, Law]]) -> dict[Any, Runs]:
    """Name → runs of (name, settings, cell, law), with a bar where it takes a while."""
    place, start = st.empty(), time.perf_counter()
    done = {}
    for k, (name, settings, cell, law) in enumerate(asked):
        if time.perf_counter() - start > SLOW:
            place.progress(k / len(asked), say("{n} seeds of each …", n=SEEDS))
        done[name] = runs(settings, cell, law)
    place.empty()
    return done


def _measured(
    settings: Settings, cell: str, names: tuple[str, ...]
) -> tuple[list[Shown], dict[float, Runs]]:
    """The laws, and the sweep; those that drew the same weights as an earlier one join it."""
    work = len(cached.example(settings).x) * settings.hidden_size**2
    biases = BIASES[:: 2 if work > DEAR else 1] if has_bias(cell) else ()
    asked = [*((name, LAWS[name]) for name in names),
             *((bias, swept(settings, bias)) for bias in biases)]  # fmt: skip
    done = progress([(name, settings, cell, law) for name, law in asked])
    found: list[Shown] = []
    for name in names:
        same = [k for k, one in enumerate(found) if np.array_equal(one.runs.h, done[name].h)]
        if same:
            earlier = found[same[0]]
            label = f"{earlier.label} = {findings.name(cell, name)}"
            found[same[0]] = earlier._replace(names=(*earlier.names, name), label=label)
        else:
            found.append(Shown((name,), findings.name(cell, name), done[name],
                               predicted(settings, cell, LAWS[name])))  # fmt: skip
    return found, {bias: done[bias] for bias in biases}


def _norms(found: list[Shown], labels: tuple[str, ...] | None, words: str) -> None:
    look, drawn = theme(), []
    for one in found:
        low, middle, high = quantiles(one.runs.h)
        drawn.append(bands.Band(one.label, low, middle, high,
                                *bands.law_style(one.names[0], look)))  # fmt: skip
    figure(
        bands.norm_bands(drawn, axis="‖∂L/∂h<sub>t</sub>‖₂", theme=look, labels=labels),
        key="laws_norms",
        definition=say(
            "Lines: the median of {n} seeds; bands: 10 % to 90 % of them (each the value of one "
            "seed). t = 0 is the initial state.", n=SEEDS,
        ),
        summary=findings.plain(words),
        data=lambda: _table(drawn),
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
        stage.Segment(say("‖∂L/∂h‖ at t = {t}, median (10 % to 90 %):"))
    ]
    for k, one in enumerate(found):
        low, middle, high = (f"{{{3 * k + n}:log}}" for n in range(3))
        parts.append(stage.Segment(f" {one.label} {middle} ({low} … {high})"
                                   + ("" if k == len(found) - 1 else ","),
                                   bands.law_css(one.names[0])))  # fmt: skip
    values = np.concatenate([quantiles(one.runs.h)[:, 1:] for one in found])
    stage.readout(parts, values, key="laws_now")


def _factors(cell: str, found: list[Shown]) -> None:
    state = CELLS[cell].states[-1]
    st.subheader(say("One step back: closed form and measurement"))
    look, rows = theme(), []
    for one in found:
        low, middle, high = (float(q) for q in quantiles(one.runs.factors()))
        color, _ = bands.law_style(one.names[0], look)
        rows.append(bands.Factor(one.label, low, middle, high, one.closed.factor, color))
    said = [findings.compared(row) for row in rows]
    figure(
        bands.factors(rows, theme=look), key="laws_factors",
        definition=say(
            "Factor per step: (‖∂L/∂{state}_1‖ / ‖∂L/∂{state}_S‖)^(1/(S − 1)), S the last step "
            "with a gradient. Bars: 10 % to 90 % of the seeds.", state=state,
        ),
        summary=" ".join(said),
        data=lambda: pd.DataFrame(
            [(row.label, row.closed, row.middle, row.low, row.high) for row in rows],
            columns=["", say("closed form"), say("median"), "10 %", "90 %"],
        ).set_index(""),
    )  # fmt: skip
    st.markdown("\n".join(
        f"- {words} {findings.escaped(say(one.closed.words))}."
        for words, one in zip(said, found, strict=True)
    ))  # fmt: skip
    assumed = dict.fromkeys(say(one.closed.assumes) for one in found)
    st.caption(findings.escaped(" ".join(assumed)))
    papers = dict.fromkeys(one.closed.source for one in found if one.closed.source)
    st.caption("; ".join(papers))


def _sweep(settings: Settings, cell: str, by_bias: dict[float, Runs]) -> None:
    kind = settings.kind(cell)
    argument, gate = findings.bias_of(cell)
    low_end, high_end = (_signed(bias) for bias in (BIASES[0], BIASES[-1]))
    st.subheader(say("The bias from {low} to {high}", low=low_end, high=high_end))
    if not by_bias:
        st.markdown(say(
            "No bias of the {cell} opens a gate that keeps its state. Choose an LSTM or a GRU to "
            "see one that does.", cell=say(CELLS[cell].title),
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
        bands.sweep(
            bands.Sweep(x, low, middle, high, closed), bias=name, gate=shown, now=now,
            color=bands.law_style("yours", theme())[0], theme=theme(),
        ), key="laws_sweep",
        definition=say(
            "Measured: the law of the sidebar with b_{gate} set, {n} seeds at each mark. "
            "Dashed: {shown}, the road along {state} alone; it holds where x and h add nothing to "
            "the gate and nothing returns through the weights.",
            gate=gate, n=SEEDS, shown=shown, state=kind.states[-1],
        ),
        summary=words,
        data=lambda: pd.DataFrame(
            {shown: closed, say("median"): middle, "10 %": low, "90 %": high}, index=x
        ).rename_axis(f"b_{gate}"),
    )  # fmt: skip
    st.markdown(words)


def _bias_counts(settings: Settings) -> bool:
    """Whether the sidebar's bias counts under the sidebar's law."""
    return swept(settings, 0.0).init == settings.init


def _ratios(found: list[Shown]) -> None:
    st.subheader(say("From the end to the start: every law, every seed"))
    head = [say("median"), say("least"), say("most"), say("below / above float64"),
            say("below / above float32")]  # fmt: skip
    rows = {}
    for one in found:
        ratios = one.runs.ratios()
        shown = [power(float(v)) for v in (quantiles(ratios)[1], *_ends(ratios))]
        shares = [one.runs.beyond(*limits) for limits in (FLOAT64, FLOAT32)]
        shown += [f"{100 * low:.0f}\xa0% / {100 * high:.0f}\xa0%" for low, high in shares]
        rows[one.label] = shown
    st.table(pd.DataFrame(rows, index=head).T)
    st.caption(say(
        "‖∂L/∂h₁‖ / ‖∂L/∂h_S‖ over {n} seeds. Below, above: the share of seeds whose norm leaves "
        "the range of normal floats on the way; the core itself computes in float64 with a "
        "carried power of two.", n=SEEDS,
    ))  # fmt: skip


def _ends(values: np.ndarray) -> tuple[float, float]:
    known = np.where(np.isnan(values), np.inf, values)
    return float(known.min()), float(known.max())


def _signed(value: float) -> str:
    return f"{value:g}".replace("-", "−")
