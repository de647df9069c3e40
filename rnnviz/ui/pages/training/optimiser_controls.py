"""The controls of a plan: optimiser, learning rate, batches, clipping, windows."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from typing import Any

import streamlit as st

from rnnviz.training import OPTIMISERS, SCHEDULES, Plan
from rnnviz.training.optimisers import CLIPS, TITLES
from rnnviz.ui import url_controls
from rnnviz.words import say, word

FIRST = Plan("adding", 30, updates=400)
"""The plan where a link has none."""
MOST_BATCH, LONGEST = 128, 200
"""The most sequences of a batch, and the most steps of a window."""
RATES = ("0.0001", "0.0003", "0.001", "0.003", "0.005", "0.01", "0.02", "0.05", "0.1",
         "0.3", "1.0", "3.0")  # fmt: skip
SCHEDULE = {"constant": word("constant"), "cosine": word("cosine, down to 0")}
CLIP_BY = {"norm": word("the norm of all gradients together"),
           "value": word("every entry by itself")}  # fmt: skip
NO_LIMIT = 0.0
"""A limit of 0 stands for no clipping."""


def values(plan: Plan) -> dict[str, Any]:
    """Key → value of all controls that ask for a plan."""
    return {
        "topt": plan.optimiser, "tsched": plan.schedule, "trate": rate_name(plan.rate),
        "tB": plan.batch, "tclip": NO_LIMIT if plan.clip is None else float(plan.clip),
        "tby": plan.clip_by, "tk": plan.window or 0,
    }  # fmt: skip


def rate_name(rate: float) -> str:
    """A learning rate as its button has it."""
    return min(RATES, key=lambda one: abs(float(one) - rate))


def optimiser(*, drawn: bool = True) -> str:
    """The buttons of the optimisers; two tabs have them."""
    return url_controls.buttons(
        say("Optimiser"), list(OPTIMISERS), key="topt", default=FIRST.optimiser, drawn=drawn,
        words=lambda one: say(TITLES[one]),
    )  # fmt: skip


def choose(steps: int, *, batches: bool = True, drawn: bool = True) -> Plan:
    """`FIRST` with what the controls say; they are drawn in an expander, or only read.

    ``steps`` is T; ``batches`` says whether the batch counts anything.
    """
    box = st.expander(say("Optimiser, learning rate, batch, clipping, windows")) if drawn \
        else nullcontext()  # fmt: skip
    with box:
        name = optimiser(drawn=drawn)
        rate = url_controls.buttons(
            say("Learning rate"), RATES, key="trate", default=rate_name(FIRST.rate), words=str,
            drawn=drawn,
        )  # fmt: skip
        left, right = st.columns(2) if drawn else (nullcontext(), nullcontext())
        with left:
            schedule = url_controls.buttons(
                say("Learning rate over the updates"), list(SCHEDULES), key="tsched",
                default=FIRST.schedule, drawn=drawn, words=lambda one: say(SCHEDULE[one]),
            )  # fmt: skip
            batch = url_controls.slider(say("B, sequences a batch"), 1, MOST_BATCH, key="tB",
                                        default=FIRST.batch, drawn=drawn and batches)  # fmt: skip
        with right:
            clip, clip_by = _clipping(drawn=drawn)
            window = url_controls.slider(
                say("Truncate after k steps (0: the whole sequence)"), 0,
                max(0, min(LONGEST, steps - 1)), key="tk", default=0, drawn=drawn,
            )  # fmt: skip
    return replace(
        FIRST, optimiser=name, rate=float(rate), schedule=schedule, batch=int(batch), clip=clip,
        clip_by=clip_by, window=int(window) or None,
    )  # fmt: skip


def _clipping(*, drawn: bool) -> tuple[float | None, str]:
    """The limit, None for no clipping, and of what; without a limit the latter is not drawn."""
    limit = url_controls.slider(
        say("Clip to (0: do not clip)"), 0.0, 5.0, key="tclip", drawn=drawn,
        default=float(FIRST.clip or NO_LIMIT), step=0.1,
    )  # fmt: skip
    clips = limit > NO_LIMIT
    by = url_controls.buttons(
        say("What is clipped"), CLIPS, key="tby", default=FIRST.clip_by, drawn=drawn and clips,
        words=lambda one: say(CLIP_BY[one]),
    )  # fmt: skip
    return (limit, by) if clips else (None, FIRST.clip_by)
