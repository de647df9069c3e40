"""What would help training, measured: one change at a time, trained from the same weights."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import streamlit as st

from rnnviz.training.truncated_bptt import Plan
from rnnviz.ui import prose
from rnnviz.ui.pages.training import runs
from rnnviz.ui.pages.training.controls import MOST, NO_LIMIT, RATES, WIDEST
from rnnviz.ui.pages.training.findings import finals, listed
from rnnviz.ui.pages.training.runs import Asked, Runs
from rnnviz.words import say

_UNDO, _FOR = "_training_undo", "_training_tried"
LIMIT = 1.0
"""The norm to which gradients are clipped where they were not."""
CLOSER = 0.02
"""By how much the mean loss over the cells must fall to be called a help."""


class Try(NamedTuple):
    """Another plan, the controls that ask for it, and the change in words."""

    words: str
    plan: Plan
    controls: dict[str, Any]


def changes(asked: Asked) -> Iterator[Try]:
    """Other rates, more updates, longer windows and clipping, where the page would show them."""
    plan = asked.plan
    rates = [float(one) for one in RATES]
    lower = [one for one in rates if one < plan.rate][-2:]
    for rate in [*lower, *[one for one in rates if one > plan.rate][:1]]:
        yield _one(plan, say("learning rate {now:g} → {value:g}", now=plan.rate, value=rate),
                   {"rate": next(t for t in RATES if float(t) == rate)}, rate=rate)  # fmt: skip
    if (more := 2 * plan.updates) <= MOST:
        yield _one(plan, say("updates {now} → {value}", now=plan.updates, value=more),
                   {"upd": more}, updates=more)  # fmt: skip
    if plan.window < (wide := 2 * plan.delay) <= WIDEST:
        yield _one(plan, f"k {plan.window} → {wide}", {"win": wide}, window=wide)
    if plan.clip is None:
        yield _one(plan, say("norm clipped to {limit:g}", limit=LIMIT), {"limit": LIMIT},
                   clip=LIMIT)  # fmt: skip


def _one(plan: Plan, words: str, controls: dict[str, Any], **fields: Any) -> Try:
    return Try(words, replace(plan, **fields), controls)


def allowed(asked: Asked, plan: Plan) -> bool:
    """Whether the page would show this plan."""
    try:
        replace(asked, plan=plan).check()
    except ValueError:
        return False
    return True


def ends(asked: Asked, plan: Plan) -> dict[str, float]:
    """Cell → the mean loss of the last updates under a plan."""
    cells = asked.settings.cells
    return finals({cell: {plan: runs.trained(asked.settings, cell, plan)} for cell in cells}, plan)


def mean(found: Mapping[str, float]) -> float:
    """The mean over the cells; ∞ where one of them is not finite."""
    value = float(np.mean(list(found.values())))
    return value if np.isfinite(value) else float("inf")


def show(asked: Asked, found: Runs) -> None:
    """Draw the way back from a change, and the list of changes once it is asked for."""
    _undo(asked)
    with st.expander(say("What would help, measured"), expanded=_FOR in st.session_state):
        if st.session_state.get(_FOR) != asked:
            prose.caption(say("Each change is trained by itself, from the same weights."))
            if not st.button(say("Try the changes"), key="_training_try"):
                return
            st.session_state[_FOR] = asked
        _list(asked, finals(found, asked.plan))


def _list(asked: Asked, now: Mapping[str, float]) -> None:
    """The changes, the lowest mean loss first, those that help with a button."""
    bar, tried = st.empty(), []
    open_ones = [one for one in changes(asked) if allowed(asked, one.plan)]
    for k, one in enumerate(open_ones):
        bar.progress(k / len(open_ones), say("Trying: {change} …", change=one.words))
        tried.append((one, ends(asked, one.plan)))
    bar.empty()
    tried.sort(key=lambda pair: mean(pair[1]))
    helpful = [pair for pair in tried if mean(pair[1]) < mean(now) - CLOSER]
    prose.caption(say("Final losses now: {losses}.", losses=listed(now)))
    for k, (one, after) in enumerate(helpful):
        with st.container(horizontal=True, vertical_alignment="center", wrap=False,
                          key=f"rv-training-{k}"):  # fmt: skip
            st.button(one.words, key=f"_training_help_{k}", on_click=_apply, width=200,
                      args=(asked, one))  # fmt: skip
            prose.markdown(listed(after))
    if not helpful:
        prose.markdown(say("None of the {n} changes tried lowers the mean loss by {least:g}.",
                        n=len(tried), least=CLOSER))  # fmt: skip
    if rest := [pair for pair in tried if pair not in helpful]:
        prose.caption(say("Also tried: {list}.", list="; ".join(
            f"{one.words} ({listed(after)})" for one, after in rest
        )))  # fmt: skip


def _controls(plan: Plan) -> dict[str, Any]:
    rate = next(text for text in RATES if float(text) == plan.rate)
    limit = NO_LIMIT if plan.clip is None else plan.clip
    return {"rate": rate, "upd": plan.updates, "win": plan.window, "limit": limit}


def _apply(asked: Asked, one: Try) -> None:
    before = {key: _controls(asked.plan)[key] for key in one.controls}
    st.session_state[_UNDO] = replace(asked, plan=one.plan), one.words, before
    st.session_state.update(one.controls)


def _undo(asked: Asked) -> None:
    """Draw what was applied and a button that takes it back, until something else is changed."""
    after, words, before = st.session_state.get(_UNDO, (None, "", {}))
    if after != asked:
        return
    with st.container(horizontal=True, vertical_alignment="center", wrap=False):
        st.button(say("Undo"), key="_training_back", on_click=st.session_state.update,
                  args=(before,))  # fmt: skip
        prose.markdown(say("Applied: {change}.", change=words))
