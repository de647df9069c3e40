"""The page of problem types: where losses sit, and how long the gradient's paths are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from rnnviz import plot
from rnnviz.advice import definitions
from rnnviz.cells import CELLS
from rnnviz.experiments.problem_types import PROBLEMS, Problem, ways
from rnnviz.experiments.settings import Settings
from rnnviz.experiments.unrolling import Unrolled
from rnnviz.figures.panels import Line
from rnnviz.plot.problems import norm_lines
from rnnviz.ui import badge, chart, prose, url_controls
from rnnviz.ui.components.problem_graph.graph import graph, table
from rnnviz.ui.components.time_control import stage
from rnnviz.ui.pages.problem_types import findings
from rnnviz.ui.pages.problem_types.all_types import all_types
from rnnviz.ui.pages.problem_types.answers import softmax_answers
from rnnviz.ui.pages.problem_types.checks import checks
from rnnviz.ui.pages.problem_types.feed_forward import without_memory
from rnnviz.ui.pages.problem_types.runs import counted, unrolled
from rnnviz.ui.shell.frame import heading, theme
from rnnviz.words import say
from rnnviz.words.numbers import power

DEFAULT = "seq_to_seq"
CHECKS = 3 * 10**4
"""Up to this T H² the live checks run when the page is drawn."""
Values = NDArray[np.float64]


def show(settings: Settings) -> None:
    """The graph, the lengths of its paths beside the gradients, and the answers."""
    place = heading(say("How far is it from a loss to its input?"))
    prose.caption(say(
        "The picture shows the net unrolled over time. Follow the coloured arrows from a loss "
        "back to the letter that it needs: the more steps there are, the more factors multiply "
        "the gradient."
    ))  # fmt: skip
    problem, own = _choose()
    cell = chart.choose_cell(settings.cells)
    with st.spinner(say("Stepping forward and back …"), show_time=True):
        found = {one: unrolled(settings, one, problem.name, own) for one in settings.cells}
    steps = found[cell].steps
    stage.timeline(steps, back=True)
    prose.markdown(findings.finding(found))
    _not_finite(found)
    _graph(found[cell], cell)
    _norms(found)
    softmax_answers(found)
    without_memory(settings)
    all_types(settings)
    prose.caption(_about(settings, problem))
    badge.show(place, lambda: {say(CELLS[cell].title): checks(found[cell])},
               at_once=steps * settings.hidden_size**2 <= CHECKS)  # fmt: skip


def _choose() -> tuple[Problem, bool]:
    name = url_controls.buttons(
        say("Problem type"), list(PROBLEMS), key="problem", default=DEFAULT,
        words=lambda one: say(PROBLEMS[one].title),
    )  # fmt: skip
    problem = PROBLEMS[name]
    prose.caption(say(problem.asks))
    own = problem.encoder and url_controls.switch(
        say("The decoder reads its own answers"), key="own", default=False
    )
    return problem, own


def _not_finite(found: dict[str, Unrolled]) -> None:
    for cell, one in found.items():
        name, n = say(CELLS[cell].title), one.problem.handed(one.steps)
        for stretch, shift in zip(one.stretches, (0, n), strict=False):
            if (at := stretch.trace.first_nonfinite) is not None:
                words = replace(at, t=at.t + shift).words
                st.info(say("{cell}: {words}", cell=name, words=words))
                break
            if (at := stretch.flow.first_nonfinite) is not None:
                words = replace(at, t=at.t + shift).words
                st.info(say("{cell}: {words} The logarithms stay right.", cell=name, words=words))
                break


def _graph(found: Unrolled, cell: str) -> None:
    name = say(CELLS[cell].title)
    packet = graph(found, cell, name)
    h, back, down = (found.log10(row)[:, 0] for row in ("h", "back", "down"))
    later = np.append(back[1:], -np.inf)
    stage.readout(
        say("{cell}: at t = {t} ‖∂L/∂h‖ is {0:log}. The output of this step sends {1:log}, and "
            "the next step sends {2:log} back to the whole state.", cell=name),
        np.stack([h, down, later]), key="problem_now",
    )  # fmt: skip
    prose.caption(say(
        "From bottom to top: the input, the cell, the probability of the right answer, and the "
        "loss (a disc with the right letter). Grey arrows are the forward pass. Coloured arrows "
        "are the gradient coming back: their width shows log₁₀ of its norm, and below 10⁻⁸ they "
        "are dotted; between two cells it is the gradient of the whole state. The numbers are "
        "‖∂L/∂h_t‖₂."
    ))  # fmt: skip
    summary = say(
        "{cell}, {problem}: {losses} losses at steps {first} to {last}, {given} letters given; "
        "the gradient of the state is {start} at step 1 and {end} at step {T}.",
        cell=name, problem=say(found.problem.title),
        **counted(found.problem, found.steps), start=power(float(h[0])), end=power(float(h[-1])),
        T=found.steps,
    )  # fmt: skip
    chart.words_and_table(
        "problem_graph", summary, lambda: table(found),
        lambda: chart.page_of_drawing("problem_graph/graph", packet, say(found.problem.title),
                                      summary, found.steps),
    )  # fmt: skip


def _norms(found: dict[str, Unrolled]) -> None:
    one = next(iter(found.values()))
    near, far = ways(one.problem, one.steps)
    norms = norm_lines(found, theme())
    ends = [say("{cell} {value}", cell=line.label, value=power(float(line.values[0])))
            for line in norms]  # fmt: skip
    figure_words = say(
        "At step 1 the nearest loss is {near} steps away and the farthest {far}. ‖∂L/∂h₁‖: "
        "{cells}.", near=int(near[0]), far=int(far[0]), cells=", ".join(ends),
    )  # fmt: skip
    chart.figure(
        plot.problem_paths(found, theme=theme()), key="problem_norms",
        definition=say(definitions.PATHS_TO_LOSS),
        summary=figure_words, data=lambda: _lengths(one, near, far, norms),
    )  # fmt: skip


def _lengths(one: Unrolled, near: Values, far: Values, norms: list[Line]) -> pd.DataFrame:
    columns = {say("nearest"): near, say("farthest"): far}
    columns |= {f"{line.label} (log₁₀)": line.values for line in norms}
    return pd.DataFrame(columns, index=pd.RangeIndex(1, one.steps + 1, name="t"))


def _about(settings: Settings, problem: Problem) -> str:
    steps = problem.steps(len(settings.example().x))
    said = say(
        "Letters A to E, one-hot, drawn with seed {seed}; T = {T}, H = {H}. Cells, seed, H and "
        "initialisation are those of the sidebar; this page has its own sequence and its own "
        "losses. The first model has the same weights in all types.",
        seed=settings.seed, T=steps, H=settings.hidden_size,
    )  # fmt: skip
    if problem.fed_back:
        said += " " + say("The probabilities p_t themselves are fed back, not the likeliest "
                          "letter, because a choice of one letter has no gradient.")  # fmt: skip
    if problem.encoder:
        said += " " + say(
            "The decoder is a second model, drawn with seed {seed}. Its first input is empty (∅); "
            "each later input is the right answer of the step before or, if the switch above is "
            "on, the decoder's own answer.",
            seed=settings.seed + 1,
        )  # fmt: skip
    return said
