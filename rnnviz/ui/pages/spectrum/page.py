"""The parts of the spectrum page: what one step, and all of them, stretch and shrink."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from rnnviz import plot
from rnnviz.advice import definitions
from rnnviz.analysis.leading_directions import Leading
from rnnviz.cells import CELLS
from rnnviz.core.gradients import LayerFlow
from rnnviz.experiments.settings import Settings
from rnnviz.plot.spectra import power_panel
from rnnviz.ui import affordable, badge, cached, prose, tried, url_controls
from rnnviz.ui.chart import by_cell, enlarge, figure, not_finite
from rnnviz.ui.components.time_control import stage
from rnnviz.ui.pages.spectrum import findings
from rnnviz.ui.shell.frame import heading, theme
from rnnviz.words import say, word
from rnnviz.words.numbers import number, power


def show(settings: Settings) -> None:
    """Singular values over time, Lyapunov exponents, eigenvalues, and the non-normal example."""
    place = heading(say("What one step stretches, and what all of them do"))
    labels = cached.labels(settings)
    if len(settings.cells) > 1:
        _all(settings, labels)
    cell = enlarge(settings.cells)
    checked = badge.of_cells(place, settings, (cell,))
    found = cached.flow(settings, cell)
    flow = found.layers[0]
    stage.timeline(len(flow.trace.record["x"]), labels=labels)
    said = st.container()
    not_finite({cell: found})
    count = affordable.directions(flow)
    if why := affordable.spectrum_left_out(flow):
        st.warning(why)
        _eigenvalues(flow, CELLS[cell].title)
        prose.caption(f"{say(settings.in_words())}.")
        checked()
        return
    if count is None:
        _singular(settings, cell, labels)
        exponents = cached.exponents(settings, cell)
    else:
        leading = cached.followed(settings, cell, count)
        st.info(affordable.spectrum_note(flow, leading))
        _leading(leading, cell, labels)
        exponents = leading.exponents
    singular = cached.singular(settings, cell) if count is None else None
    words = findings.finding(flow, exponents, singular, tried.helping(settings, cell))
    if singular is not None and settings.update:
        first = cached.singular(cached.before_training(settings), cell)
        words += " " + findings.before(first)
    said.markdown(words)
    left, right = st.columns(2)
    with left:
        _lyapunov(exponents, cell, affordable.sizes(flow)[1])
    with right:
        _eigenvalues(flow, CELLS[cell].title)
    _nonnormal()
    prose.caption(f"{say(settings.in_words())}.")
    checked()


def _all(settings: Settings, labels: tuple[str, ...] | None) -> None:
    """The product's largest and middle singular values of every cell, on one scale."""
    flows = [flow.layers[0] for flow in cached.flows(settings).values()]
    if not affordable.spectra_by_cell(flows):
        st.caption(affordable.too_much_for_all())
        return
    found = {cell: cached.singular(settings, cell) for cell in settings.cells}
    figure(
        plot.spectra_by_cell(found, theme=theme(), labels=labels), key="all_singular",
        definition=_all_definition(settings.hidden_size),
        summary=" ".join(
            say("{cell}: over all steps the largest singular value is {largest}, the smallest "
                "{smallest}.",
                cell=say(CELLS[cell].title), largest=power(float(one.cumulative[-1, 0])),
                smallest=power(float(one.cumulative[-1, -1])))
            for cell, one in found.items()
        ),
        data=lambda: by_cell({
            cell: _frame(one.cumulative, word("log₁₀ σ{k} product")) for cell, one in found.items()
        }),
    )  # fmt: skip


def _all_definition(size: int) -> str:
    said = say("What all steps from 1 to t do to a small change of the initial state, all cells on "
               "one scale. σ1, the largest singular value of ∂s_t/∂s_0, is the factor of the "
               "direction that is kept best.")  # fmt: skip
    if size == 1:
        return said
    return f"{said} " + say("The memory state has {H} numbers: where σ{H} stays near 1, all of "
                            "them are kept.", H=size)  # fmt: skip


def _singular(settings: Settings, cell: str, labels: tuple[str, ...] | None) -> None:
    found, name = cached.singular(settings, cell), say(CELLS[cell].title)
    state = "(h, c)" if len(CELLS[cell].states) > 1 else "h"
    last = found.cumulative[-1]
    ends = np.stack([found.step[:, 0], found.step[:, -1], found.cumulative[:, 0],
                     found.cumulative[:, -1]])  # fmt: skip
    stage.readout(
        say("At t = {t}, one step stretches by {0:log} at most and {1:log} at least; "
            "all steps so far by {2:log} at most and {3:log} at least."), ends, key="spectrum_now",
    )  # fmt: skip
    figure(
        plot.spectrum(found, state=state, theme=theme(), labels=labels), key="singular",
        definition=say(definitions.SINGULAR_VALUES),
        summary=say(
            "{cell}: over all steps the largest singular value is {largest}, the smallest "
            "{smallest}.",
            cell=name, largest=power(float(last[0])), smallest=power(float(last[-1])),
        ),
        data=lambda: _frame(found.step, word("log₁₀ σ{k} step")).join(
            _frame(found.cumulative, word("log₁₀ σ{k} product"))),
    )  # fmt: skip


