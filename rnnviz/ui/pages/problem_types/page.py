"""The page of problem types: the same cells, asked in five ways."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from rnnviz.cells import CELLS
from rnnviz.experiments.problem_types import PROBLEMS, SYMBOLS, Problem, distances, models_of, ways
from rnnviz.experiments.settings import Settings
from rnnviz.experiments.unrolling import Unrolled, unroll
from rnnviz.figures import palette
from rnnviz.figures.panels import Line
from rnnviz.figures.paths import paths_and_norms
from rnnviz.figures.unrolled import Answers, probabilities
from rnnviz.ui import badge, chart, url_controls
from rnnviz.ui.components.problem_graph.graph import graph, right, table
from rnnviz.ui.components.time_control import stage
from rnnviz.ui.language import fragment
from rnnviz.ui.pages.problem_types import findings
from rnnviz.ui.pages.problem_types.checks import checks
from rnnviz.ui.shell.frame import heading, theme
from rnnviz.words import say
from rnnviz.words.numbers import number, power

DEFAULT = "seq_to_seq"
AT_ONCE = 400
"""Up to this many steps, over all cells, the table of all types is filled by itself."""
CHECKS = 3 * 10**4
"""Up to this T H² the checks run by themselves."""
Values = NDArray[np.float64]


@st.cache_resource(max_entries=96, show_spinner=False)
def unrolled(settings: Settings, cell: str, name: str, own: bool) -> Unrolled:
    """A type on the settings' weights, run and carried back."""
    problem = PROBLEMS[name]
    sequence = problem.sequence(len(settings.example().x), seed=settings.seed)
    return unroll(problem, models_of(settings, cell, problem), sequence,
                  fed=own or problem.fed_back)  # fmt: skip


def show(settings: Settings) -> None:
    """The graph, the lengths of its paths beside the gradients, and the answers."""
    place = heading(say("How far is it from a loss to its input?"), preset_line=False)
    problem, own = _choose()
    cell = chart.choose_cell(settings.cells)
    with st.spinner(say("Stepping forward and back …"), show_time=True):
        found = {one: unrolled(settings, one, problem.name, own) for one in settings.cells}
    steps = found[cell].steps
    stage.timeline(steps)
    st.markdown(findings.finding(found))
    _not_finite(found)
    _graph(found[cell], cell)
    _norms(found)
    _answers(found)
    _all_types(settings)
    st.caption(_about(settings, problem))
    badge.show(place, lambda: {say(CELLS[cell].title): checks(found[cell])},
               at_once=steps * settings.hidden_size**2 <= CHECKS)  # fmt: skip


def _choose() -> tuple[Problem, bool]:
    name = url_controls.buttons(
        say("Problem type"), list(PROBLEMS), key="problem", default=DEFAULT,
        words=lambda one: say(PROBLEMS[one].title),
    )  # fmt: skip
    problem = PROBLEMS[name]
    st.caption(say(problem.asks))
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
    graph(found, cell, name)
    h, back, down = (found.log10(row)[:, 0] for row in ("h", "back", "down"))
    later = np.append(back[1:], -np.inf)
    stage.readout(
        say("{cell}: ‖∂L/∂h‖ at t = {t} is {0:log}; its own output sends {1:log}, and the step "
            "after sends {2:log} back to the state.", cell=name),
        np.stack([h, down, later]), key="problem_now",
    )  # fmt: skip
    st.caption(say(
        "From below: what is read, the cell, the probability of the right answer, and the loss "
        "(black, with the letter that was to be answered). Grey arrows run forwards. Coloured "
        "arrows are the gradient coming back, as wide as the log₁₀ of its norm, dotted below 10⁻⁸; "
        "between two cells it is that of the whole state. The numbers are ‖∂L/∂h_t‖₂."
    ))  # fmt: skip
    summary = say(
        "{cell}, {problem}: {losses} losses at steps {first} to {last}, {given} letters given; "
        "the gradient of the state is {start} at step 1 and {end} at step {T}.",
        cell=name, problem=say(found.problem.title),
        **_counts(found.problem, found.steps), start=power(float(h[0])), end=power(float(h[-1])),
        T=found.steps,
    )  # fmt: skip
    chart.words_and_table("problem_graph", summary, lambda: table(found))


def _counts(problem: Problem, steps: int) -> dict[str, int]:
    losses = np.flatnonzero(problem.answers(steps)) + 1
    return {"losses": len(losses), "first": int(losses[0]), "last": int(losses[-1]),
            "given": int(problem.given(steps).sum())}  # fmt: skip


def _norms(found: dict[str, Unrolled]) -> None:
    look, one = theme(), next(iter(found.values()))
    near, far = ways(one.problem, one.steps)
    inks = palette.ramp(2, look, readable=True)
    paths = [Line(say("farthest"), far, inks[0]), Line(say("nearest"), near, inks[1], "dash")]
    norms = [
        Line(say(CELLS[cell].title), flow.log10("h")[:, 0], palette.cell_color(cell, look),
             palette.CELL_DASHES.get(cell, "solid"))
        for cell, flow in found.items()
    ]  # fmt: skip
    fig = paths_and_norms(
        paths if (near != far).any() else [paths[0]._replace(label=say("the one loss"))], norms,
        titles=(say("Steps to a loss"), say("The gradient there")),
        axes=(say("steps"), "‖∂L/∂h<sub>t</sub>‖₂"), theme=look,
        handed=one.problem.handed(one.steps),
    )  # fmt: skip
    ends = [say("{cell} {value}", cell=line.label, value=power(float(line.values[0])))
            for line in norms]  # fmt: skip
    figure_words = say(
        "At step 1 the nearest loss is {near} steps away and the farthest {far}; the gradient "
        "there: {cells}.", near=int(near[0]), far=int(far[0]), cells=", ".join(ends),
    )  # fmt: skip
    chart.figure(
        fig, key="problem_norms",
        definition=say(
            "Above: how many steps back it is from a loss to t, the fewest and the most; a step "
            "is one crossing from a state to the one before, an output fed back or the hand-over "
            "among them. Below: ‖∂L/∂h_t‖₂ of every cell, same seed, H and law of the weights, on "
            "one absolute scale."
        ),
        summary=figure_words, data=lambda: _lengths(one, near, far, norms),
    )  # fmt: skip


