"""The curves while they come in, the buttons that pause and go on, and how long it takes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import numpy as np
import pandas as pd
import streamlit as st

from rnnviz import plot
from rnnviz.cells import CELLS
from rnnviz.figures import palette
from rnnviz.figures.learning import Curve
from rnnviz.numerics.arrays import Array
from rnnviz.plot.learning import (
    loss_axis,
    loss_scale,
    naive_line,
    naive_words,
    stretches,
)
from rnnviz.training.batches import Batches
from rnnviz.training.one_training import BUDGET
from rnnviz.training.plan import Plan, task_of
from rnnviz.ui import chart
from rnnviz.ui.components.learning_curves.learning import learning_curves
from rnnviz.ui.kept import kept
from rnnviz.ui.language import fragment
from rnnviz.ui.pages.training import findings_learning, watched
from rnnviz.ui.pages.training.plan_controls import MOST, Asked
from rnnviz.ui.pages.training.watched import Shown
from rnnviz.ui.shell.frame import theme
from rnnviz.words import say
from rnnviz.words.numbers import number

EVERY = 0.4
"""Seconds between two pictures of what is learnt so far."""
_OTHER = "_training_other_plan"
"""Says to the fragment that the page is to be drawn for another plan."""
NAIVE = 8192
"""So many sequences tell what naive answers cost, if the plan has so many."""
MORE = 200
"""So many updates more are offered."""


def show(asked: Asked) -> dict[str, Shown]:
    """Draw the curves, live while there is more to come; return what is shown."""
    shown = watched.look(asked)
    going, late = busy(asked, shown), watched.behind(asked)
    fragment(_live, EVERY if going or late else None)(asked, going, late)
    return shown


def busy(asked: Asked, shown: Mapping[str, Shown]) -> bool:
    """Whether more updates come without a click."""
    return watched.watch(asked).since is not None and any(
        not one.over and not one.seen.spent for one in shown.values()
    )


def _live(asked: Asked, going: bool, late: bool) -> None:
    """What a fragment draws again and again; where that begins or ends, the whole page is drawn."""
    shown, was = watched.look(asked), (going, late)
    if (busy(asked, shown), watched.behind(asked)) != was or st.session_state.pop(_OTHER, False):
        st.rerun()
    _buttons(asked, shown, going)
    _progress(asked, shown)
    if all(one.over for one in shown.values()):
        _charts(shown, naive_cost(asked.plan))
    else:
        _curves(asked, shown)


def _buttons(asked: Asked, shown: Mapping[str, Shown], going: bool) -> None:
    over = all(one.over for one in shown.values())
    total = asked.plan.updates
    with st.container(horizontal=True, vertical_alignment="bottom", key="rv-train-buttons"):
        if going:
            st.button(say("Pause"), key="_train_pause", on_click=watched.pause, args=(asked,))
        elif not over:
            st.button(say("Continue"), key="_train_play", on_click=watched.play, args=(asked,),
                      type="primary")  # fmt: skip
            st.button(say("One update"), key="_train_step", on_click=watched.step, args=(asked,))
        if total + MORE <= MOST and goes_on(shown):
            st.button(say("{n} updates more", n=MORE), key="_train_more",
                      on_click=partial(_further, asked))  # fmt: skip
        if not going:
            st.button(say("Watch from the start"), key="_train_again", on_click=watched.again,
                      args=(asked,))  # fmt: skip
        if any(one.seen.stage == "failed" for one in shown.values()):
            st.button(say("Try again"), key="_train_retry", on_click=watched.play, args=(asked,))


def goes_on(shown: Mapping[str, Shown]) -> bool:
    """Whether all planned updates are shown and a net can be trained further."""
    return all(one.over for one in shown.values()) and not all(
        one.failed for one in shown.values()
    )  # fmt: skip


def _further(asked: Asked) -> None:
    """Raise the number of updates; curves go on from where they are."""
    st.session_state["tU"] = asked.plan.updates + MORE
    st.session_state[_OTHER] = True
    watched.go_on(asked, asked.plan.updates + MORE)


def _progress(asked: Asked, shown: Mapping[str, Shown]) -> None:
    """A bar for all nets together, and each one's update, rate and seconds."""
    total = asked.plan.updates
    done = sum(total if one.over else one.update for one in shown.values())
    st.progress(min(1.0, done / (total * len(shown))), findings_learning.budget(shown))
    for cell, one in shown.items():
        if one.seen.stage == "failed":
            st.warning(say("{cell}: the process that trains it has ended {n} times. What was "
                           "trained so far is kept.", cell=say(CELLS[cell].title),
                           n=one.seen.deaths))  # fmt: skip
        elif one.seen.beyond and watched.watch(asked).since is None:
            st.caption(say("{cell}: paused here; another visitor has the same net trained further.",
                           cell=say(CELLS[cell].title)))  # fmt: skip
        elif one.seen.spent and not one.over:
            st.info(say("{cell}: {seconds} seconds are used up. “Continue” gives {more} more.",
                        cell=say(CELLS[cell].title), seconds=number(one.seen.seconds),
                        more=f"{BUDGET:g}"))  # fmt: skip