def _leading(found: Leading, cell: str, labels: tuple[str, ...] | None) -> None:
    """Growth along the leading directions, where all singular values are too expensive."""
    name = say(CELLS[cell].title)
    state = "(h, c)" if len(CELLS[cell].states) > 1 else "h"
    last = found.cumulative[-1]
    ends = np.stack([found.step[:, 0], found.step[:, -1], found.cumulative[:, 0],
                     found.cumulative[:, -1]])  # fmt: skip
    stage.readout(
        say("At t = {t}, the step stretches the first direction by {0:log} and the last one "
            "followed by {1:log}; all steps so far by {2:log} and {3:log}."),
        ends, key="spectrum_now",
    )  # fmt: skip
    figure(
        plot.spectrum(found, state=state, theme=theme(), labels=labels), key="singular",
        definition=say(
            "The directions at the start that all steps together stretch most, followed step by "
            "step, each kept orthogonal to those before it. What they have grown by in the end "
            "comes close to the largest singular values of ∂s_T/∂s_0, from below."
        ),
        summary=say(
            "{cell}: over all steps the first direction grows by {largest}, direction {count} by "
            "{smallest}.", cell=name, count=len(last),
            largest=power(float(last[0])), smallest=power(float(last[-1])),
        ),
        data=lambda: _frame(found.step, word("log₁₀ stretch {k} step")).join(
            _frame(found.cumulative, word("log₁₀ growth {k}"))),
    )  # fmt: skip


def _frame(logs: NDArray[np.float64], name: str) -> pd.DataFrame:
    columns = [say(name, k=k + 1) for k in range(logs.shape[1])]
    return pd.DataFrame(logs, columns=columns, index=range(1, len(logs) + 1)).rename_axis("t")


def _lyapunov(found: NDArray[np.float64], cell: str, n: int) -> None:
    st.subheader(say("Lyapunov exponents"))
    few = "" if len(found) == n else say("The {count} leading ones of {n}.",
                                         count=len(found), n=n) + " "  # fmt: skip
    figure(
        plot.lyapunov(found, cell=cell, theme=theme()),
        key="lyapunov",
        definition=few + say(
            "The mean natural logarithm of the factor by which a step multiplies each of n "
            "orthogonal directions (QR at every step). e^λ is the mean factor a step: below 0 the "
            "direction shrinks, above 0 it grows."
        ),
        summary=say(
            "{cell}: largest exponent {largest} (a factor of {factor} a step), smallest "
            "{smallest}.",
            cell=say(CELLS[cell].title), largest=number(float(found[0])),
            factor=number(float(np.exp(found[0]))), smallest=number(float(found[-1])),
        ),
        data=lambda: pd.DataFrame({say("exponent"): found}, index=range(1, len(found) + 1)),
    )  # fmt: skip


def _eigenvalues(flow: LayerFlow, name: str) -> None:
    st.subheader(say("Eigenvalues of W_h"))
    if not flow.trace.cell.sees_past:
        prose.caption(say(
            "The {cell} has no W_h: ∂h_t/∂h_{t−1} is diagonal, and its eigenvalues are the gate "
            "{gate} itself.", cell=say(name), gate=flow.trace.cell.keeping_gate,
        ))  # fmt: skip
        return
    drawn = plot.eigenvalues(flow.trace, theme=theme())
    groups = {str(one.name): np.asarray(one.x) + 1j * np.asarray(one.y) for one in drawn.data[1:]}
    radii = ", ".join(f"{name} {number(float(np.abs(values).max()))}"
                      for name, values in groups.items())  # fmt: skip
    figure(
        drawn, key="eigenvalues",
        definition=say(
            "The eigenvalues of every recurrent block; the dotted circle is |λ| = 1. In a linear "
            "net without gates a direction inside the circle shrinks in the long run and one "
            "outside grows."
        ),
        summary=say("{cell}: spectral radii: {radii}.", cell=say(name), radii=radii),
        data=lambda: pd.DataFrame([
            {say("block"): name, say("real part"): v.real, say("imaginary part"): v.imag,
             say("modulus"): abs(v)}
            for name, values in groups.items() for v in values
        ]),
    )  # fmt: skip


def _nonnormal() -> None:
    st.subheader(say("A norm that grows although the spectral radius is ½"))
    corner = url_controls.slider(
        say("The corner x of W_h = [[½, x], [0, ½]]"), 0.0, 10.0, key="corner", default=10.0,
        step=0.5,
    )  # fmt: skip
    W_h = np.array([[0.5, corner], [0.0, 0.5]])
    panel = power_panel(W_h, 30, theme())
    norms, radius = (line.values for line in panel.lines)
    above = int((norms > 0).sum())
    figure(
        plot.matrix_powers(W_h, theme=theme()), key="nonnormal",
        definition=say(
            "Both eigenvalues are ½, yet for a large x the norm of W_hⁿ first grows and only then "
            "falls: the spectral radius says nothing about the first steps."
        ),
        summary=say(
            "With x = {x:g} the first powers have the norms {norms}; the norm stays above 1 for "
            "{above} steps.",
            x=corner, norms=", ".join(number(10.0 ** float(n)) for n in norms[1:5]), above=above,
        ),
        data=lambda: pd.DataFrame({"log₁₀ ‖W_hⁿ‖": norms, "log₁₀ ρⁿ": radius}, index=range(31)),
    )  # fmt: skip
