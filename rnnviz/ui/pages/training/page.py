"""The page of training: windows of k steps, what they cut, and what nets learn all the same."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from rnnviz.cells import CELLS
from rnnviz.experiments.settings import Settings
from rnnviz.figures import learning, palette
from rnnviz.figures.learning import Curve
from rnnviz.figures.panels import Line, Panel, over_time
from rnnviz.training.cut_effect import Heard
from rnnviz.training.echo_stream import FLOOR, reached, share
from rnnviz.training.truncated_bptt import Plan
from rnnviz.ui import badge, cached, chart
from rnnviz.ui.components.time_control import stage
from rnnviz.ui.pages.training import controls, runs
from rnnviz.ui.pages.training.checks import checks
from rnnviz.ui.pages.training.findings import finals, finding, tail
from rnnviz.ui.pages.training.gradients import gradients
from rnnviz.ui.pages.training.runs import Asked, Runs, name
from rnnviz.ui.shell.frame import heading, said_of, theme
from rnnviz.words import say
from rnnviz.words.numbers import number, power

BINS = 40
DASHES = ("solid", "dash", "dot", "dashdot")
Values = NDArray[np.float64]


def show(settings: Settings) -> None:
    """Windows over time, losses over updates, what the cut takes, what the nets know."""
    place = heading(say("What can windows of k steps learn?"), preset_line=False)
    controls.examples()
    asked = _affordable(Asked.of(settings, controls.choose()))
    plan = asked.plan
    steps = len(cached.example(settings).x)
    said = st.empty()
    stage.timeline(steps)
    _windows(plan, steps)
    st.subheader(say("Loss over updates"))
    drawn = st.empty()
    found = runs.all_runs(asked, lambda runs: _losses(drawn, asked, runs, done=False))
    _losses(drawn, asked, found, done=True)
    words = finding(found, plan, asked.plans[-1])
    said.markdown(words)
    _about_losses(asked, found)
    _table(asked, found, steps)
    gradients(asked)
    _knows(asked, steps)
    st.caption(_about(asked))
    badge.show(place, lambda: {say(CELLS[cell].title): checks(*runs.checked(asked, cell, steps))
                               for cell in asked.settings.cells})  # fmt: skip


def _affordable(asked: Asked) -> Asked:
    """What was asked, or less where it would take too long, and why."""
    try:
        asked.check()
    except ValueError as refusal:
        less = asked.affordable()
        words = say("{n} updates, H = {H}", n=less.plan.updates, H=less.settings.hidden_size)
        st.info(say("{refusal} Shown below instead: {settings}.", refusal=said_of(refusal),
                    settings=words))  # fmt: skip
        return less
    return asked


def _windows(plan: Plan, steps: int) -> None:
    reach = reached(steps, plan.delay, plan.window)
    look = theme()
    part = share(plan.delay, plan.window)
    t = np.arange(1, steps + 1)
    cause = t - plan.delay
    cuts = (t - 1) // plan.window - (np.maximum(cause, 1) - 1) // plan.window
    stage.readout(
        say("t = {t}: {label}"), reach[None].astype(float), key="training_now",
        labels=[_about_step(*map(int, one)) for one in zip(t, cause, cuts, reach, strict=True)],
    )  # fmt: skip
    chart.figure(
        learning.windows(reach, plan.delay, plan.window, theme=look,
                         color=palette.cell_color("rnn", look)),
        key="training_windows",
        definition=say(
            "Above the inputs, below the answers, y_t = x_{t−d}; vertical lines: cuts, over which "
            "the state goes and the gradient does not. Solid: cause and loss in one window; dotted "
            "ends at ×: a cut in between. In the long run {part} % reach their cause, "
            "max(0, k − d) / k.", part=number(100 * part),
        ),
        summary=say("Windows of {k} steps, dependency of {d}: {n} of {T} losses reach their cause.",
                    k=plan.window, d=plan.delay, n=int(reach.sum()), T=steps),
        data=lambda: pd.DataFrame(
            {say("cause at"): cause, say("window"): (t - 1) // plan.window + 1,
             say("cuts in between"): cuts, say("reached"): reach}, index=pd.Index(t, name="t")
        ),
    )  # fmt: skip


def _about_step(t: int, cause: int, cuts: int, reach: int) -> str:
    """What becomes of one timestep's loss."""
    if cause < 1:
        return say("the cause of y_{t} lies before the stream began; no gradient gets there.", t=t)
    if reach:
        return say("x_{cause} and y_{t} stand in one window: the gradient gets from the loss to "
                   "its cause.", cause=cause, t=t)  # fmt: skip
    if cuts == 1:
        return say("1 cut between x_{cause} and y_{t}: no gradient gets to the cause.",
                   cause=cause, t=t)  # fmt: skip
    return say("{n} cuts between x_{cause} and y_{t}: no gradient gets to the cause.",
               n=cuts, cause=cause, t=t)  # fmt: skip


