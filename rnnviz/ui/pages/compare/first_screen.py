"""The first screen of the compare page: question, an answer for each cell, chart, time control."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from rnnviz.advice.chips import chips
from rnnviz.browser.gradient_overview.contents import HEIGHT, Contents, Curve, contents
from rnnviz.browser.packets import pack
from rnnviz.cells import CELLS
from rnnviz.experiments.opened_example import LOSSES, sequence_words
from rnnviz.experiments.settings import Settings
from rnnviz.figures import palette
from rnnviz.tasks import TASKS
from rnnviz.ui import affordable, cached, chart, prose
from rnnviz.ui.advice import learnt
from rnnviz.ui.components.gradient_overview.overview import overview
from rnnviz.ui.components.time_control import stage
from rnnviz.ui.pages.compare import findings, lengths
from rnnviz.ui.pages.compare.earlier import ghosts, norms_before
from rnnviz.ui.pages.compare.followed import (
    KEPT,
    Followed,
    Records,
    choose_loss,
    choose_state,
    drop,
    follow,
    norms,
)
from rnnviz.ui.pages.compare.knobs import knobs
from rnnviz.ui.shell import page_map, trained_nets
from rnnviz.ui.shell.frame import about_preset
from rnnviz.words import say, word

ANSWER, CHART = "rv-answer", "headline"
"""The keys of the question with its answer, and of the chart."""
TITLES = {
    "memory": word("‖∂L_{S}/∂s_t‖, s: each cell's memory state"),
    "h": word("‖∂L_{S}/∂h_t‖"),
    "all": word("‖∂L_{S}/∂s_t‖, s: all states of a cell as one vector"),
}


def draw(settings: Settings) -> Followed:
    """Draw the question, a figure for each cell, the chart with controls, and the time control.

    Of trained nets all but the time is a part of its own, with the slider over their updates: while
    that is dragged, this part alone is drawn anew.
    """
    followed = trained_nets.followed(settings, _picture)
    stage.timeline(len(followed.losses), labels=cached.labels(settings))
    return followed


def _picture(settings: Settings) -> Followed:
    """All but the time."""
    above = st.container(key=ANSWER)
    # At once, or it would push down what is drawn while the loss to follow is asked for.
    text, answer = above.empty(), above.empty()
    usual = follow(settings, "memory", None)
    text.markdown(about(settings, usual.start))
    answer.html(chips(usual.alone, usual.found, fresh_names(settings)))
    left, right = st.columns([3, 1], gap="medium")
    with right:
        beside = st.container()
        step = choose_loss(settings)
    with left:
        joint = all(affordable.joint_fits(one.layers[0]) for one in usual.alone.values())
        followed = follow(settings, choose_state(settings.cells, joint=joint), step)
        overview(chart_of(settings, followed, step), key=CHART)
    with beside:  # on a phone they stand under the chart, which would push them down
        knobs(settings)
        lengths.explain(settings)
    if (followed.start, followed.signal) != (usual.start, usual.signal):
        text.markdown(about(settings, followed.start))
        answer.html(chips(followed.alone, followed.found, fresh_names(settings)))
    return followed


def about(settings: Settings, start: int) -> str:
    """What a recurrent net is, what is predicted, why a lost gradient matters; how trained."""
    if settings.opened:
        return about_opened(settings, start)
    told = say(
        "A **recurrent net** reads a sequence step by step and keeps what it has read in a state. "
        "Here: {task} It learns by the gradient that the error at step {start} sends back; if none "
        "reaches step 1, that error does not tell the weights what to keep of step 1.",
        task=say(TASKS[settings.task].description), start=start,
    )  # fmt: skip
    if settings.trained is None:
        return f"{told} " + say("These nets are untrained (seed {seed}; others differ).",
                                seed=settings.seed)  # fmt: skip
    return f"{told} {how_far(settings)}"


def how_far(settings: Settings) -> str:
    """How many updates the shown nets were trained for, each where that is not the same number."""
    trained = settings.trained
    assert trained is not None
    words = {"plan": say(trained.words), "u": settings.update, "all": trained.plan.updates}
    if not settings.update:
        return say("These nets are shown before their training on {plan}.", **words)
    if (each := settings.updates_of_each) is not None:
        return say("These nets were trained on {plan} and are shown after these updates, "
                   "of {all}: {each}.",
                   each=each, **words)  # fmt: skip
    return say("These nets were trained on {plan}, for {u} of {all} updates.", **words)


def about_opened(settings: Settings, start: int) -> str:
    """What is read, what is asked of it, and whose gradient is followed."""
    what = sequence_words(settings.net, settings.sequence, settings.task)
    fresh = ", ".join(fresh_names(settings).values())
    told = say("The gradient of the error at step {start} is followed back to step 1.", start=start)
    if settings.net is None:
        told = say("Fresh nets (seed {seed}) read **{sequence}**.", seed=settings.seed,
                   sequence=say(what)) + f" {told}"  # fmt: skip
    else:
        words = {"net": settings.net.title, "sequence": say(what), "fresh": fresh}
        if not fresh:
            read = say("The net of **{net}** reads **{sequence}**.", **words)
        elif settings.net.cell in settings.cells:
            read = say("The net of **{net}** reads **{sequence}**; beside it: {fresh}.", **words)
        else:
            read = say("The net of **{net}** is not shown. Reading **{sequence}**: {fresh}.",
                       **words)  # fmt: skip
        told = f"{read} {told}"
    if kind := settings.targets_are:
        told += " " + say("The target is {what}.", what=say(LOSSES[kind]))
    return told


def fresh_names(settings: Settings) -> dict[str, str]:
    """Cell → its name, of the fresh nets beside an opened one."""
    if settings.net is None:
        return {}
    return {cell: say("fresh {cell}", cell=say(CELLS[cell].title)) for cell in settings.cells
            if not settings.of_file(cell)}  # fmt: skip


def before(settings: Settings, followed: Followed) -> dict[str, NDArray[np.float64]]:
    """Cell → its curve before the last change, edits or training, where it differs."""
    step = followed.start if followed.chosen else None
    return norms_before(settings, followed.norms,
                        lambda past, cell: norms(past, cell, followed.signal, step))  # fmt: skip


def chart_of(
    settings: Settings, followed: Followed, step: int | None, records: Records = KEPT
) -> Contents:
    """The curves of all cells, and thin ones of before a change or of all losses together."""
    curves = [
        Curve(say(CELLS[cell].title), palette.cell_css(cell), palette.CELL_DASHES.get(cell, "dot"),
              one.log10_norms, "h, c" if one.signal == "all" else one.signal,
              drop(settings, cell, step, records) if one.signal == "h" else None)
        for cell, one in followed.found.items()
    ]  # fmt: skip
    title = say(TITLES[followed.signal], S=f"{{{followed.start}}}")
    thin = ghosts(before(settings, followed))
    if followed.several and not thin:
        thin = [one._replace(values=records.all_losses(settings, cell, followed.signal))
                for cell, one in zip(followed.found, curves, strict=True)]  # fmt: skip
        title = say("{title}; thin: all losses together", title=title)
    return contents(
        curves, losses=followed.losses, start=followed.start, title=title,
        labels=cached.labels(settings), ghosts=thin,
        summary=findings.summary(followed.alone, followed.found, fresh_names(settings)),
    )  # fmt: skip


def story(settings: Settings, followed: Followed) -> None:
    """What is seen and why, the preset's story, and the chart's data."""
    names = fresh_names(settings)
    said = findings.seen(followed.alone, followed.found, names)
    if len(settings.cells) > 1 and settings.trained is None and settings.net is None:
        said += " " + say("These are the shares of one seed; with others the order of the cells "
                          "can change. “The figures, and their definitions” compares 20 seeds, "
                          "on request.")
    prose.markdown(said)
    for cell in settings.cells:
        learnt.show(settings, cell)
    about_preset()
    page_map.link_to()
    prose.caption(say(
        "The chart shows the norm of the gradient of the loss of step S on the state s after step "
        "t; t = 0 is the initial state. Dotted: the same factor γ at every step. Drag in the chart "
        "to move the time."
    ))  # fmt: skip
    columns = {say(CELLS[cell].title): one.log10_norms for cell, one in followed.found.items()}
    index = say("t, log₁₀ of the norm")
    summary = findings.summary(followed.alone, followed.found, names)
    chart.words_and_table(
        CHART, summary, lambda: pd.DataFrame(columns).rename_axis(index),
        lambda: chart.page_of_drawing(
            "gradient_overview/overview",
            pack(*chart_of(settings, followed, followed.start if followed.chosen else None)),
            index, summary, len(followed.losses), cached.labels(settings), HEIGHT),
    )  # fmt: skip
    chart.not_finite({cell: cached.flow(settings, cell) for cell in settings.cells})
