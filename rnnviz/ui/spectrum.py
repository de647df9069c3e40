"""The parts of the spectrum page: what one step, and all of them, stretch and shrink."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from rnnviz.cells import CELLS
from rnnviz.experiment import Settings
from rnnviz.figures import palette
from rnnviz.figures.axes import number, power
from rnnviz.figures.panels import Line, Panel, over_time
from rnnviz.figures.planes import Bar, Eigenvalues, bars, complex_plane
from rnnviz.gradients import LayerFlow
from rnnviz.theory import power_norms
from rnnviz.ui import computed, limits, linked, stage, verified
from rnnviz.ui.page import heading, theme
from rnnviz.ui.parts import choose_cell, figure, not_finite

SHOWN = 12
"""The most singular values drawn as lines: the largest, the smallest, and some between."""
SYMBOLS = ("circle-open", "square-open", "diamond-open", "cross-open")


def show(settings: Settings) -> None:
    """Singular values over time, Lyapunov exponents, eigenvalues, and the non-normal example."""
    place = heading("What one step stretches, and what all of them do")
    cell = choose_cell(settings.cells)
    labels = computed.labels(settings)
    found = computed.flow(settings, cell)
    flow = found.layers[0]
    stage.timeline(len(flow.trace.record["x"]), labels=labels)
    not_finite({cell: found})
    if (refusal := limits.spectrum_refusal(flow)) is not None:
        st.warning(refusal)
        _eigenvalues(flow, CELLS[cell].title)
    else:
        _singular(settings, cell, labels)
        left, right = st.columns(2)
        with left:
            _lyapunov(settings, cell)
        with right:
            _eigenvalues(flow, CELLS[cell].title)
    _nonnormal()
    st.caption(f"{settings.in_words()}.")
    verified.show(place, settings, (cell,))


def _singular(settings: Settings, cell: str, labels: tuple[str, ...] | None) -> None:
    found, name = computed.singular(settings, cell), CELLS[cell].title
    state = "(h, c)" if len(CELLS[cell].states) > 1 else "h"
    look = theme()
    panels = [
        Panel(f"Singular values of one step, ∂s<sub>t</sub>/∂s<sub>t−1</sub>, s = {state}",
              _lines(found.step, look), "power", "σ of one step"),
        Panel("Singular values of all steps so far, ∂s<sub>t</sub>/∂s<sub>0</sub>",
              _lines(found.cumulative, look), "power", "σ of the product"),
    ]  # fmt: skip
    last = found.cumulative[-1]
    ends = np.stack([found.step[:, 0], found.step[:, -1], found.cumulative[:, 0],
                     found.cumulative[:, -1]])  # fmt: skip
    stage.readout(
        "At t = {t}, one step stretches by {0:log} at most and {1:log} at least; "
        "all steps so far by {2:log} at most and {3:log} at least.", ends, key="spectrum_now",
    )  # fmt: skip
    figure(
        over_time(panels, theme=look, labels=labels, height=230), key="singular",
        definition="A step stretches some directions of the state and shrinks others: the largest "
        "singular value bounds what any gradient can do, the smallest what is surely lost.",
        summary=f"{name}: over all steps the largest singular value is {power(float(last[0]))}, "
        f"the smallest {power(float(last[-1]))}.",
        data=lambda: _frame(found.step, "step").join(_frame(found.cumulative, "product")),
    )  # fmt: skip


def _lines(logs: NDArray[np.float64], look: str) -> list[Line]:
    count = logs.shape[1]
    which = np.unique(np.linspace(0, count - 1, min(SHOWN, count)).round().astype(int))
    colors = palette.ramp(len(which), look, readable=True)
    pairs = zip(which, colors, strict=True)
    return [Line(_rank(k, count), logs[:, k], color) for k, color in pairs]


def _rank(k: int, count: int) -> str:
    return f"σ{k + 1}" if k in (0, count - 1) else ""


def _frame(logs: NDArray[np.float64], name: str) -> pd.DataFrame:
    columns = [f"log₁₀ σ{k + 1} {name}" for k in range(logs.shape[1])]
    return pd.DataFrame(logs, columns=columns, index=range(1, len(logs) + 1)).rename_axis("t")


def _lyapunov(settings: Settings, cell: str) -> None:
    st.subheader("Lyapunov exponents")
    found = computed.exponents(settings, cell)
    figure(
        bars([Bar(str(k + 1), float(one)) for k, one in enumerate(found)], theme=theme(),
             axis="exponent, nats a step", color=palette.cell_color(cell, theme()),
             category="direction, from the fastest growing"),
        key="lyapunov",
        definition="The mean logarithm by which a step multiplies each of n orthogonal directions, "
        "by QR at every step: below 0 forgets, above 0 explodes, e^λ is the factor a step.",
        summary=f"{CELLS[cell].title}: largest exponent {number(float(found[0]))} (a factor of "
        f"{number(float(np.exp(found[0])))} a step), smallest {number(float(found[-1]))}.",
        data=lambda: pd.DataFrame({"exponent": found}, index=range(1, len(found) + 1)),
    )  # fmt: skip


def _eigenvalues(flow: LayerFlow, name: str) -> None:
    st.subheader("Eigenvalues of W_h")
    W_h, cell, look = flow.trace.parameters["W_h"], flow.trace.cell, theme()
    groups = [
        Eigenvalues(f"W_h{block}" if len(cell.blocks) > 1 else "W_h",
                    np.linalg.eigvals(cell.block(block, W_h)).astype(np.complex128),
                    palette.signal_color(block, look), SYMBOLS[k % len(SYMBOLS)])
        for k, block in enumerate(cell.blocks)
    ]  # fmt: skip
    radii = ", ".join(f"{g.label} {number(float(np.abs(g.values).max()))}" for g in groups)
    figure(
        complex_plane(groups, theme=look), key="eigenvalues",
        definition="Each recurrent block's eigenvalues; the dotted circle is |λ| = 1. Without φ "
        "and gates, inside dies and outside explodes in the long run.",
        summary=f"{name}: spectral radii: {radii}.",
        data=lambda: pd.DataFrame([
            {"block": g.label, "real": v.real, "imaginary": v.imag, "modulus": abs(v)}
            for g in groups for v in g.values
        ]),
    )  # fmt: skip


def _nonnormal() -> None:
    st.subheader("A norm that grows although the spectral radius is ½")
    corner = linked.slider("The corner x of W_h = [[½, x], [0, ½]]", 0.0, 10.0, key="corner",
                           default=10.0, step=0.5)  # fmt: skip
    W_h = np.array([[0.5, corner], [0.0, 0.5]])
    norms, steps, look = power_norms(W_h, 30), np.arange(1, 31), theme()
    radius = steps * np.log10(0.5)
    lines = [Line("‖W<sub>h</sub>ⁿ‖", norms, palette.cell_color("rnn", look)),
             Line("ρⁿ", radius, palette.QUIET[look], "dot")]  # fmt: skip
    above = int((norms > 0).sum())
    fig = over_time([Panel("", lines, "power", "‖W<sub>h</sub>ⁿ‖₂")], theme=look, height=240)
    fig.update_layout(meta={"time_axes": []})
    fig.update_xaxes(title={"text": "n, steps of the linear net h ← h W_h"})
    figure(
        fig, key="nonnormal",
        definition="Both eigenvalues are ½, but the eigenvectors nearly coincide: powers first "
        "grow with x, and only then fall. The radius alone says nothing about the first steps.",
        summary=f"With x = {corner:g} the first powers have the norms "
        + ", ".join(number(10.0 ** float(n)) for n in norms[:4])
        + f"; the norm stays above 1 for {above} steps.",
        data=lambda: pd.DataFrame({"log₁₀ ‖W_hⁿ‖": norms, "log₁₀ ρⁿ": radius}, index=steps),
    )  # fmt: skip
