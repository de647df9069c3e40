"""The controls of the tab «Train»: task, T, H and the plan; all of them in the address."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from rnnviz.experiments.settings import Settings
from rnnviz.tasks import PARTS, TASKS
from rnnviz.training import Plan
from rnnviz.training.batches import Batches
from rnnviz.training.jobs import Job
from rnnviz.ui import background, task_options, url_controls
from rnnviz.ui.kept import kept
from rnnviz.ui.pages.training import optimiser_controls
from rnnviz.ui.pages.training.optimiser_controls import FIRST
from rnnviz.words import say, word

LONGEST, WIDEST, MOST = 200, 128, 5000
"""The largest T, H and number of updates."""
HIDDEN = 24
EXAMPLES: dict[str, tuple[str, dict[str, Any]]] = {
    "adding": (word("adding, T = 30"), {}),
    "longer": (word("adding, T = 50"), {"tT": 50, "tU": 600}),
    "symbol": (word("one symbol to remember"), {"ttask": "first_symbol"}),
    "order": (word("the order of two symbols"), {"ttask": "temporal_order"}),
    "xor": (word("the XOR of two bits"), {"ttask": "parity", "tT": 20}),
}  # fmt: skip
"""Name → its words, and the controls that are not at their default."""
_MENU = "_train_examples"


@dataclass(frozen=True)
class Asked:
    """What is trained: the jobs of the settings' cells, all of one plan."""

    plan: Plan
    jobs: tuple[tuple[str, Job], ...]

    @classmethod
    def of(cls, settings: Settings, plan: Plan, hidden_size: int) -> Asked:
        """The sidebar's cells with its initialisation and seed, trained as planned."""
        plan = replace(plan, seed=settings.seed).fitted(TASKS[plan.task])
        jobs = ((cell, background.job(settings, cell, plan, hidden_size))
                for cell in settings.cells)  # fmt: skip
        return cls(plan, tuple(jobs))


def examples() -> None:
    """Draw a button an example; the one that the controls show is marked."""
    st.session_state[_MENU] = next(
        (name for name in EXAMPLES
         if all(_now(key, value) == str(value) for key, value in example(name).items())), None
    )  # fmt: skip
    st.pills(
        say("Examples"), list(EXAMPLES), key=_MENU, on_change=_choose,
        format_func=lambda name: say(EXAMPLES[name][0]), label_visibility="collapsed",
    )  # fmt: skip


def example(name: str) -> dict[str, Any]:
    """Key → value of all controls that ask for an example."""
    more = EXAMPLES[name][1]
    return values(replace(FIRST, task=more.get("ttask", FIRST.task))) | more


def values(plan: Plan, hidden_size: int = HIDDEN) -> dict[str, Any]:
    """Key → value of all controls that ask for a plan; its seed is the sidebar's."""
    own = dict(plan.options)
    found = {"ttask": plan.task, "tT": plan.length, "tH": hidden_size, "tU": plan.updates}
    found |= {option_key(plan.task) + one.name: own.get(one.name, one.default)
              for one in TASKS[plan.task].options}  # fmt: skip
    return found | optimiser_controls.values(plan)


def option_key(task: str) -> str:
    """What stands before the name of a task's option in the key of its control."""
    return f"t_{task}_"


def _now(key: str, default: Any) -> str:
    return str(st.session_state.get(key, st.query_params.get(key, default)))


def _choose() -> None:
    if (name := st.session_state[_MENU]) in EXAMPLES:
        st.session_state.update(example(name))


def choose(settings: Settings, *, drawn: bool = True) -> Asked:
    """Draw all controls, or read them; cells, initialisation and seed are the sidebar's."""
    left, *others = st.columns((2, 2, 2, 2)) if drawn else [st.container() for _ in range(4)]
    with left:
        name = url_controls.menu(
            say("Task"), list(TASKS), key="ttask", default=FIRST.task, drawn=drawn,
            words=lambda one: say(TASKS[one].title),
        )  # fmt: skip
    task = TASKS[name]
    with others[1]:
        hidden = url_controls.slider(say("H, hidden units"), 1, WIDEST, key="tH", default=HIDDEN,
                                     drawn=drawn)  # fmt: skip
    with others[2]:
        updates = url_controls.number(say("Updates"), 10, MOST, key="tU", default=FIRST.updates,
                                      step=50, drawn=drawn)  # fmt: skip
    if drawn:
        st.caption(say(task.description))
    options = task_options.controls(option_key(name), task.options, say("Options of the task"),
                                    drawn=drawn)  # fmt: skip
    with others[0]:
        length = _length(name, options, drawn=drawn)
    plan = Plan(name, length, tuple(options.items())).fitted(task)
    steps = len(options["text"]) if task.length_is == "maximum" else length
    how = optimiser_controls.choose(steps, batches=not only_one(plan), drawn=drawn)
    how = replace(how, task=name, length=length, options=plan.options, updates=int(updates))
    return Asked.of(settings, how, int(hidden))


def _length(name: str, options: dict[str, Any], *, drawn: bool) -> int:
    """T by a slider, whose ends the task and its options decide; a text's own T by nothing."""
    task = TASKS[name]
    if task.length_is == "maximum":
        if drawn:
            st.caption(say("T is the number of characters of the text."))
        return max(task.default_length, len(options["text"]))
    spans = [task.lengths(part=part, **options) for part in PARTS[1:]]
    least = max(2, spans[0].minimum)
    most = max(least, min(LONGEST, *(span.maximum for span in spans)))
    usual = min(max(FIRST.length, least), most)
    return int(url_controls.slider(say("T, length"), least, most, key="tT", default=usual,
                                   drawn=drawn))  # fmt: skip


@kept
def only_one(plan: Plan) -> bool:
    """Whether the task has one sequence alone, so that no batch is larger than another."""
    return Batches(TASKS[plan.task], plan).only_one