def _lengths(one: Unrolled, near: Values, far: Values, norms: list[Line]) -> pd.DataFrame:
    columns = {say("nearest"): near, say("farthest"): far}
    columns |= {f"{line.label} (log₁₀)": line.values for line in norms}
    return pd.DataFrame(columns, index=pd.RangeIndex(1, one.steps + 1, name="t"))


def _answers(found: dict[str, Unrolled]) -> None:
    st.subheader(say("What the softmax answers"))
    one = next(iter(found.values()))
    asked, targets = one.problem.answers(one.steps), one.sequence.targets[:, 0]
    maps = [
        Answers(say("{cell}: loss {loss}", cell=say(CELLS[cell].title), loss=number(flow.loss)),
                flow.probabilities[:, 0])
        for cell, flow in found.items()
    ]  # fmt: skip
    means = [say("{cell} {value}", cell=say(CELLS[cell].title),
                 value=number(float(right(flow)[asked].mean())))
             for cell, flow in found.items()]  # fmt: skip
    chart.figure(
        probabilities(maps, SYMBOLS, [int(k) if ask else None
                                      for k, ask in zip(targets, asked, strict=True)],
                      theme=theme(), handed=one.problem.handed(one.steps)),
        key="problem_answers",
        definition=say(
            "p_t = softmax(y_t), a column adds up to 1; rings mark the letter that was to be "
            "answered, and with it where a loss −ln p sits. These weights are untrained: an even "
            "guess among {K} letters has p = {p} and the loss ln {K} = {loss}.",
            K=len(SYMBOLS), p=number(1 / len(SYMBOLS)), loss=number(float(np.log(len(SYMBOLS)))),
        ),
        summary=say("The right answer gets on average, over the steps that are asked: {cells}.",
                    cells=", ".join(means)),
        data=lambda: _probability_table(found),
    )  # fmt: skip


def _probability_table(found: dict[str, Unrolled]) -> pd.DataFrame:
    columns = {
        f"{say(CELLS[cell].title)}, p({letter})": one.probabilities[:, 0, k]
        for cell, one in found.items()
        for k, letter in enumerate(SYMBOLS)
    }
    steps = next(iter(found.values())).steps
    return pd.DataFrame(columns, index=pd.RangeIndex(1, steps + 1, name="t"))


@fragment
def _all_types(settings: Settings) -> None:
    """The lengths of the paths, and the same cells on each type."""
    cheap = len(settings.example().x) * len(settings.cells) <= AT_ONCE
    box = st.expander(say("The same cells on every type"), expanded=cheap, key="_all_types",
                      on_change="rerun")  # fmt: skip
    if not box.open:
        return
    titles = [say(CELLS[cell].title) for cell in settings.cells]
    head = [say("Problem type"), say("losses"), say("letters given"), say("shortest path"),
            say("longest path"),
            *(say("{cell} at t = 1", cell=title) for title in titles)]  # fmt: skip
    rows = [head, ["---"] * len(head)]
    for name, problem in PROBLEMS.items():
        found = [unrolled(settings, cell, name, False) for cell in settings.cells]
        steps = found[0].steps
        paths, counts = distances(problem, steps), _counts(problem, steps)
        rows.append([
            say(problem.title), str(counts["losses"]), str(counts["given"]),
            str(int(np.nanmin(paths))), str(int(np.nanmax(paths))),
            *(power(float(one.log10("h")[0, 0])) for one in found),
        ])  # fmt: skip
    with box, st.container(key="rv-all-types"):
        st.markdown("\n".join(f"| {' | '.join(row)} |" for row in rows))
        st.caption(say(
            "Paths: the steps from a loss back to a given letter, over all pairs. At t = 1: "
            "‖∂L/∂h_1‖₂. The loss is the mean over the answers, so that types compare."
        ))  # fmt: skip


def _about(settings: Settings, problem: Problem) -> str:
    steps = problem.steps(len(settings.example().x))
    said = say(
        "Letters A to E, one-hot, drawn with seed {seed}; T = {T}, H = {H}. Cells, seed, H and law "
        "of the weights are those of all pages; the sequence and the place of the loss are this "
        "page's own. In every type the first model has the same weights.",
        seed=settings.seed, T=steps, H=settings.hidden_size,
    )  # fmt: skip
    if problem.fed_back:
        said += " " + say("What is fed back is p_t itself, all of it, not the likeliest letter: "
                          "that has a gradient.")  # fmt: skip
    if problem.encoder:
        said += " " + say(
            "The decoder is a model of its own, drawn with seed {seed}; its first input is empty "
            "(∅), later ones are the right answers before, unless it reads its own.",
            seed=settings.seed + 1,
        )  # fmt: skip
    if any(one.cell in settings.cells for one in settings.edits):
        said += " " + say("Edited weights do not count here.")
    return said