def _curves(asked: Asked, shown: Mapping[str, Shown]) -> None:
    runs = {cell: one.run for cell, one in shown.items()}
    naive = naive_cost(asked.plan)
    lines = [
        Curve(say(CELLS[cell].title), *stretches(one.loss, asked.plan.updates),
              palette.cell_css(cell), palette.CELL_DASHES.get(cell, "solid"))
        for cell, one in shown.items()
    ]  # fmt: skip
    level = (float(np.log10(naive)), naive_line(runs, naive)) if naive else None
    learning_curves(
        lines, key="train_curves", total=asked.plan.updates, axis=loss_axis(runs), level=level,
        ends=loss_scale([10 ** one.y for one in lines], naive),
        summary=findings_learning.now(shown),
    )  # fmt: skip


def _charts(shown: Mapping[str, Shown], naive: float) -> None:
    """The charts of training: the loss, and the norm of all gradients together."""
    runs = {cell: one.cut for cell, one in shown.items()}
    left, right = st.columns(2)
    with left:
        chart.figure(
            plot.learning_curves(runs, naive=naive, theme=theme()), key="train_loss",
            definition=say(
                "Training loss: that of every update's own batch, means of neighbouring updates. "
                "The dashed line is what naive answers cost on such batches ({words}): {naive}.",
                words=naive_words(runs), naive=number(naive),
            ),
            summary=findings_learning.now(shown),
            data=lambda: _columns({cell: run.loss for cell, run in runs.items()}),
        )  # fmt: skip
    with right:
        chart.figure(
            plot.total_gradients(runs, theme=theme()), key="train_norm",
            definition=say("Norm of the gradient of all weights together, before clipping."),
            summary="; ".join(f"{findings_learning.title(cell)}: {number(float(one.norm[-1]))}"
                              for cell, one in shown.items()),
            data=lambda: _columns({cell: run.gradient_norm for cell, run in runs.items()}),
        )  # fmt: skip


def _columns(found: Mapping[str, Array]) -> pd.DataFrame:
    return pd.DataFrame({findings_learning.title(cell): pd.Series(one, index=range(1, len(one) + 1))
                         for cell, one in found.items()}).rename_axis(say("update"))  # fmt: skip


@kept
def naive_cost(plan: Plan) -> float:
    """What the task's naive answers cost on the first `NAIVE` sequences that are trained on."""
    batches = Batches(task_of(plan.task), plan)
    if batches.only_one:
        return batches.example.baseline
    many = (batches.sequences(n) for n in range(min(NAIVE // plan.batch, plan.updates)))
    return float(np.mean([one.baseline for one in many]))
