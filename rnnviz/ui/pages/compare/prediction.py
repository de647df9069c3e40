"""What the cells predict, against the target, and what each step costs."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from rnnviz import plot
from rnnviz.cells import CELLS
from rnnviz.experiments.settings import Settings
from rnnviz.tasks import TASKS
from rnnviz.ui import cached, chart, url_controls
from rnnviz.ui.kept import kept
from rnnviz.ui.pages.compare import prediction_findings as findings
from rnnviz.ui.shell import changed
from rnnviz.ui.shell.frame import theme
from rnnviz.words import language, say
from rnnviz.words.markup import inert
from rnnviz.words.numbers import number


def draw(settings: Settings) -> None:
    """Heading, the losses in a sentence, the predictions, and the costs step by step.

    Nothing where no output layer is shown.
    """
    if not cached.has_output(settings):
        return
    example = cached.example(settings)
    layers = {cell: cached.output(settings, cell) for cell in settings.cells}
    aimed = settings.targets_are not in findings.NO_TARGET
    st.subheader(say("Prediction and target") if aimed else say("Prediction"))
    st.markdown(findings.seen(layers, fresh=settings.trained is None and settings.net is None,
                              targets_are=settings.targets_are))  # fmt: skip
    k, several = 0, example.output_size > 1 and example.loss == "squared_error"
    if several:
        k = _choose(example.output_labels)
    output = example.output_labels[k] if several else ""
    above, below = _figures(settings, _before(settings), k, theme(), language())
    chart.figure(
        above, key="prediction", definition=_definition(settings, output),
        summary=say("Predictions and target over {T} steps.", T=len(example.x)) if aimed
        else say("Predictions over {T} steps.", T=len(example.x)),
        data=lambda: _table(settings, k),
    )  # fmt: skip
    ends = ", ".join(f"{say(CELLS[cell].title)} {number(float(one.costs[-1]))}"
                     for cell, one in layers.items())  # fmt: skip
    chart.figure(
        below, key="costs", definition=_costs_definition(settings),
        summary=say("Cost of each step; at the last step: {cells}.", cells=ends),
        data=lambda: _table(settings, k),
    )  # fmt: skip


def _choose(labels: tuple[str, ...]) -> int:
    """The output to draw."""
    names = [str(k) for k in range(len(labels))]
    if st.session_state.get("output") not in names:  # kept from another sequence
        st.session_state.pop("output", None)
    return int(url_controls.menu(
        say("Output"), names, key="output", default="0", words=lambda k: labels[int(k)], width=220
    ))  # fmt: skip


@kept
def _figures(
    settings: Settings, before: Settings | None, k: int, look: str, spoken: str
) -> tuple[go.Figure, go.Figure]:
    """Both charts. All visitors share them: they must not be changed."""
    layers = {cell: cached.output(settings, cell) for cell in settings.cells}
    earlier = {} if before is None else {c: cached.output(before, c) for c in before.cells}
    unit = "" if settings.opened else TASKS[settings.task].unit
    labels = cached.labels(settings)
    axis = say(unit) if unit else ""
    above = plot.prediction(layers, k, before=earlier or None, axis=axis, theme=look, labels=labels,
                            target=settings.targets_are not in findings.NO_TARGET)  # fmt: skip
    return above, plot.costs(layers, before=earlier or None, theme=look, labels=labels)


def _before(settings: Settings) -> Settings | None:
    """The settings whose curves are drawn thin, if they have the same targets."""
    before = changed.earlier(settings)
    if before is None:
        return None
    now, then = cached.example(settings).targets, cached.example(before).targets
    return before if np.array_equal(now, then) else None


def _definition(settings: Settings, output: str) -> str:
    if cached.example(settings).loss == "cross_entropy":
        if settings.targets_are in findings.NO_TARGET:
            return say("The softmax's probability of the class that the opened net chose, at every "
                       "step.")  # fmt: skip
        return say("The softmax's probability of the right class at every step.")
    words = say("y_t = h_t W_y + b_y at every step, and what it should be.")
    if settings.targets_are in findings.NO_TARGET:
        words = say("y_t = h_t W_y + b_y at every step. There is no target.")
    if not output:
        return words
    return f"{words} {say('Of several outputs {output} is drawn.', output=inert(output))}"


def _costs_definition(settings: Settings) -> str:
    steps = np.flatnonzero(settings.loss_steps(cached.example(settings))) + 1
    count = len(steps)
    classes = cached.example(settings).loss == "cross_entropy"
    if settings.targets_are in findings.NO_TARGET:
        cost = (say("L_t = −ln of the chosen class's probability.") if classes
                else say("L_t = ½ ‖y_t‖², over all outputs."))  # fmt: skip
    else:
        cost = (say("L_t = −ln of the target's probability.") if classes
                else say("L_t = ½ ‖y_t − target‖², over all outputs."))  # fmt: skip
    if count == 1:
        return f"{cost} {say('Only step {t} counts in the loss.', t=int(steps[0]))}"
    if count == len(cached.example(settings).x):
        return f"{cost} {say('All steps count in the loss.')}"
    return f"{cost} {say('{n} steps count in the loss.', n=count)}"


def _table(settings: Settings, k: int) -> pd.DataFrame:
    """One row a step: the target, every cell's answer, and every cell's cost."""
    layers = {say(CELLS[cell].title): cached.output(settings, cell) for cell in settings.cells}
    first = next(iter(layers.values()))
    shown = {
        name: one.of_target if one.classes else one.answers[:, k] for name, one in layers.items()
    }
    target = cached.example(settings).targets[:, 0]
    columns = {say("target"): target if first.classes else target[:, k]} | shown
    if settings.targets_are in findings.NO_TARGET:
        columns = ({say("class chosen"): target} if first.classes else {}) | shown
    columns |= {f"L_t, {name}": one.costs for name, one in layers.items()}
    return pd.DataFrame(columns, index=pd.RangeIndex(1, len(first.costs) + 1, name="t"))
