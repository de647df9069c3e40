"""The sidebar's part «Sequence»: which one, its options and its length T."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import replace
from typing import Any

import streamlit as st

from rnnviz import advice
from rnnviz.experiments.opened import OpenedNet, OpenedSequence
from rnnviz.experiments.opened_example import fits, sequence_words
from rnnviz.experiments.settings_checks import BUDGET, most_steps
from rnnviz.experiments.trained import Trained
from rnnviz.experiments.trained_on import fitting
from rnnviz.tasks import TASKS
from rnnviz.ui import task_options, url_controls
from rnnviz.ui.shell.sidebar_cells import hidden_control
from rnnviz.ui.shell.sidebar_labels import HELP
from rnnviz.ui.shell.sidebar_limits import LONGEST, LONGEST_OPENED, PRESET, WIDEST
from rnnviz.words import say


def sequence_controls(
    shown: Set[str], trained: Trained | None, net: OpenedNet | None,
    sequence: OpenedSequence | None,
) -> dict[str, Any]:  # fmt: skip
    """The settings «task», «options» and «length»."""
    if net is not None or sequence is not None:
        return _opened_sequence(shown, net, sequence)
    drawn = "task" in shown
    if drawn or "T" in shown:
        st.header(say("Sequence"))
    plan = None if trained is None else trained.plan
    name = url_controls.menu(
        say("Sequence"), list(TASKS) if trained is None else list(fitting(trained)), key="task",
        default=PRESET.task if plan is None else plan.task, drawn=drawn,
        words=lambda task: say(TASKS[task].title), label_visibility="collapsed",
    )  # fmt: skip
    task = TASKS[name]
    if drawn:
        st.caption(say(task.description))
    own = dict(plan.options) if plan is not None and plan.task == name else {}
    kinds = [replace(one, default=own.get(one.name, one.default)) for one in task.options]
    texts = tuple(one for one in kinds if one.kind == "text")
    options = task_options.controls(f"{name}_", texts, "", drawn=drawn)
    place, rest = st.container(), tuple(one for one in kinds if one.kind != "text")
    options |= task_options.controls(f"{name}_", rest, say("Sequence options"), drawn=drawn)
    with place:
        length = length_control(name, options, trained, drawn="T" in shown)
    return {"task": name, "options": tuple(options.items()), "length": length}


def _opened_sequence(
    shown: Set[str], net: OpenedNet | None, sequence: OpenedSequence | None
) -> dict[str, Any]:
    """The opened sequence; without one a task with as many inputs as the net, or random numbers."""
    st.header(say("Sequence"))
    if sequence is not None:
        steps, size = sequence.x.shape
        st.caption(say("{steps}, D = {D}, out of a file.", steps=advice.steps(steps), D=size))
        return {"task": PRESET.task, "options": (), "length": PRESET.length}
    assert net is not None
    name = PRESET.task
    if tasks := [one for one in TASKS if fits(net, one)]:
        name = url_controls.menu(
            say("Sequence"), tasks, key="task", default=tasks[0], label_visibility="collapsed",
            words=lambda task: say(TASKS[task].title), drawn="task" in shown,
        )  # fmt: skip
        st.caption(say(TASKS[name].description))
    else:
        what = sequence_words(net, None, name)
        st.caption(say(what))
    most = min(LONGEST_OPENED, most_steps(net))
    length = int(url_controls.slider(
        say("T, length"), 2, most, key="T", default=min(PRESET.length, most), drawn="T" in shown,
        help=say(HELP["T_opened"], most=most),
    ))  # fmt: skip
    return {"task": name, "options": (), "length": length}


def length_control(
    task: str, options: Mapping[str, Any], trained: Trained | None = None, *, drawn: bool = True
) -> int:
    """T, by a slider whose ends the task, its options and the budget decide."""
    if TASKS[task].length_is == "maximum":
        if drawn:
            st.caption(say("T is the number of characters of the text."))
        return max(len(options["text"]), 1)
    usual, hidden = PRESET.length, hidden_control(WIDEST, drawn=False)
    if trained is not None:
        usual, hidden = trained.plan.length, trained.hidden_size
    least, most = length_span(task, options, hidden)
    return int(url_controls.slider(
        say("T, length"), least, most, key="T", default=min(max(usual, least), most),
        drawn=drawn, help=say(HELP["T"]),
    ))  # fmt: skip


def length_span(task: str, options: Mapping[str, Any], hidden: int) -> tuple[int, int]:
    """The least and the largest T that can be shown with so many hidden units."""
    span = TASKS[task].lengths(**options)
    least = max(2, span.minimum)
    return least, max(least, min(span.maximum, LONGEST, BUDGET // hidden**2))
