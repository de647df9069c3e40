"""The controls of the tab «Train»: task, T, H and how is trained; all of them in the address."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from rnnviz.experiments.settings import Settings
from rnnviz.tasks import PARTS, TASKS
from rnnviz.training import OPTIMISERS, SCHEDULES, Plan
from rnnviz.training.jobs import Job
from rnnviz.ui import background, url_controls
from rnnviz.words import say, word

LONGEST, WIDEST, MOST = 200, 128, 5000
"""The largest T, H and number of updates."""
FIRST = Plan("adding", 30, updates=400)
HIDDEN = 24
RATES = ("0.0001", "0.0003", "0.001", "0.003", "0.005", "0.01", "0.02", "0.05", "0.1",
         "0.3", "1.0", "3.0")  # fmt: skip
NAMES = {
    "sgd": word("plain gradient descent"), "momentum": word("momentum"),
    "rmsprop": word("RMSprop"), "adam": word("Adam"),
}  # fmt: skip
SCHEDULE = {"constant": word("constant"), "cosine": word("cosine, down to 0")}
EXAMPLES: dict[str, tuple[str, dict[str, Any]]] = {
    "adding": (word("adding, T = 30"), {}),
    "longer": (word("adding, T = 50"), {"tT": 50, "tU": 600}),
    "symbol": (word("one symbol to remember"), {"ttask": "first_symbol"}),
    "order": (word("the order of two symbols"), {"ttask": "temporal_order"}),
    "xor": (word("the XOR of two bits"), {"ttask": "parity", "tT": 20}),
}  # fmt: skip
"""Name → its words, and the controls that are not at their default."""
_MENU = "_train_examples"
_PLAIN: dict[str, Any] = {
    "ttask": FIRST.task, "tT": FIRST.length, "tH": HIDDEN, "tU": FIRST.updates,
    "topt": FIRST.optimiser, "tsched": FIRST.schedule, "tclip": float(FIRST.clip or 0), "tk": 0,
    "trate": f"{FIRST.rate:g}",
}  # fmt: skip
NO_LIMIT = 0.0
"""A limit of 0 stands for no clipping."""


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


def choose(settings: Settings) -> Asked:
    """Draw all controls; cells, initialisation and seed are the sidebar's."""
    _examples()
    left, *others = st.columns((2, 2, 2, 2))
    with left:
        task = url_controls.menu(
            say("Task"), list(TASKS), key="ttask", default=FIRST.task,
            words=lambda one: say(TASKS[one].title),
        )  # fmt: skip
    spans = [TASKS[task].lengths(part=part) for part in PARTS[1:]]
    least = max(2, spans[0].minimum)
    most = max(least, min(LONGEST, *(span.maximum for span in spans)))
    with others[0]:
        length = url_controls.slider(
            say("T, length"), least, most, key="tT", default=min(max(FIRST.length, least), most)
        )
    with others[1]:
        hidden = url_controls.slider(say("H, hidden units"), 1, WIDEST, key="tH", default=HIDDEN)
    with others[2]:
        updates = url_controls.number(say("Updates"), 10, MOST, key="tU", default=FIRST.updates,
                                      step=50)  # fmt: skip
    with st.expander(say("Optimiser, learning rate, clipping, windows")):
        how = _how(int(length))
    st.caption(say(TASKS[task].description))
    plan = replace(how, task=task, length=int(length), updates=int(updates))
    return Asked.of(settings, plan, int(hidden))


def _examples() -> None:
    """A button an example; the one that the controls show is marked."""
    now = {key: st.session_state.get(key, st.query_params.get(key, value))
           for key, value in _PLAIN.items()}  # fmt: skip
    st.session_state[_MENU] = next(
        (name for name, (_, more) in EXAMPLES.items()
         if all(str(now[key]) == str(value) for key, value in (_PLAIN | more).items())), None
    )  # fmt: skip
    st.pills(
        say("Examples"), list(EXAMPLES), key=_MENU, on_change=_choose,
        format_func=lambda name: say(EXAMPLES[name][0]), label_visibility="collapsed",
    )  # fmt: skip


def _choose() -> None:
    if (name := st.session_state[_MENU]) in EXAMPLES:
        st.session_state.update(_PLAIN | EXAMPLES[name][1])


def _how(length: int) -> Plan:
    """Optimiser, learning rate and its schedule, clipping and window."""
    left, right = st.columns(2)
    with left:
        optimiser = url_controls.buttons(
            say("Optimiser"), list(OPTIMISERS), key="topt", default=FIRST.optimiser,
            words=lambda one: say(NAMES[one]),
        )  # fmt: skip
        schedule = url_controls.buttons(
            say("Learning rate over the updates"), list(SCHEDULES), key="tsched",
            default=FIRST.schedule, words=lambda one: say(SCHEDULE[one]),
        )  # fmt: skip
    with right:
        limit = url_controls.slider(
            say("Clip the norm of all gradients to (0: do not clip)"), 0.0, 5.0, key="tclip",
            default=float(FIRST.clip or NO_LIMIT), step=0.1,
        )  # fmt: skip
        window = url_controls.slider(
            say("Truncate after k steps (0: the whole sequence)"), 0, LONGEST, key="tk", default=0
        )
    rate = url_controls.buttons(
        say("Learning rate"), RATES, key="trate", default=f"{FIRST.rate:g}", words=str
    )
    return replace(
        FIRST, optimiser=optimiser, rate=float(rate), schedule=schedule,
        clip=limit if limit > NO_LIMIT else None,
        window=int(window) if 0 < window < length else None,
    )  # fmt: skip