def looks(asked: Asked) -> dict[Plan, tuple[str, str]]:
    """Plan → colour and dash."""
    look = theme()
    colors = palette.ramp(len(asked.plans) - 1, look, readable=True)
    styles = {plan: (colors[k], DASHES[k]) for k, plan in enumerate(asked.plans[:-1])}
    return styles | {asked.plans[-1]: (palette.cell_color("lstm", look), "longdashdot")}


def binned(loss: Values) -> tuple[Values, Values]:
    """Where and how large the mean of each of up to BINS stretches of updates is, log10."""
    edges = np.linspace(0, len(loss), min(BINS, len(loss)) + 1).astype(int)
    pairs = list(pairwise(edges))
    with np.errstate(divide="ignore"):
        means = np.log10([loss[a:b].mean() for a, b in pairs])
    return np.array([(a + 1 + b) / 2 for a, b in pairs]), means


def _losses(drawn: st.delta_generator.DeltaGenerator, asked: Asked, found: Runs, *,
            done: bool) -> None:  # fmt: skip
    """A picture of each cell side by side; unfinished ones have keys of their own."""
    look, styles = theme(), looks(asked)
    lines = {
        cell: [Curve(name(plan), *binned(runs[plan].loss), *styles[plan])
               for plan in asked.plans if plan in runs]
        for cell, runs in found.items()
    }  # fmt: skip
    part = "" if done else f"_{sum(map(len, lines.values()))}"
    ends = learning.span([one.y for own in lines.values() for one in own] + [np.log10([FLOOR])], 2)
    with drawn.container():
        for column, (cell, own) in zip(st.columns(len(lines)), lines.items(), strict=True):
            fig = learning.curves(
                f"<b>{say(CELLS[cell].title)}</b>", own, ends=ends, theme=look,
                across=(0, asked.plan.updates), counted=say("updates"),
                axis=say("mean squared error"), floor=(0.0, say("knows nothing: 1")),
            )  # fmt: skip
            with column:
                st.plotly_chart(
                    fig, key=f"training_loss_{cell}{part}", config=chart.CONFIG,
                    alt=say("{cell}: {words}", cell=say(CELLS[cell].title),
                            words=_ends(asked, found, cell)),
                )  # fmt: skip


def _ends(asked: Asked, found: Runs, cell: str) -> str:
    count = tail(asked.plan.updates)
    return "; ".join(f"{name(plan)}: {number(found[cell][plan].end(count))}"
                     for plan in asked.plans if plan in found[cell])  # fmt: skip


def _about_losses(asked: Asked, found: Runs) -> None:
    st.caption(say(
        "Mean squared error of a window before its update, over its steps and {B} streams, in "
        "means of {n} updates or so; same stream, seed and weights at the start for all, and one "
        "axis. As many updates for all: a window of 2d has then read more of the stream. Uncut: "
        "the windows of the chosen k, the very same losses, but the gradient goes on for {m} steps "
        "or more before the window.", B=asked.plan.batch, m=asked.plans[-1].back,
        n=max(1, round(asked.plan.updates / BINS)),
    ))  # fmt: skip
    words = " ".join(say("{cell}: {words}", cell=say(CELLS[cell].title),
                         words=_ends(asked, found, cell)) + "." for cell in found)  # fmt: skip
    chart.words_and_table("training_losses", words, lambda: pd.DataFrame({
        f"{say(CELLS[cell].title)}, {name(plan)}": runs[plan].loss
        for cell, runs in found.items() for plan in asked.plans
    }, index=pd.RangeIndex(1, asked.plan.updates + 1, name=say("update"))))  # fmt: skip


def _table(asked: Asked, found: Runs, steps: int) -> None:
    """The last losses of every run, and what each could reach."""
    ends = {plan: finals(found, plan) for plan in asked.plans}
    titles = {cell: say(CELLS[cell].title) for cell in found}
    rows = []
    for plan in asked.plans:
        row = {say("window"): name(plan),
               say("losses that reach their cause"):
                   f"{number(100 * share(plan.delay, plan.window, plan.back))} %",
               say("timesteps read"): f"{plan.updates * plan.window:,}"}  # fmt: skip
        for cell, title in titles.items():
            answers = runs.knows(asked.settings, cell, plan, steps)
            row[title] = f"{number(ends[plan][cell])}  (r = {_signed(answers, plan)})"
        rows.append(row)
    st.table(pd.DataFrame(rows).set_index(say("window")))
    st.caption(say(
        "Mean loss of the last {n} updates; r: correlation of the trained net's answers with "
        "x_{t−d} on streams that it has not met.", n=tail(asked.plan.updates),
    ))  # fmt: skip


def _signed(answers: Heard, plan: Plan) -> str:
    return number(float(answers.correlation[plan.delay]))


def _knows(asked: Asked, steps: int) -> None:
    st.subheader(say("What the trained nets know"))
    cell = chart.choose_cell(asked.settings.cells)
    styles, delay = looks(asked), asked.plan.delay
    answers = {plan: runs.knows(asked.settings, cell, plan, steps)
               for plan in asked.plans}  # fmt: skip
    with np.errstate(divide="ignore"):
        errors = [Line(name(plan), np.log10(one.loss[:steps]), *styles[plan])
                  for plan, one in answers.items()]  # fmt: skip
    lags = [Line(name(plan), one.correlation, *styles[plan], first=0)
            for plan, one in answers.items()]  # fmt: skip
    panel = Panel(say("Mean squared error at each timestep of a new stream"), errors, "power",
                  say("mean squared error"))  # fmt: skip
    chart.figure(
        over_time([panel], theme=theme(), height=240), key="training_answers",
        definition=say(
            "{cell}, weights as they ended, {n} new streams from zero states. The first d answers "
            "nobody can know: their causes were never shown. {floor} is what answering 0 costs.",
            cell=say(CELLS[cell].title), n=runs.streams(max(steps, 4 * delay)),
            floor=f"{FLOOR:.2f}",
        ),
        summary="; ".join(f"{name(plan)}: {power(float(np.log10(one.error)))}"
                          for plan, one in answers.items()),
        data=lambda: chart.frame([panel]),
    )  # fmt: skip
    heard = Panel(say("Correlation of the answer with the input j steps ago"), lags, "state",
                  say("correlation"))  # fmt: skip
    chart.figure(
        over_time([heard], theme=theme(), height=240, first=0, counted=say("j, steps ago")),
        key="training_lags",
        definition=say(
            "On the same streams. Who has learnt it has 1 at j = d = {d} and 0 elsewhere; the "
            "error is at least 1 − r².", d=delay,
        ),
        summary="; ".join(f"{name(plan)}: r = {number(float(one.correlation[delay]))}"
                          for plan, one in answers.items()),
        data=lambda: chart.frame([heard]).rename_axis("j"),
    )  # fmt: skip


def _about(asked: Asked) -> str:
    one = asked.settings
    return say(
        "H = {H}, seed {seed}, {init} initialisation, {B} streams of ±1 side by side, {optimiser}, "
        "learning rate {rate}, {clip}. Of the sidebar the sequence, the loss and edited weights do "
        "not count here, and T is how many timesteps are drawn.",
        H=one.hidden_size, seed=one.seed, init=one.init, B=asked.plan.batch,
        optimiser=say(controls.OPTIMISERS[asked.plan.optimiser]), rate=asked.plan.rate,
        clip=say("no clipping") if asked.plan.clip is None
        else say("norm clipped to {limit:g}", limit=asked.plan.clip),
    )  # fmt: skip
